import type * as M from '../../generated/models.js';
import { createHttp } from '../../src/http/createHttp.js';
import { downloadFile } from '../../src/transfer/downloadFile.js';
import { StorageWire } from '../../src/transfer/storageWire.js';
import { uploadFile } from '../../src/transfer/uploadFile.js';

/** What a client process is to do once. */
export type Task = { endpoint: string; authToken: string } & (
  | { what: 'upload'; path: string }
  | { what: 'download'; fileHandle: M.FileHandleAssociation; destination: string; verify: boolean }
  | { what: 'downloadMany'; fileHandles: M.FileHandleAssociation[]; folder: string }
  | { what: 'uploadMany'; paths: string[] }
);

/** How it went. */
export interface Outcome {
  seconds: number;
  cpuSeconds: number;
  /** Peak, of the whole process. */
  rssMiB: number;
  requests: number;
  fileHandleIds: string[];
}

/** Files under way at a time. */
const files = 16;

async function run(task: Task): Promise<Outcome> {
  let requests = 0;
  const http = createHttp({
    endpoint: task.endpoint,
    accessToken: () => task.authToken,
    // The limits of the service are not what is measured here.
    maxConcurrent: 16,
    requestsPerMinute: 1_000_000,
    fetch: (input, init) => {
      requests += 1;
      return fetch(input, init);
    },
  });
  const storage = new StorageWire();
  const context = { services: http.services, storage };
  const cpu = process.cpuUsage();
  const start = performance.now();
  const fileHandleIds: string[] = [];
  switch (task.what) {
    case 'upload':
      fileHandleIds.push((await uploadFile(context, { path: task.path, forceRestart: true })).fileHandleId);
      break;
    case 'download': {
      const { fileHandle, destination, verify } = task;
      await downloadFile(context, { fileHandle, destination, verify, overwrite: true });
      break;
    }
    case 'downloadMany':
      await inPool(task.fileHandles, async (fileHandle, index) => {
        await downloadFile(context, { fileHandle, destination: `${task.folder}/${index}` });
      });
      break;
    case 'uploadMany':
      await inPool(task.paths, async (path, index) => {
        fileHandleIds[index] = (await uploadFile(context, { path })).fileHandleId;
      });
      break;
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await storage.close();
  await http.close();
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    rssMiB: process.resourceUsage().maxRSS / 1024,
    requests,
    fileHandleIds,
  };
}

async function inPool<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const index = next;
      next += 1;
      const item = items[index];
      if (item === undefined) return;
      await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: files }, worker));
}

process.once('message', (task: Task) => {
  void run(task).then((outcome) => {
    process.send?.(outcome);
    process.disconnect();
  });
});
