import { mkdir, writeFile } from 'node:fs/promises';
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
import type { SyncToSynapseOptions } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { withTempDir } from '../helpers/tempDir.js';
import { writesOf } from './writesOf.js';

const clients = withClients();
let syn: Synapse;

beforeAll(async () => {
  syn = await clients.open('alice');
});

type Row = Readonly<Record<string, string>>;

/** Writes a manifest; every row has a file with its own content, unless it names another path. */
async function manifestOf(root: string, rows: readonly Row[]): Promise<string> {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (text: string): string =>
    /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))];
  const path = join(root, 'manifest.csv');
  await writeFile(path, lines.map((line) => `${line.map(cell).join(',')}\n`).join(''));
  return path;
}

async function file(root: string, name: string, content = `${name} ${root}`): Promise<string> {
  const path = join(root, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, content);
  return path;
}

const actionsOf = (plan: SyncPlan<UploadItem>): (string | undefined)[][] =>
  plan.items.map(({ action, name, reason }) => [action, name, reason]);

/** Plans, applies, and checks that a second run has nothing to do. */
async function sync(manifest: string, options: SyncToSynapseOptions = {}): Promise<UploadItem[]> {
  const plan = await syn.sync.planUpload(manifest, undefined, options);
  const { done, failures } = await plan.apply();
  expect(failures).toEqual([]);
  const again = await writesOf(clients, () => syn.syncToSynapse(manifest, undefined, options));
  expect(again.writes).toEqual([]);
  expect(again.result).toMatchObject({ done: [], failures: [] });
  return done;
}

describe('annotations of a manifest', () => {
  test('of all types are stored, and compared by type and value', async () => {
    await withTempDir(async (root) => {
      const { id: parentId } = await clients.project(syn);
      const manifest = await manifestOf(root, [
        {
          path: await file(root, 'a.txt'),
          parentId,
          text: 'liver',
          whole: '7',
          big: '9007199254740993',
          double: '1.5',
          flag: 'true',
          date: '2023-12-20T16:55:08Z',
          list: '[1,2,3]',
          texts: '[a,"b, c"]',
          unicode: 'naïve 数据 😀',
        },
      ]);
      const [done] = await sync(manifest);
      expect(await syn.getAnnotations(done?.id ?? '')).toEqual({
        text: ['liver'],
        whole: [7],
        big: [9007199254740993n],
        double: [1.5],
        flag: [true],
        date: [new Date('2023-12-20T16:55:08Z')],
        list: [1, 2, 3],
        texts: ['a', 'b, c'],
        unicode: ['naïve 数据 😀'],
      });
    });
  });

  test('are added to those in Synapse, and blank cells change nothing', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = await file(root, 'a.txt');
      const annotations = { kept: 'old', changed: 'old', blank: 'old' };
      const { id } = await syn.store(new File({ path, parent, annotations }));
      const row = { path, parentId: parent.id, changed: 'new', blank: '', added: '1' };
      const manifest = await manifestOf(root, [row]);
      const plan = await syn.sync.planUpload(manifest);
      expect(actionsOf(plan)).toEqual([['updateMetadata', 'a.txt', 'annotations']]);
      expect(plan.totals).toMatchObject({ bytes: 0, requests: 1 });
      const { writes } = await writesOf(clients, () => plan.apply());
      expect(writes).toEqual(['entity.updateEntityAnnotations']);
      const merged = { kept: ['old'], changed: ['new'], blank: ['old'], added: [1] };
      expect(await syn.getAnnotations(id)).toEqual(merged);
      expect((await syn.get(File, id, { downloadFile: false })).versionNumber).toBe(1);
    });
  });

  test('replace those in Synapse on request', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = await file(root, 'a.txt');
      const { id } = await syn.store(new File({ path, parent, annotations: { a: 1, b: 2 } }));
      const manifest = await manifestOf(root, [{ path, parentId: parent.id, a: '', c: '3' }]);
      await sync(manifest, { mergeAnnotations: false });
      expect(await syn.getAnnotations(id)).toEqual({ c: [3] });
    });
  });

  test('that are whole numbers leave a double a double', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = await file(root, 'a.txt');
      const x = { type: 'DOUBLE', value: [1] } as const;
      await syn.store(new File({ path, parent, annotations: { x } }));
      const manifest = await manifestOf(root, [{ path, parentId: parent.id, x: '1' }]);
      expect(actionsOf(await syn.sync.planUpload(manifest))).toEqual([
        ['skip', 'a.txt', undefined],
      ]);
    });
  });
});

