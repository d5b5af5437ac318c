import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { Project, Synapse, type Stored, type SynapseOptions } from '../../src/index.js';
import type { LocalSynapse, LocalSynapseOptions } from '../../src/server/index.js';
import { withServer } from '../helpers/withServer.js';

/** A server with clients for it, and a folder for files. */
export interface Clients {
  readonly server: LocalSynapse;
  /** Removed after the tests. */
  readonly folder: string;
  /** What the clients had to say to a person. */
  readonly notes: string[];
  /** A client of its own cache; logged in as that user, or not at all. */
  open(user?: 'admin' | 'alice' | 'bob' | 'carol', options?: SynapseOptions): Promise<Synapse>;
  /** A project of its own for a test. */
  project(syn: Synapse): Promise<Project & Stored>;
  /** A local file. */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** Runs a piece of work and gives the operations that were called for it, in order. */
  calls(run: () => Promise<unknown>): Promise<string[]>;
}

/** Starts a server before the tests of a file, and closes it and all clients after them. */
export function withClients(options: LocalSynapseOptions = {}): Clients {
  const handle = withServer(options);
  const opened: Synapse[] = [];
  const notes: string[] = [];
  let folder = '';
  let count = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'synapseclient-entities-'));
  });
  afterAll(async () => {
    await Promise.all(opened.map((syn) => syn.close()));
    await rm(folder, { recursive: true, force: true });
  });
  return {
    notes,
    get server() {
      return handle.synapse;
    },
    get folder() {
      return folder;
    },
    async open(user, settings = {}) {
      count += 1;
      const syn = new Synapse({
        endpoint: handle.synapse.endpoint,
        configPath: join(folder, 'no-config'),
        cacheDir: join(folder, `cache-${count}`),
        environment: {},
        log: (message) => notes.push(message),
        ...settings,
      });
      opened.push(syn);
      if (user) await syn.login({ authToken: handle.synapse.users[user].authToken });
      return syn;
    },
    project(syn) {
      count += 1;
      return syn.store(new Project({ name: `Project ${count} of ${process.pid}` }));
    },
    async file(name, content) {
      const path = join(await mkdtemp(join(folder, 'files-')), name);
      await writeFile(path, content);
      return path;
    },
    async calls(run) {
      const { requests } = handle.synapse;
      // The log has a limited length.
      requests.clear();
      await run();
      return requests.entries.map(({ operation, method, path }) => {
        return operation ?? `${method} /${path.split('/')[1] ?? ''}`;
      });
    },
  };
}
