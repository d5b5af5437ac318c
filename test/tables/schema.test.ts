import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AsyncJobError,
  Table,
  type ColumnChanges,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
  project = await clients.project(syn);
});

afterEach(() => clients.server.conditions.reset());

let count = 0;
/** A table with two rows. */
async function tableWithRows(): Promise<Table & Stored> {
  count += 1;
  const columns = { a: 'INTEGER', b: 'STRING', c: 'INTEGER' } as const;
  const table = await syn.store(new Table({ name: `table ${count}`, parent: project, columns }));
  const headers = table.columns.map(({ id }) => ({ id }));
  await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.TableUpdateTransactionRequest',
      entityId: table.id,
      changes: [
        {
          concreteType: 'org.sagebionetworks.repo.model.table.AppendableRowSetRequest',
          entityId: table.id,
          toAppend: {
            concreteType: 'org.sagebionetworks.repo.model.table.RowSet',
            tableId: table.id,
            headers,
            rows: [{ values: ['1', 'x', '10'] }, { values: ['2', 'y', '20'] }],
          },
        },
      ],
    },
    { id: table.id },
  );
  return table;
}

/** The rows by column name. */
async function rowsOf(id: string): Promise<Record<string, string | null>[]> {
  const { queryResult } = await syn.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: id,
      query: { sql: `SELECT * FROM ${id}` },
      partMask: 1,
    },
    { id },
  );
  const names = (queryResult?.queryResults?.headers ?? []).map(({ name = '' }) => name);
  return (queryResult?.queryResults?.rows ?? []).map(({ values = [] }) =>
    Object.fromEntries(names.map((name, index) => [name, values[index] ?? null])),
  );
}

describe('a change whose answer is lost', () => {
  const losses = {
    'before it was handled': { dropRequestAt: 0 },
    'after it was handled': { loseAnswer: true },
  };

  test.each(Object.entries(losses))('%s is made once', async (_, loss) => {
    const table = await tableWithRows();
    const fault = { operation: 'table.startTableTransaction', times: 1, ...loss };
    clients.server.conditions.set({ faults: [fault] });
    await syn.tables.alter(table, { rename: { a: 'c', c: 'a' }, retype: { b: 'LARGETEXT' } });
    expect(clients.server.conditions.faultHits()[0]).toBe(1);
    expect(await rowsOf(table.id)).toEqual([
      { c: '1', b: 'x', a: '10' },
      { c: '2', b: 'y', a: '20' },
    ]);
  });
});

describe('alter', () => {
  test('columns that are renamed and retyped keep their values', async () => {
    const table = await tableWithRows();
    const plan = await syn.tables.alter(table, {
      add: { tags: 'STRING_LIST' },
      rename: { a: 'age' },
      retype: { a: 'DOUBLE' },
      drop: ['c'],
      order: ['b'],
    });
    expect(String(plan)).toBe(
      [
        'rename     a -> age',
        'retype     age INTEGER -> DOUBLE  ! its values are converted; Synapse refuses the change if one does not fit',
        'add        tags STRING_LIST(50)[100]',
        'drop       c INTEGER  ! its values are deleted',
        'reorder    b, age, tags',
        'unchanged  1',
      ].join('\n'),
    );
    expect(await rowsOf(table.id)).toEqual([
      { b: 'x', age: '1', tags: null },
      { b: 'y', age: '2', tags: null },
    ]);
    expect(table.columns.map(({ name }) => name)).toEqual(['b', 'age', 'tags']);
    expect(await clients.calls(() => syn.store(table))).toEqual([]);
  });

  test('columns can exchange their names', async () => {
    const table = await tableWithRows();
    await syn.tables.alter(table, { rename: { a: 'c', c: 'a' } });
    expect(await rowsOf(table.id)).toEqual([
      { c: '1', b: 'x', a: '10' },
      { c: '2', b: 'y', a: '20' },
    ]);
  });

  test('a column can take the name of one that is dropped, or is renamed itself', async () => {
    const table = await tableWithRows();
    await syn.tables.alter(table, { rename: { a: 'c' }, drop: ['c'] });
    expect(await rowsOf(table.id)).toEqual([
      { c: '1', b: 'x' },
      { c: '2', b: 'y' },
    ]);
    await syn.tables.alter(table, { rename: { c: 'd' }, add: { c: 'INTEGER' } });
    expect(await rowsOf(table.id)).toEqual([
      { d: '1', b: 'x', c: null },
      { d: '2', b: 'y', c: null },
    ]);
  });
});

