import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { TableSession, tableModel } from '../server/tableSession.js';

const server = withSessions();

describe('TableCSVAppenderPreviewWorkerIntegrationTest', () => {
  test('testRoundTrip: a file of a hundred rows is previewed', async () => {
    const alice = new TableSession(server.alice);
    const lines = Array.from({ length: 100 }, (_, index) => `"${index}","stringdata${index}"`);
    const answer = await alice.job('/table/upload/csv/preview/async', {
      concreteType: `${tableModel}.UploadToTablePreviewRequest`,
      uploadFileHandleId: await alice.upload(['someinteger,somestrings', ...lines].join('\n')),
      csvTableDescriptor: { isFirstLineHeader: true },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        rowsScanned: 100,
        suggestedColumns: [{ columnType: 'INTEGER' }, { columnType: 'STRING' }],
      },
    });
    expect((answer.body as M.UploadToTablePreviewResult).sampleRows).toHaveLength(5);
  });
});
