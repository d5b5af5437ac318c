import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { Synapse } from '../../src/index.js';
import type { LocalSynapse } from '../../src/server/index.js';
import { withServer } from '../helpers/withServer.js';
import { runSynapse, type Ended, type RunOptions } from './runSynapse.js';

/** A server, the command line with a home directory of its own, and a client that looks at the results. */
export interface Commands {
  readonly server: LocalSynapse;
  /** The home directory, which is also the working directory. It is removed after the tests. */
  readonly home: string;
  /** Logged in as the user that commands run as. */
  readonly syn: Synapse;
  run(args: readonly string[], options?: Partial<RunOptions>): Promise<Ended>;
}

/** Starts a server before the tests of a file, and closes it and the client after them. */
export function withCommands(): Commands {
  const handle = withServer();
  let home: string;
  let syn: Synapse;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'synapse-commands-'));
    const { endpoint, authToken } = handle.synapse;
    syn = new Synapse({ endpoint, environment: {}, configPath: '/dev/null', log: () => undefined });
    await syn.login({ authToken });
  });
  afterAll(async () => {
    await syn.close();
    await rm(home, { recursive: true, force: true });
  });
  return {
    get server() {
      return handle.synapse;
    },
    get home() {
      return home;
    },
    get syn() {
      return syn;
    },
    run(args, options = {}) {
      const { endpoint, authToken } = handle.synapse;
      const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
      return runSynapse([...args], { home, env, ...options });
    },
  };
}
