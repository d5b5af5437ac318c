import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { uploadFile } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';
import { storageReport } from './storageReports.js';

const server = withSessions();

describe('StorageReportCSVDownloadWorkerIntegrationTest', () => {
  test('testCreateReport: the report lists projects by the size of their files', async () => {
    const { admin } = server;
    const makeProject = async (name: string, texts: readonly string[]): Promise<string> => {
      const { id: parentId } = await admin.create('project', { name });
      for (const [index, text] of texts.entries()) {
        const { id } = await uploadFile(admin, Buffer.from(text));
        await admin.create('file', { parentId, name: `${index}`, dataFileHandleId: id });
      }
      return parentId;
    };
    const small = await makeProject('Storage Report IT Project 1', ['abcd']);
    const large = await makeProject('Storage Report IT Project 2', ['abcdefgh']);
    const tables = new TableSession(admin);
    const answer = await storageReport(admin, { reportType: 'ALL_PROJECTS' });
    expect(answer).toMatchObject({ status: 200 });
    const { resultsFileHandleId = '' } = answer.body as M.DownloadStorageReportResponse;
    const lines = (await tables.content(resultsFileHandleId)).split('\n');
    const [header, first, second] = [
      '"projectId","projectName","sizeInBytes"',
      `"${large}","Storage Report IT Project 2","8"`,
      `"${small}","Storage Report IT Project 1","4"`,
    ];
    expect(lines.filter((line) => [header, first, second].includes(line))).toEqual([
      header,
      first,
      second,
    ]);
  });
});
