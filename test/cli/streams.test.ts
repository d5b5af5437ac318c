import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseRange } from '../../src/cli/transferFlags.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { runSynapse, startSynapse, type Ended } from './runSynapse.js';

let local: LocalSynapse;
let home: string;
let env: Record<string, string>;
let projectId: string;
/** More than one part, and every byte value. */
const content = randomBytes(9_000_000);
let fileId: string;

const synapse = (args: string[], input?: string): Promise<Ended> =>
  runSynapse(args, { home, env, ...(input !== undefined && { input }) });

/** Runs a line of the shell in which `synapse` is the built command. */
async function shell(line: string): Promise<Ended> {
  const run = join(import.meta.dirname, '../../bin/run.js');
  const script = `set -o pipefail; synapse() { '${process.execPath}' '${run}' "$@"; }; ${line}`;
  const child = spawn('bash', ['-c', script], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, CI: 'true', TMPDIR: home, ...env },
  });
  child.stdin.end();
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  home = await mkdtemp(join(tmpdir(), 'synapse-streams-'));
  env = { SYNAPSE_ENDPOINT: local.endpoint, SYNAPSE_AUTH_TOKEN: local.authToken };
  const project = await synapse(['create', 'Project', '--name', 'Streams', '--json']);
  projectId = (JSON.parse(project.stdout) as { id: string }).id;
  await writeFile(join(home, 'content.bin'), content);
  const stored = await synapse(['store', 'content.bin', '--parent-id', projectId, '--json']);
  fileId = (JSON.parse(stored.stdout) as { id: string }).id;
});
afterAll(async () => {
  await local.close();
  await rm(home, { recursive: true, force: true });
  expect(local.contractViolations).toEqual([]);
});

const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

describe('to standard output', () => {
  test('get - and cat are byte-exact', async () => {
    const whole = await shell(`synapse get ${fileId} - | md5sum; synapse cat ${fileId} | md5sum`);
    expect(whole.stdout).toBe(`${md5(content)}  -\n${md5(content)}  -\n`);
    const range = await shell(
      `synapse get ${fileId} --download-location - --range 8388600-8388615 --quiet > some.bin; synapse cat ${fileId} --range 8999990- > end.bin`,
    );
    expect(range).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(await readFile(join(home, 'some.bin'))).toEqual(content.subarray(8388600, 8388616));
    expect(await readFile(join(home, 'end.bin'))).toEqual(content.subarray(8999990));
  });

  test('a reader that has had enough is no error', async () => {
    const first = await shell(`synapse cat ${fileId} | head -c 5 | md5sum`);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toBe(`${md5(content.subarray(0, 5))}  -\n`);
    expect(await shell(`synapse get ${fileId} - --quiet | head -c 5 > /dev/null`)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    });
  });

  test('damage on the way is an error at the end', async () => {
    const fresh = ['--cache-dir', join(home, 'fresh')];
    local.conditions.set({ faults: [{ method: 'GET', path: '/storage/*', corruptAt: 100 }] });
    try {
      const damaged = await shell(`synapse cat ${fileId} | wc -c`);
      expect(damaged).toMatchObject({ status: 1, stdout: '9000000\n' });
      expect(damaged.stderr).toContain('MD5');
      const trusted = await synapse(['get', fileId, 'trusted', '--no-verify', ...fresh]);
      expect(trusted.status).toBe(0);
      expect(md5(await readFile(join(home, 'trusted', 'content.bin')))).not.toBe(md5(content));
    } finally {
      local.conditions.reset();
    }
    // The wrong copy is not taken for the file.
    await synapse(['get', fileId, 'trusted', '--if-collision', 'overwrite.local', ...fresh]);
    expect(md5(await readFile(join(home, 'trusted', 'content.bin')))).toBe(md5(content));
  });

  test('what makes no sense is refused before anything is sent', async () => {
    const before = local.requests.total;
    for (const args of [
      ['get', fileId, '-', '--json'],
      ['get', fileId, '-', '--recursive'],
      ['get', fileId, '--range', '0-9'],
      ['get', fileId, 'a', '--download-location', 'b'],
      ['cat', fileId, '--range', '9-1'],
      ['head', fileId, '--lines', '3', '--bytes', '3'],
      ['get', fileId, '--limit-rate', '0'],
      ['store', '-', '--parent-id', projectId],
    ]) {
      const ended = await synapse(args);
      expect(ended).toMatchObject({ status: 2, stdout: '' });
      expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    }
    expect(local.requests.total).toBe(before);
  });
});

