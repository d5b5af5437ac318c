import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import {
  partialRows,
  schemaChange,
  TableSession,
  tableModel,
  type Column,
} from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

async function column(model: M.ColumnModel): Promise<Column> {
  const [made] = await alice().columns(model);
  if (made === undefined) {
    throw new Error('The server made no column');
  }
  return made;
}

const intModel: M.ColumnModel = { name: 'anInteger', columnType: 'INTEGER' };
const stringModel: M.ColumnModel = { name: 'aString', columnType: 'STRING', maximumSize: 100 };

/** Adds rows, each with cells by the columns. */
async function add(
  id: string,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  fields: object = {},
): Promise<M.TableUpdateTransactionResponse> {
  const values = (row: readonly string[]): Record<string, string> =>
    Object.fromEntries(row.map((cell, index) => [columns[index]?.id ?? '', cell]));
  return alice().change(
    id,
    [
      partialRows(
        id,
        rows.map((row) => ({ values: values(row) })),
      ),
    ],
    fields,
  );
}

function replace(from: Column, to: Column, ordered: readonly Column[] = [to]): object {
  return schemaChange(
    [{ oldColumnId: from.id, newColumnId: to.id }],
    ordered.map(({ id }) => id),
  );
}

/** A table with one column and one cell. */
async function oneCell(model: M.ColumnModel, cell: string): Promise<{ id: string; from: Column }> {
  const from = await column(model);
  const { id } = await alice().table([from]);
  await add(id, [from], [[cell]]);
  return { id, from };
}

async function schemaRoundTrip(id: string): Promise<void> {
  const added = await column(intModel);
  const { results } = await alice().change(id, [
    schemaChange([{ newColumnId: added.id }], [added.id]),
  ]);
  expect(results).toEqual([
    { concreteType: `${tableModel}.TableSchemaChangeResponse`, schema: [added] },
  ]);
  const removed = await alice().change(id, [schemaChange([{ oldColumnId: added.id }], [])]);
  expect(removed.results).toHaveLength(1);
  expect(await server.alice.get(`/entity/${id}/column`)).toMatchObject({ body: { results: [] } });
}

