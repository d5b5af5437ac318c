import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { refusal, withSessions } from './entitySession.js';
import { partialRows, rowSet, schemaChange, TableSession, tableModel } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

describe('transactions', () => {
  test('change nothing when one of their changes fails', async () => {
    const { id, columns, name, count } = await alice().filled();
    const before = await server.alice.read(id);
    const failed = await alice().transaction(id, [
      rowSet(id, columns, [{ values: ['four', '4'] }]),
      schemaChange([{ oldColumnId: name.id }]),
      rowSet(id, [count], [{ values: ['bad'] }]),
    ]);
    expect(failed).toMatchObject({ status: 400 });
    expect(await server.alice.read(id)).toEqual(before);
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      ['one', '1'],
      ['two', '2'],
      ['three', '3'],
    ]);
    expect(await alice().append(id, columns, [['four', '4']])).toMatchObject({
      rows: [{ rowId: 4, versionNumber: 2 }],
    });
  });

  test('need a change or a snapshot of the table itself', async () => {
    const { id, columns } = await alice().filled();
    expect(await alice().transaction(id, [])).toEqual(
      refusal(400, 'Must include be at least one change or create a snapshot.'),
    );
    expect(await alice().transaction(`${id}.1`, [rowSet(id, columns, [])])).toEqual(
      refusal(400, 'A snapshot is immutable and cannot be updated.'),
    );
    const { id: project } = await alice().project();
    expect(await alice().transaction(project, [rowSet(id, columns, [])])).toEqual(
      refusal(400, `${project} is not a table or view`),
    );
    const bob = new TableSession(server.bob);
    expect(await bob.transaction(id, [rowSet(id, columns, [{ values: ['x', '1'] }])])).toEqual(
      refusal(403, expect.stringContaining('UPDATE')),
    );
  });

  test('touch the entity', async () => {
    const { id, columns } = await alice().filled();
    const before = await server.alice.read(id);
    await alice().append(id, columns, [['x', '1']]);
    expect((await server.alice.read(id)).etag).not.toBe(before.etag);
  });
});

describe('schema changes', () => {
  test('change the order of columns', async () => {
    const { id, columns, name, count } = await alice().filled();
    const [added] = await alice().columns({
      name: 'added',
      columnType: 'STRING',
      defaultValue: 'new',
    });
    const { results } = await alice().change(id, [
      schemaChange(
        [{ newColumnId: added?.id ?? '' }, { oldColumnId: name.id }],
        [added?.id ?? '', count.id],
      ),
    ]);
    expect(results).toEqual([
      {
        concreteType: `${tableModel}.TableSchemaChangeResponse`,
        schema: [added, columns[1]],
      },
    ]);
    expect(await server.alice.read(id)).toMatchObject({ columnIds: [added?.id, count.id] });
    expect(await alice().cells(`select * from ${id} limit 1`)).toEqual([['new', '1']]);
  });

  test('convert every cell or none', async () => {
    const [text, number, list] = await alice().columns(
      { name: 'c', columnType: 'STRING', maximumSize: 10 },
      { name: 'c', columnType: 'INTEGER' },
      { name: 'c', columnType: 'STRING_LIST', maximumSize: 10, maximumListLength: 2 },
    );
    const { id } = await alice().table(text === undefined ? [] : [text]);
    await alice().append(id, text === undefined ? [] : [text], [['1'], ['x'], [null]]);
    const replace = (oldId = '', newId = '') =>
      alice().transaction(id, [schemaChange([{ oldColumnId: oldId, newColumnId: newId }])]);
    expect(await replace(text?.id, number?.id)).toMatchObject({ status: 400 });
    await alice().change(id, [partialRows(id, [{ rowId: 2, values: { [text?.id ?? '']: '2' } }])]);
    expect(await replace(text?.id, number?.id)).toMatchObject({ status: 201 });
    expect(await alice().cells(`select c from ${id} where c > 1`)).toEqual([['2']]);
    expect(await replace(number?.id, list?.id)).toMatchObject({ status: 400 });
    expect(await replace(number?.id, text?.id)).toMatchObject({ status: 201 });
    expect(await replace(text?.id, list?.id)).toMatchObject({ status: 201 });
    expect(await alice().cells(`select c from ${id}`)).toEqual([['["1"]'], ['["2"]'], ['[null]']]);
    expect(await replace(list?.id, text?.id)).toMatchObject({ status: 400 });
  });

  test('are refused when the ordered ids are others', async () => {
    const { id, name, count } = await alice().filled();
    expect(
      await alice().transaction(id, [
        schemaChange([{ oldColumnId: name.id }], [name.id, count.id]),
      ]),
    ).toMatchObject({ status: 400 });
    expect(await alice().transaction(id, [schemaChange([{ oldColumnId: '99999' }])])).toMatchObject(
      { status: 400 },
    );
    expect(await alice().transaction(id, [schemaChange([{ newColumnId: '99999' }])])).toMatchObject(
      { status: 404 },
    );
  });

  test('may add a column twice when the order says what is meant', async () => {
    const { id, name, count } = await alice().filled();
    const [added] = await alice().columns({ name: 'z', columnType: 'DATE' });
    const twice = { newColumnId: added?.id ?? '' };
    const ordered = [added?.id ?? '', name.id, count.id];
    await alice().change(id, [schemaChange([twice, twice, { newColumnId: name.id }], ordered)]);
    expect(await alice().cells(`select * from ${id} limit 1`)).toEqual([[null, 'one', '1']]);
    expect(await alice().transaction(id, [schemaChange([twice])])).toEqual(
      refusal(400, "Duplicate column: 'z'"),
    );
  });

  test('follow the entity when that is written with other columns', async () => {
    const { id, name, count } = await alice().filled();
    const [added] = await alice().columns({
      name: 'z',
      columnType: 'BOOLEAN',
      defaultValue: 'true',
    });
    const table = await server.alice.read(id);
    await server.alice.update(table, { columnIds: [added?.id, count.id] });
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      ['true', '1'],
      ['true', '2'],
      ['true', '3'],
    ]);
    expect(await alice().askQuery(`select ${name.name} from ${id}`)).toEqual(
      refusal(400, 'Unknown column name'),
    );
  });
});

