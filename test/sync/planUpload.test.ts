import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  Table,
  type Synapse,
  type SyncPlan,
  type UploadItem,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { withTempDir } from '../helpers/tempDir.js';
import { writesOf } from './writesOf.js';

const clients = withClients();
let syn: Synapse;

beforeAll(async () => {
  syn = await clients.open('alice');
});

const actions = (plan: SyncPlan<UploadItem>): string[][] =>
  plan.items.map(({ action, path }) => [action, path]);

async function makeTree(root: string): Promise<void> {
  await mkdir(join(root, 'a', 'deep'), { recursive: true });
  await mkdir(join(root, 'empty'));
  await writeFile(join(root, 'top.txt'), `top ${root}`);
  await writeFile(join(root, 'a', 'one.txt'), `one ${root}`);
  await writeFile(join(root, 'a', 'deep', 'two.txt'), `two ${root}`);
}

describe('the plan of a directory', () => {
  test('says what is created, and changes nothing', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      const { result: plan, writes } = await writesOf(clients, () => syn.sync.planUpload(root, id));
      expect(writes).toEqual([]);
      expect(actions(plan)).toEqual([
        ['create', 'a'],
        ['create', 'a/deep'],
        ['create', 'empty'],
        ['create', 'a/deep/two.txt'],
        ['create', 'a/one.txt'],
        ['create', 'top.txt'],
      ]);
      expect(plan.totals).toMatchObject({ actions: { create: 6, skip: 0 }, problems: 0 });
      expect(plan.totals.bytes).toBe(3 * (root.length + 4));
      expect(String(plan)).toContain('create    a/deep/two.txt');
      expect(String(plan)).toMatch(/^6 create: \d+ B, 18 requests$/m);
    });
  });

  test('is applied with as many requests as it says, and a second one has nothing to do', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      const plan = await syn.sync.planUpload(root, id);
      const calls = await clients.calls(() => plan.apply());
      const api = calls.filter((name) => /^\w+\.\w+$/.test(name));
      const destinations = api.filter((name) => name === 'file.getDefaultUploadDestination');
      expect(api.length - destinations.length).toBe(plan.totals.requests);
      const again = await writesOf(clients, () => syn.syncToSynapse(root, id));
      expect(again.writes).toEqual([]);
      expect(again.result.done).toEqual([]);
      expect(again.result.skipped).toHaveLength(6);
      expect(again.result.failures).toEqual([]);
    });
  });

  test('reads one bundle for each file that is there, and a page for each container', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      await syn.syncToSynapse(root, id);
      const calls = await clients.calls(() => syn.sync.planUpload(root, id));
      expect(calls.sort()).toEqual([
        ...Array<string>(3).fill('entity.listEntityChildren'),
        ...Array<string>(3).fill('entityBundle.getEntityBundle'),
      ]);
    });
  });

  test('applies an item once, also when it is applied twice', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      const plan = await syn.sync.planUpload(root, id);
      expect((await plan.apply()).done).toHaveLength(6);
      const { result, writes } = await writesOf(clients, () => plan.apply());
      expect(writes).toEqual([]);
      expect(result).toMatchObject({ done: [], failures: [] });
    });
  });

  test('says what has other content, with and without another size', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      await syn.syncToSynapse(root, id);
      await writeFile(join(root, 'top.txt'), `TOP ${root}`);
      await writeFile(join(root, 'a', 'one.txt'), `longer ${root}`);
      const plan = await syn.sync.planUpload(root, id);
      const changed = plan.items.filter(({ action }) => action !== 'skip');
      expect(changed.map(({ action, path, reason }) => [action, path, reason])).toEqual([
        ['updateContent', 'a/one.txt', expect.stringMatching(/^other content \(\d+ B before\)$/)],
        ['updateContent', 'top.txt', 'other content'],
      ]);
      // A file of another size is not read.
      expect(changed.map(({ md5 }) => md5 === undefined)).toEqual([true, false]);
      const { done } = await plan.apply();
      expect(done.map(({ versionNumber }) => versionNumber)).toEqual([2, 2]);
    });
  });

  test('keeps the annotations of files', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = join(root, 'a.txt');
      await writeFile(path, `one ${root}`);
      const { id } = await syn.store(new File({ path, parent, annotations: { n: [1, 2] } }));
      await writeFile(path, `two ${root}`);
      await syn.syncToSynapse(root, parent);
      expect(await syn.getAnnotations(id)).toEqual({ n: [1, 2] });
    });
  });

  test('names what is in the way of a file or folder, and stores the rest', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      await makeTree(root);
      await syn.store(new Table({ name: 'top.txt', parent }));
      const other = await clients.file('a', 'a file where a folder is to be');
      await syn.store(new File({ path: other, parent }));
      const plan = await syn.sync.planUpload(root, parent);
      expect(plan.problems.map(({ path, message }) => [path, message])).toEqual([
        [
          join(root, 'a'),
          expect.stringContaining('It is a FileEntity, and cannot become a Folder'),
        ],
        [join(root, 'a', 'deep'), 'its folder a cannot be stored'],
        [join(root, 'a', 'deep', 'two.txt'), 'its folder a/deep cannot be stored'],
        [join(root, 'a', 'one.txt'), 'its folder a cannot be stored'],
        [
          join(root, 'top.txt'),
          expect.stringContaining('is a TableEntity, and cannot become a file'),
        ],
      ]);
      const report = await plan.apply();
      expect(report.failures).toHaveLength(5);
      expect(report.done.map(({ path }) => path)).toEqual(['empty']);
    });
  });

  test('needs a container that can be listed', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      await expect(syn.sync.planUpload(root)).rejects.toThrow('pass the project or folder');
      await expect(syn.sync.planUpload(root, 'syn999999')).rejects.toMatchObject({
        code: 'NOT_FOUND',
      });
      await expect(syn.sync.planUpload(join(root, 'none'), 'syn1')).rejects.toMatchObject({
        code: 'ENOENT',
      });
    });
  });
});

