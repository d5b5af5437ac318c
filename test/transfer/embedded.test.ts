import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Md5MismatchError } from '../../src/errors.js';
import { createHttp } from '../../src/api/createHttp.js';
import type { Http } from '../../src/api/createHttp.js';
import type { ConditionSettings } from '../../src/server/index.js';
import { downloadFile, downloadStream } from './transfers.js';
import { StorageWire } from '../../src/transfer/storageWire.js';
import { FileHandleBatch } from '../../src/storages/synapse/fileHandleBatch.js';
import type { DownloadContext, UploadContext } from '../../src/storages/synapse/synapseContext.js';
import { uploadFile } from '../../src/storages/synapse/uploadFile.js';
import { withServer } from '../helpers/withServer.js';
import { bytes, md5 } from './fakeStore.js';

const server = withServer();
const part = 5 * 1024 * 1024;
const size = 2 * part + 12_345;
const content = bytes(size);

let root: string;
let path: string;
let http: Http;
let context: DownloadContext & UploadContext;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-embedded-'));
  path = join(root, 'file.bin');
  await writeFile(path, content);
  http = createHttp({
    endpoint: server.synapse.endpoint,
    accessToken: () => server.synapse.authToken,
    retry: { baseDelay: 10, maxDelay: 50 },
  });
  context = {
    services: http.services,
    storage: new StorageWire({ env: {}, stallTimeout: 300 }),
    state: { fileHandles: new FileHandleBatch(http.services.file) },
  };
});
afterEach(async () => {
  server.synapse.conditions.reset();
  await http.close();
  await context.storage.close();
  await rm(root, { recursive: true, force: true });
});

async function upload(name = 'file.bin'): Promise<string> {
  const { fileHandleId } = await uploadFile(context, { path, fileName: name, partSize: part });
  return fileHandleId;
}

async function download(fileHandleId: string): Promise<Buffer> {
  const destination = join(root, `copy of ${fileHandleId}`);
  const fileHandle = {
    fileHandleId,
    associateObjectId: 'syn1',
    associateObjectType: 'FileEntity',
  } as const;
  await downloadFile(context, { fileHandle, destination, partSize: 2 * 1024 * 1024 });
  return readFile(destination);
}

describe('the embedded Synapse', () => {
  test('gives back the file that it took', async () => {
    const fileHandleId = await upload("it's (1)+2.bin");
    expect(await http.services.file.getFileHandle({ handleId: fileHandleId })).toMatchObject({
      fileName: "it's (1)+2.bin",
      contentSize: size,
      contentMd5: md5(content),
    });
    expect(md5(await download(fileHandleId))).toBe(md5(content));
    const fileHandle = {
      fileHandleId,
      associateObjectType: 'FileEntity',
      associateObjectId: 'syn1',
    } as const;
    const stream = await downloadStream(context, {
      fileHandle,
      range: { start: 100, end: 300_000 },
    });
    expect((await buffer(stream)).equals(content.subarray(100, 300_000))).toBe(true);
  });

  const troubles: [name: string, conditions: ConditionSettings][] = [
    ['503 now and then', { faults: [{ status: 503, probability: 0.15 }] }],
    ['429 now and then', { faults: [{ status: 429, retryAfter: 0, probability: 0.15 }] }],
    ['500 of the store', { faults: [{ path: '/storage/*', status: 500, probability: 0.2 }] }],
    [
      'connections that break',
      { faults: [{ path: '/storage/*', dropAt: 300_001, probability: 0.3 }] },
    ],
    [
      'bodies that break on their way up',
      { faults: [{ path: '/storage/*', dropRequestAt: 1_000_001, times: 3 }] },
    ],
    ['connections that stall', { faults: [{ path: '/storage/*', stallAt: 700_003, times: 2 }] }],
    ['answers that are lost', { faults: [{ loseAnswer: true, probability: 0.1 }] }],
    [
      'a lost answer of complete',
      { faults: [{ operation: 'file.completeMultipartUpload', loseAnswer: true, times: 1 }] },
    ],
    ['URLs that hardly live', { urlLifetime: 60 }],
    ['the limits of the service', { limits: { concurrent: 3, perMinute: 600 } }],
  ];
  test.each(troubles)('with %s', async (_name, conditions) => {
    server.synapse.conditions.set({ seed: 7, ...conditions });
    const fileHandleId = await upload();
    expect(md5(await download(fileHandleId))).toBe(md5(content));
  });

  test('with a byte damaged on its way gives no file', async () => {
    const fileHandleId = await upload();
    server.synapse.conditions.set({
      faults: [{ path: '/storage/*', method: 'GET', corruptAt: 5, times: 1 }],
    });
    await expect(download(fileHandleId)).rejects.toThrow(Md5MismatchError);
    expect(md5(await download(fileHandleId))).toBe(md5(content));
  });
});
