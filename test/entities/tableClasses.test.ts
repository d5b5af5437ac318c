import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  ConflictError,
  defineTable,
  EntityView,
  Folder,
  Table,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

const Visit = defineTable({
  name: 'visits',
  columns: { patient: 'STRING', age: { type: 'INTEGER', facetType: 'range' }, tags: 'STRING_LIST' },
});

describe('a table', () => {
  test('is created with its columns in three calls', async () => {
    let table: (Table & Stored) | undefined;
    const calls = await clients.calls(async () => {
      table = await syn.store(new Table({ parent: project, columns: Visit }));
    });
    expect(calls).toEqual([
      'entity.getEntityChildId',
      'table.createColumnBatch',
      'entity.createEntity',
    ]);
    expect(table).toMatchObject({
      name: 'visits',
      columns: [
        { id: expect.any(String), name: 'patient', columnType: 'STRING', maximumSize: 50 },
        { name: 'age', columnType: 'INTEGER', facetType: 'range' },
        { name: 'tags', columnType: 'STRING_LIST', maximumSize: 50, maximumListLength: 100 },
      ],
    });
  });

  test('is read with its columns in one call, and unchanged, nothing is sent', async () => {
    const { id } = await syn.store(new Table({ name: 'read', parent: project, columns: Visit }));
    let read: (Table & Stored) | undefined;
    const calls = await clients.calls(async () => {
      read = await syn.get(Table, id);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
    expect(read?.columns.map(({ name }) => name)).toEqual(['patient', 'age', 'tags']);
    expect(await clients.calls(() => syn.store(read ?? new Table()))).toEqual([]);
  });
});

test('another class than that of the entity is an error', async () => {
  const folder = await syn.store(new Folder({ name: 'folder', parent: project }));
  await expect(syn.get(Table, folder)).rejects.toThrow(ArgumentError);
  const table = new Table({ name: 'folder', parent: project });
  await expect(syn.store(table)).rejects.toThrow('cannot become a TableEntity');
  await expect(syn.store(table, { createOrUpdate: false })).rejects.toThrow(ConflictError);
});

test('a view gets the default columns', async () => {
  const view = await syn.store(
    new EntityView({ name: 'view', parent: project, scope: [project], types: ['file', 'FOLDER'] }),
  );
  expect(view.columns.map(({ name }) => name)).toContain('dataFileMD5Hex');
  const read = await syn.get(EntityView, view);
  expect(read.types).toEqual(['file', 'folder']);
  expect(read.scopeIds).toEqual([project.id]);
  expect(await clients.calls(() => syn.store(read))).toEqual([]);
});