describe('ids of a manifest', () => {
  test('move and rename files, and transfer nothing', async () => {
    await withTempDir(async (root) => {
      const project = await clients.project(syn);
      const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
      const path = await file(root, 'a.txt');
      const activity = { name: 'made', used: ['https://example.org/x'] };
      const { id } = await syn.store(new File({ path, parent: project }), { activity });
      const manifest = await manifestOf(root, [
        { path, parentId: folder.id, ID: id, name: 'b.txt' },
      ]);
      const plan = await syn.sync.planUpload(manifest);
      expect(actionsOf(plan)).toEqual([
        ['move', 'b.txt', `was named "a.txt"; was in ${project.id}`],
      ]);
      const [done] = await sync(manifest);
      expect(done).toMatchObject({ id, name: 'b.txt', parentId: folder.id });
      // A new version would have no provenance by itself.
      expect(await syn.getProvenance(id)).toMatchObject({ name: 'made' });
    });
  });

  test('of nothing, of something else, and of one file twice are problems', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const table = await syn.store(new Table({ name: 'table', parent }));
      const path = await file(root, 'a.txt');
      const { id } = await syn.store(new File({ path, parent }));
      const parentId = parent.id;
      const manifest = await manifestOf(root, [
        { path: await file(root, 'b.txt'), parentId, ID: 'syn99999999' },
        { path: await file(root, 'c.txt'), parentId, ID: table.id },
        { path: await file(root, 'd.txt'), parentId, ID: id },
        { path, parentId },
      ]);
      const { problems, items } = await syn.sync.planUpload(manifest, undefined, {
        skipInvalid: true,
      });
      expect(problems.map(({ row }) => row)).toEqual([1, 2, 4]);
      expect(items.map(({ name }) => name)).toEqual(['d.txt']);
    });
  });

  test('whose new name is taken are problems', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = await file(root, 'a.txt');
      const { id } = await syn.store(new File({ path, parent }));
      const other = await syn.store(new Folder({ name: 'taken', parent }));
      const manifest = await manifestOf(root, [
        { path, parentId: parent.id, ID: id, name: 'taken' },
      ]);
      const { problems } = await syn.sync.planUpload(manifest);
      expect(problems).toMatchObject([
        { row: 1, message: expect.stringContaining(`${other.id} has that name there`) },
      ]);
    });
  });
});

