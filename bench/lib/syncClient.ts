import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { File, Synapse } from '../../src/index.js';
import { runPool } from '../../src/transfer/pool.js';
import { filesAtOnce } from '../../src/sync/filesAtOnce.js';

/** A task for a client process. */
export type SyncTask =
  /** Plans a download. */
  | { what: 'plan'; parentId: string; directory: string; view?: string }
  /** Gets each file by itself: what the transfer engine takes for the same files. */
  | { what: 'getEach'; ids: string[]; directory: string }
  /** Stores each file of a directory by itself in one folder. */
  | { what: 'storeEach'; directory: string; parentId: string }
  | { what: 'down'; parentId: string; directory: string }
  | { what: 'up'; directory: string; parentId: string };

/** The result of a task. */
export interface SyncOutcome {
  seconds: number;
  /** When it was done, in milliseconds since 1970. */
  endedAt: number;
  /** Peak, of the whole process. */
  rssMiB: number;
  /** Items that were planned or done. */
  items: number;
}

interface Server {
  endpoint: string;
  authToken: string;
}

async function work(syn: Synapse, task: SyncTask): Promise<number> {
  switch (task.what) {
    case 'plan': {
      const { parentId, directory, view } = task;
      return (await syn.sync.planDownload(parentId, directory, { view })).items.length;
    }
    case 'getEach':
      // As many wait as in a sync, so that their URLs share calls.
      await runPool(task.ids, { limit: filesAtOnce }, async (id) => {
        await syn.get(id, { downloadLocation: join(task.directory, id) });
      });
      return task.ids.length;
    case 'storeEach': {
      const entries = await readdir(task.directory, { recursive: true, withFileTypes: true });
      const paths = entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name));
      await runPool(paths, { limit: filesAtOnce }, async (path) => {
        await syn.store(new File({ path, parentId: task.parentId }));
      });
      return paths.length;
    }
    case 'down':
      return checked(
        await syn.syncFromSynapse(task.parentId, task.directory, { manifest: 'suppress' }),
      );
    case 'up':
      return checked(await syn.syncToSynapse(task.directory, task.parentId));
  }
}

function checked({ done, failures }: { done: unknown[]; failures: { error: Error }[] }): number {
  const [failure] = failures;
  if (failure !== undefined) throw failure.error;
  return done.length;
}

async function run(server: Server, task: SyncTask): Promise<SyncOutcome> {
  const syn = new Synapse({
    endpoint: server.endpoint,
    environment: {},
    useCache: false,
    configPath: '/dev/null',
    log: () => undefined,
  });
  await syn.login({ authToken: server.authToken });
  const start = performance.now();
  const items = await work(syn, task);
  const endedAt = Date.now();
  const seconds = (performance.now() - start) / 1000;
  await syn.close();
  return { seconds, endedAt, items, rssMiB: process.resourceUsage().maxRSS / 1024 };
}

process.once('message', ({ server, task }: { server: Server; task: SyncTask }) => {
  void run(server, task).then((outcome) => {
    process.send?.(outcome);
    process.disconnect();
  });
});
process.send?.('ready');
