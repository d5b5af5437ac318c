import { describe, expect, test } from '@jest/globals';
import { login } from '../../src/auth/login.js';
import { createContext } from '../../src/createContext.js';
import { Table } from '../../src/index.js';
import { copyTable } from '../../src/copy/copyTable.js';
import { complete, withCopies } from './copies.js';

const copies = withCopies();

async function rowsOf(id: string): Promise<unknown[][]> {
  const rows = await copies.syn.tableQuery(`select * from ${id}`, { integers: 'bigint' });
  return rows.map((row) => Object.values(row).map((value) => value));
}

describe('the rows of a table', () => {
  test('keep every value, and do not come through this machine', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const table = await copies.syn.store(
      new Table({
        name: 'all types',
        parentId: from,
        annotations: { n: 1 },
        description: 'd',
        columns: {
          s: 'STRING',
          i: 'INTEGER',
          d: 'DOUBLE',
          b: 'BOOLEAN',
          t: 'DATE',
          l: 'STRING_LIST',
          e: 'ENTITYID',
          j: 'JSON',
          'odd, "name"': 'LARGETEXT',
        },
      }),
    );
    await copies.syn.tables.append(table.id, [
      {
        s: 'λ "quoted", \\ \n line',
        i: 9007199254740993n,
        d: Number.NaN,
        b: true,
        t: new Date(1_500_000_000_123),
        l: ['a,b', '"c"', ''],
        e: 'syn123',
        j: { a: [1, null] },
        'odd, "name"': ' spaces ',
      },
      { s: '', i: null, d: 0.1, b: false },
      { s: null },
    ]);
    const before = await rowsOf(table.id);
    let mapping = new Map<string, string>();
    const calls = await copies.callsOf(async () => {
      mapping = complete(await copies.syn.copy(table, { to }));
    });
    const copy = mapping.get(table.id) ?? '';
    expect(await rowsOf(copy)).toEqual(before);
    expect(calls['file.createMultipartUpload']).toBeUndefined();
    const { annotations, description, columns } = await copies.syn.get(Table, copy);
    expect([annotations, description]).toEqual([{ n: [1] }, 'd']);
    expect(columns.map(({ id }) => id)).toEqual(table.columns.map(({ id }) => id));
  });

  test('of one column keep the empty ones', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const table = await copies.syn.store(
      new Table({ name: 'one', parentId: from, columns: { s: 'STRING' } }),
    );
    await copies.syn.tables.append(table.id, [{ s: 'a' }, { s: null }, { s: '' }, { s: null }]);
    const mapping = complete(await copies.syn.copy(table, { to }));
    expect(await rowsOf(mapping.get(table.id) ?? '')).toEqual([['a'], [null], [''], [null]]);
  });

  test('may be none, and there may be no columns', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const empty = await copies.syn.store(
      new Table({ name: 'no rows', parentId: from, columns: { s: 'STRING', t: 'STRING' } }),
    );
    const bare = await copies.syn.store(new Table({ name: 'no columns', parentId: from }));
    const mapping = complete(await copies.syn.copy(from, { to }));
    expect(await rowsOf(mapping.get(empty.id) ?? '')).toEqual([]);
    expect((await copies.syn.get(Table, mapping.get(bare.id) ?? '')).columns).toEqual([]);
  });

  test('that Synapse cannot read in one file come in several transactions', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const columns = { s: 'STRING', i: 'INTEGER' } as const;
    const table = await copies.syn.store(new Table({ name: 'large', parentId: from, columns }));
    const rows = Array.from({ length: 3_000 }, (_, i) => ({ s: `value ${i}`, i }));
    await copies.syn.tables.append(table.id, rows);
    const copy = await copies.syn.store(new Table({ name: 'large', parentId: to, columns }));
    const { endpoint, authToken } = copies.server.synapse;
    const { context, loginContext, close } = createContext({
      endpoint,
      environment: {},
      configPath: '/dev/null',
    });
    await login(loginContext, { authToken });
    await copyTable(
      context,
      { id: table.id, prepare: () => Promise.resolve(copy.id) },
      { signal: new AbortController().signal, maxTransactionBytes: 10_000 },
    );
    await close();
    expect(await rowsOf(copy.id)).toEqual(rows.map(({ s, i }) => [s, BigInt(i)]));
  });
});

