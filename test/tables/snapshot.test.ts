import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  Dataset,
  EntityView,
  File,
  Folder,
  MaterializedView,
  NetworkError,
  Table,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
  project = await clients.project(syn);
});
afterEach(() => clients.server.conditions.reset());

let count = 0;
const newTable = (): Promise<Table & Stored> =>
  syn.store(
    new Table({ name: `table ${(count += 1)}`, parent: project, columns: { a: 'INTEGER' } }),
  );

async function labelsOf(id: string): Promise<(string | undefined)[]> {
  const page = { id, offset: 0, limit: 50 };
  const { results } = await syn.services.entity.listEntityVersions(page);
  return results.map(({ versionLabel }) => versionLabel);
}

describe('a snapshot', () => {
  test('of a table is a version with a label, a comment and an activity', async () => {
    const table = await newTable();
    const calls = await clients.calls(async () => {
      expect(await syn.tables.snapshot(table, { label: 'v1', comment: 'first' })).toEqual({
        id: table.id,
        versionNumber: 1,
        versionedId: `${table.id}.1`,
        label: 'v1',
        comment: 'first',
      });
    });
    expect(calls).toEqual(['table.createTableSnapshot']);
    const activity = { name: 'freeze', used: [project.id] };
    const second = await syn.tables.snapshot(table.id, { activity });
    expect(second).toMatchObject({ versionNumber: 2, label: '2' });
    expect(await syn.get(`${table.id}.1`)).toMatchObject({
      versionLabel: 'v1',
      versionComment: 'first',
    });
    expect(await syn.getProvenance(second.versionedId)).toMatchObject({ name: 'freeze' });
  });

  test('of a view or a dataset is made by a job', async () => {
    const file = await syn.store(
      new File({ externalUrl: 'https://example.org/x', name: 'f', parent: project }),
    );
    const view = await syn.store(
      new EntityView({ name: 'view', parent: project, scope: [project], types: ['file'] }),
    );
    const dataset = await syn.store(new Dataset({ name: 'data', parent: project, items: [file] }));
    for (const one of [view, dataset]) {
      const snapshot = await syn.tables.snapshot(one, { label: 'v1' });
      expect(snapshot).toMatchObject({ id: one.id, versionNumber: 1 });
      const sql = `SELECT id FROM ${snapshot.versionedId}`;
      const { queryCount } = await syn.runJob(
        {
          concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
          entityId: one.id,
          query: { sql },
          partMask: 2,
        },
        { id: one.id },
      );
      expect(queryCount).toBe(1);
    }
    await expect(syn.tables.snapshot(view, { label: 'v1' })).rejects.toThrow("'v1' has already");
  });

  test('with a label that is taken is an error', async () => {
    const table = await newTable();
    await syn.tables.snapshot(table, { label: 'same' });
    await expect(syn.tables.snapshot(table, { label: 'same' })).rejects.toThrow(
      "The label 'same' has already been used",
    );
  });

  test('of an empty view is an error in the words of Synapse', async () => {
    const view = await syn.store(
      new EntityView({ name: 'empty', parent: project, scope: [], types: ['file'] }),
    );
    await expect(syn.tables.snapshot(view)).rejects.toThrow('no scope');
  });

  test('of a version, and of what has none, is an error', async () => {
    const table = await newTable();
    await expect(syn.tables.snapshot(`${table.id}.1`)).rejects.toThrow('names version 1');
    const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
    await expect(syn.tables.snapshot(folder)).rejects.toThrow(
      'is a Folder, which has no snapshots',
    );
    const definingSQL = `SELECT * FROM ${table.id}`;
    const view = await syn.store(
      new MaterializedView({ name: 'mv', parent: project, definingSQL }),
    );
    await expect(syn.tables.snapshot(view)).rejects.toThrow(ArgumentError);
  });

  test('whose answer is lost is found by its label', async () => {
    const table = await newTable();
    const lose = (): void =>
      clients.server.conditions.set({
        faults: [{ operation: 'table.createTableSnapshot', times: 1, loseAnswer: true }],
      });
    lose();
    expect(await syn.tables.snapshot(table, { label: 'once' })).toMatchObject({ versionNumber: 1 });
    expect((await labelsOf(table.id)).filter((label) => label === 'once')).toHaveLength(1);
    lose();
    await expect(syn.tables.snapshot(table)).rejects.toThrow(NetworkError);
  });
});
