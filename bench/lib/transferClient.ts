import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import type * as M from '../../generated/models.js';
import { createHttp } from '../../src/api/createHttp.js';
import { createNodeFetch } from '../../src/net/nodeFetch.js';
import { DownloadQueue } from '../../src/storages/synapse/downloadQueue.js';
import { FileHandleBatch } from '../../src/storages/synapse/fileHandleBatch.js';
import { openFileHandle } from '../../src/storages/synapse/openFileHandle.js';
import { downloadFile } from '../../src/transfer/downloadFile.js';
import { runPool } from '../../src/transfer/pool.js';
import { StorageWire } from '../../src/transfer/storageWire.js';
import { uploadFile } from '../../src/storages/synapse/uploadFile.js';

/** A task for a client process. */
export type Task =
  | { what: 'upload'; path: string }
  | { what: 'download'; fileHandleId: string; destination: string; verify: boolean }
  | { what: 'downloadMany'; fileHandleIds: string[]; folder: string }
  | { what: 'uploadMany'; paths: string[] }
  | { what: 'bareDownload'; urls: string[] }
  | { what: 'bareUpload'; paths: string[] };

/** The result of a task. */
export interface Outcome {
  seconds: number;
  cpuSeconds: number;
  /** Peak, of the whole process. */
  rssMiB: number;
  /** Calls of the API. */
  calls: number;
  fileHandleIds: string[];
}

interface Server {
  endpoint: string;
  authToken: string;
}

/** Concurrent files. */
const parallel = 16;

async function inPool<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

type Send = (
  method: string,
  url: string,
  body?: string | Buffer,
  headers?: Record<string, string>,
) => Promise<Buffer>;

/** Only the requests of a transfer: the lower bound of its time. */
function bareSender(agent: Agent): Send {
  return (method, url, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const sent = httpRequest(url, { method, headers, agent }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks)));
      });
      sent.on('error', reject);
      sent.end(body);
    });
}

async function bareUpload(send: Send, server: Server, path: string): Promise<void> {
  const content = readFileSync(path);
  const md5 = createHash('md5').update(content).digest('hex');
  const call = async (method: string, way: string, body?: unknown): Promise<never> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await send(method, `${server.endpoint}/file/v1/file/multipart${way}`, text, {
      authorization: `Bearer ${server.authToken}`,
      'content-type': 'application/json',
    });
    return JSON.parse(answer.toString()) as never;
  };
  const { uploadId }: M.MultipartUploadStatus = await call('POST', '', {
    concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
    fileName: 'bare.bin',
    fileSizeBytes: content.length,
    partSizeBytes: 8 * 1024 * 1024,
    contentMD5Hex: md5,
    contentType: 'application/octet-stream',
    generatePreview: true,
  });
  const { partPresignedUrls }: M.BatchPresignedUploadUrlResponse = await call(
    'POST',
    `/${uploadId}/presigned/url/batch`,
    { uploadId, partNumbers: [1] },
  );
  await send('PUT', partPresignedUrls[0]?.uploadPresignedUrl ?? '', content);
  await call('PUT', `/${uploadId}/add/1?partMD5Hex=${md5}`);
  await call('PUT', `/${uploadId}/complete`);
}

async function run(server: Server, task: Task): Promise<Outcome> {
  let calls = 0;
  const wire = createNodeFetch();
  const http = createHttp({
    endpoint: server.endpoint,
    accessToken: () => server.authToken,
    fetch: (url, init) => {
      calls += 1;
      return wire.fetch(url, init);
    },
  });
  const storage = new StorageWire();
  const state = { fileHandles: new FileHandleBatch(http.services.file) };
  const context = { services: http.services, storage, state };
  const association = (fileHandleId: string): M.FileHandleAssociation => ({
    fileHandleId,
    associateObjectId: 'syn1',
    associateObjectType: 'FileEntity',
  });
  const opener = (fileHandleId: string) => () => openFileHandle(context, association(fileHandleId));
  const fileHandleIds: string[] = [];
  const agent = new Agent({ keepAlive: true });
  const send = bareSender(agent);
  const work = async (): Promise<void> => {
    switch (task.what) {
      case 'upload':
        fileHandleIds.push(
          (await uploadFile(context, { ...task, forceRestart: true })).fileHandleId,
        );
        return;
      case 'download':
        await downloadFile(context, {
          ...task,
          open: opener(task.fileHandleId),
          overwrite: true,
        });
        return;
      case 'downloadMany': {
        // As in a bulk: many downloads wait and share calls for their URLs.
        const queue = new DownloadQueue(parallel);
        // Several may end at the same time, before the next ones start to wait.
        const limit = 2 * parallel + 100;
        await runPool(task.fileHandleIds, { limit }, async (id, signal) => {
          const fileHandle = association(id);
          const end = await queue.enter(state.fileHandles, fileHandle, signal);
          const open = () => openFileHandle(context, fileHandle, signal);
          const destination = `${task.folder}/${id}`;
          await downloadFile(context, { open, destination, signal }).finally(end);
        });
        return;
      }
      case 'uploadMany':
        await inPool(task.paths, async (path, index) => {
          fileHandleIds[index] = (await uploadFile(context, { path })).fileHandleId;
        });
        return;
      case 'bareDownload':
        await inPool(task.urls, async (url) => {
          await send('GET', url);
        });
        return;
      case 'bareUpload':
        await inPool(task.paths, (path) => bareUpload(send, server, path));
    }
  };
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  agent.destroy();
  await storage.close();
  await http.close();
  await wire.close();
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    rssMiB: process.resourceUsage().maxRSS / 1024,
    calls,
    fileHandleIds,
  };
}

process.once('message', ({ server, task }: { server: Server; task: Task }) => {
  void run(server, task).then((outcome) => {
    process.send?.(outcome);
    process.disconnect();
  });
});
process.send?.('ready');
