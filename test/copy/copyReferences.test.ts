import { describe, expect, test } from '@jest/globals';
import { mapReferences, referencesOf, type Copied } from '../../src/copy/mapReferences.js';
import {
  Dataset,
  EntityView,
  Folder,
  Link,
  MaterializedView,
  SubmissionView,
  Table,
  VirtualTable,
} from '../../src/index.js';
import { complete, withCopies } from './copies.js';

const copies = withCopies();

describe('a link', () => {
  test('leads to the copy of its target, or to the target itself when that is not copied', async () => {
    const [from, to, elsewhere] = [
      await copies.newProject(),
      await copies.newProject(),
      await copies.newProject(),
    ];
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    const inside = await copies.storeFile('in', folder.id);
    const outside = await copies.storeFile('out', elsewhere);
    const links = await Promise.all(
      [
        new Link({ name: 'own name', parentId: from, target: inside.id, annotations: { n: 1 } }),
        new Link({ name: 'with version', parentId: from, target: `${inside.id}.1` }),
        new Link({ name: 'out', parentId: from, target: outside.id }),
        new Link({ name: 'to a folder', parentId: elsewhere, target: folder }),
      ].map((link) => copies.syn.store(link)),
    );
    const mapping = complete(await copies.syn.copy(from, { to }));
    const targets = await Promise.all(
      links.slice(0, 3).map(async ({ id }) => {
        const { name, linksTo, annotations } = await copies.syn.get(Link, mapping.get(id) ?? '');
        return [name, linksTo?.targetId, linksTo?.targetVersionNumber, annotations];
      }),
    );
    expect(targets).toEqual([
      ['own name', mapping.get(inside.id), undefined, { n: [1] }],
      ['with version', mapping.get(inside.id), 1, {}],
      ['out', outside.id, undefined, {}],
    ]);
  });

  test('to a version that is not copied still leads to it, and the plan says so', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    const file = await copies.storeFile('a', folder.id, { text: 'one' });
    await copies.storeFile('a', folder.id, { text: 'two' });
    const link = await copies.syn.store(
      new Link({ name: 'l', parentId: from, target: `${file.id}.1` }),
    );
    const plan = await copies.syn.planCopy(from, { to });
    expect(plan.items.find(({ id }) => id === link.id)?.reason).toContain(
      `${file.id}.1 is not among`,
    );
    const mapping = complete(await plan.apply());
    const { linksTo } = await copies.syn.get(Link, mapping.get(link.id) ?? '');
    expect(linksTo).toEqual({ targetId: file.id, targetVersionNumber: 1 });
  });

  test('to another link is copied after it', async () => {
    const [from, to, elsewhere] = [
      await copies.newProject(),
      await copies.newProject(),
      await copies.newProject(),
    ];
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    const target = await copies.storeFile('t', elsewhere);
    const second = await copies.syn.store(new Link({ name: 'z', parentId: folder.id, target }));
    const first = await copies.syn.store(new Link({ name: 'a', parentId: from, target: second }));
    const mapping = complete(await copies.syn.copy(from, { to }));
    const { linksTo } = await copies.syn.get(Link, mapping.get(first.id) ?? '');
    expect(linksTo?.targetId).toBe(mapping.get(second.id));
  });

  test('whose target could not be copied fails, and a second copy adds both', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    const file = await copies.storeFile('a', folder.id);
    await copies.syn.store(new Link({ name: 'l', parentId: from, target: file }));
    const plan = await copies.syn.planCopy(from, { to, setProvenance: 'none' });
    copies.server.synapse.conditions.set({
      faults: [{ operation: 'entity.createEntity', skip: 1, times: 1, status: 400, reason: 'no' }],
    });
    const report = await plan.apply();
    copies.server.synapse.conditions.set({ faults: [] });
    expect(report.failures.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('no (400'),
      expect.stringContaining(`It refers to ${file.id}, which could not be copied`),
    ]);
    const again = await copies.syn.copy(from, { to, updateExisting: true });
    expect(complete(again).size).toBe(4);
    expect(again.done).toHaveLength(2);
  });
});

