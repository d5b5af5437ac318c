import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  EntityView,
  File,
  Folder,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { withTempDir } from '../helpers/tempDir.js';

const clients = withClients();
let syn: Synapse;
let reader: Synapse;
let project: Project & Stored;
let data: Folder & Stored;

beforeAll(async () => {
  syn = await clients.open('alice');
  reader = await clients.open('alice');
});
beforeEach(async () => {
  project = await clients.project(syn);
  data = await syn.store(new Folder({ name: 'data', parent: project }));
  const deep = await syn.store(new Folder({ name: 'deep', parent: data }));
  await storeFile('a.txt', 'aaa', data);
  await storeFile('b.txt', 'b', deep);
});

async function storeFile(
  name: string,
  content: string,
  parent: { id: string },
): Promise<File & Stored> {
  const path = await clients.file(name, content);
  return syn.store(new File({ path, parent, annotations: { tissue: ['liver'], counts: [1, 2] } }));
}

async function newView(types: ('file' | 'folder')[], scope: { id: string } = data) {
  const view = await syn.store(
    new EntityView({ name: `view ${types.join()}`, parent: project, scope: [scope], types }),
  );
  await syn.tables.waitForView(view);
  return view;
}

describe('with a view', () => {
  test('a plan takes one query instead of one request a file, and is the same', async () => {
    const view = await newView(['file', 'folder']);
    await withTempDir(async (root) => {
      let items: readonly { kind: string; action: string; reason?: string }[] = [];
      const calls = await clients.calls(async () => {
        const plan = await reader.sync.planDownload(data, root, { view });
        expect(plan.problems).toEqual([]);
        ({ items } = plan);
      });
      expect(calls.filter((call) => call.startsWith('entityBundle'))).toHaveLength(1);
      expect(calls.length).toBeLessThan(12);
      const plain = (await reader.sync.planDownload(data, root)).items;
      expect(items.filter(({ kind }) => kind === 'file')).toMatchObject(
        plain
          .filter(({ kind }) => kind === 'file')
          .map(({ path, action, localPath, md5, size, versionNumber, etag }) => {
            return { path, action, localPath, md5, size, versionNumber, etag };
          }),
      );
      expect(items.at(-1)).toMatchObject({
        action: 'leaveOut',
        reason: expect.stringContaining('not looked at'),
      });
    });
  });

  test('a download is the same, with the annotations that the view has', async () => {
    const view = await newView(['file', 'folder']);
    await withTempDir(async (root) => {
      const report = await reader.syncFromSynapse(data, root, { view });
      expect(report.failures).toEqual([]);
      expect((await readdir(root, { recursive: true })).sort()).toContain(join('deep', 'b.txt'));
      expect(await readFile(join(root, 'a.txt'), 'utf8')).toBe('aaa');
      const again = await reader.syncFromSynapse(data, root, { view });
      expect(again.done).toEqual([]);
    });
  });

  test('without folders, the folders are listed', async () => {
    const view = await newView(['file']);
    await withTempDir(async (root) => {
      const plan = await reader.sync.planDownload(data, root, { view });
      expect(plan.problems).toEqual([]);
      expect(plan.items.map(({ path }) => path)).toEqual(
        expect.arrayContaining(['a.txt', 'deep', 'deep/b.txt']),
      );
    });
  });

  test('of another container, it is refused', async () => {
    const other = await clients.project(syn);
    const view = await newView(['file', 'folder'], other);
    await withTempDir(async (root) => {
      await expect(reader.sync.planDownload(data, root, { view })).rejects.toThrow(
        'does not cover',
      );
    });
  });

  test('a view that is something else is refused', async () => {
    await withTempDir(async (root) => {
      await expect(reader.sync.planDownload(data, root, { view: data })).rejects.toThrow(
        'is no view of files',
      );
    });
  });
});
