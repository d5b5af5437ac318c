import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { partialRows, tableModel, type Column } from '../server/tableSession.js';
import { ViewSession } from './viewSession.js';

const server = withSessions();

let table: Stored;
let column: Column;

const alice = (): ViewSession => new ViewSession(server.alice);

beforeAll(async () => {
  column = await alice().column({ name: 'name', columnType: 'STRING' });
});

beforeEach(async () => {
  table = await alice().table([column]);
});

/** Sends a transaction as it is. */
function send(fields: object, id = table.id) {
  return alice().job(`/entity/${id}/table/transaction/async`, {
    concreteType: `${tableModel}.TableUpdateTransactionRequest`,
    entityId: id,
    ...fields,
  });
}

function change(entityId?: string): object {
  const row = partialRows(table.id, [{ values: { [column.id]: 'one' } }]);
  const { entityId: own, ...rest } = row as { entityId: string };
  expect(own).toBe(table.id);
  return { ...rest, ...(entityId !== undefined && { entityId }) };
}

const nothing = refusal(400, 'Must include be at least one change or create a snapshot.');

describe('TableUpdateRequestUtilsTest', () => {
  test('testValidateRequestValid: a change names the table of the transaction', async () => {
    expect(await send({ changes: [change(table.id)] })).toMatchObject({ status: 201 });
    expect(await alice().cells(`select * from ${table.id}`)).toEqual([['one']]);
  });

  test('testValidateRequestMissingId: a change without a table is one of the table of the transaction', async () => {
    expect(await send({ changes: [change()] })).toMatchObject({ status: 201 });
    expect(await alice().cells(`select * from ${table.id}`)).toEqual([['one']]);
  });

  test('testValidateRequestChangeIdDoesNotMatch: a change of another table is refused', async () => {
    const other = await alice().table([column]);
    expect(await send({ changes: [change(), change(other.id)] })).toEqual(
      refusal(
        400,
        'EntityId of TableUpdateRequest does not match the requested transaction entityId',
      ),
    );
    expect(await alice().rows(`select * from ${table.id}`)).toEqual([]);
  });

  test.each([
    ['testValidateRequestNullChagnesNulSnapshot: neither changes nor a snapshot', {}],
    [
      'testValidateRequestChagnesEmptySnapshotFalse: no changes and no snapshot',
      { changes: [], createSnapshot: false },
    ],
    ['testValidateRequestChagnesEmptySnapshotNull: an empty list of changes', { changes: [] }],
  ])('%s', async (_, fields) => {
    expect(await send(fields)).toEqual(nothing);
  });

  test.each([
    [
      'testValidateRequestChagnesEmptyWithSnapshot: a snapshot alone, with an empty list',
      { changes: [], createSnapshot: true },
    ],
    [
      'testValidateRequestNullChagnesEmptyWithSnapshot: a snapshot alone, without a list',
      { createSnapshot: true },
    ],
  ])('%s', async (_, fields) => {
    expect(await send(fields)).toMatchObject({ status: 201, body: { snapshotVersionNumber: 1 } });
  });

  test('testValidateRequestWithSnapshot: a snapshot cannot be changed', async () => {
    expect(await send({ createSnapshot: true })).toMatchObject({ status: 201 });
    const snapshot = `${table.id}.1`;
    expect(await send({ changes: [change()] }, snapshot)).toEqual(
      refusal(400, 'A snapshot is immutable and cannot be updated.'),
    );
  });
});
