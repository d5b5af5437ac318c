import { execFileSync } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { File, Folder, PartialFailureError, type Progress, type Synapse } from '../../src/index.js';
import type { StoreDirectoryOptions } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { withTempDir } from '../helpers/tempDir.js';

const clients = withClients();
let syn: Synapse;

beforeAll(async () => {
  syn = await clients.open('alice');
});

interface Outcome {
  projectId: string;
  /** The paths of everything in the project afterwards, sorted. */
  stored: string[];
  /** By path relative to the directory. */
  failures: Record<string, string>;
}

/** Stores a directory in a new project. */
async function store(root: string, options: StoreDirectoryOptions = {}): Promise<Outcome> {
  const { id: projectId } = await clients.project(syn);
  const failures = await storeInto(root, projectId, options);
  return { projectId, stored: await treeOf(projectId), failures };
}

async function storeInto(
  root: string,
  projectId: string,
  options: StoreDirectoryOptions = {},
): Promise<Record<string, string>> {
  try {
    for await (const { id } of syn.sync.storeDirectory(root, projectId, options)) {
      expect(id).toMatch(/^syn/);
    }
    return {};
  } catch (error) {
    if (!(error instanceof PartialFailureError)) throw error;
    return Object.fromEntries(
      error.failures.map(({ path, error: { message } }) => [relative(root, path), message]),
    );
  }
}

async function treeOf(projectId: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path, folders, files } of syn.walk(projectId)) {
    for (const { name } of [...folders, ...files])
      paths.push(path === '' ? name : `${path}/${name}`);
  }
  return paths.sort();
}

describe('links', () => {
  test('to directories are followed, in the tree and out of it', async () => {
    await withTempDir(async (root) => {
      const tree = join(root, 'tree');
      await mkdir(join(tree, 'real'), { recursive: true });
      await mkdir(join(root, 'outside', 'deep'), { recursive: true });
      await writeFile(join(tree, 'real', 'one.txt'), 'one');
      await writeFile(join(root, 'outside', 'deep', 'two.txt'), 'two');
      await symlink(join(tree, 'real'), join(tree, 'again'));
      await symlink('../outside', join(tree, 'out'));
      await symlink('out', join(tree, 'chain'));
      await symlink(join('real', 'one.txt'), join(tree, 'file.txt'));
      const { stored, failures } = await store(tree);
      expect(failures).toEqual({});
      expect(stored).toEqual(
        [
          'again',
          'again/one.txt',
          'chain',
          'chain/deep',
          'chain/deep/two.txt',
          'file.txt',
          'out',
          'out/deep',
          'out/deep/two.txt',
          'real',
          'real/one.txt',
        ].sort(),
      );
    });
  });

  test('to a directory that they are in are named', async () => {
    await withTempDir(async (root) => {
      await mkdir(join(root, 'a', 'b'), { recursive: true });
      await mkdir(join(root, 'c'));
      await writeFile(join(root, 'a', 'b', 'one.txt'), 'one');
      await symlink('..', join(root, 'a', 'b', 'up'));
      await symlink('.', join(root, 'a', 'self'));
      await symlink(root, join(root, 'top'));
      // Each leads to the other.
      await symlink('../a', join(root, 'c', 'to-a'));
      await symlink('../../c', join(root, 'a', 'b', 'to-c'));
      const { stored, failures } = await store(root);
      expect(stored).toContain('a/b/one.txt');
      expect(stored).toContain('c/to-a/b/one.txt');
      for (const path of ['top', 'a/self', 'a/b/up', 'a/b/to-c/to-a', 'c/to-a/b/to-c']) {
        expect([path, failures[path]]).toEqual([path, expect.stringContaining('never end')]);
      }
    });
  });

  test('that multiply a directory are followed a hundred times', async () => {
    await withTempDir(async (root) => {
      // 2 to the power of 12 ways to the last one.
      for (let level = 0; level < 12; level += 1) {
        const directory = join(root, `level${level}`);
        await mkdir(directory);
        await symlink(`../level${level + 1}`, join(directory, 'a'));
        await symlink(`../level${level + 1}`, join(directory, 'b'));
      }
      await mkdir(join(root, 'level12'));
      const top = join(root, 'top');
      await mkdir(top);
      await symlink('../level0', join(top, 'start'));
      const { readLocalTree } = await import('../../src/sync/localTree.js');
      const { directories, failures } = await readLocalTree(top);
      expect(directories.length).toBeLessThan(1300);
      expect(failures[0]?.error.message).toContain('100 times');
    });
  });

  test('that lead nowhere are named, and the rest is stored', async () => {
    await withTempDir(async (root) => {
      await writeFile(join(root, 'fine.txt'), 'x');
      await symlink('no-such-file', join(root, 'dangling'));
      await symlink('circle', join(root, 'circle'));
      const { stored, failures } = await store(root);
      expect(stored).toEqual(['fine.txt']);
      expect(failures).toEqual({
        dangling: expect.stringContaining('a link to no-such-file, which leads nowhere'),
        circle: expect.stringContaining('too many symbolic links'),
      });
    });
  });
});

