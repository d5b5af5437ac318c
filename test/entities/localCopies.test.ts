import { mkdtemp, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Cache } from '../../src/cache/cache.js';
import { File, type Progress, type Project, type Stored, type Synapse } from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let cacheDir: string;
let project: Project & Stored;
beforeAll(async () => {
  cacheDir = join(clients.folder, 'cache');
  syn = await clients.open('alice', { cacheDir });
  project = await clients.project(syn);
});

let made = 0;

async function storeFile(content: string, name = `data-${made++}.txt`): Promise<File & Stored> {
  return syn.store(new File({ path: await clients.file(name, content), parent: project }));
}

const newFolder = (): Promise<string> => mkdtemp(join(clients.folder, 'target-'));

async function get(file: File & Stored, downloadLocation: string, more = {}): Promise<string> {
  const got = await syn.get(file.id, { downloadLocation, ...more });
  return got instanceof File && got.path !== undefined ? got.path : 'no path';
}

/** Replaces the content of a file, which keeps its size and its time. */
async function rewrite(path: string, content: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  await writeFile(path, content);
  await utimes(path, atime, mtime);
}

test('a file that was copied from another folder is not copied again', async () => {
  const file = await storeFile('value');
  const target = await newFolder();
  const path = await get(file, target);
  expect(await get(file, target)).toBe(path);
  expect(await readdir(target)).toEqual([basename(path)]);
});

describe('a copy that was changed within the second in which it was recorded', () => {
  test.each(['other', 'longer than before'])('is not used: %p', async (changed) => {
    const file = await storeFile('value');
    const target = await newFolder();
    const path = await get(file, target);
    await writeFile(path, changed);
    const second = await get(file, target);
    expect(await readFile(second, 'utf8')).toBe('value');
    expect(await readFile(path, 'utf8')).toBe(changed);
  });

  test('is not copied to another folder', async () => {
    const file = await storeFile('value');
    const path = file.path ?? '';
    await rewrite(path, 'other');
    const copy = await get(file, await newFolder());
    expect(await readFile(copy, 'utf8')).toBe('value');
  });

  test('is not contained in the cache', async () => {
    const file = await storeFile('value');
    const cache = new Cache({ root: cacheDir });
    const handle = file.dataFileHandleId ?? '';
    expect(await cache.contains(handle, file.path ?? '')).toBe(true);
    // Longer than a step of the clock of the file system.
    await setTimeout(20);
    await rewrite(file.path ?? '', 'other');
    expect(await cache.contains(handle, file.path ?? '')).toBe(false);
  });

  test('is stored as a new version', async () => {
    const file = await storeFile('value');
    const got = await syn.get(file.id, { downloadLocation: await newFolder() });
    if (!(got instanceof File)) throw new Error('not a file');
    await writeFile(got.path ?? '', 'other');
    expect(await syn.store(got)).toMatchObject({ versionNumber: 2 });
    await writeFile(got.path ?? '', 'third');
    expect(await syn.store(got)).toMatchObject({ versionNumber: 3 });
  });

  test('is stored as a new version when it was changed during its upload', async () => {
    const path = await clients.file('changing.txt', 'value');
    const file = await syn.store(new File({ path, parent: project }), {
      onProgress: ({ kind, state }: Progress) => {
        if (kind === 'upload' && state === 'done') void writeFile(path, 'other');
      },
    });
    expect(await syn.store(file)).toMatchObject({ versionNumber: 2 });
  });
});

describe('an entry of the cache in a form without MD5', () => {
  const forms: [string, (time: string) => unknown][] = [
    ['the time alone', (time) => time],
    ['no MD5', (time) => ({ modified_time: time })],
    ['an empty MD5', (time) => ({ modified_time: time, content_md5: null })],
  ];

  test.each(forms)('is not used for other content: %s', async (_form, entryAt) => {
    const file = await storeFile('value');
    const other = await clients.file('other.txt', 'other');
    await utimes(other, 1_700_000_000, 1_700_000_000);
    const cache = new Cache({ root: cacheDir });
    const map = join(cache.directory(file.dataFileHandleId ?? ''), '.cacheMap');
    await writeFile(map, JSON.stringify({ [other]: entryAt('2023-11-14T22:13:20.000Z') }));
    const path = await get(file, await newFolder());
    expect(await readFile(path, 'utf8')).toBe('value');
    expect(path).not.toBe(other);
  });

  test.each(forms)('is used for the same content: %s', async (_form, entryAt) => {
    const file = await storeFile('value');
    const other = await clients.file('same.txt', 'value');
    await utimes(other, 1_700_000_000, 1_700_000_000);
    const cache = new Cache({ root: cacheDir });
    const map = join(cache.directory(file.dataFileHandleId ?? ''), '.cacheMap');
    await writeFile(map, JSON.stringify({ [other]: entryAt('2023-11-14T22:13:20.000Z') }));
    const target = await newFolder();
    const calls = await clients.calls(async () => get(file, target));
    expect(calls.filter((call) => /batch/i.test(call))).toEqual([]);
  });
});

describe('a long file name', () => {
  const names = [218, 219, 237, 251, 255].map((length) => `${'n'.repeat(length - 4)}.txt`);

  test.each(names)('is downloaded, copied from the cache and numbered: %#', async (name) => {
    const file = await storeFile(`content of ${name.length}`, name);
    await syn.get(file.id);
    const target = await newFolder();
    const copy = await get(file, target);
    expect(copy).toBe(join(target, name));
    await writeFile(copy, 'changed');
    const second = await get(file, target);
    expect(await readFile(second, 'utf8')).toBe(`content of ${name.length}`);
    expect(Buffer.byteLength(basename(second))).toBeLessThanOrEqual(255);
    expect(await readdir(target)).toHaveLength(2);
  });
});
