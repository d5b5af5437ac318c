import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  Link,
  PartialFailureError,
  type LeftOut,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import type { GetDirectoryOptions } from '../../src/index.js';
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

interface Outcome {
  /** The paths of all local files afterwards, sorted. */
  files: string[];
  got: string[];
  failures: string[];
  leftOut: LeftOut[];
}

async function get(id: string, target: string, options: GetDirectoryOptions = {}) {
  const outcome: Outcome = { files: [], got: [], failures: [], leftOut: [] };
  const onLeftOut = (item: LeftOut): void => void outcome.leftOut.push(item);
  try {
    for await (const { path = '' } of syn.sync.getDirectory(id, target, {
      onLeftOut,
      ...options,
    })) {
      outcome.got.push(path);
    }
  } catch (error) {
    if (!(error instanceof PartialFailureError)) throw error;
    outcome.failures = error.failures.map((each) => `${each.path}: ${each.error.message}`);
  }
  outcome.files = await filesIn(target);
  return outcome;
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

async function storeFile(
  name: string,
  content: string,
  parent: { id: string },
): Promise<File & Stored> {
  return syn.store(new File({ path: await clients.file(name, content), parent }));
}

describe('what is not a file', () => {
  test('is named with its kind', async () => {
    await storeFile('a.txt', 'a', project);
    const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
    const target = await storeFile('b.txt', 'b', project);
    const table = await syn.services.entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.table.TableEntity',
        name: 'a table',
        parentId: folder.id,
        columnIds: [],
      },
    });
    const link = await syn.store(new Link({ name: 'a link', target: target.id, parent: folder }));
    await withTempDir(async (root) => {
      const { files, failures, leftOut } = await get(project.id, root);
      expect(files).toEqual(['a.txt', 'b.txt']);
      expect(failures).toEqual([]);
      expect(leftOut).toEqual([
        {
          id: link.id,
          name: 'a link',
          path: 'folder/a link',
          type: link.concreteType,
          reason: expect.stringContaining('--follow-link'),
        },
        {
          id: table.id,
          name: 'a table',
          path: 'folder/a table',
          type: table.concreteType,
          reason: expect.stringContaining('TableEntity'),
        },
      ]);
    });
  });

  test('is logged by default', async () => {
    const target = await storeFile('a.txt', 'a', project);
    const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
    const { id } = await syn.store(new Link({ name: 'silent', target: target.id, parent: folder }));
    await withTempDir(async (root) => {
      await get(project.id, root, { onLeftOut: undefined });
      expect(clients.notes.filter((note) => note.includes(id))).toHaveLength(1);
    });
  });

  test('is an error at the top', async () => {
    const { id } = await syn.services.entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.table.TableEntity',
        name: 'top table',
        parentId: project.id,
        columnIds: [],
      },
    });
    await withTempDir(async (root) => {
      await expect(get(id ?? '', root)).rejects.toThrow('is a TableEntity: it has no files');
    });
  });
});

describe('the id of a file', () => {
  test('yields that file, in the version of the id', async () => {
    const path = await clients.file('data.txt', 'one');
    const file = await syn.store(new File({ path, parent: project }));
    await writeFile(path, 'two');
    await syn.store(new File({ path, parent: project }));
    await withTempDir(async (root) => {
      expect((await get(file.id, join(root, 'now'))).files).toEqual(['data.txt']);
      expect(await readFile(join(root, 'now', 'data.txt'), 'utf8')).toBe('two');
      await get(`${file.id}.1`, join(root, 'before'));
      expect(await readFile(join(root, 'before', 'data.txt'), 'utf8')).toBe('one');
    });
  });

  test('with a version is refused for a project', async () => {
    await withTempDir(async (root) => {
      await expect(get(`${project.id}.1`, root)).rejects.toThrow('has no versions');
    });
  });
});

