import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import {
  csvUpload,
  partialRows,
  rowSet,
  schemaChange,
  tableModel,
  type Column,
} from '../server/tableSession.js';
import { numberOf, ViewSession } from './viewSession.js';

const server = withSessions();

let project: Stored;
let file: Stored;
let view: Stored;
let column: Column;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  column = await alice().column({ name: 'color', columnType: 'STRING' });
});

beforeEach(async () => {
  project = await alice().project();
  file = await alice().file(project.id, 'file');
  view = await alice().fileView(project.id, [column]);
});

function send(changes: readonly object[], fields: object = {}) {
  return alice().transaction(view.id, changes, fields);
}

function partial(row: object = {}): object {
  const { id } = column;
  const whole = { rowId: numberOf(file), etag: file.etag, values: { [id]: 'red' }, ...row };
  return partialRows(view.id, [whole]);
}

function whole(): object {
  return rowSet(
    view.id,
    [column],
    [{ rowId: numberOf(file), versionNumber: 1, etag: file.etag, values: ['red'] }],
  );
}

async function color(): Promise<readonly string[] | undefined> {
  return alice().annotation(file.id, 'color');
}

describe('TableViewUpdateRequestManagerTest', () => {
  test('testApplySchemaChange: a change of the columns answers with the new ones', async () => {
    const size = await alice().column({ name: 'size', columnType: 'INTEGER' });
    expect(await send([schemaChange([{ newColumnId: size.id }])])).toMatchObject({
      status: 201,
      body: {
        results: [
          { concreteType: `${tableModel}.TableSchemaChangeResponse`, schema: [column, size] },
        ],
      },
    });
  });

  test('testApplyChangePartialRowSet: partial rows are a change of a view', async () => {
    expect(await alice().updates(view.id, partial())).toEqual([{ entityId: file.id }]);
    expect(await color()).toEqual(['red']);
  });

  test('testApplyChangeRowSet: whole rows are a change of a view', async () => {
    expect(await alice().updates(view.id, whole())).toEqual([{ entityId: file.id }]);
    expect(await color()).toEqual(['red']);
  });

  test('testApplyChangeUploadTable: rows of a file are a change of a view', async () => {
    const text = `ROW_ID,ROW_VERSION,ROW_ETAG,color\n${numberOf(file)},1,${file.etag},red\n`;
    const upload = csvUpload(await alice().upload(text));
    expect(await alice().updates(view.id, upload)).toEqual([{ entityId: file.id }]);
    expect(await color()).toEqual(['red']);
  });

  test('testApplyChangeUnknownType: a change of the search is not one of a view', async () => {
    const type = `${tableModel}.TableSearchChangeRequest`;
    expect(await send([{ concreteType: type, searchEnabled: true }])).toEqual(
      refusal(400, `Unsupported TableUpdateRequest: ${type}`),
    );
    expect(await server.alice.read(view.id)).toMatchObject({ etag: view.etag });
  });

  test('testUpdateTableWithTransaction: a transaction without UPDATE is refused', async () => {
    const change = [schemaChange([{ oldColumnId: column.id }])];
    const bob = new ViewSession(server.bob);
    expect(await bob.transaction(view.id, change)).toMatchObject({ status: 403 });
    expect(await send(change)).toMatchObject({ status: 201, body: { results: [{ schema: [] }] } });
    const { body } = await server.alice.get(`/entity/${view.id}/version`);
    expect(body).toMatchObject({ results: [{ versionNumber: 1 }] });
  });

  test.each([
    ['testUpdateTableWithTransactionWithSnapshot: a snapshot has its label', []],
    [
      'testUpdateTableWithTransactionWithSnapshotNulChanges: a snapshot needs no changes',
      undefined,
    ],
  ])('%s', async (_, changes) => {
    const answer = await alice().job(`/entity/${view.id}/table/transaction/async`, {
      concreteType: `${tableModel}.TableUpdateTransactionRequest`,
      entityId: view.id,
      ...(changes !== undefined && { changes }),
      createSnapshot: true,
      snapshotOptions: { snapshotLabel: 'some label' },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: { results: [], snapshotVersionNumber: 1 },
    });
    expect((await server.alice.get(`/entity/${view.id}/version/1`)).body).toMatchObject({
      versionLabel: 'some label',
    });
  });

  test('testUpdateTableWithTransactionWithSnapshotAndChanges: a snapshot of a view goes without changes, that of a table with them', async () => {
    const options = { createSnapshot: true, snapshotOptions: { snapshotLabel: 'some label' } };
    const size = await alice().column({ name: 'size', columnType: 'INTEGER' });
    const add = schemaChange([{ newColumnId: size.id }]);
    expect(await send([add, partial()], options)).toEqual(
      refusal(400, 'When creating a view snapshot no changes can be included in the request.'),
    );
    expect(await server.alice.read(view.id)).toMatchObject({ columnIds: [column.id] });
    expect(await color()).toBeUndefined();
    const { id } = await alice().table([column]);
    const rows = partialRows(id, [{ values: { [column.id]: 'red', [size.id]: '1' } }]);
    expect(await alice().transaction(id, [add, rows], options)).toMatchObject({
      status: 201,
      body: { results: [{}, {}], snapshotVersionNumber: 1 },
    });
    expect(await alice().cells(`select * from ${id}.1`)).toEqual([['red', '1']]);
  });

  test.each([
    ['testUpdateTableWithTransactionWithSnapshotNull: nothing is said about a snapshot', undefined],
    ['testUpdateTableWithTransactionWithSnapshotFalse: a snapshot is not wanted', false],
  ])('%s', async (_, createSnapshot) => {
    const answer = await send([partial()], createSnapshot === undefined ? {} : { createSnapshot });
    expect(answer).toMatchObject({ status: 201 });
    expect(answer.body).not.toHaveProperty('snapshotVersionNumber');
    expect(await server.alice.read(view.id)).toMatchObject({ versionNumber: 1 });
  });

  test('testUpdateTableWithTransactionNullCreateSnapshotButIncludesSnapshotOptions: options alone make no snapshot', async () => {
    expect(await send([partial()], { snapshotOptions: { snapshotLabel: 'some label' } })).toEqual(
      refusal(400, 'Included SnapshotOptions but the createSnapshot boolean is null'),
    );
    expect(await color()).toBeUndefined();
  });

  test('testUpdateTableWithTransactionEmptyRequest: there must be something to do', async () => {
    expect(await send([])).toEqual(
      refusal(400, 'Must include be at least one change or create a snapshot.'),
    );
  });

  test('testApplyRowChangeParitalRowSet: partial rows of several files are changed', async () => {
    const second = await alice().file(project.id, 'second');
    const rows = [file, second].map((each) => ({
      rowId: numberOf(each),
      etag: each.etag,
      values: { [column.id]: 'red' },
    }));
    expect(await alice().updates(view.id, partialRows(view.id, rows))).toEqual([
      { entityId: file.id },
      { entityId: second.id },
    ]);
  });

  test('testApplyRowChangeRowSet: the headers of whole rows tell the columns', async () => {
    const other = await alice().column({ name: 'other', columnType: 'STRING' });
    const change = rowSet(
      view.id,
      [other, column],
      [{ rowId: numberOf(file), etag: file.etag, values: ['x', 'red'] }],
    );
    expect(await alice().updates(view.id, change)).toEqual([{ entityId: file.id }]);
    expect(await color()).toEqual(['red']);
    expect(await alice().annotation(file.id, 'other')).toBeUndefined();
  });

  test('testApplyRowChangeNullToAppend: rows are required', async () => {
    const change = { concreteType: `${tableModel}.AppendableRowSetRequest`, entityId: view.id };
    expect(await send([change])).toEqual(
      refusal(400, 'AppendableRowSetRequest.toAppend is required.'),
    );
  });

  test('testApplyRowChangeNullEntityId: a change without an entity is one of the entity of the transaction', async () => {
    const { entityId, ...change } = partial() as { entityId: string };
    expect(entityId).toBe(view.id);
    expect(await alice().updates(view.id, change)).toEqual([{ entityId: file.id }]);
  });

  test('testApplyRowChangeWithMismatchingTableId: rows of another table are refused', async () => {
    const other = await alice().fileView(project.id, [column]);
    const { toAppend } = partialRows(other.id, []) as { toAppend: object };
    const change = { ...partial(), toAppend };
    expect(await send([change])).toEqual(
      refusal(
        400,
        `The table id in the rowSet must match the entity id in the request (Expected: ${view.id}, Found: ${other.id})`,
      ),
    );
  });

  test('testApplyRowSet: a row that did not change is no error', async () => {
    await alice().annotate(file.id, { color: ['STRING', 'red'] });
    file = await server.alice.read(file.id);
    expect(await alice().updates(view.id, whole())).toEqual([{ entityId: file.id }]);
    expect(await color()).toEqual(['red']);
  });

  const tooLarge = refusal(
    400,
    'Request exceeds the maximum number of bytes per request.  Maximum : 2097152 bytes',
  );

  test('testApplyRowSetOverSize: whole rows have at most 2 MiB', async () => {
    const wide = await alice().column({ name: 'wide', columnType: 'STRING', maximumSize: 1000 });
    view = await alice().fileView(project.id, [wide]);
    const rows: M.Row[] = Array.from({ length: 600 }, () => ({
      ...{ rowId: numberOf(file), etag: file.etag, values: ['x'] },
    }));
    expect(await send([rowSet(view.id, [wide], rows)])).toEqual(tooLarge);
    expect(await alice().annotation(file.id, 'wide')).toBeUndefined();
  });

  test.each([
    ['testApplyRowSetNullTableId: whole rows name their table', true],
    ['testApplyPartialRowSetNullTableId: partial rows name their table', false],
  ])('%s', async (_, isWhole) => {
    const change = (isWhole ? whole() : partial()) as { toAppend: { tableId?: string } };
    const { tableId, ...toAppend } = change.toAppend;
    expect(tableId).toBe(view.id);
    expect(await send([{ ...change, toAppend }])).toEqual(
      refusal(
        400,
        `The table id in the rowSet must match the entity id in the request (Expected: ${view.id}, Found: null)`,
      ),
    );
    expect(await color()).toBeUndefined();
  });

  test('testApplyPartialRowSet: a cell of null removes the annotation', async () => {
    await alice().annotate(file.id, { color: ['STRING', 'red'] });
    const { etag } = await server.alice.read(file.id);
    const change = partial({ etag, values: { [column.id]: null } });
    expect(await alice().updates(view.id, change)).toEqual([{ entityId: file.id }]);
    expect(await color()).toBeUndefined();
  });

  test('testApplyPartialRowSetOverSize: partial rows have at most 2 MiB', async () => {
    const value = 'x'.repeat(600_000);
    expect(await send([partial({ values: { [column.id]: value } })])).toEqual(tooLarge);
    expect(await color()).toBeUndefined();
  });

  test('testProcessRows: each row has a result of its own', async () => {
    const good = { rowId: numberOf(file), etag: file.etag, values: { [column.id]: 'red' } };
    const change = partialRows(view.id, [{ ...good, rowId: 999_999_999 }, good]);
    expect(await alice().updates(view.id, change)).toEqual([
      { entityId: 'syn999999999', failureCode: 'NOT_FOUND' },
      { entityId: file.id },
    ]);
    expect(await color()).toEqual(['red']);
  });

  test('testProcessRow: the result names the file', async () => {
    expect(await alice().updates(view.id, partial())).toEqual([{ entityId: file.id }]);
  });

  test('testProcessRowNotFound: a file that does not exist is not found', async () => {
    expect(await alice().updates(view.id, partial({ rowId: 999_999_999 }))).toEqual([
      { entityId: 'syn999999999', failureCode: 'NOT_FOUND' },
    ]);
  });

  test('testProcessRowConflict: another etag is a concurrent update', async () => {
    expect(await alice().updates(view.id, partial({ etag: crypto.randomUUID() }))).toEqual([
      { entityId: file.id, failureCode: 'CONCURRENT_UPDATE' },
    ]);
    expect(await color()).toBeUndefined();
  });

  test('testProcessRowUnauthorized: a file that the caller may not change is left', async () => {
    const bobs = await new ViewSession(server.bob).project();
    view = await new ViewSession(server.bob).fileView(project.id, [column], {
      parentId: bobs.id,
    });
    await alice().grant(project.id, server.userId('bob'), ['READ']);
    expect(await new ViewSession(server.bob).updates(view.id, partial())).toEqual([
      { entityId: file.id, failureCode: 'UNAUTHORIZED' },
    ]);
    expect(await color()).toBeUndefined();
  });

  test('testProcessRowIllegalArgument: a value that is not valid is told', async () => {
    const size = await alice().column({ name: 'size', columnType: 'INTEGER' });
    view = await alice().fileView(project.id, [size]);
    expect(await alice().updates(view.id, partial({ values: { [size.id]: 'many' } }))).toEqual([
      {
        entityId: file.id,
        failureCode: 'ILLEGAL_ARGUMENT',
        failureMessage: expect.stringContaining('many'),
      },
    ]);
  });
});
