import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { uploadFile } from '../server/filesClient.js';
import { bulkDownload } from './bulkDownload.js';

const server = withSessions();

describe('BulkFileDownloadWorkerTest', () => {
  test('testRun: the job answers with the archive of its user', async () => {
    const { alice } = server;
    const { id } = await uploadFile(alice, Buffer.from('text'));
    expect(await bulkDownload(alice, [id], { zipFileName: 'all.zip' })).toMatchObject({
      userId: String(server.userId('alice')),
      resultZipFileHandleId: expect.any(String),
    });
  });
});