describe('links', () => {
  test('to files, versions, folders and links are followed on request', async () => {
    const other = await clients.project(syn);
    const path = await clients.file('data.txt', 'one');
    const file = await syn.store(new File({ path, parent: other }));
    await writeFile(path, 'two');
    await syn.store(new File({ path, parent: other }));
    const folder = await syn.store(new Folder({ name: 'target', parent: other }));
    await storeFile('inner.txt', 'inner', folder);
    const links = await syn.store(new Folder({ name: 'links', parent: project }));
    const now = await syn.store(new Link({ name: 'now', target: file.id, parent: links }));
    await syn.store(new Link({ name: 'to folder', target: folder.id, parent: links }));
    await syn.store(new Link({ name: 'to link', target: now.id, parent: project }));
    const old = await syn.store(new Folder({ name: 'old', parent: project }));
    await syn.store(new Link({ name: 'before', target: `${file.id}.1`, parent: old }));
    await withTempDir(async (root) => {
      const { files, failures, leftOut } = await get(project.id, root, { followLink: true });
      expect(failures).toEqual([]);
      expect(leftOut).toEqual([]);
      expect(files).toEqual([
        'data.txt',
        'links/data.txt',
        'links/to folder/inner.txt',
        'old/data.txt',
      ]);
      expect(await readFile(join(root, 'old', 'data.txt'), 'utf8')).toBe('one');
      expect(await readFile(join(root, 'links', 'data.txt'), 'utf8')).toBe('two');
    });
  });

  test('at the top are followed on request, and else an error', async () => {
    const folder = await syn.store(new Folder({ name: 'target', parent: project }));
    await storeFile('inner.txt', 'inner', folder);
    const other = await clients.project(syn);
    const link = await syn.store(new Link({ name: 'link', target: folder.id, parent: other }));
    await withTempDir(async (root) => {
      await expect(get(link.id, root)).rejects.toThrow('--follow-link');
      expect((await get(link.id, root, { followLink: true })).files).toEqual(['inner.txt']);
    });
  });

  test('to a container that they are in, and links in a circle, are named', async () => {
    const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
    await storeFile('inner.txt', 'inner', folder);
    await syn.store(new Link({ name: 'up', target: project.id, parent: folder }));
    const other = await syn.store(new Folder({ name: 'other', parent: project }));
    const first = await syn.store(new Link({ name: 'first', target: folder.id, parent: other }));
    const second = await syn.store(new Link({ name: 'second', target: first.id, parent: project }));
    first.linksTo = { targetId: second.id };
    first.linksToClassName = second.concreteType;
    await syn.store(first);
    await withTempDir(async (root) => {
      const { files, failures } = await get(project.id, root, { followLink: true });
      expect(files).toEqual(['folder/inner.txt']);
      expect(failures.sort()).toEqual([
        expect.stringMatching(/^folder\/up .*never end/),
        expect.stringMatching(/^other\/first .*only to other links/),
        expect.stringMatching(/^second .*only to other links/),
      ]);
    });
  });

  test('whose target is gone are failures', async () => {
    const other = await clients.project(syn);
    const file = await storeFile('gone.txt', 'gone', other);
    await syn.store(new Link({ name: 'dangling', target: file.id, parent: project }));
    await storeFile('there.txt', 'there', project);
    await syn.delete(file.id);
    await withTempDir(async (root) => {
      const { files, failures } = await get(project.id, root, { followLink: true });
      expect(files).toEqual(['there.txt']);
      expect(failures).toEqual([expect.stringMatching(/^dangling \(syn\d+\): /)]);
    });
  });

  test('to one file are one download in one folder', async () => {
    const other = await clients.project(syn);
    const file = await storeFile('data.txt', 'data', other);
    for (const name of ['one', 'two']) {
      await syn.store(new Link({ name, target: file.id, parent: project }));
    }
    await withTempDir(async (root) => {
      const { files, got } = await get(project.id, root, { followLink: true });
      expect(files).toEqual(['data.txt']);
      expect(got).toHaveLength(1);
    });
  });
});

const onUnix = process.platform === 'win32' ? test.skip : test;

describe('a planted link', () => {
  onUnix('in the place of a folder is refused, at every level', async () => {
    const folder = await syn.store(new Folder({ name: 'a', parent: project }));
    const deep = await syn.store(new Folder({ name: 'b', parent: folder }));
    const fine = await syn.store(new Folder({ name: 'c', parent: folder }));
    await storeFile('deep.txt', 'deep', deep);
    await storeFile('fine.txt', 'fine', fine);
    await withTempDir(async (root) => {
      const outside = join(root, 'outside');
      await mkdir(outside);
      await mkdir(join(root, 'target', 'a'), { recursive: true });
      await symlink(outside, join(root, 'target', 'a', 'b'));
      const { files, failures } = await get(project.id, join(root, 'target'));
      expect(files).toEqual(['a/c/fine.txt']);
      expect(failures).toEqual([expect.stringMatching(/^a\/b \(syn\d+\): .* is a link/)]);
      expect(await readdir(outside)).toEqual([]);
    });
  });

  onUnix('is followed where the user names it as the target', async () => {
    const folder = await syn.store(new Folder({ name: 'a', parent: project }));
    await storeFile('fine.txt', 'fine', folder);
    await withTempDir(async (root) => {
      await mkdir(join(root, 'real'));
      await symlink('real', join(root, 'target'));
      expect((await get(project.id, join(root, 'target'))).failures).toEqual([]);
      expect(await filesIn(join(root, 'real'))).toEqual(['a/fine.txt']);
    });
  });

  onUnix('in the cache is refused', async () => {
    const file = await storeFile('cached.txt', 'cached', project);
    const reader = await clients.open('alice');
    await withTempDir(async (outside) => {
      const own = reader.cache.directory(file.dataFileHandleId ?? '');
      await mkdir(join(own, '..'), { recursive: true });
      await symlink(outside, own);
      await expect(reader.get(file.id)).rejects.toThrow('is a link');
      expect(await readdir(outside)).toEqual([]);
      await rm(own);
      expect(((await reader.get(file.id)) as File).path).toBe(join(own, 'cached.txt'));
    });
  });
});
