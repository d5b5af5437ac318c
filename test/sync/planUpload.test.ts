import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
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

  test('reads one bundle for each file that is there and for the container, and a page for each container', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      await syn.syncToSynapse(root, id);
      const calls = await clients.calls(() => syn.sync.planUpload(root, id));
      expect(calls.sort()).toEqual([
        ...Array<string>(3).fill('entity.listEntityChildren'),
        ...Array<string>(4).fill('entityBundle.getEntityBundle'),
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

describe('a container', () => {
  test('that is no project or folder is refused', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await syn.store(
        new Table({ name: 'table', parent: await clients.project(syn) }),
      );
      await expect(syn.sync.planUpload(root, id)).rejects.toThrow('is a TableEntity');
    });
  });

  test('that nothing may be added to is named for all that would be added', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      const bob = await clients.open('bob');
      await syn.setPermissions(id, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
      const plan = await bob.sync.planUpload(root, id);
      expect(plan.items).toEqual([]);
      expect(plan.problems).toHaveLength(6);
      expect(plan.problems[0]?.message).toContain(`you may not add anything to ${id}`);
      const { writes, result } = await writesOf(clients, () => plan.apply());
      expect(writes).toEqual([]);
      expect(result.failures).toHaveLength(6);
    });
  });
});

describe('patterns', () => {
  test('say what is stored, and what is left out is named', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      await writeFile(join(root, 'a', 'one.csv'), root);
      await writeFile(join(root, 'a', 'empty.csv'), '');
      const { id } = await clients.project(syn);
      const plan = await syn.sync.planUpload(root, id, {
        include: ['*.txt'],
        exclude: ['deep/'],
      });
      expect(plan.problems).toEqual([]);
      expect(plan.items.map(({ action, path, reason }) => [action, path, reason])).toEqual([
        ['create', 'a', undefined],
        ['create', 'a/one.txt', undefined],
        ['create', 'top.txt', undefined],
        ['leaveOut', 'a/deep', 'excluded by deep/'],
        ['leaveOut', 'a/one.csv', 'matches no pattern of those to include'],
        ['leaveOut', 'empty', 'nothing in it is to be included'],
      ]);
      const { leftOut, failures } = await plan.apply();
      expect([leftOut.length, failures]).toEqual([3, []]);
    });
  });

  test('keep what they leave out from being deleted', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      await syn.syncToSynapse(root, id);
      await rm(join(root, 'top.txt'));
      const exclude = ['*.txt'];
      const plan = await syn.sync.planUpload(root, id, { exclude, delete: true });
      expect(plan.totals.actions).toMatchObject({ delete: 0, leaveOut: 3 });
    });
  });
});

