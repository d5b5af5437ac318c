import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { uploadFile } from '../server/filesClient.js';
import { refusal, withSessions } from '../server/entitySession.js';
import {
  partialRows,
  rowSet,
  schemaChange,
  TableSession,
  tableModel,
  type Column,
  type Values,
} from '../server/tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

/** A table of alice with one column. */
async function oneColumn(model: M.ColumnModel): Promise<{ id: string; columns: Column[] }> {
  const columns = await alice().columns(model);
  const { id } = await alice().table(columns);
  return { id, columns };
}

/** A table with one column of text and these rows. */
async function oneText(rows: readonly Values[]): Promise<{ id: string; columns: Column[] }> {
  const table = await oneColumn({ name: 'one', columnType: 'STRING' });
  await alice().append(table.id, table.columns, rows);
  return table;
}

async function count(sql: string): Promise<number | undefined> {
  const { queryCount } = await alice().query(sql, {}, 0x2);
  return queryCount;
}

/** The first page of a query as a set of rows that can be sent back. */
async function page(sql: string, query: M.Query = {}): Promise<M.RowSet> {
  const { queryResult } = await alice().query(sql, query, 0x1);
  return queryResult?.queryResults ?? { concreteType: `${tableModel}.RowSet` };
}

/** Sends a set of rows as it is. */
function send(id: string, toAppend: M.RowSet): ReturnType<TableSession['transaction']> {
  return alice().transaction(id, [
    { concreteType: `${tableModel}.AppendableRowSetRequest`, entityId: id, toAppend },
  ]);
}

/** A row set whose cells end with ` changed`. */
function changed(set: M.RowSet): M.RowSet {
  return {
    ...set,
    rows: (set.rows ?? []).map((row) => ({
      ...row,
      values: (row.values ?? []).map((value) => `${value ?? ''} changed`),
    })),
  };
}