const onUnix = process.platform === 'win32' ? test.skip : test;

onUnix('pipes, sockets and devices are named and never opened', async () => {
  await withTempDir(async (root) => {
    await writeFile(join(root, 'fine.txt'), 'x');
    await mkdir(join(root, 'sub'));
    execFileSync('mkfifo', [join(root, 'sub', 'pipe')]);
    await symlink(join('sub', 'pipe'), join(root, 'linked-pipe'));
    await symlink('/dev/zero', join(root, 'zero'));
    const listener = createServer().listen(join(root, 'socket'));
    await new Promise((resolve) => listener.once('listening', resolve));
    const events: Progress[] = [];
    const { stored, failures } = await store(root, { onProgress: (event) => events.push(event) });
    listener.close();
    expect(stored).toEqual(['fine.txt', 'sub']);
    expect(failures).toEqual({
      'sub/pipe': expect.stringContaining('a named pipe'),
      'linked-pipe': expect.stringContaining('a named pipe'),
      zero: expect.stringContaining('a device'),
      socket: expect.stringContaining('a socket'),
    });
    const failed = events
      .filter(({ state }) => state === 'error')
      .map(({ path }) => basename(path));
    expect(failed.sort()).toEqual(['linked-pipe', 'pipe', 'socket', 'zero']);
  });
});

const withPermissions = process.platform !== 'win32' && process.getuid?.() !== 0 ? test : test.skip;

withPermissions('an unreadable directory is named, and the rest is stored', async () => {
  await withTempDir(async (root) => {
    await writeFile(join(root, 'fine.txt'), 'x');
    await mkdir(join(root, 'closed'), { mode: 0o000 });
    const { stored, failures } = await store(root);
    expect(stored).toEqual(['fine.txt']);
    expect(failures['closed']).toContain('permission denied');
  });
});

onUnix('a directory whose path is too long is named, and the rest is stored', async () => {
  await withTempDir(async (root) => {
    await writeFile(join(root, 'fine.txt'), 'x');
    // Made from within, because no system call takes a path of more than 4096 bytes.
    const name = 'd'.repeat(200);
    const script = `for (let i = 0; i < 25; i++) { fs.mkdirSync('${name}'); process.chdir('${name}'); } fs.writeFileSync('far.txt', 'x')`;
    execFileSync(process.execPath, ['-e', script], { cwd: root });
    const { readLocalTree } = await import('../../src/sync/localTree.js');
    const { files, failures } = await readLocalTree(root);
    expect(files.map(({ segments }) => segments)).toEqual([['fine.txt']]);
    expect(failures.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('the name is too long'),
    ]);
    execFileSync('rm', ['-rf', join(root, name)]);
  });
});