describe('files in cells', () => {
  test('of another user are copied, and can be downloaded from the copy', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject(copies.other)];
    const table = await copies.syn.store(
      new Table({ name: 'files', parentId: from, columns: { f: 'FILEHANDLEID', n: 'INTEGER' } }),
    );
    const handles = await Promise.all(
      Array.from({ length: 120 }, (_, index) =>
        copies.syn.fileHandles.upload(Buffer.from(`file ${index}`), { fileName: `${index}.txt` }),
      ),
    );
    const ids = handles.map(({ id = '' }) => id);
    await copies.syn.tables.append(table.id, [
      ...ids.map((f, n) => ({ f, n })),
      { f: ids[0], n: 120 },
      { f: null, n: 121 },
    ]);
    await copies.syn.setPermissions(from, 'ann', { accessType: ['READ', 'DOWNLOAD'] });
    let copy = '';
    const calls = await copies.callsOf(async () => {
      copy = complete(await copies.other.copy(table.id, { to })).get(table.id) ?? '';
    });
    expect(calls['file.copyFileHandleBatch']).toBe(2);
    const rows = await copies.other.tableQuery(`select * from ${copy}`);
    expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 122 }, (_, n) => n));
    const first = String(rows[0]?.['f']);
    expect(ids).not.toContain(first);
    expect(String(rows[120]?.['f'])).toBe(first);
    expect(rows[121]?.['f']).toBeNull();
    const chunks: Buffer[] = [];
    const stream = await copies.other.fileHandles.stream({
      fileHandleId: String(rows[7]?.['f']),
      associateObjectType: 'TableEntity',
      associateObjectId: copy,
    });
    for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
    expect(Buffer.concat(chunks).toString()).toBe('file 7');
  });
});

describe('a table that is there', () => {
  const columns = { s: 'STRING', i: 'INTEGER' } as const;

  test('is left as it is when it has the same rows', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const table = await copies.syn.store(new Table({ name: 't', parentId: from, columns }));
    await copies.syn.tables.append(table.id, [{ s: 'a', i: 1 }]);
    complete(await copies.syn.copy(table, { to }));
    const writes = await copies.writesOf(async () => {
      const report = await copies.syn.copy(table, { to, updateExisting: true });
      expect(report.skipped).toHaveLength(1);
    });
    expect(writes).toEqual({});
  });

  test('gets the rows when it has none', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const table = await copies.syn.store(new Table({ name: 't', parentId: from, columns }));
    await copies.syn.tables.append(table.id, [{ s: 'a', i: 1 }]);
    const copy = await copies.syn.store(new Table({ name: 't', parentId: to, columns }));
    const mapping = complete(await copies.syn.copy(table, { to, updateExisting: true }));
    expect(mapping.get(table.id)).toBe(copy.id);
    expect(await rowsOf(copy.id)).toEqual([['a', 1n]]);
  });

  test.each([
    ['rows', columns, { s: 'b', i: 1 }],
    ['columns', { s: 'STRING' } as const, { s: 'a' }],
  ])('is a conflict when it has other %s', async (what, others, row) => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const table = await copies.syn.store(new Table({ name: 't', parentId: from, columns }));
    await copies.syn.tables.append(table.id, [{ s: 'a', i: 1 }]);
    const there = await copies.syn.store(new Table({ name: 't', parentId: to, columns: others }));
    await copies.syn.tables.append(there.id, [row]);
    await expect(copies.syn.copy(table, { to, updateExisting: true })).rejects.toThrow(
      `has its name and other ${what}`,
    );
  });
});

describe('ids in cells', () => {
  test('become those of the copies with updateTableIds, and only then', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const file = await copies.storeFile('a', from);
    const columns = { e: 'ENTITYID', l: 'ENTITYID_LIST', s: 'STRING' } as const;
    const table = await copies.syn.store(new Table({ name: 't', parentId: from, columns }));
    const elsewhere = `${file.id}0`;
    await copies.syn.tables.append(table.id, [
      { e: file.id, l: [table.id, elsewhere], s: file.id },
      { e: elsewhere, l: null, s: '' },
    ]);
    const options = { to, updateTableIds: true };
    const mapping = complete(await copies.syn.copy(from, options));
    const copied = (id: string): string => mapping.get(id) ?? '';
    expect(await rowsOf(copied(table.id))).toEqual([
      [copied(file.id), [copied(table.id), elsewhere], file.id],
      [elsewhere, null, ''],
    ]);
    const writes = await copies.writesOf(async () => {
      complete(await copies.syn.copy(from, { ...options, updateExisting: true }));
    });
    expect(writes).toEqual({});
    const other = await copies.newProject();
    const plain = complete(await copies.syn.copy(table, { to: other }));
    expect((await rowsOf(plain.get(table.id) ?? ''))[0]?.[0]).toBe(file.id);
  });
});

test('rows whose transaction lost its answer are not sent twice', async () => {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  const columns = { s: 'STRING', i: 'INTEGER' } as const;
  const table = await copies.syn.store(new Table({ name: 't', parentId: from, columns }));
  await copies.syn.tables.append(table.id, [{ s: 'a', i: 1 }]);
  copies.server.synapse.conditions.set({
    faults: [{ operation: 'table.startTableTransaction', loseAnswer: true, times: 1 }],
  });
  const report = await copies.syn.copy(table, { to });
  copies.server.synapse.conditions.set({ faults: [] });
  const mapping = complete(report);
  expect(await rowsOf(mapping.get(table.id) ?? '')).toEqual([['a', 1n]]);
});