describe('provenance of a manifest', () => {
  test('refers to the versions of files of the same manifest, which are stored before', async () => {
    await withTempDir(async (root) => {
      const { id: parentId } = await clients.project(syn);
      const [a, b, c] = await Promise.all(
        ['a.txt', 'b.txt', 'c.txt'].map((name) => file(root, name)),
      );
      const rows: Row[] = [
        {
          path: c ?? '',
          parentId,
          used: `${a};${b}`,
          executed: 'https://example.org/run',
          activityName: 'last',
        },
        { path: b ?? '', parentId, used: a ?? '', activityDescription: 'words' },
        { path: a ?? '', parentId },
      ];
      const manifest = await manifestOf(root, rows);
      await sync(manifest);
      const ids = await Promise.all(
        ['a.txt', 'b.txt', 'c.txt'].map(
          async (name) => (await syn.findEntityId(name, parentId)) ?? '',
        ),
      );
      const reference = (index: number, version: number): object => ({
        reference: { targetId: ids[index], targetVersionNumber: version },
        wasExecuted: false,
      });
      expect(await syn.getProvenance(ids[2] ?? '')).toMatchObject({
        name: 'last',
        used: [
          reference(0, 1),
          reference(1, 1),
          { url: 'https://example.org/run', wasExecuted: true },
        ],
      });
      expect(await syn.getProvenance(ids[1] ?? '')).toMatchObject({
        description: 'words',
        used: [reference(0, 1)],
      });

      // A new version of what they use is what they use now; they have no new version themselves.
      await writeFile(a ?? '', 'other content');
      const plan = await syn.sync.planUpload(manifest);
      expect(actionsOf(plan)).toEqual([
        ['updateMetadata', 'c.txt', 'provenance'],
        ['updateMetadata', 'b.txt', 'provenance'],
        ['updateContent', 'a.txt', expect.stringContaining('other content')],
      ]);
      await sync(manifest);
      expect(await syn.getProvenance(ids[1] ?? '')).toMatchObject({ used: [reference(0, 2)] });
      expect(await syn.getProvenance(ids[2] ?? '')).toMatchObject({
        used: [reference(0, 2), reference(1, 1), {}],
      });
      const { versionNumber } = await syn.get(File, ids[2] ?? '', { downloadFile: false });
      expect(versionNumber).toBe(1);
    });
  });

  test('is changed only where it differs, and blank cells keep what is there', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const parentId = parent.id;
      const path = await file(root, 'a.txt');
      const activity = {
        name: 'name',
        description: 'description',
        used: ['https://example.org/1'],
        executed: ['https://example.org/2'],
      };
      const { id } = await syn.store(new File({ path, parent }), { activity });
      const before = await syn.getProvenance(id);
      const same = [{ path, parentId, used: 'https://example.org/1', activityName: 'name' }];
      await sync(await manifestOf(root, same));
      expect(await syn.getProvenance(id)).toEqual(before);
      await sync(await manifestOf(root, [{ path, parentId, used: 'https://example.org/3' }]));
      expect(await syn.getProvenance(id)).toMatchObject({
        name: 'name',
        description: 'description',
        used: [
          { url: 'https://example.org/3' },
          { url: 'https://example.org/2', wasExecuted: true },
        ],
      });
    });
  });

  test('without a version is the same as any version of that entity', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const input = await syn.store(new File({ path: await file(root, 'in.txt'), parent }));
      const path = await file(root, 'a.txt');
      const manifest = await manifestOf(root, [{ path, parentId: parent.id, used: input.id }]);
      await sync(manifest);
      await writeFile(join(root, 'in.txt'), 'other');
      await syn.store(input);
      expect((await syn.sync.planUpload(manifest)).totals.actions.skip).toBe(1);
    });
  });

  test.each([
    [false, undefined],
    [true, 'made'],
  ])('of new content is kept on request (%s)', async (associateActivityToNewVersion, name) => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = await file(root, 'a.txt');
      const { id } = await syn.store(new File({ path, parent }), { activity: { name: 'made' } });
      await writeFile(path, 'new content');
      const manifest = await manifestOf(root, [{ path, parentId: parent.id }]);
      await sync(manifest, { associateActivityToNewVersion });
      expect((await syn.getProvenance(id))?.name).toBe(name);
    });
  });

  test('fails with what it uses, and says so', async () => {
    await withTempDir(async (root) => {
      const { id: parentId } = await clients.project(syn);
      const a = await file(root, 'a.txt');
      const b = await file(root, 'b.txt');
      const c = await file(root, 'c.txt');
      const manifest = await manifestOf(root, [
        { path: b, parentId, used: a },
        { path: a, parentId },
        { path: c, parentId },
      ]);
      const plan = await syn.sync.planUpload(manifest);
      await writeFile(a, 'changed meanwhile');
      const { failures, done } = await plan.apply();
      expect(failures.map(({ path, error }) => [path, error.message])).toEqual([
        [b, expect.stringContaining(`It uses ${a}, which was not stored: ${a} has changed`)],
        [a, expect.stringContaining('has changed since')],
      ]);
      expect(done.map(({ name }) => name)).toEqual(['c.txt']);
    });
  });
});

