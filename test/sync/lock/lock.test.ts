import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  formatLock,
  Link,
  NotFoundError,
  type Lock,
  type Project,
  type RestoreOptions,
  type RestoreReport,
  type Stored,
  type Synapse,
} from '../../../src/index.js';
import { withClients } from '../../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;

beforeAll(async () => {
  syn = await clients.open('alice', { useCache: false });
});
beforeEach(async () => {
  project = await clients.project(syn);
});

async function storeFile(
  name: string,
  content: string,
  parent: { id: string } = project,
): Promise<File & Stored> {
  return syn.store(new File({ path: await clients.file(name, content), parent }));
}

/** Stores other content as the next version. */
async function storeNext(file: File & Stored, content: string): Promise<void> {
  file.path = await clients.file(file.name, content);
  await syn.store(file);
}

function folderIn(parent: { id: string }, name: string): Promise<Folder & Stored> {
  return syn.store(new Folder({ name, parent }));
}

const restore = async (
  lock: Lock | string,
  target: string,
  options?: RestoreOptions,
): Promise<Record<string, string>> => outcomes(await syn.sync.restore(lock, target, options));

function outcomes({ items }: RestoreReport): Record<string, string> {
  return Object.fromEntries(
    items.map(({ path, action, reason }) => [path, reason ? `${action}: ${reason}` : action]),
  );
}

async function contentOf(directory: string): Promise<Record<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const contents = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  return Object.fromEntries(
    paths.map((path, index) => [path.slice(directory.length + 1), contents[index] ?? '']),
  );
}

describe('a lock', () => {
  test('has the version, the path and the content of each file, in order of path', async () => {
    const inner = await folderIn(await folderIn(project, 'b'), 'c');
    const deep = await storeFile('deep.csv', 'deep', inner);
    const first = await storeFile('a.txt', 'first');
    await storeNext(first, 'second');
    const lock = await syn.sync.lock(project);
    expect(lock).toMatchObject({ format: 'synapse-lock', version: 1, roots: [project.id] });
    expect(
      lock.files.map(({ id, version, path, name, size, md5 }) => [
        id,
        version,
        path,
        name,
        size,
        md5,
      ]),
    ).toEqual([
      [first.id, 2, 'a.txt', 'a.txt', 6, 'a9f0e61a137d86aa9db53465e0801612'],
      [deep.id, 1, 'b/c/deep.csv', 'deep.csv', 4, createHash('md5').update('deep').digest('hex')],
    ]);
    expect(lock.failures).toBeUndefined();
  });

  test('is the same byte by byte when nothing has changed, and differs in one line for one file', async () => {
    const files = [];
    for (const name of ['z.txt', 'm.txt', 'a.txt']) files.push(await storeFile(name, name));
    const [one, again] = [await syn.sync.lock(project), await syn.sync.lock(project)];
    expect(formatLock(again)).toBe(formatLock(one));
    expect(JSON.parse(formatLock(one))).toEqual(JSON.parse(JSON.stringify(one)));
    const [changed] = files;
    if (changed) await storeNext(changed, 'other');
    const lines = formatLock(one).split('\n');
    const now = formatLock(await syn.sync.lock(project)).split('\n');
    expect(now.length).toBe(lines.length);
    expect(now.filter((line, index) => line !== lines[index])).toHaveLength(1);
  });

  test('takes the pages of children and one request for each file', async () => {
    const folder = await folderIn(project, 'folder');
    for (const name of ['a.txt', 'b.txt', 'c.txt']) await storeFile(name, name, folder);
    const calls = await clients.calls(() => syn.sync.lock(project));
    expect(calls.sort()).toEqual([
      ...['entity.listEntityChildren', 'entity.listEntityChildren'],
      ...[
        'entityBundle.getEntityBundle',
        'entityBundle.getEntityBundle',
        'entityBundle.getEntityBundle',
      ],
    ]);
  });

  test('names what has no content, and what cannot be downloaded', async () => {
    const file = await storeFile('a.txt', 'a');
    await syn.store(
      new Link({ name: 'a link', target: file.id, parent: await folderIn(project, 'folder') }),
    );
    await syn.access.set(project, 'AUTHENTICATED_USERS', { accessType: ['READ'] });
    const bob = await clients.open('bob');
    const leftOut: string[] = [];
    const onLeftOut = ({ path, reason }: { path: string; reason: string }): void => {
      leftOut.push(`${path}: ${reason}`);
    };
    const { files, failures = [] } = await bob.sync.lock(project.id, { onLeftOut });
    expect(files).toEqual([]);
    expect(failures).toEqual([
      { id: file.id, path: 'a.txt', reason: expect.stringContaining('DOWNLOAD permission') },
    ]);
    expect(leftOut).toEqual(['folder/a link: it is a link, and links are not followed']);
  });

  test('of several entities has a directory for each container', async () => {
    const other = await clients.project(syn);
    const file = await storeFile('a.txt', 'a', other);
    await storeNext(file, 'b');
    await storeFile('x.txt', 'x');
    const lock = await syn.sync.lock([project, `${file.id}.1`]);
    expect(lock.roots).toEqual([project.id, `${file.id}.1`]);
    expect(lock.files.map(({ path, version }) => [path, version])).toEqual([
      [`${project.name}/x.txt`, 1],
      ['a.txt', 1],
    ]);
  });

  test('gives a number to the second of two files with one name', async () => {
    const one = await storeFile('same.txt', 'one');
    const two = await storeFile('same.txt', 'two', await folderIn(project, 'inner'));
    await syn.store(Object.assign(new File(two), { name: 'other name', parentId: project.id }));
    const { files } = await syn.sync.lock(project);
    expect(files.map(({ id, path, name }) => [id, path, name])).toEqual([
      [two.id, 'same(1).txt', 'other name'],
      [one.id, 'same.txt', 'same.txt'],
    ]);
  });

  test('of an entity that does not exist is an error', async () => {
    await expect(syn.sync.lock('syn999999')).rejects.toThrow(NotFoundError);
  });

  test('of an empty folder has no files', async () => {
    expect((await syn.sync.lock(project)).files).toEqual([]);
  });
});

