import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Folder, type Project, type Stored, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { createTable, type TestTable } from '../tables/changeTables.js';
import { runSynapse, type Ended } from './runSynapse.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

function synapse(args: string[], input?: string): Promise<Ended> {
  const { endpoint, users } = clients.server;
  return runSynapse(args, {
    home: clients.folder,
    env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken },
    input,
  });
}

async function visits(): Promise<TestTable> {
  const table = await createTable(syn, project.id, {
    patient: 'STRING',
    day: 'INTEGER',
    note: 'STRING',
  });
  await table.append(["O'Brien", '1', 'a'], ['p2', '1', 'b'], ['p2', '2', null]);
  return table;
}

const file = async (name: string, content: string): Promise<string> => {
  const path = join(clients.folder, name);
  await writeFile(path, content);
  return path;
};

describe('synapse table upsert', () => {
  test('updates and adds rows, first as a dry run', async () => {
    const table = await visits();
    const path = await file('visits.csv', 'patient,day,note\n"O\'Brien",1,a\np2,2,new\np3,1,""\n');
    const keys = ['--key', 'patient', '--key', 'day'];
    const dry = await synapse(['table', 'upsert', table.id, path, ...keys, '--dry-run']);
    expect(dry).toMatchObject({ status: 0, stdout: 'Inserted: 1, updated: 1, unchanged: 1\n' });
    expect(dry.stderr).toContain('Nothing was changed');
    expect(await table.cells()).toHaveLength(3);
    const done = await synapse(['table', 'upsert', table.id, path, ...keys, '--json']);
    expect(done.status).toBe(0);
    expect(JSON.parse(done.stdout)).toEqual({
      dryRun: false,
      inserted: 1,
      updated: 1,
      unchanged: 1,
      problems: [],
    });
    expect(await table.cells()).toEqual([
      ["O'Brien", '1', 'a'],
      ['p2', '1', 'b'],
      ['p2', '2', 'new'],
      ['p3', '1', ''],
    ]);
  });

  test('reads standard input with tabs', async () => {
    const table = await visits();
    const args = ['table', 'upsert', table.id, '-', '--key', 'patient', '--separator', 'tab'];
    const { status, stdout } = await synapse(args, "patient\tnote\nO'Brien\tx\n");
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'Inserted: 0, updated: 1, unchanged: 0\n',
    });
  });

  test.each([
    [
      'a value that does not fit, with its row and column',
      'patient,day\np1,x\n',
      'Row 2, column "day": "x"',
    ],
    [
      'rows with the same key',
      'patient,day\np1,1\np1,1\n',
      'Rows 2 and 3 have the same key patient = "p1", day = "1"',
    ],
    ['a column that the table lacks', 'patient,day,zz\np1,1,1\n', '"zz"'],
    ['a file without one of the keys', 'patient\np2\n', 'Row 2 has no value for the key "day"'],
  ])('refuses %s', async (_, content, message) => {
    const table = await visits();
    const path = await file('bad.csv', content);
    const { status, stderr } = await synapse([
      'table',
      'upsert',
      table.id,
      path,
      '--key',
      'patient',
      '--key',
      'day',
    ]);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(await table.cells()).toHaveLength(3);
  });

  test('lists rows that a view does not have', async () => {
    const home = await clients.project(syn);
    await syn.store(new Folder({ name: 'a', parent: home }));
    const { list = [] } = await syn.services.table.listDefaultViewColumns({
      viewEntityType: 'entityview',
      viewTypeMask: 8,
    });
    const own = await syn.services.table.createColumnBatch({
      body: { list: [{ name: 'age', columnType: 'INTEGER' }] },
    });
    const { id = '' } = await syn.services.entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
        name: 'view',
        parentId: home.id,
        scopeIds: [home.id],
        viewTypeMask: 8,
        columnIds: [...list, ...(own.list ?? [])].map((column) => column.id ?? ''),
      },
    });
    const path = await file('view.csv', 'name,age\na,5\nzz,6\n');
    const { status, stdout, stderr } = await synapse([
      'table',
      'upsert',
      id,
      path,
      '--key',
      'name',
    ]);
    expect(stdout).toBe('Inserted: 0, updated: 1, unchanged: 0\n');
    expect(stderr).toContain('Row 3:');
    expect(stderr).toContain('has no row with name = "zz"');
    expect(status).toBe(5);
  });
});

describe('synapse table update', () => {
  test('changes rows by their ids and versions', async () => {
    const table = await visits();
    const path = await file('update.csv', 'ROW_ID,ROW_VERSION,note\n1,1,changed\n2,1,\n');
    const { status, stdout } = await synapse(['table', 'update', table.id, path]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'Updated: 2, unchanged: 0\n' });
    expect((await table.cells()).map(([, , note]) => note)).toEqual(['changed', null, null]);
  });

  test('names rows that have changed, and changes nothing', async () => {
    const table = await visits();
    await table.set(2, 'note', 'other');
    const path = await file('stale.csv', 'ROW_ID,ROW_VERSION,note\n1,1,changed\n2,1,changed\n');
    const { status, stderr } = await synapse(['table', 'update', table.id, path]);
    expect(stderr).toContain('row 3 (ROW_ID 2)');
    expect(status).toBe(1);
    expect((await table.cells())[0]).toEqual(["O'Brien", '1', 'a']);
  });
});

describe('synapse table delete-rows', () => {
  test('deletes the rows of a query, of ids, and of a file', async () => {
    const table = await visits();
    const query = `select * from ${table.id} where patient = 'O''Brien'`;
    const dry = await synapse(['table', 'delete-rows', table.id, '--query', query, '--dry-run']);
    expect(dry.stdout).toBe('Rows to delete: 1\n');
    const first = await synapse(['table', 'delete-rows', table.id, '--query', query, '--yes']);
    expect(first).toMatchObject({ status: 0, stdout: 'Deleted rows: 1\n' });
    const second = await synapse([
      'table',
      'delete-rows',
      table.id,
      '--row',
      '2',
      '--json',
      '--yes',
    ]);
    expect(JSON.parse(second.stdout)).toEqual({ dryRun: false, deleted: 1 });
    const path = await file('delete.csv', 'ROW_ID,ROW_VERSION\n3,1\n');
    const third = await synapse(['table', 'delete-rows', table.id, '--csv', path, '--yes']);
    expect(third.stdout).toBe('Deleted rows: 1\n');
    expect(await table.cells()).toEqual([]);
  });

  test('names a missing row, with the exit status of what is not found', async () => {
    const table = await visits();
    const { status, stderr } = await synapse([
      'table',
      'delete-rows',
      table.id,
      '--row',
      '1',
      '--row',
      '77',
      '--yes',
    ]);
    expect(stderr).toContain('ROW_ID 77');
    expect(status).toBe(4);
    expect(await table.cells()).toHaveLength(3);
  });

  test.each([
    ['no rows', []],
    ['rows given in two ways', ['--row', '1', '--query', 'select 1']],
    ['what is no id', ['--row', 'x']],
  ])('refuses %s', async (_, args) => {
    const { status } = await synapse(['table', 'delete-rows', 'syn1', ...args]);
    expect(status).not.toBe(0);
  });
});
