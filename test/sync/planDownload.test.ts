import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  type PlanDownloadOptions,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { withTempDir } from '../helpers/tempDir.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;

beforeAll(async () => {
  syn = await clients.open('alice');
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

async function update(file: File & Stored, content: string): Promise<File & Stored> {
  const path = await clients.file(file.fileHandle?.fileName ?? file.name, content);
  file.path = path;
  return syn.store(file);
}

async function plan(root: string, options: PlanDownloadOptions = {}) {
  return syn.sync.planDownload(project, root, { manifest: 'suppress', ...options });
}

const actions = (items: readonly { path: string; action: string }[]): Record<string, string> =>
  Object.fromEntries(items.map(({ path, action }) => [path, action]));

const onUnix = process.platform === 'win32' ? test.skip : test;

describe('a plan', () => {
  test('says what is to be done and changes nothing', async () => {
    const folder = await syn.store(new Folder({ name: 'sub', parent: project }));
    await syn.store(new Folder({ name: 'empty', parent: project }));
    await storeFile('a.txt', 'aaa');
    await storeFile('b.txt', 'b', folder);
    await withTempDir(async (root) => {
      const target = join(root, 'target');
      const reader = await clients.open('alice');
      const made = await reader.sync.planDownload(project, target, { manifest: 'suppress' });
      expect(actions(made.items)).toEqual({
        'a.txt': 'create',
        sub: 'create',
        empty: 'create',
        'sub/b.txt': 'create',
      });
      expect(made.problems).toEqual([]);
      expect(made.totals).toMatchObject({ bytes: 4, requests: 2 });
      expect(await readdir(root)).toEqual([]);
      expect(String(made)).toContain('create    sub/b.txt');

      const report = await made.apply();
      expect(report.failures).toEqual([]);
      expect(report.done).toHaveLength(4);
      expect(report.bytes).toBe(4);
      expect((await readdir(target)).sort()).toEqual(['a.txt', 'empty', 'sub']);
      expect(await readFile(join(target, 'sub', 'b.txt'), 'utf8')).toBe('b');
    });
  });

  test('of what is here already has nothing to do, and applying it sends nothing', async () => {
    await storeFile('a.txt', 'aaa');
    await withTempDir(async (root) => {
      await (await plan(root)).apply();
      const again = await plan(root);
      expect(actions(again.items)).toEqual({ 'a.txt': 'skip' });
      const calls = await clients.calls(() => again.apply());
      expect(calls).toEqual([]);
    });
  });

  test('takes one page of children and one request a file', async () => {
    for (const name of ['a', 'b', 'c']) await storeFile(`${name}.txt`, name);
    await withTempDir(async (root) => {
      const calls = await clients.calls(() => plan(root));
      expect(calls.filter((call) => call === 'entity.listEntityChildren')).toHaveLength(1);
      expect(calls.filter((call) => call === 'entityBundle.getEntityBundle')).toHaveLength(3);
      expect(calls).toHaveLength(4);
    });
  });

  test('is applied without reading the files again', async () => {
    for (const name of ['a', 'b', 'c']) await storeFile(`${name}.txt`, `${name} once`);
    await withTempDir(async (root) => {
      const made = await plan(root);
      const calls = await clients.calls(() => made.apply());
      expect(calls.filter((call) => call.startsWith('entityBundle'))).toEqual([]);
      expect(calls.filter((call) => call === 'entity.listEntityHeaders')).toHaveLength(1);
    });
  });

  test('survives JSON, and compares again what it was made of', async () => {
    const file = await storeFile('a.txt', 'aaa');
    await storeFile('b.txt', 'b');
    await withTempDir(async (root) => {
      const json: unknown = JSON.parse(JSON.stringify(await plan(root)));
      expect(json).toMatchObject({ direction: 'download', directory: root });
      await update(file, 'other');
      const report = await (await syn.sync.readPlan(json)).apply();
      expect(report.failures).toMatchObject([{ path: `a.txt (${file.id})` }]);
      expect(report.failures[0]?.error.message).toContain('has changed in Synapse');
      expect(await readdir(root)).toEqual(['b.txt']);
    });
  });

  test('that was changed to write elsewhere does not', async () => {
    await storeFile('a.txt', 'aaa');
    await withTempDir(async (root) => {
      const target = join(root, 'target');
      const text = JSON.stringify(await plan(target)).replaceAll(
        join(target, 'a.txt'),
        join(root, 'a.txt'),
      );
      const report = await (await syn.sync.readPlan(JSON.parse(text))).apply();
      expect(report.failures[0]?.error.message).toContain('is not in');
      expect(await readdir(root)).toEqual(['target']);
    });
  });

  test('with other members than plans have is refused', async () => {
    await withTempDir(async (root) => {
      const data = (await plan(root)).toJSON();
      await expect(syn.sync.readPlan({ ...data, download: {} })).rejects.toThrow('manifest');
      await expect(syn.sync.readPlan({ ...data, items: [{}] })).rejects.toThrow('action');
    });
  });
});

describe('a new version in Synapse', () => {
  test('replaces the old one', async () => {
    const file = await storeFile('a.txt', 'one');
    await withTempDir(async (root) => {
      await (await plan(root)).apply();
      await update(file, 'two!');
      const made = await plan(root);
      expect(made.items[0]).toMatchObject({ action: 'updateContent', versionNumber: 2 });
      expect((await made.apply()).failures).toEqual([]);
      expect(await readdir(root)).toEqual(['a.txt']);
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('two!');
    });
  });

  test('does not replace a file that was changed here', async () => {
    const file = await storeFile('a.txt', 'one');
    await withTempDir(async (root) => {
      await (await plan(root)).apply();
      await update(file, 'two!');
      await writeFile(join(root, 'a.txt'), 'mine');
      const made = await plan(root);
      expect(made.items[0]).toMatchObject({ action: 'conflict' });
      const report = await made.apply();
      expect(report.failures[0]?.error.message).toMatch(/--overwrite-changes/);
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('mine');

      const forced = await plan(root, { overwriteChanges: true });
      await forced.apply();
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('two!');
    });
  });

  test('is kept beside a changed file, once', async () => {
    await storeFile('a.txt', 'one');
    await withTempDir(async (root) => {
      await writeFile(join(root, 'a.txt'), 'mine');
      const first = await (await plan(root, { ifCollision: 'keep.both' })).apply();
      expect(first.done).toMatchObject([{ localPath: join(root, 'a(1).txt') }]);
      const again = await plan(root, { ifCollision: 'keep.both' });
      expect(again.items).toMatchObject([{ action: 'skip', localPath: join(root, 'a(1).txt') }]);
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('mine');
    });
  });

  test('is not downloaded with keep.local', async () => {
    await storeFile('a.txt', 'one');
    await withTempDir(async (root) => {
      await writeFile(join(root, 'a.txt'), 'mine');
      const made = await plan(root, { ifCollision: 'keep.local' });
      expect(made.items).toMatchObject([{ action: 'skip', isKept: true }]);
    });
  });
});

describe('between plan and apply', () => {
  test('a changed entity fails, and the rest goes on', async () => {
    const file = await storeFile('a.txt', 'one');
    const gone = await storeFile('gone.txt', 'gone');
    await storeFile('b.txt', 'b');
    await withTempDir(async (root) => {
      const made = await plan(root);
      await update(file, 'two!');
      await syn.delete(gone.id);
      const report = await made.apply();
      expect(report.failures.map(({ error }) => error.message)).toEqual([
        expect.stringContaining('has changed in Synapse'),
        expect.stringContaining('not in Synapse any more'),
      ]);
      expect(await readdir(root)).toEqual(['b.txt']);
    });
  });

  test('a changed local file stays, and the rest goes on', async () => {
    const file = await storeFile('a.txt', 'one');
    await storeFile('b.txt', 'b');
    await withTempDir(async (root) => {
      await (await plan(root)).apply();
      await update(file, 'two!');
      await rm(join(root, 'b.txt'));
      const made = await plan(root);
      await writeFile(join(root, 'a.txt'), 'mine now');
      await writeFile(join(root, 'b.txt'), 'mine too');
      const report = await made.apply();
      expect(report.failures.map(({ error }) => error.message)).toEqual([
        expect.stringContaining('has changed since the plan'),
        expect.stringContaining('has appeared since the plan'),
      ]);
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('mine now');
      expect(await readFile(join(root, 'b.txt'), 'utf8')).toBe('mine too');
    });
  });
});

describe('what is selected', () => {
  beforeEach(async () => {
    const folder = await syn.store(new Folder({ name: 'sub', parent: project }));
    const deep = await syn.store(new Folder({ name: 'deep', parent: folder }));
    await storeFile('a.txt', 'a');
    await storeFile('b.csv', 'b', folder);
    await storeFile('c.txt', 'c', deep);
  });

  test('is what the patterns say, and the rest is said', async () => {
    await withTempDir(async (root) => {
      const made = await plan(root, { include: ['*.txt'], exclude: ['deep'] });
      expect(actions(made.items)).toMatchObject({
        'a.txt': 'create',
        'sub/b.csv': 'leaveOut',
        'sub/deep': 'leaveOut',
      });
      await made.apply();
      expect(await readdir(root)).toEqual(['a.txt']);
    });
  });

  test('is only the container itself without recursive, or as deep as maxDepth', async () => {
    await withTempDir(async (root) => {
      expect(actions((await plan(root, { recursive: false })).items)).toEqual({
        'a.txt': 'create',
        sub: 'leaveOut',
      });
      expect(actions((await plan(root, { maxDepth: 1 })).items)).toEqual({
        'a.txt': 'create',
        sub: 'create',
        'sub/b.csv': 'create',
        'sub/deep': 'leaveOut',
      });
    });
  });
});

describe('local names', () => {
  test('that two files want are given numbers, the same every time', async () => {
    for (const name of ['one', 'two', 'three']) {
      const path = await clients.file('same.txt', name);
      await syn.store(new File({ path, name, parent: project }));
    }
    await withTempDir(async (root) => {
      const first = await syn.syncFromSynapse(project, root);
      expect(first.failures).toEqual([]);
      const paths = first.done.map(({ name, localPath }) => [name, localPath]);
      expect((await readdir(root)).filter((name) => name.startsWith('same'))).toHaveLength(3);
      const again = await syn.syncFromSynapse(project, root);
      expect(again.done).toEqual([]);
      expect(again.skipped.map(({ name, localPath }) => [name, localPath])).toEqual(paths);
    });
  });

  onUnix('are not written through links', async () => {
    const folder = await syn.store(new Folder({ name: 'sub', parent: project }));
    await storeFile('a.txt', 'a', folder);
    await withTempDir(async (root) => {
      const outside = join(root, 'outside');
      await mkdir(outside);
      await mkdir(join(root, 'target'));
      await symlink(outside, join(root, 'target', 'sub'));
      const made = await plan(join(root, 'target'));
      expect(made.problems).toMatchObject([
        { path: 'sub', message: expect.stringContaining('is a link') },
      ]);
      expect(made.items).toEqual([]);
    });
  });

  test('that a directory has are conflicts', async () => {
    await storeFile('a.txt', 'a');
    await withTempDir(async (root) => {
      await mkdir(join(root, 'a.txt'));
      const made = await plan(root);
      expect(made.items).toMatchObject([
        { action: 'conflict', reason: expect.stringContaining('a folder is in its place') },
      ]);
    });
  });
});

describe('delete', () => {
  test('removes what an earlier download made and Synapse has no more', async () => {
    const folder = await syn.store(new Folder({ name: 'sub', parent: project }));
    for (const name of ['a', 'b', 'c']) await storeFile(`${name}.txt`, name);
    await storeFile('d.txt', 'd', folder);
    const gone = await storeFile('gone.txt', 'gone');
    await withTempDir(async (root) => {
      await syn.syncFromSynapse(project, root);
      await writeFile(join(root, 'own.txt'), 'own');
      await syn.delete(gone.id);
      await syn.delete(folder.id);
      const without = await syn.sync.planDownload(project, root);
      expect(without.totals.actions.delete).toBe(0);
      const made = await syn.sync.planDownload(project, root, { delete: true });
      expect(made.totals.actions.delete).toBe(3);
      expect((await made.apply()).failures).toEqual([]);
      expect((await readdir(root)).sort()).toEqual([
        'SYNAPSE_METADATA_MANIFEST.tsv',
        'a.txt',
        'b.txt',
        'c.txt',
        'manifest.csv',
        'own.txt',
      ]);
    });
  });

  test('keeps what was changed here, and refuses to delete more than half', async () => {
    const one = await storeFile('a.txt', 'a');
    const two = await storeFile('b.txt', 'b');
    await storeFile('c.txt', 'c');
    await withTempDir(async (root) => {
      await syn.syncFromSynapse(project, root);
      await writeFile(join(root, 'a.txt'), 'mine');
      await syn.delete(one.id);
      const made = await syn.sync.planDownload(project, root, { delete: true });
      expect(made.items.find(({ path }) => path === 'a.txt')).toMatchObject({ action: 'conflict' });
      await syn.delete(two.id);
      const refused = await syn.sync.planDownload(project, root, { delete: true });
      expect(refused.problems).toMatchObject([
        { message: expect.stringContaining('more than half') },
      ]);
      const forced = await syn.syncFromSynapse(project, root, { delete: true, force: true });
      expect(forced.done).toMatchObject([{ action: 'delete', path: 'b.txt' }]);
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('mine');
    });
  });

  test('is refused for a home directory and the root', async () => {
    await expect(plan('/', { delete: true })).rejects.toThrow('Nothing is deleted in');
    await expect(plan('~', { delete: true })).rejects.toThrow('Nothing is deleted in');
  });
});

test('a directory that is a file is refused', async () => {
  await withTempDir(async (root) => {
    const path = join(root, 'file');
    await writeFile(path, '');
    await expect(plan(path)).rejects.toThrow('is a file');
    expect((await stat(path)).size).toBe(0);
  });
});
