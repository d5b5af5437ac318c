import { beforeAll, describe, expect, test } from '@jest/globals';

import { api } from '../helpers/api.js';
import { whileOthersWork } from './busyUser.js';
import { refusal, withSessions, type Stored } from './entitySession.js';
import { uploadFile } from './filesClient.js';
import { csvUpload, tableModel, TableSession } from './tableSession.js';

const server = withSessions();
let project: Stored;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Requests' });
});

describe('a body', () => {
  test.each([
    ['lists that do not end', '['.repeat(1_000_000)],
    ['nested lists', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['nested objects', `${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}`],
    ['a long number', `{"a":${'1'.repeat(1_900_000)}}`],
    ['many properties', `{${'"a":1,'.repeat(300_000)}"b":1}`],
  ])('with %s is refused', async (_, body) => {
    const { synapse } = server;
    const alice = api(synapse, synapse.users.alice.authToken);
    const answer = await whileOthersWork(server, () => alice.post('/repo/v1/entity', body));
    expect(answer).toMatchObject({ status: 400 });
  });

  test.each([
    ['/userProfile', 1],
    ['/userGroupHeaders/aliases', 'alice'],
    ['/teamList', 2],
    ['/column/batch', { name: 'a', columnType: 'INTEGER' }],
  ])('that asks %s for very many items is refused', async (path, item) => {
    const list = Array.from({ length: 20_000 }, () => item);
    const answer = await whileOthersWork(server, () => server.alice.post(path, { list }));
    expect(answer).toEqual(refusal(400, 'At most 10000 items can be requested at once.'));
  });

  test('with a long ACL is answered', async () => {
    const path = `/entity/${project.id}/acl`;
    const acl = (await server.alice.get(path)).body as { resourceAccess: object[] };
    const more = Array.from({ length: 20_000 }, () => ({ principalId: 2, accessType: ['READ'] }));
    const resourceAccess = [...acl.resourceAccess, ...more];
    const send = () => server.alice.put(path, { ...acl, resourceAccess });
    expect((await whileOthersWork(server, send)).status).toBeLessThan(500);
  });
});

describe('a CSV file', () => {
  const files: readonly (readonly [what: string, text: string, reason: string])[] = [
    ['one long cell', `a\n${'x'.repeat(5_000_000)}`, 'A cell of the file has more than'],
    ['quotes only', `a\n${'"'.repeat(5_000_000)}`, 'A cell of the file has more than'],
    ['separators only', `a\n${','.repeat(5_000_000)}`, 'more than 10000 cells'],
    ['very many columns', `${'a,'.repeat(1_000_000)}b\n1`, 'more than 10000 cells'],
  ];

  test.each(files)('of %s is refused', async (_, text, reason) => {
    const tables = new TableSession(server.alice);
    const table = await tables.table(await tables.columns({ name: 'a', columnType: 'STRING' }));
    const fields = { fileName: 'a.csv', contentType: 'text/csv' };
    const { id } = await uploadFile(server.alice, Buffer.from(text), fields);
    const refused = refusal(400, expect.stringContaining(reason));
    const upload = () => tables.transaction(table.id, [csvUpload(id)]);
    expect(await whileOthersWork(server, upload)).toEqual(refused);
    const request = {
      concreteType: `${tableModel}.UploadToTablePreviewRequest`,
      uploadFileHandleId: id,
      doFullFileScan: true,
    };
    const preview = () => tables.job('/table/upload/csv/preview/async', request);
    expect(await whileOthersWork(server, preview)).toEqual(refused);
  });

  test('of a quote that is not closed loses the row, as on the service', async () => {
    const tables = new TableSession(server.alice);
    const table = await tables.table(await tables.columns({ name: 'a', columnType: 'STRING' }));
    const text = Buffer.from(`a\n"${'x\n'.repeat(3_000_000)}`);
    const fields = { fileName: 'a.csv', contentType: 'text/csv' };
    const { id } = await uploadFile(server.alice, text, fields);
    const upload = () => tables.transaction(table.id, [csvUpload(id)]);
    expect(await whileOthersWork(server, upload)).toMatchObject({
      status: 201,
      body: { results: [{ rowsProcessed: 0 }] },
    });
  });
});
