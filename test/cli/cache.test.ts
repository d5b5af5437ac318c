import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { parseBytes, parsePast } from '../../src/cli/measureFlags.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { runSynapse, type Ended } from './runSynapse.js';

let local: LocalSynapse;
let top: string;
let home: string;
let cacheDir: string;
const ids: string[] = [];

const synapse = (...args: string[]): Promise<Ended> =>
  runSynapse(args, {
    home,
    env: {
      SYNAPSE_ENDPOINT: local.endpoint,
      SYNAPSE_AUTH_TOKEN: local.authToken,
      SYNAPSE_CACHE_DIR: cacheDir,
    },
  });

async function json<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await synapse(...args, '--json');
  if (stdout === '') throw new Error(`${args.join(' ')} ended with ${status ?? '?'}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

beforeAll(async () => {
  local = await startLocalSynapse({ strict: true });
  top = await mkdtemp(join(tmpdir(), 'synapse-cli-cache-'));
  home = top;
  cacheDir = join(top, 'of-the-uploads');
  const { id } = await json<{ id: string }>('create', 'Project', '--name', 'Cached');
  for (const [name, content] of [
    ['a.txt', 'aaaa'],
    ['b.txt', 'bbbbbbbb'],
  ] as const) {
    await writeFile(join(top, name), content);
    ids.push((await json<{ id: string }>('store', name, '--parent-id', id)).id);
  }
});
beforeEach(async () => {
  home = await mkdtemp(join(top, 'home-'));
  cacheDir = join(home, 'cache');
});
afterAll(async () => {
  await local.close();
  await rm(top, { recursive: true, force: true });
  expect(local.contractViolations).toEqual([]);
});

interface Copy {
  fileHandleId: string;
  path: string;
  md5: string;
  modified: string;
}

test('list shows the state of every copy', async () => {
  for (const id of ids) await synapse('get', id, '--download-location', cacheDir);
  const copies = await json<Copy[]>('cache', 'list');
  expect(copies.map(({ path }) => path).sort()).toEqual(
    ['a.txt', 'b.txt'].map((name) => join(cacheDir, name)),
  );
  const [first] = copies;
  expect((await synapse('cache', 'list')).stdout.split('\n')[0]).toBe(
    [first?.fileHandleId, first?.modified, first?.md5, first?.path].join('\t'),
  );
  expect(await synapse('cache', 'verify')).toEqual({
    status: 0,
    stdout: '',
    stderr: '2 ok, 0 missing, 0 modified, 0 corrupt\n',
  });
  expect((await synapse('cache', 'size')).stdout).toMatch(/^\d+ B in 0 files in .*cache\n$/);

  const damaged = join(cacheDir, 'a.txt');
  const { atime, mtime } = await stat(damaged);
  await writeFile(damaged, 'aaXa');
  await utimes(damaged, atime, mtime);
  await rm(join(cacheDir, 'b.txt'));
  const verified = await synapse('cache', 'verify');
  expect(verified.status).toBe(1);
  expect(verified.stdout).toContain(`corrupt\t`);
  expect(verified.stdout).toContain(`missing\t`);
  expect(await json('cache', 'verify')).toMatchObject({ ok: 0, missing: 1, corrupt: 1 });

  await synapse(
    'get',
    ids[0] ?? '',
    '--download-location',
    cacheDir,
    '--if-collision',
    'overwrite.local',
  );
  expect(await readFile(damaged, 'utf8')).toBe('aaaa');
});

test('prune removes the oldest copies until the rest fits', async () => {
  const places: string[] = [];
  for (const id of ids) {
    const { path } = await json<{ path: string }>('get', id, '--download-location', home);
    const copy = (await json<Copy[]>('cache', 'list')).find((each) => each.path === path);
    places.push(
      join(cacheDir, String(Number(copy?.fileHandleId) % 1000), copy?.fileHandleId ?? ''),
    );
  }
  const [older = '', newer = ''] = places;
  const hourAgo = new Date(Date.now() - 3_600_000);
  await utimes(join(older, '.cacheMap'), hourAgo, hourAgo);
  await appendFile(join(older, 'content'), 'x'.repeat(2000));
  await appendFile(join(newer, 'content'), 'x'.repeat(2000));

  expect((await synapse('cache', 'prune')).status).toBe(2);
  expect((await synapse('cache', 'prune', '--older-than', 'yesterday')).stderr).toContain('30d');
  const tried = await synapse('cache', 'prune', '--max-size', '3k', '--dry-run');
  expect(tried.stdout).toBe(`${older}\n`);
  expect(await json('cache', 'prune', '--older-than', '2h', '--yes')).toMatchObject({
    folders: [],
  });
  expect(await json('cache', 'prune', '--max-size', '3k', '--yes')).toMatchObject({
    folders: [older],
  });
  expect(await readdir(older).catch(() => 'gone')).toBe('gone');
  expect(await json('cache', 'prune', '--older-than', '0s', '--yes')).toMatchObject({
    folders: [newer],
  });
});

test('--cache-dir goes before the environment', async () => {
  const other = join(home, 'other');
  const [id = ''] = ids;
  const downloads = (): number => local.requests.count('file.getFileHandleBatch');
  await synapse('get', id, '--cache-dir', other);
  const [record] = await readdir(other, { recursive: true });
  expect(record).toBeDefined();
  const before = downloads();
  await synapse('get', id, '--cache-dir', other, '--download-location', 'copied');
  expect(downloads()).toBe(before);
  await synapse('get', id, '--cache-dir', other, '--download-location', 'fetched', '--no-cache');
  expect(downloads()).toBe(before + 1);
  expect(await readFile(join(home, 'fetched', 'a.txt'), 'utf8')).toBe('aaaa');
  const known = await json<Copy[]>('cache', 'list', '--cache-dir', other);
  const paths = known.map(({ path }) => path).sort();
  expect(paths).toEqual([join(home, 'a.txt'), join(home, 'copied', 'a.txt')]);
});

test('a cache that cannot be written is named without stopping a command', async () => {
  await writeFile(join(home, 'a-file'), '');
  cacheDir = join(home, 'a-file');
  const got = await synapse('get', ids[0] ?? '', '--download-location', 'into');
  expect(got.status).toBe(0);
  expect(got.stderr).toContain('Cannot write to the file cache');
  expect(got.stderr).toContain('--no-cache');
  expect(await readFile(join(home, 'into', 'a.txt'), 'utf8')).toBe('aaaa');
  const size = await synapse('cache', 'size');
  expect(size).toMatchObject({ status: 1, stdout: '' });
  expect(size.stderr).toContain(cacheDir);
});

test('sizes and ages are read as people write them', () => {
  expect(['0', '500', '1.5k', '10MB', '2 GiB', '1t'].map(parseBytes)).toEqual([
    0, 500, 1536, 10_485_760, 2_147_483_648, 1_099_511_627_776,
  ]);
  for (const text of ['', 'k', '-1', '1x', '1e3', '99999999t']) {
    expect(() => parseBytes(text)).toThrow('is not a size');
  }
  const now = Date.UTC(2026, 0, 31);
  expect(parsePast('30d', now).toISOString()).toBe('2026-01-01T00:00:00.000Z');
  expect(parsePast('12h', now).toISOString()).toBe('2026-01-30T12:00:00.000Z');
  expect(parsePast('2026-01-02').toISOString()).toBe('2026-01-02T00:00:00.000Z');
  for (const text of ['', '30', '30y', '2026-13-01', 'yesterday']) {
    expect(() => parsePast(text)).toThrow('is neither an age');
  }
});
