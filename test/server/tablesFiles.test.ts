import { describe, expect, test } from '@jest/globals';

import { refusal, withSessions, type Session } from './entitySession.js';
import { partialRows, rowSet, TableSession, type Column } from './tableSession.js';

const server = withSessions();

function alice(): TableSession {
  return new TableSession(server.alice);
}

/** A table with a file of alice in its only row. */
async function withFile(): Promise<{ id: string; column: Column; handle: string }> {
  const [column] = await alice().columns({ name: 'file', columnType: 'FILEHANDLEID' });
  if (column === undefined) {
    throw new Error('The server made no column');
  }
  const { id } = await alice().table([column]);
  const handle = await alice().upload('content of a cell');
  await alice().append(id, [column], [[handle]]);
  return { id, column, handle };
}

async function share(id: string, accessType: string[]): Promise<void> {
  const { parentId } = await server.alice.read(id);
  const { body } = await server.alice.get(`/entity/${parentId ?? ''}/acl`);
  const acl = body as { resourceAccess: object[] };
  acl.resourceAccess.push({ principalId: server.userId('bob'), accessType });
  expect(await server.alice.put(`/entity/${parentId ?? ''}/acl`, acl)).toMatchObject({
    status: 200,
  });
}

function cellUrl(session: Session, id: string, column: Column, version: number) {
  return session.get(
    `/entity/${id}/table/column/${column.id}/row/1/version/${version}/file?redirect=false`,
  );
}

describe('files in cells', () => {
  test('are for everybody who may download the table', async () => {
    const { id, column, handle } = await withFile();
    expect(await cellUrl(server.bob, id, column, 1)).toMatchObject({ status: 403 });
    await share(id, ['READ']);
    expect(await cellUrl(server.bob, id, column, 1)).toMatchObject({ status: 403 });
    await share(id, ['READ', 'DOWNLOAD']);
    const answer = await cellUrl(server.bob, id, column, 1);
    expect(answer).toMatchObject({ status: 200 });
    expect(await (await fetch(String(answer.body))).text()).toBe('content of a cell');
    const batch = await server.bob.post('/file/v1/fileHandle/batch', {
      includeFileHandles: true,
      includePreSignedURLs: false,
      requestedFiles: [
        { fileHandleId: handle, associateObjectType: 'TableEntity', associateObjectId: id },
      ],
    });
    expect(batch.body).toMatchObject({ requestedFiles: [{ fileHandle: { id: handle } }] });
    const listed = await server.bob.post(`/entity/${id}/table/filehandles`, {
      headers: [column],
      rows: [{ rowId: 1, versionNumber: 1 }],
    });
    expect(listed.body).toMatchObject({ tableId: id, rows: [{ list: [{ id: handle }] }] });
  });

  test('belong to versions of their row', async () => {
    const { id, column } = await withFile();
    const other = await alice().upload('another');
    await alice().change(id, [partialRows(id, [{ rowId: 1, values: { [column.id]: other } }])]);
    await alice().change(id, [partialRows(id, [{ rowId: 1, values: { [column.id]: null } }])]);
    const text = async (version: number) =>
      (await fetch(String((await cellUrl(server.alice, id, column, version)).body))).text();
    expect(await text(1)).toBe('content of a cell');
    expect(await text(2)).toBe('another');
    expect(await cellUrl(server.alice, id, column, 3)).toMatchObject({ status: 404 });
    expect(await cellUrl(server.alice, id, column, 0)).toMatchObject({ status: 404 });
    const cell = `/entity/${id}/table/column/${column.id}/row/1/version/1`;
    const preview = await server.alice.get(`${cell}/filepreview?redirect=false`);
    expect(await (await fetch(String(preview.body))).text()).toBe('"content of a cell"\n');
    expect(await server.bob.get(`${cell}/filepreview`)).toMatchObject({ status: 403 });
  });

  test('may be written only by their owner', async () => {
    const { id, column, handle } = await withFile();
    await share(id, ['READ', 'DOWNLOAD', 'UPDATE']);
    const bob = new TableSession(server.bob);
    const write = (value: string) =>
      bob.transaction(id, [rowSet(id, [column], [{ values: [value] }])]);
    expect(await write(handle)).toMatchObject({ status: 201 });
    const foreign = await alice().upload('not for bob');
    expect(await write(foreign)).toEqual(refusal(403, `Cannot access files: [${foreign}]`));
    expect(await write('99999999')).toMatchObject({ status: 403 });
    expect(await write('x')).toEqual(
      refusal(400, 'Value at [0,0] was not a valid FILEHANDLEID. For input string: "x"'),
    );
    expect(await alice().rows(`select * from ${id}`)).toHaveLength(2);
  });
});