describe('a manifest', () => {
  test('with problems stores nothing, and lists them all', async () => {
    await withTempDir(async (root) => {
      const { id: parentId } = await clients.project(syn);
      const manifest = await manifestOf(root, [
        { path: await file(root, 'fine.txt'), parentId },
        { path: join(root, 'none.txt'), parentId },
        { path: await file(root, 'empty.txt', ''), parentId },
        { path: await file(root, 'x.txt'), parentId: 'syn99999999' },
      ]);
      const { writes, result: error } = await writesOf(clients, () =>
        syn.syncToSynapse(manifest).catch((reason: unknown) => reason),
      );
      expect(writes).toEqual([]);
      expect(error).toMatchObject({ code: 'ARGUMENT' });
      expect((error as Error).message.split('\n')).toEqual([
        `${manifest} has 3 problems, and nothing was stored:`,
        expect.stringMatching(/^ {2}row 2, column path, value ".*none.txt": /),
        expect.stringMatching(/^ {2}row 3, column path, value ".*empty.txt": /),
        expect.stringMatching(/^ {2}.*x\.txt, row 4, column parentId, value "syn99999999": /),
      ]);
      const plan = await syn.sync.planUpload(manifest, undefined, { skipInvalid: true });
      const report = await plan.apply();
      expect(report.done.map(({ name }) => name)).toEqual(['fine.txt']);
      expect(report.failures).toHaveLength(3);
    });
  });

  test('stores addresses, and files that are not uploaded', async () => {
    await withTempDir(async (root) => {
      const { id: parentId } = await clients.project(syn);
      const path = await file(root, 'here.txt');
      const manifest = await manifestOf(root, [
        { path: 'https://example.org/data.csv', parentId, name: 'data.csv' },
        { path, parentId, synapseStore: 'False' },
      ]);
      const done = await sync(manifest);
      expect(done.map(({ bytes }) => bytes)).toEqual([0, 0]);
      const [link, local] = await Promise.all(
        done.map(({ id = '' }) => syn.get(File, id, { downloadFile: false })),
      );
      expect(link?.externalUrl).toBe('https://example.org/data.csv');
      expect(local?.externalUrl).toBe(`file://${path}`);
    });
  });

  test('takes as many requests as its plan says', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const parentId = parent.id;
      const changed = await file(root, 'changed.txt');
      await syn.store(new File({ path: changed, parent, annotations: { a: 1 } }));
      await writeFile(changed, 'other content');
      const old = await file(root, 'old.txt');
      const { id } = await syn.store(new File({ path: old, parent }), { activity: { name: 'x' } });
      const manifest = await manifestOf(root, [
        { path: changed, parentId, a: '2', used: 'https://example.org' },
        { path: old, parentId, ID: id, name: 'new name.txt' },
        { path: await file(root, 'new.txt'), parentId, a: '1', used: changed },
        { path: 'https://example.org/x', parentId, name: 'x' },
      ]);
      const plan = await syn.sync.planUpload(manifest);
      const calls = await clients.calls(() => plan.apply());
      const api = calls.filter((name) => /^\w+\.\w+$/.test(name));
      const others = api.filter((name) => name !== 'file.getDefaultUploadDestination');
      expect([others.length, others.sort()]).toEqual([plan.totals.requests, others]);
    });
  });

  test('gives a content type, also to content that is there', async () => {
    await withTempDir(async (root) => {
      const parent = await clients.project(syn);
      const path = await file(root, 'a.txt');
      await syn.store(new File({ path, parent }));
      const row = { path, parentId: parent.id, contentType: 'text/x-special' };
      const [done] = await sync(await manifestOf(root, [row]));
      const stored = await syn.get(File, done?.id ?? '', { downloadFile: false });
      expect(stored.fileHandle?.contentType).toBe('text/x-special');
      await writeFile(path, 'other content');
      await sync(await manifestOf(root, [row]));
    });
  });

  test('is not given a container, and deletes nothing', async () => {
    await withTempDir(async (root) => {
      const { id: parentId } = await clients.project(syn);
      const manifest = await manifestOf(root, [{ path: await file(root, 'a.txt'), parentId }]);
      await expect(syn.sync.planUpload(manifest, parentId)).rejects.toThrow('leave out the parent');
      await expect(syn.sync.planUpload(manifest, undefined, { delete: true })).rejects.toThrow(
        'only a directory',
      );
    });
  });
});
