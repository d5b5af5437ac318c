import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { withServer } from '../helpers/withServer.js';
import { hasTerminals } from './onTerminal.js';
import { runSynapse, startSynapse } from './runSynapse.js';

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** A second, and time for a busy machine to run the process at all. */
const longest = 2500;

const server = withServer();
let home: string;
let env: Record<string, string>;
let projectId: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-signals-'));
  const { endpoint, authToken } = server.synapse;
  env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  const created = await runSynapse(['create', 'Project', '--name', 'Signals', '--json'], {
    home,
    env,
  });
  projectId = (JSON.parse(created.stdout) as { id: string }).id;
  await mkdir(join(home, 'tree'));
  for (const name of ['one.bin', 'two.bin', 'three.bin']) {
    await writeFile(join(home, 'tree', name), Buffer.alloc(300_000, name));
  }
});
afterEach(() => server.synapse.conditions.reset());
afterAll(() => rm(home, { recursive: true, force: true }));

interface Ended {
  /** Exit status, or the signal. */
  end: number | string;
  milliseconds: number;
  stderr: string;
}

/** Sends a signal once the process is at its point, and waits for its end. */
async function signalled(
  child: ChildProcess,
  signal: NodeJS.Signals,
  isThere: (stderr: string) => Promise<unknown>,
): Promise<Ended> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const start = await Promise.race([isThere(stderr).then(() => performance.now()), closed]);
  if (typeof start !== 'number') throw new Error(`It ended before the signal: ${stderr}`);
  child.kill(signal);
  const killer = globalThis.setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [status, name] = await closed;
  clearTimeout(killer);
  return { end: status ?? name ?? '', milliseconds: performance.now() - start, stderr };
}

/** Resolves when the process has printed such a text. */
function printed(child: ChildProcess, pattern: RegExp): () => Promise<void> {
  return () =>
    new Promise((resolve) => {
      let all = '';
      const add = (chunk: Buffer): void => {
        all += chunk.toString();
        if (pattern.test(all)) resolve();
      };
      child.stdout?.on('data', add);
      child.stderr?.on('data', add);
    });
}

/** The statuses of a command that was interrupted: its own, or that of the signal. */
const interrupted = [130, ...signals];

describe.each(signals)('%s ends within a second', (signal) => {
  test('a command that waits for a response', async () => {
    const silent = await silentServer();
    try {
      const child = startSynapse(['list', 'syn1'], { home, env: { ...env, ...silent.env } });
      const ended = await signalled(child, signal, () => silent.asked);
      expect(ended.milliseconds).toBeLessThan(longest);
      expect(ended).toMatchObject({ end: 130, stderr: 'synapse list: Interrupted.\n' });
    } finally {
      silent.server.closeAllConnections();
      silent.server.close();
    }
  });

  test('a command that waits for its turn after a refusal', async () => {
    server.synapse.conditions.set({
      faults: [{ path: '/repo/v1/entity/*', status: 429, retryAfter: 60 }],
    });
    const child = startSynapse(['show', projectId], { home, env });
    const ended = await signalled(child, signal, printed(child, /trying again/));
    expect(ended.milliseconds).toBeLessThan(longest);
    expect(ended.end).toBe(130);
  });

  test('a server', async () => {
    const child = startSynapse(['local', 'start', '--data', join(home, `data-${signal}`)], {
      home,
    });
    const ended = await signalled(child, signal, printed(child, /ready at/));
    expect(ended.milliseconds).toBeLessThan(longest);
    expect(ended.end).toBe(0);
  });

  (process.platform === 'win32' ? test.skip : test)('a command that waits for a pipe', async () => {
    const pipe = join(home, `pipe-${signal}`);
    spawnSync('mkfifo', [pipe]);
    // Opened for both directions, which does not wait, it has a writer.
    const writer = await open(pipe, 'r+');
    try {
      const child = startSynapse(['login', '--auth-token-file', pipe], { home, env });
      const ended = await signalled(child, signal, () => setTimeout(1500));
      expect(ended.milliseconds).toBeLessThan(longest);
      expect(interrupted).toContain(ended.end);
    } finally {
      await writer.close();
    }
  });
});

