import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, test } from '@jest/globals';

import { createRandom } from '../../src/server/conditions/random.js';
import { startLocalSynapse } from '../../src/server/index.js';
import { countRounds, isThorough } from '../faults/rounds.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { Writer } from './crashLoad.js';
import { Session } from './entitySession.js';

const rounds = Number(process.env['SYNAPSE_CRASH_ROUNDS'] ?? (isThorough ? 20 : 4));
const seed = Number(process.env['SYNAPSE_CRASH_SEED'] ?? 20_261_123);
const writerCount = 5;

interface Child {
  readonly process: ChildProcess;
  readonly endpoint: string;
  readonly authToken: string;
}

/** A process that is about to be a server. */
interface Standby {
  readonly process: ChildProcess;
  /** Makes it start. */
  start(): Promise<Child>;
}

/** Loads the server's modules in a process of their own, which takes longer than it takes to start. */
function standBy(dataDir: string): Standby {
  const script = join(import.meta.dirname, '../helpers/serveUntilKilled.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, 'standby'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The server ended by itself with ${String(code)}`);
  });
  ended.catch(() => undefined);
  const ready = once(createInterface(child.stdout), 'line') as Promise<[string]>;
  return {
    process: child,
    start: async () => {
      child.stdin.write('start\n');
      const [line] = await Promise.race([ready, ended]);
      return { process: child, ...(JSON.parse(line) as Omit<Child, 'process'>) };
    },
  };
}

function sessionOf(server: Pick<Child, 'endpoint' | 'authToken'>): Session {
  return new Session(api(server, server.authToken));
}

/** A failed check, as opposed to a connection that broke. */
function isFailedCheck(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'matcherResult' in error;
}

/** Lets the writers write until so many calls were answered, and kills the server in between. */
async function loadAndKill(child: Child, writers: readonly Writer[], calls: number): Promise<void> {
  const total = () => writers.reduce((sum, { answers }) => sum + answers, 0);
  const end = total() + calls;
  const exited = once(child.process, 'exit');
  const { process: server } = child;
  // The signal was sent: whatever breaks from then on is meant to.
  const isKilled = () => server.killed;
  const running = writers.map(async (writer) => {
    while (!isKilled()) {
      try {
        await writer.step();
      } catch (error) {
        if (!isKilled() || isFailedCheck(error)) throw error;
      }
      if (total() >= end) server.kill('SIGKILL');
    }
  });
  try {
    await Promise.all(running);
  } finally {
    server.kill('SIGKILL');
    await exited;
  }
}

/** What the rounds before wrote is there; more is written until the server is killed. */
async function runRound(child: Child, writers: Writer[], calls: number): Promise<void> {
  try {
    const session = sessionOf(child);
    for (const writer of writers) writer.session = session;
    await Promise.all(writers.map((writer) => writer.verify()));
    while (writers.length < writerCount) {
      const name = `w${writers.length}`;
      const writer = new Writer(session, { name, random: createRandom(seed + writers.length) });
      await writer.start();
      writers.push(writer);
    }
    await loadAndKill(child, writers, calls);
  } finally {
    child.process.kill('SIGKILL');
  }
}

test(
  `kill -9 in the middle of a mixed load loses nothing that was answered (${rounds} rounds with seed ${seed})`,
  async () => {
    const random = createRandom(seed);
    await withTempDir(async (dataDir) => {
      const writers: Writer[] = [];
      let next = standBy(dataDir);
      try {
        for (let round = 0; round < rounds; round += 1) {
          const child = await next.start();
          next = standBy(dataDir);
          await runRound(child, writers, 25 + Math.floor(random() * 60));
        }
      } finally {
        next.process.kill('SIGKILL');
      }
      const synapse = await startLocalSynapse({ dataDir, strict: true });
      try {
        const session = sessionOf(synapse);
        for (const writer of writers) writer.session = session;
        await Promise.all(writers.map((writer) => writer.verify()));
        expect(synapse.internalErrors).toEqual([]);
      } finally {
        await synapse.close();
      }
    });
    countRounds(rounds);
  },
  30_000 + rounds * 20_000,
);