describe('shards', () => {
  test('store everything together, each file once', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      for (let index = 0; index < 20; index += 1) {
        await writeFile(join(root, 'a', `${index}.txt`), `${root} ${'x'.repeat(index)}`);
      }
      const { id } = await clients.project(syn);
      const parts = await Promise.all(
        ['1/3', '2/3', '3/3'].map((shard) => syn.syncToSynapse(root, id, { shard })),
      );
      expect(parts.flatMap(({ failures }) => failures)).toEqual([]);
      const files = parts.map(({ done }) => done.filter(({ kind }) => kind === 'file').length);
      expect(files.reduce((sum, count) => sum + count)).toBe(23);
      expect(Math.min(...files)).toBeGreaterThan(4);
      const whole = await syn.sync.planUpload(root, id);
      expect(whole.totals.actions).toMatchObject({ skip: 26, create: 0 });
    });
  });

  test('are written as 2/3, and delete nothing', async () => {
    await withTempDir(async (root) => {
      const { id } = await clients.project(syn);
      await expect(syn.sync.planUpload(root, id, { shard: '4/3' })).rejects.toThrow('is no shard');
      const options = { shard: '1/3', delete: true };
      await expect(syn.sync.planUpload(root, id, options)).rejects.toThrow('cannot delete');
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

describe('deleting', () => {
  async function uploaded(root: string): Promise<string> {
    const { id } = await clients.project(syn);
    await makeTree(root);
    for (const name of ['b', 'c']) await writeFile(join(root, name), name);
    await syn.syncToSynapse(root, id);
    return id;
  }

  test('is off by default', async () => {
    await withTempDir(async (root) => {
      const id = await uploaded(root);
      await rm(join(root, 'top.txt'));
      expect(actions(await syn.sync.planUpload(root, id)).flat()).not.toContain('delete');
    });
  });

  test('moves what is not in the directory to the trash can, the content of folders first', async () => {
    await withTempDir(async (root) => {
      const id = await uploaded(root);
      await rm(join(root, 'a', 'deep'), { recursive: true });
      const plan = await syn.sync.planUpload(root, id, { delete: true });
      expect(actions(plan).filter(([action]) => action === 'delete')).toEqual([
        ['delete', 'a/deep/two.txt'],
        ['delete', 'a/deep'],
      ]);
      expect(plan.totals.requests).toBe(5);
      const calls = await clients.calls(() => plan.apply());
      expect(calls).toHaveLength(5);
      expect(await syn.findEntityId('a', id)).toBeDefined();
      expect((await syn.sync.planUpload(root, id, { delete: true })).totals).toMatchObject({
        actions: { delete: 0, create: 0, skip: 6 },
      });
    });
  });

  test('leaves tables, links and the folders that hold them', async () => {
    await withTempDir(async (root) => {
      const parent = await uploaded(root);
      const extra = await syn.store(new Folder({ name: 'extra', parent }));
      await syn.store(new Folder({ name: 'inner', parent: extra }));
      await syn.store(new Table({ name: 'table', parent: extra }));
      const plan = await syn.sync.planUpload(root, parent, { delete: true });
      const extras = plan.items.filter(({ path }) => path.startsWith('extra'));
      expect(extras.map(({ action, path, reason }) => [action, path, reason])).toEqual([
        ['delete', 'extra/inner', 'only in Synapse: goes to the trash can'],
        ['leaveOut', 'extra/table', 'it is a TableEntity: only files and folders are deleted'],
        ['leaveOut', 'extra', 'it holds what is not deleted'],
      ]);
      const { done, leftOut } = await plan.apply();
      expect(done.map(({ path }) => path)).toEqual(['extra/inner']);
      expect(leftOut).toHaveLength(2);
    });
  });

  test('of more than half has to be forced', async () => {
    await withTempDir(async (root) => {
      const id = await uploaded(root);
      for (const name of ['a', 'b', 'c']) await rm(join(root, name), { recursive: true });
      const { problems } = await syn.sync.planUpload(root, id, { delete: true });
      expect(problems).toEqual([
        { path: '.', id, message: expect.stringContaining('nothing is deleted: 6 of 8 files') },
      ]);
      const plan = await syn.sync.planUpload(root, id, { delete: true, force: true });
      expect((await plan.apply()).done).toHaveLength(6);
    });
  });

  test('does not happen when something local cannot be stored', async () => {
    await withTempDir(async (root) => {
      const id = await uploaded(root);
      await rm(join(root, 'b'));
      await writeFile(join(root, 'c'), '');
      const plan = await syn.sync.planUpload(root, id, { delete: true });
      expect(plan.problems.map(({ message }) => message)).toEqual([
        expect.stringContaining('the file is empty'),
        expect.stringContaining('nothing is deleted'),
      ]);
      expect(actions(plan).flat()).not.toContain('delete');
    });
  });

  test('does not happen when something could not be stored, and is then told', async () => {
    await withTempDir(async (root) => {
      const id = await uploaded(root);
      await rm(join(root, 'b'));
      await writeFile(join(root, 'c'), 'changed');
      const plan = await syn.sync.planUpload(root, id, { delete: true });
      await writeFile(join(root, 'c'), 'changed again');
      const { done, failures } = await plan.apply();
      expect(done).toEqual([]);
      expect(failures.map(({ error }) => error.message)).toEqual([
        expect.stringContaining('has changed since the plan was made'),
        expect.stringContaining('Not deleted, because one item could not be stored'),
      ]);
    });
  });

  test('leaves a file that has changed, and a folder that has got content', async () => {
    await withTempDir(async (root) => {
      const id = await uploaded(root);
      await rm(join(root, 'b'));
      await rm(join(root, 'empty'), { recursive: true });
      const plan = await syn.sync.planUpload(root, id, { delete: true });
      const changed = (await syn.findEntityId('b', id)) ?? '';
      await new Promise((resolve) => setTimeout(resolve, 20));
      await syn.setAnnotations(changed, { now: 'important' });
      const parent = (await syn.findEntityId('empty', id)) ?? '';
      await syn.store(new File({ parent, path: await clients.file('new.txt', root) }));
      const { failures } = await plan.apply();
      expect(failures.map(({ error }) => error.message).sort()).toEqual([
        expect.stringMatching(/syn\d+ is in it/),
        expect.stringContaining('it has changed'),
      ]);
    });
  });
});

describe('a plan as JSON', () => {
  const again = (plan: SyncPlan<UploadItem>): Promise<SyncPlan> =>
    syn.sync.readPlan(JSON.parse(JSON.stringify(plan)));

  test('is applied like the plan itself, and then has nothing to do', async () => {
    await withTempDir(async (root) => {
      await makeTree(root);
      const { id } = await clients.project(syn);
      const plan = await syn.sync.planUpload(root, id);
      const path = join(root, 'plan.json');
      await writeFile(path, JSON.stringify(plan));
      const read = await syn.sync.readPlan(path);
      expect(read.toJSON()).toEqual(JSON.parse(JSON.stringify(plan)));
      expect((await read.apply()).done).toHaveLength(6);
      const { result, writes } = await writesOf(clients, async () =>
        (await syn.sync.readPlan(path)).apply(),
      );
      expect(writes).toEqual([]);
      expect(result).toMatchObject({ done: [], failures: [] });
    });
  });

  test('leaves what has changed since: local files, entities, and names that were free', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      await makeTree(root);
      await syn.syncToSynapse(root, parent);
      for (const name of ['x', 'y', 'top.txt'])
        await writeFile(join(root, name), `2 ${name} ${root}`);
      const plan = await again(await syn.sync.planUpload(root, parent));
      await writeFile(join(root, 'x'), 'changed');
      await syn.store(new File({ parent, path: await clients.file('y', 'theirs') }));
      await syn.setAnnotations((await syn.findEntityId('top.txt', parent)) ?? '', { by: 'other' });
      const { writes, result } = await writesOf(clients, () => plan.apply());
      expect(writes).toEqual([]);
      expect(result.failures.map(({ path, error }) => [path, error.message])).toEqual([
        [join(root, 'top.txt'), expect.stringContaining('has changed in Synapse since')],
        [join(root, 'x'), expect.stringContaining('has changed since the plan was made')],
        [join(root, 'y'), expect.stringContaining('has been created under the name "y"')],
      ]);
    });
  });

  test.each([
    ['text that is no JSON', '{', /is not JSON/],
    ['another format', { format: 'x' }, /is not a plan/],
    ['another version', { format: 'synapse-sync-plan', version: 2 }, /version 2/],
    [
      'an item without a path',
      {
        format: 'synapse-sync-plan',
        version: 1,
        direction: 'upload',
        items: [{ action: 'skip' }],
        problems: [],
      },
      /item 1 /,
    ],
    [
      'an unknown action',
      {
        format: 'synapse-sync-plan',
        version: 1,
        direction: 'upload',
        items: [{ action: 'destroy', kind: 'file', path: 'a', name: 'a', bytes: 0, requests: 0 }],
        problems: [],
      },
      /"destroy"/,
    ],
  ])('is refused for %s', async (_, content, message) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const path = await clients.file('plan.json', text);
    await expect(syn.sync.readPlan(path)).rejects.toThrow(message);
  });
});