describe('a restore', () => {
  const target = { path: '' };
  beforeEach(async () => {
    target.path = await mkdtemp(join(clients.folder, 'restore-'));
  });

  test('downloads the versions of the lock, whatever came later', async () => {
    const file = await storeFile('a.txt', 'first', await folderIn(project, 'folder'));
    const lock = await syn.sync.lock(project);
    await storeNext(file, 'second');
    await storeFile('new.txt', 'new');
    const directory = join(target.path, 'restored');
    expect(await restore(lock, directory)).toEqual({ 'folder/a.txt': 'downloaded' });
    expect(await contentOf(directory)).toEqual({ 'folder/a.txt': 'first' });
  });

  test('of equal files asks for nothing and writes nothing', async () => {
    await storeFile('a.txt', 'first');
    const lock = await syn.sync.lock(project);
    await restore(lock, target.path);
    let again: Record<string, string> = {};
    const calls = await clients.calls(async () => {
      again = await restore(lock, target.path);
    });
    expect(calls).toEqual([]);
    expect(again).toEqual({ 'a.txt': 'unchanged' });
  });

  test('takes one request for each file that is not there, besides the downloads', async () => {
    for (let number = 0; number < 20; number += 1) await storeFile(`${number}.txt`, `${number}`);
    const lock = await syn.sync.lock(project);
    await writeFile(join(target.path, '0.txt'), '0');
    // Two calls for URLs run at a time. These take until the other files have asked, on a slow machine too.
    const { conditions } = clients.server;
    conditions.set({ faults: [{ operation: 'file.getFileHandleBatch', delay: 1000, times: 2 }] });
    const calls = await clients.calls(() => restore(lock, target.path, { concurrency: 20 }));
    conditions.reset();
    const count = (operation: string): number => calls.filter((call) => call === operation).length;
    expect(count('entityBundle.getEntityVersionBundle')).toBe(19);
    expect(count('file.getFileHandleBatch')).toBeLessThanOrEqual(3);
    expect(calls).toHaveLength(19 + 19 + count('file.getFileHandleBatch'));
  });

  test('replaces an older or newer version, and keeps a local change', async () => {
    const [moved, edited] = [
      await storeFile('moved.txt', 'one'),
      await storeFile('edited.txt', 'two'),
    ];
    const lock = await syn.sync.lock(project);
    await storeNext(moved, 'newer');
    await writeFile(join(target.path, 'moved.txt'), 'newer');
    await writeFile(join(target.path, 'edited.txt'), 'mine');
    const result = await restore(lock, target.path);
    expect(result['moved.txt']).toBe('downloaded');
    expect(result['edited.txt']).toMatch(
      /^failed: the local file has changed .*--overwrite-changes/,
    );
    expect(await contentOf(target.path)).toEqual({ 'moved.txt': 'one', 'edited.txt': 'mine' });
    expect(await restore(lock, target.path, { overwriteChanges: true })).toEqual({
      'moved.txt': 'unchanged',
      'edited.txt': 'downloaded',
    });
    expect((await contentOf(target.path))['edited.txt']).toBe('two');
    expect(edited.versionNumber).toBe(1);
  });

  test('names a version that is gone, and restores the others', async () => {
    const [lost, kept] = [await storeFile('lost.txt', 'one'), await storeFile('kept.txt', 'two')];
    const deleted = await storeFile('deleted.txt', 'three');
    const lock = await syn.sync.lock(project);
    await storeNext(lost, 'next');
    await syn.delete(`${lost.id}.1`);
    await syn.delete(deleted);
    const result = await restore(lock, target.path);
    expect(result['kept.txt']).toBe('downloaded');
    expect(result['lost.txt']).toMatch(`failed: version 1 of ${lost.id} is gone: `);
    expect(result['deleted.txt']).toMatch(`failed: version 1 of ${deleted.id} is gone: `);
    expect(Object.keys(await contentOf(target.path))).toEqual(['kept.txt']);
    expect(kept.versionNumber).toBe(1);
  });

  test('names a version whose content is not that of the lock', async () => {
    const file = await storeFile('a.txt', 'one');
    const other = await storeFile('b.txt', 'other');
    const lock = await syn.sync.lock(project);
    const [first, second] = lock.files;
    if (first === undefined || second === undefined) throw new Error('no files');
    const edited = { ...lock, files: [{ ...first, md5: second.md5 }, second] };
    expect(await restore(edited, target.path)).toEqual({
      'a.txt': `failed: version 1 of ${file.id} has other content than when it was locked: MD5 ${first.md5} now, MD5 ${second.md5} in the lock.`,
      'b.txt': 'downloaded',
    });
    expect(await contentOf(target.path)).toEqual({ 'b.txt': 'other' });
    expect(second.id).toBe(other.id);
  });

  test('with check only compares', async () => {
    for (const name of ['same.txt', 'changed.txt', 'missing.txt']) await storeFile(name, name);
    const lock = await syn.sync.lock(project);
    await writeFile(join(target.path, 'same.txt'), 'same.txt');
    await writeFile(join(target.path, 'changed.txt'), 'other');
    const calls = await clients.calls(async () => {
      expect(await restore(lock, target.path, { check: true })).toEqual({
        'same.txt': 'unchanged',
        'changed.txt': 'changed: 5 B here, 11 B in Synapse',
        'missing.txt': 'missing',
      });
    });
    expect(calls).toEqual([]);
  });

  test('names what could not be locked', async () => {
    const lock: Lock = {
      ...(await syn.sync.lock(project)),
      failures: [{ id: 'syn1', path: 'x', reason: 'no permission' }],
    };
    expect(await restore(lock, target.path)).toEqual({
      x: 'failed: it was not locked: no permission',
    });
  });

  test('does not write through a link, or over a directory', async () => {
    await storeFile('a.txt', 'a', await folderIn(project, 'folder'));
    await storeFile('b.txt', 'b');
    const lock = await syn.sync.lock(project);
    const elsewhere = join(target.path, 'elsewhere');
    const directory = join(target.path, 'data');
    await mkdir(elsewhere);
    await mkdir(join(directory, 'b.txt'), { recursive: true });
    await symlink(elsewhere, join(directory, 'folder'));
    const result = await restore(lock, directory);
    expect(result['folder/a.txt']).toMatch(/^failed: .* is a link/);
    expect(result['b.txt']).toBe('failed: a directory is in its place');
    expect(await readdir(elsewhere)).toEqual([]);
    await rm(directory, { recursive: true });
  });
});

