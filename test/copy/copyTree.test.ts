import { describe, expect, test } from '@jest/globals';
import {
  File,
  Folder,
  Link,
  Project,
  Table,
  type CopyPlanData,
  type Progress,
} from '../../src/index.js';
import * as synapseutils from '../../src/synapseutils/index.js';
import { complete, textOf, treeOf, withCopies } from './copies.js';

const copies = withCopies();

/** A project with folders in folders, files, a table, a link and wikis. */
async function newStudy(): Promise<string> {
  const { syn } = copies;
  const project = await copies.newProject();
  const raw = await syn.store(
    new Folder({
      name: 'raw (1)',
      parentId: project,
      description: 'as measured',
      annotations: { tissue: ['liver', 'λ'], n: [1], d: [1.5], when: [new Date(0)], yes: [true] },
    }),
  );
  let parentId = raw.id;
  for (const name of ['a', 'b', 'c', 'd']) {
    parentId = (await syn.store(new Folder({ name, parentId }))).id;
    await copies.storeFile(`${name}.txt`, parentId, { annotations: { depth: name } });
  }
  const file = await copies.storeFile("it's +1.txt", raw.id, { text: 'λ' });
  await syn.store(new Link({ name: 'link', parentId: project, target: file.id }));
  const table = await syn.store(
    new Table({ name: 'table', parentId: raw.id, columns: { a: 'STRING', b: 'INTEGER' } }),
  );
  await syn.tables.append(table.id, [
    { a: 'x', b: 1 },
    { a: 'y', b: 2 },
  ]);
  await syn.wiki.store(project, { title: 'Study', markdown: `See ${file.id}` });
  return project;
}

describe('a project', () => {
  test('is copied with everything in it', async () => {
    const { syn } = copies;
    const [from, to] = [await newStudy(), await copies.newProject()];
    const mapping = complete(await syn.copy(from, { to }));
    expect(mapping.size).toBe(13);
    expect(await treeOf(syn, to)).toEqual(await treeOf(syn, from));
    for (const [id, copy] of mapping) {
      const [one, other] = [await syn.get(id, { downloadFile: false }), await syn.get(copy)];
      if (one instanceof Project) continue;
      expect([id, other.name, other.annotations, other.description]).toEqual([
        id,
        one.name,
        one.annotations,
        one.description,
      ]);
      if (one instanceof File) expect(await textOf(syn, copy)).toBe(await textOf(syn, id));
    }
    const { markdown } = await syn.wiki.get(to);
    expect(markdown).toMatch(/^See syn\d+$/);
    expect([...mapping.values()]).toContain(markdown.slice(4));
  });

  test('is planned with pages of children and one read for each entity', async () => {
    const [from, to] = [await newStudy(), await copies.newProject()];
    const calls = await copies.callsOf(() => copies.syn.planCopy(from, { to }));
    expect(calls).toEqual({
      // The 13 entities, and the other project.
      'entityBundle.getEntityBundle': 14,
      // The 6 containers, and the other project.
      'entity.listEntityChildren': 7,
    });
  });
});

test('a plan is text and JSON, and can be applied later', async () => {
  const [from, to] = [await newStudy(), await copies.newProject()];
  const plan = await copies.syn.planCopy(from, { to });
  expect(String(plan)).toMatch(/create +Copies \d+\/raw \(1\)\/a \(syn\d+\)\n/);
  expect(String(plan)).toMatch(/your own file handle is used again/);
  expect(String(plan).split('\n').at(-1)).toMatch(/^12 create, 1 change: \d+ B, \d+ requests$/);
  const kept = JSON.parse(JSON.stringify(plan)) as CopyPlanData;
  const mapping = complete(await copies.syn.applyCopy(kept));
  expect(mapping.size).toBe(13);
  expect(await treeOf(copies.syn, to)).toEqual(await treeOf(copies.syn, from));
});

test('JSON that is no plan is refused', async () => {
  const other = { format: 'synapse-sync-plan', version: 1, items: [] } as unknown as CopyPlanData;
  await expect(copies.syn.applyCopy(other)).rejects.toThrow('This is no plan of a copy');
});

test('what has changed since a plan was kept fails, and the rest is copied', async () => {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  const [a] = [await copies.storeFile('a', from), await copies.storeFile('b', from)];
  const kept = JSON.stringify(await copies.syn.planCopy(from, { to }));
  await copies.storeFile('a', from, { text: 'other' });
  const report = await copies.syn.applyCopy(JSON.parse(kept) as CopyPlanData);
  expect(report.failures).toMatchObject([{ path: expect.stringContaining(a.id) as unknown }]);
  expect(report.failures[0]?.error.message).toContain('has changed since the copy was planned');
  expect(await treeOf(copies.syn, to)).toEqual(['b FileEntity']);
});

test('an entity in the destination that changes after the plan is not overwritten', async () => {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  const file = await copies.storeFile('a', from, { text: 'new' });
  const there = await copies.storeFile('a', to, { text: 'old' });
  const plan = await copies.syn.planCopy(file, { to, updateExisting: true });
  await copies.storeFile('a', to, { text: 'newer' });
  const report = await plan.apply();
  expect(report.failures).toHaveLength(1);
  expect(await textOf(copies.syn, there.id)).toBe('newer');
});

