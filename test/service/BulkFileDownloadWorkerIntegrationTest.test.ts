import { beforeAll, describe, expect, test } from '@jest/globals';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';

import { refusal, withSessions } from '../server/entitySession.js';
import { fileTypes, md5Of, uploadFile } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';
import { bulkDownload } from './bulkDownload.js';
import { contentOf } from './previewFiles.js';

const server = withSessions();
let one: string;
let two: string;
beforeAll(async () => {
  const upload = async (fileName: string, text: string): Promise<string> =>
    (await uploadFile(server.alice, Buffer.from(text), { fileName })).id;
  one = await upload('foo.txt', 'one');
  two = await upload('bar.txt', 'two');
});

/** Names and texts of the entries of an archive. */
async function unzip(bytes: Buffer): Promise<string[][]> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, opened) =>
      error === null ? resolve(opened) : reject(error),
    );
  });
  const entries: string[][] = [];
  return new Promise((resolve, reject) => {
    zip
      .on('entry', (entry: Entry) => {
        zip.openReadStream(entry, (error, stream) => {
          if (error !== null) {
            reject(error);
            return;
          }
          let text = '';
          stream
            .on('data', (chunk: Buffer) => (text += chunk.toString()))
            .on('end', () => {
              entries.push([entry.fileName, text]);
              zip.readEntry();
            });
        });
      })
      .on('end', () => resolve(entries))
      .on('error', reject);
    zip.readEntry();
  });
}

describe('BulkFileDownloadWorkerIntegrationTest', () => {
  test('testRoundTrip: two files are packed in the order of the request', async () => {
    const { fileSummary, resultZipFileHandleId } = await bulkDownload(server.alice, [one, two]);
    const names = [
      [`${Number(one) % 1000}/${one}/foo.txt`, 'one'],
      [`${Number(two) % 1000}/${two}/bar.txt`, 'two'],
    ];
    expect(fileSummary).toEqual(
      [one, two].map((fileHandleId, index) => ({
        fileHandleId,
        associateObjectId: 'syn1',
        associateObjectType: 'TableEntity',
        status: 'SUCCESS',
        zipEntryName: names[index]?.[0],
      })),
    );
    expect(await unzip(await contentOf(server.alice, resultZipFileHandleId))).toEqual(names);
  });

  test('testRoundTrip: each file that is not packed has its reason', async () => {
    const { alice, bob } = server;
    const external = await alice.createHandle(md5Of(Buffer.from('elsewhere')));
    const foreign = (await uploadFile(bob, Buffer.from('foreign'))).id;
    const { fileSummary } = await bulkDownload(alice, [one, one, external, foreign]);
    expect(fileSummary).toMatchObject([
      { status: 'SUCCESS' },
      { status: 'FAILURE', failureCode: 'DUPLICATE', failureMessage: 'File already added.' },
      {
        status: 'FAILURE',
        failureCode: 'UNKNOWN_ERROR',
        failureMessage: 'Only S3FileHandles can be downloaded.',
      },
      {
        status: 'FAILURE',
        failureCode: 'UNAUTHORIZED',
        failureMessage: `FileHandleId: ${foreign} is not associated with objectId: syn1 of type: TableEntity`,
      },
    ]);
    const missing = await bulkDownload(server.admin, ['999999']);
    expect(missing.fileSummary).toMatchObject([
      { failureCode: 'NOT_FOUND', failureMessage: "FileHandle: '999999' cannot be found" },
    ]);
  });

  test('testRoundTrip: the name of the archive is checked as those of files', async () => {
    const answer = await new TableSession(server.alice).job('/file/v1/file/bulk/async', {
      concreteType: `${fileTypes}.BulkFileDownloadRequest`,
      zipFileName: 'a/b.zip',
      requestedFiles: [
        { fileHandleId: one, associateObjectId: 'syn1', associateObjectType: 'TableEntity' },
      ],
    });
    expect(answer).toEqual(refusal(400, expect.stringMatching(/^Invalid Name: 'a\/b.zip'/)));
  });
});