describe('TableUpdateRequestWorkerIntegrationTest', () => {
  test('testTableSchemaUpdate: a column of a table is added and removed', async () => {
    await schemaRoundTrip((await alice().table([])).id);
  });

  test('testEntityViewSchemaUpdate: a column of a view is added and removed', async () => {
    const { id: parentId } = await alice().project();
    const view = await server.alice.create('entityview', {
      name: 'view',
      parentId,
      scopeIds: [],
      viewTypeMask: 1,
    });
    await schemaRoundTrip(view.id);
  });

  test('testSchemaChangelWithLstColumnMaxSizeTooSmall: a list does not fit shorter text', async () => {
    const model: M.ColumnModel = { name: 'aString', columnType: 'STRING_LIST', maximumSize: 5 };
    const { id, from } = await oneCell(model, '["12345"]');
    const to = await column({ ...model, maximumSize: 2 });
    expect(await alice().transaction(id, [replace(from, to)])).toEqual(
      refusal(
        400,
        'Check constraint \'json_schema_valid(_utf8mb4\'{ "type": "array", "items": { "maxLength": 2 }, "maxItems": 100 }\',`aString`)\' is violated.',
      ),
    );
    expect(await alice().cells(`select * from ${id}`)).toEqual([['["12345"]']]);
  });

  test.each<[string, M.ColumnModel, M.ColumnModel, string, string, string[]]>([
    [
      'testSchemaChangeWithStringToStringListColumnType: text becomes a list',
      stringModel,
      { name: 'aStringList', columnType: 'STRING_LIST', maximumListLength: 10, maximumSize: 100 },
      'foo',
      '["bar", "baz", "barFoo"]',
      ['foo', 'bar', 'baz', 'barFoo'],
    ],
    [
      'testSchemaChangeWithBooleanToBooleanListColumnType: a boolean becomes a list',
      { name: 'aBoolean', columnType: 'BOOLEAN' },
      { name: 'aBooleanList', columnType: 'BOOLEAN_LIST', maximumListLength: 10 },
      'true',
      '[true, false, true]',
      ['true', 'true', 'false', 'true'],
    ],
    [
      'testSchemaChangeWithIntegerToIntegerListColumnType: an integer becomes a list',
      intModel,
      { name: 'anIntList', columnType: 'INTEGER_LIST', maximumListLength: 10 },
      '12',
      '[1, 2, 100]',
      ['12', '1', '2', '100'],
    ],
  ])('%s', async (_title, single, list, cell, cells, elements) => {
    const { id, from } = await oneCell(single, cell);
    const to = await column(list);
    await alice().change(id, [replace(from, to)]);
    await add(id, [to], [[cells]]);
    const found = await alice().cells(`select unnest(${list.name ?? ''}) from ${id}`);
    expect(found.map(([value]) => value)).toEqual(elements);
  });

  test('testSchemaChangelWithDropListColumn: a column of lists is removed', async () => {
    const text = await column({ ...stringModel, name: 'stringColumn' });
    const list = await column({ name: 'aString', columnType: 'STRING_LIST', maximumSize: 5 });
    const { id } = await alice().table([]);
    const ids = [text.id, list.id];
    const { results } = await alice().change(id, [
      schemaChange(
        ids.map((newColumnId) => ({ newColumnId })),
        ids,
      ),
    ]);
    expect(results).toMatchObject([{ schema: [text, list] }]);
    await add(id, [text, list], [['abc', '["12345"]']]);
    await alice().change(id, [schemaChange([{ oldColumnId: list.id }], [text.id])]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([['abc']]);
  });

  test('testTableVersion: snapshots keep their rows', async () => {
    const int = await column(intModel);
    const { id } = await alice().table([int]);
    const first = await add(id, [int], [['1'], ['2']], { createSnapshot: true });
    const second = await add(id, [int], [['3'], ['4']], { createSnapshot: true });
    const third = await add(id, [int], [['5'], ['6']]);
    expect(third).not.toHaveProperty('snapshotVersionNumber');
    const versions = [first, second].map(({ snapshotVersionNumber }) => snapshotVersionNumber ?? 0);
    expect(await alice().rows(`select * from ${id}.${versions[0] ?? 0}`)).toHaveLength(2);
    expect(await alice().rows(`select * from ${id}.${versions[1] ?? 0}`)).toHaveLength(4);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(6);
  });

  test('testTableSnapshotDoubleSchemaChanges: a snapshot follows a converted column', async () => {
    const [int, double, text] = [
      await column(intModel),
      await column({ name: 'aDouble', columnType: 'DOUBLE' }),
      await column(stringModel),
    ];
    const { id } = await alice().table([int, text]);
    await add(
      id,
      [int, text],
      [
        ['1', 'a'],
        ['2', 'b'],
      ],
    );
    await alice().change(id, [replace(int, double, [double, text])]);
    const first = await alice().change(id, [], { createSnapshot: true });
    expect(first.snapshotVersionNumber).toEqual(expect.any(Number));
    const second = await add(id, [double, text], [['3', 'c']], { createSnapshot: true });
    expect(await alice().cells(`select * from ${id}.${second.snapshotVersionNumber ?? 0}`)).toEqual(
      [
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'c'],
      ],
    );
  });

  test('testTableSnapshotWithFileHandles: each snapshot has the files of its rows', async () => {
    const int = await column(intModel);
    const file = await column({ name: 'aFile', columnType: 'FILEHANDLEID' });
    const { id } = await alice().table([int, file]);
    const handles = await Promise.all(
      ['a', 'b', 'c', 'd'].map((letter) => server.alice.createHandle(letter.repeat(32))),
    );
    const [a = '', b = '', c = '', d = ''] = handles;
    const first = await add(id, [int, file], [['1', a], ['2']], { createSnapshot: true });
    const second = await add(
      id,
      [int, file],
      [
        ['3', b],
        ['4', c],
      ],
      { createSnapshot: true },
    );
    await add(id, [int, file], [['5'], ['6', d]]);
    const files = async (table: string): Promise<(string | null)[]> =>
      (await alice().cells(`select aFile from ${table} where aFile is not null`)).flat();
    expect(await files(`${id}.${first.snapshotVersionNumber ?? 0}`)).toEqual([a]);
    expect(await files(`${id}.${second.snapshotVersionNumber ?? 0}`)).toEqual([a, b, c]);
    expect(await files(id)).toEqual(handles);
  });

  test('testTableSnapshotWithoutChanges: a transaction may only make a snapshot', async () => {
    const int = await column(intModel);
    const { id } = await alice().table([int]);
    await add(id, [int], [['1'], ['2']]);
    const { snapshotVersionNumber = 0 } = await alice().change(id, [], { createSnapshot: true });
    await add(id, [int], [['3'], ['4']]);
    expect(await alice().rows(`select * from ${id}.${snapshotVersionNumber}`)).toHaveLength(2);
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(4);
  });

  test('testTableSearchChangeRequest: search is switched on in the entity too', async () => {
    const table = await alice().table([]);
    expect(table).not.toHaveProperty('isSearchEnabled');
    const response = await alice().change(table.id, [
      { concreteType: `${tableModel}.TableSearchChangeRequest`, searchEnabled: true },
    ]);
    expect(response.results).toEqual([
      { concreteType: `${tableModel}.TableSearchChangeResponse`, searchEnabled: true },
    ]);
    const after = await server.alice.read(table.id);
    expect(after).toMatchObject({ isSearchEnabled: true });
    expect(after.etag).not.toBe(table.etag);
  });

  test('testSchemaChangeToMediumText: long text that is short enough becomes medium text', async () => {
    const from = await column({ name: 'column', columnType: 'LARGETEXT' });
    const to = await column({ name: 'column', columnType: 'MEDIUMTEXT' });
    const { id } = await alice().table([from]);
    await add(id, [from], [['a'.repeat(2000)], ['b'.repeat(2000)]]);
    await alice().change(id, [replace(from, to)]);
    const { columnModels, queryResult } = await alice().query(`select * from ${id}`, {}, 0x11);
    expect(columnModels).toMatchObject([{ columnType: 'MEDIUMTEXT' }]);
    expect(queryResult?.queryResults?.rows).toHaveLength(2);
  });

  test('testSchemaChangeToMediumTextWithExceedsLimit: the column, the row and the limit are named', async () => {
    const from = await column({ name: 'column', columnType: 'LARGETEXT' });
    const to = await column({ name: 'column', columnType: 'MEDIUMTEXT' });
    const { id } = await alice().table([from]);
    await add(id, [from], [['a'.repeat(2000)], ['b'.repeat(2001)]]);
    expect(await alice().transaction(id, [replace(from, to)])).toEqual(
      refusal(
        400,
        'Cannot change column "column" to MEDIUMTEXT: The data at row 2 exceeds the MEDIUMTEXT limit of 2000 characters.',
      ),
    );
  });

  test('testTableVersionCurrentVersion: the current version is no snapshot', async () => {
    const int = await column(intModel);
    const { id } = await alice().table([int]);
    const change = await add(id, [int], [['1'], ['2']], { createSnapshot: false });
    expect(change).not.toHaveProperty('snapshotVersionNumber');
    expect(await alice().askQuery(`select * from ${id}.1`)).toEqual(
      refusal(400, `Snapshot for ${id}.1 does not exist`),
    );
  });
});