test('a range is written as HTTP writes it', () => {
  expect(parseRange('0-0')).toEqual({ start: 0, end: 1 });
  expect(parseRange('5-')).toEqual({ start: 5 });
  for (const wrong of ['', '-', '-5', '5', '2-1', 'a-b', '1-2-3', '99999999999999999-']) {
    expect(() => parseRange(wrong)).toThrow('is not a range of bytes');
  }
});

describe('head', () => {
  test('writes the first lines or bytes', async () => {
    const lines = Array.from({ length: 200_000 }, (_, i) => `line ${i}`).join('\n');
    await writeFile(join(home, 'lines.txt'), lines);
    const stored = await synapse(['store', 'lines.txt', '--parent-id', projectId, '--json']);
    const { id } = JSON.parse(stored.stdout) as { id: string };
    const first = (count: number): string =>
      Array.from({ length: count }, (_, i) => `line ${i}\n`).join('');
    expect((await synapse(['head', id])).stdout).toBe(first(10));
    expect((await synapse(['head', id, '-n', '30000'])).stdout).toBe(first(30_000));
    expect((await synapse(['head', id, '--lines', '999999'])).stdout).toBe(lines);
    expect((await synapse(['head', id, '--bytes', '1k'])).stdout).toBe(lines.slice(0, 1024));
    expect((await synapse(['head', `${id}.1`, '-c', '4'])).stdout).toBe('line');
    expect(await synapse(['head', projectId])).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('store -', () => {
  test('makes new versions of what a pipe brings', async () => {
    const line = `synapse store - --name piped.csv --parent-id ${projectId} --json`;
    const stored = await shell(`printf 'a,b\\n' | ${line}`);
    const { id, versionNumber } = JSON.parse(stored.stdout) as {
      id: string;
      versionNumber: number;
    };
    expect(versionNumber).toBe(1);
    expect(stored.stderr).not.toContain('synapse-upload');
    const again = await shell(`printf 'a,b\\n' | ${line}`);
    expect(JSON.parse(again.stdout)).toMatchObject({ id, versionNumber: 1 });
    const changed = await shell(`synapse cat ${fileId} | synapse store - --id ${id} --json`);
    expect(JSON.parse(changed.stdout)).toMatchObject({ id, versionNumber: 2 });
    expect((await shell(`synapse cat ${id} | md5sum`)).stdout).toBe(`${md5(content)}  -\n`);
    expect((await synapse(['cat', `${id}.1`])).stdout).toBe('a,b\n');
    expect((await readdir(home)).filter((name) => name.startsWith('synapse-upload'))).toEqual([]);
  });

  test('is left alone by a download, so that get can run in a loop over a list', async () => {
    const loop = await shell(
      `printf '${fileId}\\nnext\\n' | { read id; synapse get $id --download-location listed --quiet; cat; }`,
    );
    expect(loop).toMatchObject({ status: 0, stderr: '' });
    expect(loop.stdout).toMatch(/(^|\n)next\n$/);
    expect(await readdir(join(home, 'listed'))).toEqual(['content.bin']);
  });

  test.each(['show', 'list', 'get', 'delete', 'get-sts-token', 'api'])(
    'is no argument of %s',
    async (command) => {
      const loop = await shell(`echo ${fileId} | { synapse ${command}; cat; }`);
      expect(loop.stdout).toMatch(new RegExp(`(^|\n)${fileId}\n$`));
    },
  );

  test('that brings nothing is refused', async () => {
    const empty = await synapse(['store', '-', '--name', 'none', '--parent-id', projectId], '');
    expect(empty).toMatchObject({ status: 2, stdout: '' });
    expect(empty.stderr).toContain('The stream for none is empty');
  });

  test('Ctrl-C removes the temporary file', async () => {
    const child = startSynapse(['store', '-', '--name', 'x', '--parent-id', projectId], {
      home,
      env: { ...env, TMPDIR: home },
    });
    const ended = once(child, 'close') as Promise<[number | null]>;
    child.stdin?.write('some');
    const spools = async (): Promise<string[]> =>
      (await readdir(home)).filter((name) => name.startsWith('synapse-upload'));
    while ((await spools()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect((await ended)[0]).toBe(130);
    expect(await spools()).toEqual([]);
  });
});