describe('views', () => {
  test('show the copies', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const elsewhere = await copies.newProject();
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    const file = await copies.storeFile('a', folder.id);
    const table = await copies.syn.store(
      new Table({ name: 't', parentId: from, columns: { a: 'STRING', b: 'STRING' } }),
    );
    const view = await copies.syn.store(
      new EntityView({
        name: 'v',
        parentId: from,
        scope: [folder, elsewhere],
        types: ['file'],
        annotations: { n: 1 },
      }),
    );
    const dataset = await copies.syn.store(
      new Dataset({ name: 'd', parentId: from, items: [file.id] }),
    );
    // The names come before those of what they refer to.
    const materialized = await copies.syn.store(
      new MaterializedView({ name: 'b', parentId: from, definingSQL: `SELECT a FROM ${table.id}` }),
    );
    const virtual = await copies.syn.store(
      new VirtualTable({
        name: 'a',
        parentId: from,
        definingSQL: `SELECT a FROM ${materialized.id} WHERE a <> '${table.id}'`,
      }),
    );
    const mapping = complete(await copies.syn.copy(from, { to }));
    const copied = (id: string): string => mapping.get(id) ?? '';
    const viewCopy = await copies.syn.get(EntityView, copied(view.id));
    expect(viewCopy.scopeIds?.sort()).toEqual([copied(folder.id), elsewhere].sort());
    expect(viewCopy.annotations).toEqual({ n: [1] });
    const { items } = await copies.syn.get(Dataset, copied(dataset.id));
    expect(items).toEqual([{ id: copied(file.id), version: 1 }]);
    const sqlOf = async (id: string): Promise<unknown> =>
      ((await copies.syn.get(id)) as { definingSQL?: string }).definingSQL;
    expect(await sqlOf(copied(materialized.id))).toBe(`SELECT a FROM ${copied(table.id)}`);
    expect(await sqlOf(copied(virtual.id))).toBe(
      `SELECT a FROM ${copied(materialized.id)} WHERE a <> '${table.id}'`,
    );
    const writes = await copies.writesOf(async () => {
      expect(complete(await copies.syn.copy(from, { to, updateExisting: true })).size).toBe(8);
    });
    expect(writes).toEqual({});
  });

  test('of submissions keep their queues', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const queue = await copies.syn.services.evaluation.createEvaluation({
      body: { name: 'queue', contentSource: from },
    });
    const view = await copies.syn.store(
      new SubmissionView({ name: 's', parentId: from, scope: [queue.id ?? ''] }),
    );
    const mapping = complete(await copies.syn.copy(from, { to }));
    const copy = await copies.syn.get(SubmissionView, mapping.get(view.id) ?? '');
    expect(copy.scopeIds).toEqual([queue.id]);
  });
});

describe('references', () => {
  const found: Record<string, Copied> = {
    syn1: { id: 'syn11', version: { original: 3, copy: 1 } },
    syn2: { id: 'syn22' },
  };
  const find = (id: string): Copied | undefined => found[id];

  test.each([
    [
      'SELECT "syn1", \'syn2\' FROM syn1 AS t JOIN SYN2 ON t.syn1 = 1 /* syn2 */',
      'SELECT "syn1", \'syn2\' FROM syn11 AS t JOIN syn22 ON t.syn11 = 1 /* syn2 */',
    ],
    ['SELECT * FROM syn2.4', 'SELECT * FROM syn2.4'],
    [
      'SELECT * FROM syn22 UNION SELECT * FROM syn2',
      'SELECT * FROM syn22 UNION SELECT * FROM syn22',
    ],
    ['SELECT * FROM syn12', 'SELECT * FROM syn12'],
  ])('in SQL: %s', (definingSQL, expected) => {
    expect(mapReferences({ definingSQL }, find).members).toEqual({ definingSQL: expected });
  });

  test('of a dataset keep versions that are not copied', () => {
    const items = [
      { entityId: 'syn1', versionNumber: 3 },
      { entityId: 'syn1', versionNumber: 2 },
      { entityId: 'syn9', versionNumber: 1 },
    ];
    expect(mapReferences({ items }, find)).toEqual({
      members: { items: [{ entityId: 'syn11', versionNumber: 1 }, items[1], items[2]] },
      kept: ['syn1.2'],
    });
    expect([...referencesOf({ items, scopeIds: ['7', 'syn8'] })]).toEqual([
      'syn1',
      'syn9',
      'syn7',
      'syn8',
    ]);
  });
});