describe('IT100TableControllerTest', () => {
  test('testCreateGetColumn: a column is read as it was made', async () => {
    const made = await server.alice.post('/column', {
      name: 'ExampleColumn',
      columnType: 'STRING',
    });
    expect(made).toMatchObject({ status: 201, body: { id: expect.any(String) } });
    const { id } = made.body as Column;
    expect(await server.alice.get(`/column/${id}`)).toMatchObject({ status: 200, body: made.body });
  });

  test('testCreateGetColumns: columns are made together, in order', async () => {
    const made = await alice().columns(
      { name: 'ExampleColumn0', columnType: 'STRING' },
      { name: 'ExampleColumn1', columnType: 'STRING' },
    );
    expect(made.map(({ name }) => name)).toEqual(['ExampleColumn0', 'ExampleColumn1']);
    for (const column of made) {
      expect(await server.alice.get(`/column/${column.id}`)).toMatchObject({ body: column });
    }
  });

  test('testCreateTableEntity: the owner marks the data of a table as sensitive', async () => {
    const { id } = await oneText([]);
    expect(await server.alice.put(`/entity/${id}/datatype?type=SENSITIVE_DATA`)).toMatchObject({
      status: 200,
      body: { dataType: 'SENSITIVE_DATA', objectId: id },
    });
  });

  test('testCreateTableEntity: only the access committee opens data, and updating needs UPDATE', async () => {
    const { id } = await oneText([]);
    expect(await server.alice.put(`/entity/${id}/datatype?type=OPEN_DATA`)).toEqual(
      refusal(
        403,
        "Must be a member of the 'Synapse Access and Compliance Team' to change an object's DataType to: OPEN_DATA",
      ),
    );
    expect(await server.bob.put(`/entity/${id}/datatype?type=SENSITIVE_DATA`)).toEqual(
      refusal(
        403,
        "Must have UPDATE permission to change an object's DataType to : SENSITIVE_DATA",
      ),
    );
  });

  test('testCreateTableEntity: rows are appended, queried, appended again and deleted', async () => {
    const columns = await alice().columns(
      { name: 'one', columnType: 'STRING' },
      { name: 'two', columnType: 'STRING' },
    );
    const [one] = columns;
    const { id } = await alice().table(columns);
    expect(await server.alice.get(`/entity/${id}/column`)).toMatchObject({
      body: { results: columns },
    });
    const first = await alice().append(id, columns, [
      ['a', 'b'],
      ['c', 'd'],
    ]);
    const headers = columns.map(({ id: columnId, name, columnType }) => ({
      id: columnId,
      name,
      columnType,
    }));
    expect(first).toMatchObject({ tableId: id, headers });
    expect(first.rows).toHaveLength(2);
    const found = await page(`select * from ${id}`);
    expect(found).toMatchObject({ etag: first.etag, tableId: id });
    const rows = (found.rows ?? []).map(({ values }) => ({ values: values ?? [] }));
    expect(await send(id, { ...found, rows })).toMatchObject({ status: 201 });
    expect(await count(`select * from ${id}`)).toBe(4);
    const deleted = await server.alice.post(`/entity/${id}/table/deleteRows`, {
      etag: first.etag,
      tableId: id,
      rowIds: [first.rows?.[0]?.rowId],
    });
    expect(deleted).toMatchObject({ status: 201, body: { rows: [{ rowId: 1 }] } });
    expect(await count(`select * from ${id}`)).toBe(3);
    const parts = { offset: 0, limit: 2 };
    const bundle = await alice().query(`select one from ${id}`, parts, 0xf);
    expect(bundle).toMatchObject({
      queryCount: 3,
      selectColumns: [{ id: one?.id, name: 'one', columnType: 'STRING' }],
      maxRowsPerPage: expect.any(Number),
      queryResult: { queryResults: { tableId: id, etag: expect.any(String) } },
    });
    expect(bundle.queryResult?.queryResults?.rows).toHaveLength(2);
    const rest = await alice().query(`select one from ${id}`, { offset: 2, limit: 2 }, 0xf);
    expect(rest.queryCount).toBe(3);
    expect(rest.queryResult?.queryResults?.rows).toHaveLength(1);
  });

  test('testCurrentUserFunction: CURRENT_USER() is the id of the caller', async () => {
    const { id, columns } = await oneColumn({ name: 'userId', columnType: 'DOUBLE' });
    const own = String(server.userId('alice'));
    await alice().append(id, columns, [[own], ['2'], ['3'], ['4']]);
    const sql = `select userId from ${id} where userId = CURRENT_USER()`;
    expect(await count(sql)).toBe(1);
    expect(await alice().cells(sql)).toEqual([[own]]);
  });

  test('testQueryDoubles: doubles are compared with literals without a leading digit', async () => {
    const { id, columns } = await oneColumn({ name: 'one', columnType: 'DOUBLE' });
    await alice().append(id, columns, [['-1.2'], ['-.2'], ['.2'], ['1.2']]);
    const counts: (number | undefined)[] = [];
    for (const bound of ['-2.2', '-1.3', '-.3', '-.1', '.1', '.3', '1.3']) {
      counts.push(await count(`select * from ${id} where one > ${bound}`));
    }
    expect(counts).toEqual([4, 4, 3, 2, 2, 1, 0]);
  });

  test('testPermissionsFailure: a table of somebody else cannot be queried', async () => {
    const { id } = await oneText([]);
    const bob = new TableSession(server.bob);
    expect(await bob.askQuery(`select * from ${id}`)).toMatchObject({ status: 403 });
  });

  test('testAddRetrieveFileHandle: the file of a cell is listed and downloaded', async () => {
    const { id, columns } = await oneColumn({ name: 'one', columnType: 'FILEHANDLEID' });
    const handle = await uploadFile(server.alice, Buffer.from('a temporary string'));
    const references = await alice().append(id, columns, [[handle.id]]);
    const listed = await server.alice.post(`/entity/${id}/table/filehandles`, references);
    expect(listed).toMatchObject({ status: 200, body: { rows: [{ list: [{ id: handle.id }] }] } });
    const [row] = references.rows ?? [];
    const path = `/entity/${id}/table/column/${columns[0]?.id ?? ''}/row/${row?.rowId ?? 0}/version/${row?.versionNumber ?? 0}`;
    const url = await server.alice.get(`${path}/file?redirect=false`);
    const content = await fetch(String(url.body));
    expect(await content.text()).toBe('a temporary string');
  });

  test('testListColumnModels: columns are listed by the beginning of their names, in pages', async () => {
    const prefix = crypto.randomUUID();
    const [one, two, three] = await alice().columns(
      { name: `${prefix}a`, columnType: 'STRING' },
      { name: `${prefix}b`, columnType: 'STRING' },
      { name: `${prefix}bb`, columnType: 'STRING' },
    );
    const all = await server.alice.get('/column');
    expect((all.body as M.PaginatedColumnModels).totalNumberOfResults).toBeGreaterThanOrEqual(3);
    expect(await server.alice.get(`/column?prefix=${prefix}`)).toMatchObject({
      body: { totalNumberOfResults: 3, results: [one, two, three] },
    });
    expect(await server.alice.get(`/column?prefix=${prefix}&limit=1&offset=2`)).toMatchObject({
      body: { totalNumberOfResults: 3, results: [three] },
    });
  });

  test.each([
    ['testGetDefaultColumnsForView: of files', '/column/tableview/defaults/file'],
    [
      'testgetDefaultColumnsForViewTypeMask: of files, by mask',
      '/column/tableview/defaults?viewEntityType=entityview&viewTypeMask=1',
    ],
    [
      'testGetDefaultColumnsForSubmissionView: of submissions',
      '/column/tableview/defaults?viewEntityType=submissionview',
    ],
  ])('%s', async (_title, path) => {
    const { status, body } = await server.alice.get(path);
    expect(status).toBe(200);
    const { list } = body as { list: M.ColumnModel[] };
    expect(list.length).toBeGreaterThan(1);
    expect(list[0]).toMatchObject({ id: expect.any(String), name: expect.any(String) });
  });

  test('testConflictingResultS: the same change is refused the second time', async () => {
    const { id } = await oneText([['a'], ['b']]);
    const change = changed(await page(`select * from ${id}`, { offset: 0, limit: 2 }));
    expect(await send(id, change)).toMatchObject({ status: 201 });
    expect(await send(id, change)).toEqual(
      refusal(412, expect.stringMatching(/^Row id: \d+ has been changed since last read\./)),
    );
  });

  test('testUpdate: rows are updated whole and by cell', async () => {
    const { id, columns } = await oneText([['test'], ['test']]);
    const key = columns[0]?.id ?? '';
    await alice().change(id, [
      partialRows(id, [{ values: { [key]: 'test' } }, { values: { [key]: 'test' } }]),
    ]);
    const sql = `select * from ${id} order by row_id asc`;
    expect(await send(id, changed(await page(sql, { offset: 0, limit: 2 })))).toMatchObject({
      status: 201,
    });
    const rest = await page(sql, { offset: 2, limit: 2 });
    await alice().change(id, [
      partialRows(
        id,
        (rest.rows ?? []).map(({ rowId = 0, values }) => ({
          rowId,
          values: { [key]: `${values?.[0] ?? ''} changed` },
        })),
      ),
    ]);
    expect(await alice().cells(sql)).toEqual(Array(4).fill(['test changed']));
  });

  test('testPLFM_4761: more cells than a request may have are refused', async () => {
    const value = 'x'.repeat(160);
    const { id, columns } = await oneColumn({
      name: 'one',
      columnType: 'STRING',
      maximumSize: value.length,
    });
    const rows = Array.from({ length: 5000 }, () => ({
      values: { [columns[0]?.id ?? '']: value },
    }));
    expect(await alice().transaction(id, [partialRows(id, rows)])).toEqual(
      refusal(
        400,
        'Request exceeds the maximum number of bytes per request.  Maximum : 2097152 bytes',
      ),
    );
  });

  test('testQueryAsync: a page has as many rows as fit, and its token leads to the rest', async () => {
    const names = Array.from({ length: 16 }, (_, index) => `col-${index}`);
    const columns = await alice().columns(
      ...names.map((name) => ({ name, columnType: 'STRING' as const, maximumSize: 1000 })),
    );
    const { id } = await alice().table(columns);
    const ten = Array.from({ length: 10 }, () => names.map(() => 'x'));
    for (let appended = 0; appended < 40; appended += ten.length) {
      await alice().append(id, columns, ten);
    }
    const bundle = await alice().query(`select * from ${id}`, {}, 0xff);
    const perPage = bundle.maxRowsPerPage ?? 0;
    expect(bundle.queryCount).toBe(40);
    expect(bundle.queryResult?.queryResults?.rows).toHaveLength(perPage);
    const next = await alice().job(`/entity/${id}/table/query/nextPage/async`, {
      ...bundle.queryResult?.nextPageToken,
      entityId: id,
    });
    expect(next).toMatchObject({ status: 201 });
    const { queryResults, nextPageToken } = next.body as M.QueryResult;
    expect(queryResults?.rows).toHaveLength(40 - perPage);
    expect(nextPageToken).toBeUndefined();
  });

  test('testTableTransaction: a column is added in a transaction', async () => {
    const [column] = await alice().columns({
      name: 'aString',
      columnType: 'STRING',
      maximumSize: 100,
    });
    const { id } = await alice().table([]);
    const { results } = await alice().change(id, [
      schemaChange([{ newColumnId: column?.id ?? '' }]),
    ]);
    expect(results).toEqual([
      { concreteType: `${tableModel}.TableSchemaChangeResponse`, schema: [column] },
    ]);
  });

  test('testCreateTableSnapshot: a snapshot has its label and comment', async () => {
    const { id } = await oneText([]);
    const made = await server.alice.post(`/entity/${id}/table/snapshot`, {
      snapshotLabel: 'snapshot label',
      snapshotComment: 'snapshot comment',
    });
    expect(made).toMatchObject({
      status: 201,
      body: { snapshotVersionNumber: expect.any(Number) },
    });
    const { snapshotVersionNumber } = made.body as M.SnapshotResponse;
    expect(await server.alice.get(`/entity/${id}/version/${snapshotVersionNumber}`)).toMatchObject({
      body: { versionLabel: 'snapshot label', versionComment: 'snapshot comment' },
    });
  });

  test('testCreateMaterializedViewWithJoin: a view of a join is counted', async () => {
    const { id } = await oneText([]);
    const { parentId } = await server.alice.read(id);
    const view = await server.alice.create('materializedview', {
      name: crypto.randomUUID(),
      parentId,
      definingSQL: `select * from ${id} a join ${id} b on a.one = b.one`,
    });
    expect(await alice().cells(`select count(*) from ${view.id}`)).toEqual([['0']]);
  });

  test('testGetPossibleColumnModelsForViewScope: annotations of folders become columns, in pages', async () => {
    const { id: scope } = await alice().project();
    const folder = await server.alice.create('folder', { name: 'folder', parentId: scope });
    const { body } = await server.alice.get(`/entity/${folder.id}/annotations2`);
    const annotations = Object.fromEntries(
      ['keyA', 'keyB', 'keyC'].map((key) => [key, { type: 'STRING', value: ['45678'] }]),
    );
    await server.alice.put(`/entity/${folder.id}/annotations2`, {
      ...(body as object),
      annotations,
    });
    const ask = async (nextPageToken?: string): Promise<M.ViewColumnModelResponse> => {
      const answer = await alice().job('/column/view/scope/async', {
        concreteType: `${tableModel}.ViewColumnModelRequest`,
        viewScope: { scope: [scope], viewTypeMask: 0x8 },
        ...(nextPageToken !== undefined && { nextPageToken }),
      });
      expect(answer).toMatchObject({ status: 201 });
      return answer.body as M.ViewColumnModelResponse;
    };
    const all = await ask();
    expect(all.results.map(({ name }) => name)).toEqual(['keyA', 'keyB', 'keyC']);
    expect(all).not.toHaveProperty('nextPageToken');
    const second = await ask('1a1');
    expect(second.results.map(({ name }) => name)).toEqual(['keyB']);
    expect(second.nextPageToken).toEqual(expect.any(String));
  });

  test('validateDefiningSql: SQL that can define a virtual table is valid', async () => {
    const { id } = await oneText([]);
    expect(
      await server.alice.post('/validateDefiningSql', {
        definingSql: `select * from ${id}`,
        entityType: 'virtualtable',
      }),
    ).toMatchObject({ body: { isValid: true } });
  });

  test('testCreateTableEntity: rows without an id are added', async () => {
    const { id, columns } = await oneText([['a']]);
    await alice().change(id, [rowSet(id, columns, [{ values: ['b'] }])]);
    expect(await alice().cells(`select one from ${id}`)).toEqual([['a'], ['b']]);
  });

  test('testEmtpyTableRoundTrip: a table without columns has no rows and no etag', async () => {
    const { id } = await alice().table([]);
    const found = await page(`select * from ${id}`, { offset: 0, limit: 2 });
    expect(found.tableId).toBe(id);
    expect(found).not.toHaveProperty('etag');
  });

  test('testQueryAsync: the same query of an unchanged table is the same job', async () => {
    const { id } = await oneText([['a']]);
    const start = async (): Promise<string> => {
      const { body } = await server.alice.post(`/entity/${id}/table/query/async/start`, {
        concreteType: `${tableModel}.QueryBundleRequest`,
        query: { sql: `select * from ${id}` },
        partMask: 0xff,
      });
      return (body as { token: string }).token;
    };
    const token = await start();
    const done = await server.alice.get(`/entity/${id}/table/query/async/get/${token}`);
    expect(done).toMatchObject({ status: 201 });
    expect(await start()).toBe(token);
  });

  test('testCreateMaterializedViewWithJoinUnknownColumn: an unknown column of a join is named', async () => {
    const { id } = await oneText([]);
    const { parentId } = await server.alice.read(id);
    const answer = await server.alice.post('/entity', {
      concreteType: `${tableModel}.MaterializedView`,
      name: crypto.randomUUID(),
      parentId,
      definingSQL: `select * from ${id} a join ${id} b on a.one = b.wrong`,
    });
    expect(answer).toEqual(refusal(400, 'Column does not exist: b.wrong'));
  });
});
