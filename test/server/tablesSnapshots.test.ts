import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { quotedCsv } from '../helpers/quotedCsv.js';
import { refusal, withSessions } from './entitySession.js';
import { partialRows, schemaChange, TableSession } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

async function snapshot(id: string, mark: M.SnapshotRequest = {}): Promise<number> {
  const answer = await server.alice.post(`/entity/${id}/table/snapshot`, mark);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as M.SnapshotResponse).snapshotVersionNumber;
}

describe('snapshots', () => {
  test('freeze the version that is being worked on', async () => {
    const { id } = await alice().filled();
    const version = await snapshot(id, { snapshotLabel: 'first', snapshotComment: 'as it was' });
    expect(version).toBe(1);
    const { results } = (await server.alice.get(`/entity/${id}/version`))
      .body as M.PaginatedResultsOfVersionInfo;
    expect(results).toMatchObject([
      { versionNumber: 2, versionLabel: 'in progress', isLatestVersion: true },
      { versionNumber: 1, versionLabel: 'first', versionComment: 'as it was' },
    ]);
    expect(await snapshot(id)).toBe(2);
  });

  test('keep rows and columns whatever happens to the table', async () => {
    const { id, columns, name, count } = await alice().filled();
    await snapshot(id);
    await alice().change(id, [partialRows(id, [{ rowId: 1, values: { [name.id]: 'uno' } }])]);
    await alice().append(id, columns, [['four', '4']]);
    await snapshot(id);
    await alice().change(id, [schemaChange([{ oldColumnId: count.id }])]);
    await alice().change(id, [partialRows(id, [{ rowId: 2 }])]);
    expect(await alice().cells(`select * from ${id}.1`)).toEqual([
      ['one', '1'],
      ['two', '2'],
      ['three', '3'],
    ]);
    expect(await alice().cells(`select * from ${id}.2`)).toEqual([
      ['uno', '1'],
      ['two', '2'],
      ['three', '3'],
      ['four', '4'],
    ]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([['uno'], ['three'], ['four']]);
    expect((await server.alice.get(`/entity/${id}.1/column`)).body).toEqual({ results: columns });
    expect(await alice().csv(`select name from ${id}.1 where "count" = 2`)).toBe(
      quotedCsv('ROW_ID,ROW_VERSION,name\n2,1,two\n'),
    );
  });

  test('have no rows before they are made', async () => {
    const { id } = await alice().filled();
    expect(await alice().askQuery(`select * from ${id}.1`)).toEqual(
      refusal(400, `Snapshot for ${id}.1 does not exist`),
    );
    expect(await alice().askCsv(`select * from ${id}.1`)).toMatchObject({ status: 400 });
    await snapshot(id);
    expect(await alice().rows(`select * from ${id}.1`)).toHaveLength(3);
    expect(await alice().askQuery(`select * from ${id}.2`)).toEqual(
      refusal(400, `Snapshot for ${id}.2 does not exist`),
    );
  });

  test('keep cells in their columns when the columns have been changed before', async () => {
    const { id, name, count } = await alice().filled();
    const [text] = await alice().columns({ name: 'count', columnType: 'STRING' });
    const order = [text?.id ?? '', name.id];
    await alice().change(id, [
      schemaChange([{ oldColumnId: count.id, newColumnId: text?.id ?? '' }], order),
    ]);
    await snapshot(id);
    await alice().append(id, [name], [['four']]);
    expect(await alice().cells(`select * from ${id}`)).toEqual([
      ['1', 'one'],
      ['2', 'two'],
      ['3', 'three'],
      [null, 'four'],
    ]);
  });

  test('are searched as they were', async () => {
    const { id, columns } = await alice().filled([['quick fox', '1']]);
    await server.alice.update(await server.alice.read(id), { isSearchEnabled: true });
    expect(await alice().rows(`select * from ${id} where text_matches('fox')`)).toHaveLength(1);
    await snapshot(id);
    await alice().append(id, columns, [['slow fox', '2']]);
    expect(await alice().rows(`select * from ${id} where text_matches('fox')`)).toHaveLength(2);
    expect(await alice().rows(`select * from ${id}.1 where text_matches('fox')`)).toHaveLength(1);
  });

  test('are made by a transaction after its changes', async () => {
    const { id, count } = await alice().filled();
    const { snapshotVersionNumber } = await alice().change(
      id,
      [schemaChange([{ oldColumnId: count.id }])],
      { createSnapshot: true, snapshotOptions: { snapshotLabel: 'narrow' } },
    );
    expect(snapshotVersionNumber).toBe(1);
    expect(await alice().cells(`select * from ${id}.1`)).toEqual([['one'], ['two'], ['three']]);
    expect(await alice().change(id, [], { createSnapshot: true })).toMatchObject({
      results: [],
      snapshotVersionNumber: 2,
    });
  });

  test('have labels of their own', async () => {
    const { id, count } = await alice().filled();
    await snapshot(id, { snapshotLabel: 'once' });
    const again = await server.alice.post(`/entity/${id}/table/snapshot`, {
      snapshotLabel: 'once',
    });
    expect(again).toMatchObject({ status: 400 });
    const failed = await alice().transaction(id, [schemaChange([{ oldColumnId: count.id }])], {
      createSnapshot: true,
      snapshotOptions: { snapshotLabel: 'once' },
    });
    expect(failed).toMatchObject({ status: 400 });
    expect(await alice().cells(`select * from ${id} limit 1`)).toEqual([['one', '1']]);
  });

  test('are not made of versions', async () => {
    const { id } = await alice().filled();
    await snapshot(id);
    expect(await server.alice.post(`/entity/${id}.1/table/snapshot`, {})).toEqual(
      refusal(400, 'A snapshot is immutable and cannot be updated.'),
    );
  });

  test('need UPDATE', async () => {
    const { id } = await alice().filled();
    expect(await server.bob.post(`/entity/${id}/table/snapshot`, {})).toMatchObject({
      status: 403,
    });
  });

  test('go with their version', async () => {
    const { id } = await alice().filled();
    await snapshot(id);
    expect(await server.alice.delete(`/entity/${id}/version/1`)).toMatchObject({ status: 204 });
    expect(await alice().askQuery(`select * from ${id}.1`)).toMatchObject({ status: 404 });
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(3);
  });
});