describe('applying', () => {
  test('leaves a local file that has changed since', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      const plan = await syn.sync.planUpload(root, id);
      await writeFile(join(root, 'top.txt'), 'changed');
      const { failures, done } = await plan.apply();
      expect(failures.map(({ path, error }) => [path, error.message])).toEqual([
        [join(root, 'top.txt'), expect.stringContaining('has changed since the plan was made')],
      ]);
      expect(done).toHaveLength(5);
    });
  });

  test('takes a local file that has only another time, if its MD5 is known', async () => {
    await withTempDir(async (root) => {
      const { id } = await clients.project(syn);
      const path = join(root, 'a.txt');
      await writeFile(path, `one ${root}`);
      await syn.syncToSynapse(root, id);
      await writeFile(path, `two ${root}`);
      const plan = await syn.sync.planUpload(root, id);
      await utimes(path, 1, 1);
      expect(await plan.apply()).toMatchObject({ done: [{ versionNumber: 2 }], failures: [] });
    });
  });

  test('leaves an entity that has changed since, and goes on with the rest', async () => {
    await withTempDir(async (root) => {
      const { id } = await clients.project(syn);
      await makeTree(root);
      await syn.syncToSynapse(root, id);
      await writeFile(join(root, 'top.txt'), `2 ${root}`);
      await writeFile(join(root, 'a', 'one.txt'), `2 one ${root}`);
      const plan = await syn.sync.planUpload(root, id);
      const fileId = (await syn.findEntityId('top.txt', id)) ?? '';
      await syn.setAnnotations(fileId, { by: 'another' });
      const { failures, done } = await plan.apply();
      expect(failures).toMatchObject([
        { path: join(root, 'top.txt'), error: { code: 'PRECONDITION_FAILED' } },
      ]);
      expect(failures[0]?.error.message).toContain(
        'has changed in Synapse since the plan was made',
      );
      expect(done.map(({ path }) => path)).toEqual(['a/one.txt']);
    });
  });

  test('leaves an entity that another has created since', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      await writeFile(join(root, 'a.txt'), `one ${root}`);
      const plan = await syn.sync.planUpload(root, parent);
      const path = await clients.file('a.txt', 'theirs');
      const theirs = await syn.store(new File({ path, parent }));
      expect((await plan.apply()).failures).toMatchObject([{ error: { code: 'CONFLICT' } }]);
      expect((await syn.get(File, theirs.id, { downloadFile: false })).versionNumber).toBe(1);
    });
  });

  test('uses a folder that another has created since', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      await makeTree(root);
      const plan = await syn.sync.planUpload(root, parent);
      await syn.store(new Folder({ name: 'a', parent }));
      expect((await plan.apply()).failures).toEqual([]);
    });
  });

  test('stops at the signal', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      const plan = await syn.sync.planUpload(root, id);
      const controller = new AbortController();
      const reason = new Error('enough');
      const onProgress = (): void => controller.abort(reason);
      await expect(plan.apply({ signal: controller.signal, onProgress })).rejects.toBe(reason);
    });
  });
});