describe('a signal ends within a second', () => {
  test('store --recursive', async () => {
    server.synapse.conditions.set({
      faults: [{ method: 'PUT', path: '/storage/*', delay: 60_000 }],
    });
    const args = ['store', 'tree', '--recursive', '--parent-id', projectId, '--json'];
    const child = startSynapse(args, { home, env });
    const ended = await signalled(child, 'SIGTERM', printed(child, /"state":"start"/));
    expect(ended.milliseconds).toBeLessThan(longest);
    expect(ended.end).toBe(130);
  });

  test('get --recursive', async () => {
    await runSynapse(['store', 'tree', '--recursive', '--parent-id', projectId], { home, env });
    server.synapse.conditions.set({
      faults: [{ method: 'GET', path: '/storage/*', bytesPerSecond: 1000 }],
    });
    const args = ['get', projectId, 'got', '--recursive', '--no-cache', '--json'];
    const child = startSynapse(args, { home, env });
    const ended = await signalled(
      child,
      'SIGINT',
      printed(child, /"state":"progress"|"state":"start"/),
    );
    expect(ended.milliseconds).toBeLessThan(longest);
    expect(ended.end).toBe(130);
  });

  test('the checksum of a huge file', async () => {
    const huge = join(home, 'huge.bin');
    await writeFile(huge, '');
    await truncate(huge, 40_000_000_000);
    const child = startSynapse(['store', huge, '--parent-id', projectId], { home, env });
    const before = server.synapse.requests.total;
    const ended = await signalled(child, 'SIGINT', async () => {
      while (server.synapse.requests.total === before) await setTimeout(20);
      await setTimeout(500);
    });
    expect(ended.milliseconds).toBeLessThan(longest);
    expect(interrupted).toContain(ended.end);
  });

  test('a read of standard input', async () => {
    const child = startSynapse(['login', '--auth-token-file', '-'], { home, env });
    const ended = await signalled(child, 'SIGTERM', () => setTimeout(1500));
    expect(ended.milliseconds).toBeLessThan(longest);
    expect(interrupted).toContain(ended.end);
  });

  (hasTerminals ? test : test.skip)('a question', async () => {
    const pid = join(home, 'pid');
    const run = join(import.meta.dirname, '../../bin/run.js');
    const command = `echo $$ > '${pid}'; exec '${process.execPath}' '${run}' config`;
    const child = spawn('script', ['-qefc', command, '/dev/null'], {
      cwd: home,
      env: { PATH: process.env['PATH'], HOME: home, TERM: 'xterm', SHELL: '/bin/sh' },
    });
    await printed(child, /username/)();
    const closed = once(child, 'close') as Promise<[number | null]>;
    const start = performance.now();
    process.kill(Number(await readFile(pid, 'utf8')), 'SIGTERM');
    const [status] = await closed;
    expect(performance.now() - start).toBeLessThan(longest);
    expect(status).toBe(130);
  });

  test.each(['by a second signal', 'after a while'])(
    'a command that does not end when it is aborted: %s',
    async (how) => {
      const script = join(import.meta.dirname, 'endlessCommand.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', script]);
      const ready = printed(child, /ready/);
      const aborted = printed(child, /aborted/);
      const ended = await signalled(child, 'SIGINT', async () => {
        await ready();
        if (how === 'after a while') return;
        child.kill('SIGINT');
        await aborted();
      });
      expect(ended.milliseconds).toBeLessThan(how === 'after a while' ? longest : 700);
      expect(ended.end).toBe('SIGINT');
    },
  );
});

/** A server that never answers. */
async function silentServer(): Promise<{
  server: Server;
  env: Record<string, string>;
  asked: Promise<unknown>;
}> {
  const silent = createServer();
  const asked = once(silent, 'request');
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  return { server: silent, env: { SYNAPSE_ENDPOINT: `http://127.0.0.1:${port}` }, asked };
}
