import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { storageReport } from './storageReports.js';

const server = withSessions();

describe('ITDownloadStorageReportTest', () => {
  test('generateReportUnauthorized: others than administrators start a report, and get no answer', async () => {
    const answer = await storageReport(server.alice, { reportType: 'ALL_PROJECTS' });
    expect(answer).toMatchObject({ status: 403 });
  });
});