test('a folder of 1,000 entities is copied whole', async () => {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  const folder = await copies.syn.store(new Folder({ name: 'many', parentId: from }));
  const names = Array.from({ length: 1_000 }, (_, index) => `entity ${index}`);
  await Promise.all(
    names.map((name) => copies.syn.store(new Folder({ name, parentId: folder.id }))),
  );
  const mapping = complete(await copies.syn.copy(folder, { to }));
  expect(mapping.size).toBe(1_001);
  expect(await treeOf(copies.syn, to)).toEqual(await treeOf(copies.syn, from));
});

describe('an interrupted copy', () => {
  test('is continued with updateExisting', async () => {
    const [from, to] = [await newStudy(), await copies.newProject()];
    const controller = new AbortController();
    const { signal } = controller;
    const seen: string[] = [];
    const onProgress = ({ state }: Progress): void => {
      if (state === 'done') seen.push(state);
      if (seen.length === 6) controller.abort(new Error('stopped'));
    };
    await expect(copies.syn.copy(from, { to, signal, onProgress })).rejects.toThrow('stopped');
    const mapping = complete(await copies.syn.copy(from, { to, updateExisting: true }));
    expect(mapping.size).toBe(13);
    expect(await treeOf(copies.syn, to)).toEqual(await treeOf(copies.syn, from));
    const writes = await copies.writesOf(() => copies.syn.copy(from, { to, updateExisting: true }));
    expect(writes).toEqual({});
  });

  test('by faults of the service and lost answers goes on', async () => {
    const [from, to] = [await newStudy(), await copies.newProject()];
    copies.server.synapse.conditions.set({
      faults: [
        { probability: 0.05, status: 503 },
        { operation: 'entity.createEntity', probability: 0.3, loseAnswer: true },
        { operation: 'entityBundle.createEntityBundle', probability: 0.3, loseAnswer: true },
      ],
    });
    const report = await copies.syn.copy(from, { to }).finally(() => {
      copies.server.synapse.conditions.set({ faults: [] });
    });
    complete(report);
    expect(await treeOf(copies.syn, to)).toEqual(await treeOf(copies.syn, from));
    const writes = await copies.writesOf(() => copies.syn.copy(from, { to, updateExisting: true }));
    expect(writes).toEqual({});
  });
});

test('progress ends once for each entity', async () => {
  const [from, to] = [await newStudy(), await copies.newProject()];
  const ends = new Map<string, number>();
  const onProgress = ({ path, state }: Progress): void => {
    if (['done', 'error', 'skipped'].includes(state)) ends.set(path, (ends.get(path) ?? 0) + 1);
  };
  complete(await copies.syn.copy(from, { to, onProgress }));
  expect([ends.size, new Set(ends.values())]).toEqual([13, new Set([1])]);
});

describe('synapseutils', () => {
  test('copy returns the ids', async () => {
    const [from, to] = [await newStudy(), await copies.newProject()];
    const options = { destinationId: to, skipCopyWikiPage: true };
    const mapping = await synapseutils.copy(copies.syn, from, options);
    expect(mapping[from]).toBe(to);
    expect(Object.keys(mapping)).toHaveLength(13);
    await expect(copies.syn.wiki.get(to)).rejects.toThrow();
  });

  test('copy fails at its end when something is not copied', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    await copies.storeFile('a', from);
    copies.server.synapse.conditions.set({
      faults: [{ operation: 'activity.createActivity', status: 400, reason: 'no' }],
    });
    await expect(synapseutils.copy(copies.syn, from, { destinationId: to })).rejects.toMatchObject({
      code: 'PARTIAL_FAILURE',
    });
    copies.server.synapse.conditions.set({ faults: [] });
  });

  test('copyFileHandles gives a result for each', async () => {
    const from = await copies.newProject();
    const files = await Promise.all(
      Array.from({ length: 120 }, (_, index) => copies.storeFile(`f${index}`, from)),
    );
    const handles = files.map(({ dataFileHandleId = '' }) => dataFileHandleId);
    const types = files.map(() => 'FileEntity' as const);
    const ids = files.map(({ id }) => id);
    const newNames = files.map((_, index) => (index === 3 ? 'third.txt' : null));
    const results = await synapseutils.copyFileHandles(
      copies.syn,
      [...handles, '987654321'],
      [...types, 'FileEntity'],
      [...ids, ids[0] ?? ''],
      undefined,
      [...newNames, null],
    );
    expect(results).toHaveLength(121);
    expect(results[3]?.fileHandle?.fileName).toBe('third.txt');
    expect(results[4]?.fileHandle?.fileName).toBe('f4');
    expect(results[120]?.error).toBeInstanceOf(Error);
    expect(() => synapseutils.copyFileHandles(copies.syn, ['1'], [], [])).toThrow('same length');
  });
});