describe('search', () => {
  test('is switched on and off', async () => {
    const { id, columns } = await alice().filled([
      ['brown fox', '1'],
      ['lazy dog', '2'],
    ]);
    const sql = `select name from ${id} where text_matches('fox')`;
    expect(await alice().askQuery(sql)).toEqual(
      refusal(400, `Invalid use of TEXT_MATCHES. Full text search is not enabled on table ${id}.`),
    );
    const change = (searchEnabled: boolean) => ({
      concreteType: `${tableModel}.TableSearchChangeRequest`,
      searchEnabled,
    });
    const { results } = await alice().change(id, [change(true)]);
    expect(results).toEqual([
      { concreteType: `${tableModel}.TableSearchChangeResponse`, searchEnabled: true },
    ]);
    expect(await server.alice.read(id)).toMatchObject({ isSearchEnabled: true });
    expect(await alice().cells(sql)).toEqual([['brown fox']]);
    await alice().append(id, columns, [['Foxes and a FOX', '3']]);
    expect(await alice().cells(sql)).toEqual([['brown fox'], ['Foxes and a FOX']]);
    await alice().change(id, [change(false)]);
    expect(await alice().askQuery(sql)).toMatchObject({ status: 400 });
  });
});

describe('addresses of older clients', () => {
  test('read and write tables', async () => {
    const { id, columns } = await alice().filled();
    const change = rowSet(id, columns, [{ values: ['four', '4'] }]);
    expect(await alice().job(`/entity/${id}/table/append/async`, change)).toMatchObject({
      status: 201,
      body: {
        concreteType: `${tableModel}.RowReferenceSetResults`,
        rowReferenceSet: { rows: [{ rowId: 4 }] },
      },
    });
    const bad = rowSet(id, columns, [{ values: ['five', 'V'] }]);
    expect(await alice().job(`/entity/${id}/table/append/async`, bad)).toMatchObject({
      status: 400,
    });
    // There is but one kind of body here: it need not say which.
    const unnamed = { ...bad, concreteType: null };
    expect(await alice().job(`/entity/${id}/table/append/async`, unnamed)).toMatchObject({
      status: 400,
    });
    const uploaded = await alice().job('/table/upload/csv/async', {
      concreteType: `${tableModel}.UploadToTableRequest`,
      tableId: id,
      uploadFileHandleId: await alice().upload('name\nfive\n'),
    });
    expect(uploaded).toMatchObject({ status: 201, body: { rowsProcessed: 1 } });
    const downloaded = await alice().job('/table/download/csv/async', {
      concreteType: `${tableModel}.DownloadFromTableRequest`,
      sql: `select name from ${id} where row_id > 3`,
    });
    const { resultsFileHandleId } = downloaded.body as M.DownloadFromTableResult;
    expect(await alice().content(resultsFileHandleId)).toBe(
      quotedCsv('ROW_ID,ROW_VERSION,name\n4,2,four\n5,3,five\n'),
    );
  });
});
