import { describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from '../server/entitySession.js';
import { storageReport } from './storageReports.js';

const server = withSessions();

describe('StorageReportCSVDownloadWorkerTest', () => {
  test('testSuccess: a report is a file, of all projects unless another kind is named', async () => {
    expect(await storageReport(server.admin)).toMatchObject({
      status: 200,
      body: { resultsFileHandleId: expect.any(String) },
    });
  });

  test('testFailure: a report that fails says why', async () => {
    expect(await storageReport(server.alice)).toEqual(
      refusal(
        403,
        'Only administrators or members of the Synapse Report Team can generate storage reports.',
      ),
    );
  });
});