describe('names', () => {
  test('that Synapse does not accept are named, and the rest is stored', async () => {
    await withTempDir(async (root) => {
      await writeFile(join(root, 'fine.txt'), 'x');
      await writeFile(join(root, 'naïve.txt'), 'x');
      await mkdir(join(root, 'größe'));
      await writeFile(join(root, 'größe', 'inner.txt'), 'x');
      const { stored, failures } = await store(root);
      expect(stored).toEqual(['fine.txt']);
      expect(failures).toEqual({
        'naïve.txt': expect.stringContaining('--safe-names'),
        größe: expect.stringContaining('--safe-names'),
      });
    });
  });

  onUnix('with spaces at their ends are found again', async () => {
    await withTempDir(async (root) => {
      await mkdir(join(root, 'folder '));
      await writeFile(join(root, 'folder ', ' file.txt '), 'one');
      const { projectId, stored } = await store(root);
      expect(stored).toEqual(['folder', 'folder/file.txt']);
      await writeFile(join(root, 'folder ', ' file.txt '), 'two');
      expect(await storeInto(root, projectId)).toEqual({});
      expect(await treeOf(projectId)).toEqual(stored);
      expect(await syn.findEntityId(' folder ', projectId)).toMatch(/^syn/);
    });
  });

  onUnix('that become the same in Synapse do not replace each other', async () => {
    await withTempDir(async (root) => {
      await writeFile(join(root, 'data'), 'one');
      await writeFile(join(root, 'data '), 'two');
      await mkdir(join(root, ' data'));
      const { stored, failures } = await store(root);
      expect(stored).toEqual(['data']);
      expect(Object.keys(failures).sort()).toEqual(['data', 'data ']);
    });
  });

  test('get safe forms on request, and their own names back when they are downloaded', async () => {
    await withTempDir(async (root) => {
      const source = join(root, 'source');
      const names = [
        'naïve café.txt',
        '数据.txt',
        '文件.txt',
        'plain.txt',
        `${'ü'.repeat(120)}.csv`,
      ];
      await mkdir(join(source, 'größe'), { recursive: true });
      for (const name of names) await writeFile(join(source, name), name);
      await writeFile(join(source, 'größe', '😀.txt'), 'smile');
      const { projectId, stored, failures } = await store(source, { safeNames: true });
      expect(failures).toEqual({});
      expect(stored).toHaveLength(names.length + 2);
      expect(stored).toContain('plain.txt');
      expect(stored).toContainEqual(expect.stringMatching(/^naive cafe-[0-9a-f]{8}\.txt$/));

      // A second run finds them.
      const before = clients.server.requests.count('file.createMultipartUpload');
      expect(await storeInto(source, projectId, { safeNames: true })).toEqual({});
      expect(await treeOf(projectId)).toEqual(stored);
      expect(clients.server.requests.count('file.createMultipartUpload')).toBe(before);

      const other = await clients.open('alice');
      const target = join(root, 'target');
      const got: string[] = [];
      for await (const { path = '' } of other.sync.getDirectory(projectId, target)) {
        got.push(basename(path));
        if (!path.includes('😀')) expect(await readFile(path, 'utf8')).toBe(basename(path));
      }
      expect(got.sort()).toEqual([...names, '😀.txt'].sort());
    });
  });

  test('get a safe form when a single file is stored', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = join(root, 'größe.txt');
      await writeFile(path, 'x');
      await expect(syn.store(new File({ path, parent }))).rejects.toThrow('--safe-names');
      const file = await syn.store(new File({ path, parent }), { safeNames: true });
      expect(file.name).toMatch(/^gro_e-[0-9a-f]{8}\.txt$/);
      expect(file.fileHandle?.fileName).toBe('größe.txt');
      const folder = await syn.store(new Folder({ name: '数', parent }), { safeNames: true });
      expect(folder.name).toMatch(/^_-[0-9a-f]{8}$/);
    });
  });
});

test('files of one name and content are uploaded at the same time', async () => {
  await withTempDir(async (root) => {
    for (let index = 0; index < 8; index += 1) {
      await mkdir(join(root, `${index}`));
      await writeFile(join(root, `${index}`, 'same.txt'), root);
    }
    const { stored, failures } = await store(root);
    expect(failures).toEqual({});
    expect(stored).toHaveLength(16);
  });
});

test('a folder that cannot be stored does not stop the others', async () => {
  await withTempDir(async (root) => {
    const { id: projectId } = await clients.project(syn);
    await writeFile(join(root, 'a'), 'a file where a folder is to be');
    await syn.store(new File({ path: join(root, 'a'), parentId: projectId }));
    const tree = join(root, 'tree');
    await mkdir(join(tree, 'a', 'deep'), { recursive: true });
    await mkdir(join(tree, 'b'));
    await writeFile(join(tree, 'a', 'deep', 'one.txt'), 'one');
    await writeFile(join(tree, 'b', 'two.txt'), 'two');
    expect(Object.keys(await storeInto(tree, projectId)).sort()).toEqual([
      'a',
      'a/deep',
      'a/deep/one.txt',
    ]);
    expect(await treeOf(projectId)).toEqual(['a', 'b', 'b/two.txt']);
  });
});

test('a container that does not exist is one error', async () => {
  await withTempDir(async (root) => {
    await mkdir(join(root, 'a'));
    await expect(storeInto(root, 'syn999999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