describe('a damaged lock', () => {
  const file = {
    ...{ id: 'syn1', version: 1, name: 'a', path: 'a', size: 1, fileHandleId: '7' },
    md5: '0'.repeat(32),
  };
  const lockOf = (...files: object[]): Lock =>
    ({ format: 'synapse-lock', version: 1, roots: ['syn1'], files }) as Lock;

  test.each([
    ['a path out of the directory', lockOf({ ...file, path: '../a' }), /"\.\."/],
    ['an absolute path', lockOf({ ...file, path: '/etc/a' }), /names no file/],
    [
      'two files at one path',
      lockOf(file, { ...file, id: 'syn2' }),
      /syn2 and syn1 have the same path/,
    ],
    [
      'a file as a directory',
      lockOf(file, { ...file, id: 'syn2', path: 'a/b' }),
      /path of the file syn1/,
    ],
    ['a version in the id', lockOf({ ...file, id: 'syn1.2' }), /"id" should be a Synapse id/],
    ['another MD5', lockOf({ ...file, md5: 'x' }), /"md5" should be an MD5/],
    ['something else', [] as unknown as Lock, /is no lock/],
    ['a newer version', { ...lockOf(), version: 2 } as unknown as Lock, /newer client/],
  ])('with %s is refused', async (_, lock, message) => {
    await expect(syn.sync.restore(lock, 'nowhere')).rejects.toThrow(message);
  });

  test('is refused with all that is wrong', async () => {
    const lock = lockOf({ ...file, version: 0 }, null as unknown as object, { ...file, size: -1 });
    await expect(syn.sync.restore(lock, 'nowhere')).rejects.toThrow(
      /files\[0\]: "version".*\n {2}files\[1\]: it should be an object\n {2}files\[2\]: "size"/,
    );
  });

  test('that is no JSON names the file', async () => {
    const path = await clients.file('half.lock', '{"format": "synapse-lock", ');
    await expect(syn.sync.restore(path, 'nowhere')).rejects.toThrow(/half\.lock is no lock: /);
    await expect(syn.sync.restore(`${path}.none`, 'nowhere')).rejects.toThrow(
      /Cannot read the lock/,
    );
  });
});