describe('a dry run', () => {
  test('returns the plan with its problems, and sends nothing that changes', async () => {
    const table = await tableWithRows();
    const changes = { retype: { a: 'JSON' }, add: { d: 'DATE' } } as const;
    const calls = await clients.calls(async () => {
      const plan = await syn.tables.alter(table, changes, { dryRun: true });
      expect(plan.problems).toEqual([
        'Column "a": Synapse cannot convert the values of INTEGER to JSON',
      ]);
      expect(plan.isEmpty).toBe(false);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
    await expect(syn.tables.alter(table, changes)).rejects.toThrow('cannot convert the values');
    expect((await syn.tables.columns(table)).map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  test('and a change that changes nothing send nothing', async () => {
    const table = await tableWithRows();
    for (const dryRun of [true, false]) {
      const changes = { retype: { a: 'INTEGER' }, order: ['a'], rename: { b: 'b' } } as const;
      const calls = await clients.calls(async () => {
        expect(String(await syn.tables.alter(table, changes, { dryRun }))).toBe(
          'No column changes.',
        );
      });
      expect(calls).toEqual(['entityBundle.getEntityBundle']);
    }
  });
});

describe('an error', () => {
  const wrong: [what: string, changes: ColumnChanges, message: string][] = [
    [
      'a column that does not exist',
      { drop: ['x'] },
      'There is no column "x". There are: "a", "b", "c".',
    ],
    ['a rename of one that does not exist', { rename: { x: 'y' } }, 'no column "x"'],
    ['a retype of one that does not exist', { retype: { x: 'DATE' } }, 'no column "x"'],
    ['an order with an old name', { rename: { a: 'z' }, order: ['a'] }, 'no column "a"'],
    ['an order with a name twice', { order: ['a', 'a'] }, 'names a column twice'],
    ['a name that is taken', { rename: { a: 'b' } }, 'two columns named "b"'],
    ['a new column with a name that is taken', { add: { b: 'DATE' } }, 'two columns named "b"'],
    ['a reserved name', { rename: { a: 'row_id' } }, 'The column name "row_id" is reserved'],
    [
      'a column that is dropped and renamed',
      { drop: ['a'], rename: { a: 'z' } },
      'both dropped and renamed',
    ],
    [
      'a column that is dropped and retyped',
      { drop: ['a'], retype: { a: 'DATE' } },
      'both dropped and retyped',
    ],
    ['a column that is dropped and added', { drop: ['a'], add: { a: 'DATE' } }, 'use retype'],
  ];

  test.each(wrong)('is %s, before anything changes', async (_, changes, message) => {
    const table = await tableWithRows();
    const calls = await clients.calls(() =>
      expect(syn.tables.alter(table.id, changes)).rejects.toThrow(message),
    );
    expect(calls.filter((call) => call !== 'entityBundle.getEntityBundle')).toEqual([]);
  });

  test('is a value that cannot be converted; nothing changes then', async () => {
    const table = await tableWithRows();
    const changes = { retype: { b: 'INTEGER' }, drop: ['c'] } as const;
    await expect(syn.tables.alter(table, changes)).rejects.toThrow(AsyncJobError);
    expect(await rowsOf(table.id)).toHaveLength(2);
    expect(Object.keys((await rowsOf(table.id))[0] ?? {})).toEqual(['a', 'b', 'c']);
  });

  test('is an object with changes that are not stored', async () => {
    const table = await tableWithRows();
    table.columns.pop();
    await expect(syn.tables.alter(table, { drop: ['a'] })).rejects.toThrow('are not stored');
  });

  test('is an entity without columns, and a version', async () => {
    await expect(syn.tables.alter(project, { drop: ['a'] })).rejects.toThrow('Project has none');
    await expect(syn.tables.alter('syn1.2', { drop: ['a'] })).rejects.toThrow('names version 2');
  });
});

test('any change of names keeps the values of the columns that stay', async () => {
  const random = seededRandom(7);
  const table = await tableWithRows();
  /** The values of the first row by column name. */
  let model = new Map<string, string | null>([
    ['a', '1'],
    ['b', 'x'],
    ['c', '10'],
  ]);
  const letters = ['a', 'b', 'c', 'd', 'e'];
  for (let round = 0; round < 12; round += 1) {
    const shuffled = letters
      .map((letter) => ({ letter, key: random() }))
      .sort((one, other) => one.key - other.key)
      .map(({ letter }) => letter);
    const old = [...model.keys()];
    const drop = old.filter(() => random() < 0.15);
    const kept = old.filter((name) => !drop.includes(name));
    const rename = Object.fromEntries(kept.map((name, index) => [name, shuffled[index] ?? '']));
    const free = shuffled.slice(kept.length).filter((name) => !drop.includes(name));
    const added = free.filter(() => random() < 0.4);
    const add = Object.fromEntries(added.map((name) => [name, 'INTEGER' as const]));
    await syn.tables.alter(table, { drop, rename, add });
    model = new Map([
      ...kept.map((name) => [rename[name] ?? '', model.get(name) ?? null] as const),
      ...added.map((name) => [name, null] as const),
    ]);
    expect(table.columns.map(({ name }) => name)).toEqual([...model.keys()]);
    if (model.size > 0) expect((await rowsOf(table.id))[0]).toEqual(Object.fromEntries(model));
  }
});

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
