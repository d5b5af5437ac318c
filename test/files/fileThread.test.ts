import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Cache } from '../../src/cache/cache.js';
import { fileThread, type PlaceRequest } from '../../src/files/fileThread.js';
import { withTempDir } from '../helpers/tempDir.js';

const md5Of = (text: string): string => createHash('md5').update(text).digest('hex');

/** The thread works only while several files are in progress. */
let leave: (() => void)[] = [];
beforeAll(() => {
  leave = Array.from({ length: 4 }, () => fileThread.join());
});
afterAll(() => leave.forEach((each) => each()));

describe('looking at a path', () => {
  test('tells a file, a folder, a link and nothing apart', () =>
    withTempDir(async (directory) => {
      const file = join(directory, 'file');
      await writeFile(file, 'content');
      await symlink(file, join(directory, 'link'));
      const look = (path: string, link = false) => fileThread.run('look', { path, link });
      expect(await look(file)).toMatchObject({ kind: 'file', size: 7 });
      expect(await look(directory)).toMatchObject({ kind: 'folder' });
      expect(await look(join(directory, 'link'))).toMatchObject({ kind: 'file' });
      expect(await look(join(directory, 'link'), true)).toMatchObject({ kind: 'other' });
      expect(await look(join(directory, 'absent'))).toBeNull();
      expect(await fileThread.run('text', { path: join(directory, 'absent') })).toBeNull();
      expect(await fileThread.run('text', { path: file })).toBe('content');
    }));

  test('leaves what fails to the caller', async () => {
    expect(await fileThread.run('look', { path: 'a\0b', link: false })).toBeUndefined();
  });
});

describe('reading a small file', () => {
  const memory = new Uint8Array(new SharedArrayBuffer(16));

  test('gives its content, MD5 and state', () =>
    withTempDir(async (directory) => {
      const path = join(directory, 'file');
      await writeFile(path, 'content');
      const read = await fileThread.run('read', { path, memory });
      expect(read).toMatchObject({ md5: md5Of('content'), state: { size: 7n } });
      expect(Buffer.from(memory.subarray(0, 7)).toString()).toBe('content');
    }));

  test('is left to the caller for a folder, a pipe, and a file that is empty, absent or too long', () =>
    withTempDir(async (directory) => {
      const paths = ['empty', 'long', 'pipe', 'absent'].map((name) => join(directory, name));
      const [empty = '', long = '', pipe = ''] = paths;
      await writeFile(empty, '');
      await writeFile(long, 'x'.repeat(17));
      execFileSync('mkfifo', [pipe]);
      for (const path of [...paths, directory]) {
        expect(await fileThread.run('read', { path, memory })).toBeUndefined();
      }
    }));
});

describe('placing a file', () => {
  const requestFor = (directory: string, more: Partial<PlaceRequest> = {}): PlaceRequest => ({
    content: Buffer.from('content'),
    verify: true,
    expected: md5Of('content'),
    temporary: join(directory, 'temporary'),
    path: join(directory, 'file'),
    overwrite: false,
    record: undefined,
    ...more,
  });

  test('moves the whole content to its path', () =>
    withTempDir(async (directory) => {
      const placed = await fileThread.run('place', requestFor(directory));
      expect(placed).toMatchObject({ md5: md5Of('content'), look: { kind: 'file', size: 7 } });
      expect(await readdir(directory)).toEqual(['file']);
      expect(await readFile(join(directory, 'file'), 'utf8')).toBe('content');
    }));

  test('writes nothing that has another MD5', () =>
    withTempDir(async (directory) => {
      const request = requestFor(directory, { expected: md5Of('other') });
      expect(await fileThread.run('place', request)).toEqual({ md5: md5Of('content') });
      expect(await readdir(directory)).toEqual([]);
    }));

  test('keeps a file that is there, unless it may be replaced', () =>
    withTempDir(async (directory) => {
      const path = join(directory, 'file');
      await writeFile(path, 'theirs');
      expect(await fileThread.run('place', requestFor(directory))).toBeUndefined();
      expect(await readFile(path, 'utf8')).toBe('theirs');
      expect(await readdir(directory)).toEqual(['file']);
      await fileThread.run('place', requestFor(directory, { overwrite: true }));
      expect(await readFile(path, 'utf8')).toBe('content');
    }));
});

describe('recording the first copy of a file', () => {
  /** A file, and caches of which one records on the thread. */
  async function withFile(
    use: (parts: { root: string; path: string; cache: Cache }) => Promise<void>,
  ): Promise<void> {
    await withTempDir(async (directory) => {
      const root = join(directory, 'cache');
      await mkdir(root);
      const path = join(directory, 'naïve "file".txt');
      await writeFile(path, 'content');
      await use({ root, path, cache: new Cache({ root }) });
    });
  }

  test('writes the same map as changing one, and leaves no lock', () =>
    withFile(async ({ path, cache }) => {
      await utimes(path, 1_700_000_000.75, 1_700_000_000.75);
      await cache.add('1', path, md5Of('content'));
      // Without an MD5, the map is changed step by step.
      await cache.add('2', path);
      const [first, second] = ['1', '2'].map((id) => cache.directory(id));
      const read = (folder = ''): Promise<string> => readFile(join(folder, '.cacheMap'), 'utf8');
      expect(await read(first)).toBe(await read(second));
      expect(await readdir(first ?? '')).toEqual(['.cacheMap']);
      expect(await cache.get('1')).toBe(path);
    }));

  test('is left to the caller when another process holds the lock, and when there is a map', () =>
    withFile(async ({ path, cache }) => {
      const request = cache.firstRecord('1', path, md5Of('content'));
      if (request === undefined) throw new Error('The cache is not used.');
      await mkdir(request.lock, { recursive: true });
      expect(await fileThread.run('record', request)).toBeUndefined();
      expect(await readdir(request.folder)).toEqual(['.cacheMap.lock']);

      const other = cache.firstRecord('2', path, md5Of('content'));
      if (other === undefined) throw new Error('The cache is not used.');
      await mkdir(other.folder, { recursive: true });
      await writeFile(other.map, '{"/elsewhere": "2023-11-14T22:13:20.000Z"}\n');
      expect(await fileThread.run('record', other)).toBeUndefined();
      expect(await readdir(other.folder)).toEqual(['.cacheMap']);
      await cache.add('2', path, md5Of('content'));
      expect(await readFile(other.map, 'utf8')).toContain('/elsewhere');
    }));

  test('is left to the caller for a time before 1970', () =>
    withFile(async ({ path, cache }) => {
      await utimes(path, new Date(-1000), new Date(-1000));
      const request = cache.firstRecord('1', path, md5Of('content'));
      if (request === undefined) throw new Error('The cache is not used.');
      expect(await fileThread.run('record', request)).toBeUndefined();
    }));
});
