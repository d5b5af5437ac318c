import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { fileTypes, uploadFile } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';

const server = withSessions();

describe('FileHandleRestoreRequestWorkerIntegrationTest', () => {
  test('testRestoreRequestForAvailable: an available file of any user needs no action of an administrator', async () => {
    const { id } = await uploadFile(server.alice, Buffer.from('available'));
    const answer = await new TableSession(server.admin).job('/file/v1/fileHandle/restore/async', {
      concreteType: `${fileTypes}.FileHandleRestoreRequest`,
      fileHandleIds: [id],
    });
    expect(answer.body).toMatchObject({
      restoreResults: [
        {
          fileHandleId: id,
          status: 'NO_ACTION',
          statusMessage:
            'The file handle is already AVAILABLE. For files in the synapse bucket it might take a few hours before the file can be downloaded.',
        },
      ],
    });
  });
});
