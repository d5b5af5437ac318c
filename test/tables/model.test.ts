import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ColumnType } from '../../src/columns/columnTypes.js';
import { rowReference, rowReferenceKey, Synapse } from '../../src/index.js';
import { withServer } from '../helpers/withServer.js';
import { inParallel } from './inParallel.js';
import {
  ModelTable,
  type Expected,
  type ModelColumn,
  type ModelState,
  type ModelValues,
} from './modelTable.js';
import { RandomSource } from './randomSource.js';
import { createProject, createTable } from './rawTables.js';

/** The number of sequences. `TEST_SEQUENCES` makes it larger; `TEST_SEED` makes others. */
const count = Number(process.env['TEST_SEQUENCES'] ?? 200);
const firstSeed = Number(process.env['TEST_SEED'] ?? 1);
const stepsOfSequence = 6;
/** Jobs wait for their first look: several tables at a time keep the machine busy. */
const atOnce = 24;

const server = withServer();
let syn: Synapse;
let parentId: string;

beforeAll(async () => {
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({ endpoint, environment: {}, useCache: false });
  await syn.login({ authToken });
  parentId = await createProject(syn);
});
afterAll(() => syn.close());

const texts = ['', 'a', 'A', 'á', "it's", '"b"', 'x,y', 'two\nlines', '\\', '😀', ' ', 'null', '%'];
const values: Readonly<Partial<Record<ColumnType, readonly unknown[]>>> = {
  STRING: texts,
  INTEGER: [0, 1, -1, 2, 3, 7, 2 ** 53 - 1],
  DOUBLE: [0, 0.1, -1.5, 1e300, NaN, Infinity, 3],
  BOOLEAN: [true, false],
  DATE: [new Date(0), new Date(-1), new Date('2024-02-29T12:00:00.001Z')],
  STRING_LIST: [[], ['a'], ['', "b'"], ['a', 'a', '"']],
  JSON: [{}, [], { a: [1, null] }, ['x', { b: 'é' }]],
};
const types = Object.keys(values) as ColumnType[];
const names = ['name', 'a b', 'count', "it's", 'größe', 'x"y', 'rowId', 'etag', 'flag', 'tags'];
/** Types whose values can be keys of an upsert. */
const keyTypes: readonly ColumnType[] = ['STRING', 'INTEGER', 'BOOLEAN', 'DATE'];

/** How values change with the type of their column. */
const conversions: readonly {
  from: ColumnType;
  to: ColumnType;
  convert: (value: unknown) => unknown;
}[] = [
  { from: 'INTEGER', to: 'STRING', convert: String },
  { from: 'INTEGER', to: 'DOUBLE', convert: Number },
  { from: 'BOOLEAN', to: 'STRING', convert: (value) => (value === true ? '1' : '0') },
  { from: 'STRING', to: 'STRING_LIST', convert: (value) => [value] },
  { from: 'DATE', to: 'INTEGER', convert: (value) => (value as Date).getTime() },
];

/** A snapshot that was made, and what it has to show for ever. */
interface OldState {
  versionedId: string;
  state: ModelState;
}

/** A table in Synapse and its model, to which the same is done. */
class Sequence {
  readonly #random: RandomSource;
  readonly #model: ModelTable;
  readonly #id: string;
  /** The versions of the rows, as the last query has shown them. */
  #versions = new Map<number, number>();
  /** Versions of rows that were read some time ago. */
  #remembered = new Map<number, number>();
  readonly #snapshots: OldState[] = [];
  #newest = 0;

  private constructor(id: string, model: ModelTable, random: RandomSource) {
    this.#id = id;
    this.#model = model;
    this.#random = random;
  }

  static async start(random: RandomSource): Promise<Sequence> {
    const columns: ModelColumn[] = random
      .shuffled(names)
      .slice(0, 1 + random.below(4))
      .map((name) => ({ name, type: random.pick(types) }));
    if (random.isLikely(0.4)) columns.push({ name: 'status', type: 'INTEGER', defaultValue: '7' });
    const { id } = await createTable(
      syn,
      parentId,
      columns.map(({ type, ...column }) => ({ ...column, columnType: type })),
    );
    return new Sequence(id, new ModelTable(columns), random);
  }

  /** Does something, and compares the table with the model. Returns what it was. */
  async step(): Promise<string> {
    const steps: Readonly<Record<string, [weight: number, run: () => Promise<void>]>> = {
      append: [3, () => this.#append()],
      update: [2, () => this.#update()],
      upsert: [3, () => this.#upsert()],
      delete: [2, () => this.#delete()],
      alter: [2, () => this.#alter()],
      snapshot: [1, () => this.#snapshot()],
    };
    const weighted = Object.entries(steps).flatMap(([name, [weight, run]]) =>
      Array.from({ length: weight }, () => ({ name, run })),
    );
    // Most things need rows.
    const { name, run } =
      this.#model.rows.size === 0 && this.#random.isLikely(0.7)
        ? { name: 'append', run: () => this.#append() }
        : this.#random.pick(weighted);
    if (this.#random.isLikely(0.3)) this.#remembered = new Map(this.#versions);
    await run();
    await this.compareSnapshots(1);
    return name;
  }

  /** Compares old snapshots with what they were. */
  async compareSnapshots(most: number): Promise<void> {
    for (const { versionedId, state } of this.#random.some(this.#snapshots, most)) {
      await this.#compare(versionedId, state);
    }
  }

  /** A row with values for some columns. */
  #values(columns: readonly ModelColumn[], isSparse: boolean): ModelValues {
    const given = isSparse ? columns.filter(() => this.#random.isLikely(0.6)) : columns;
    return Object.fromEntries(
      given.map(({ name, type }) => [
        name,
        this.#random.isLikely(0.2) ? null : this.#random.pick(values[type] ?? []),
      ]),
    );
  }

  #rows(most: number): ModelValues[] {
    return Array.from({ length: this.#random.below(most + 1) }, () =>
      this.#values(this.#model.columns, true),
    );
  }

  async #append(): Promise<void> {
    const rows = this.#rows(5);
    const expected = this.#model.append(rows);
    if (this.#random.isLikely(0.3)) {
      const batcher = syn.tables.batcher(this.#id, { maxRows: 2 });
      for (const row of rows) await batcher.add(row);
      await batcher.close();
      await this.#check(expected, () => Promise.resolve({ rows: rows.length }));
    } else {
      await this.#check(expected, () => syn.tables.append(this.#id, rows));
    }
  }

  async #update(): Promise<void> {
    const known = this.#random.isLikely(0.3) ? this.#remembered : this.#versions;
    const changes = this.#random.some([...known], 3).map(([rowId, versionNumber]) => ({
      rowId,
      versionNumber,
      values: this.#values(this.#model.columns, true),
    }));
    const rows = changes.map(({ values: row, ...reference }) => ({
      ...row,
      [rowReferenceKey]: reference,
    }));
    await this.#check(this.#model.update(changes, this.#versions), () =>
      syn.tables.update(this.#id, rows),
    );
  }

  async #upsert(): Promise<void> {
    const possible = this.#model.columns.filter(({ type }) => keyTypes.includes(type));
    const keys = this.#random.some(possible, 2).map(({ name }) => name);
    if (keys.length === 0) return;
    const stored = [...this.#model.rows.values()];
    const rows = this.#rows(4).map((row) => {
      const isOld = stored.length > 0 && this.#random.isLikely(0.6);
      const source = isOld ? this.#random.pick(stored) : this.#values(this.#model.columns, false);
      const own = keys.map((name) => [name, source[name] ?? null] as const);
      return {
        ...(isOld && this.#random.isLikely(0.3) ? source : row),
        ...Object.fromEntries(own),
      };
    });
    await this.#check(this.#model.upsert(rows, keys), () =>
      syn.tables.upsert(this.#id, rows, { keys }),
    );
  }

  async #delete(): Promise<void> {
    const column = this.#model.columns.find(({ type }) => type === 'INTEGER');
    if (column !== undefined && this.#random.isLikely(0.3)) {
      const found = [...this.#model.rows].filter(
        ([, row]) => Number(row[column.name] ?? -Infinity) >= 2,
      );
      const name = `"${column.name.replaceAll('"', '""')}"`;
      await this.#check(this.#model.delete(found.map(([rowId]) => rowId)), () =>
        syn.tables.deleteRows(this.#id, `select * from ${this.#id} where ${name} >= 2`),
      );
      return;
    }
    const known = this.#random.isLikely(0.3) ? this.#remembered : this.#versions;
    const rowIds = this.#random.some([...known.keys()], 2);
    await this.#check(this.#model.delete(rowIds), () => syn.tables.deleteRows(this.#id, rowIds));
  }

  async #alter(): Promise<void> {
    const { columns } = this.#model;
    const free = names.filter((name) => !columns.some((column) => column.name === name));
    const name = this.#random.pick(columns).name;
    const retypes = conversions.flatMap((conversion) =>
      columns
        .filter(({ type, defaultValue }) => type === conversion.from && defaultValue === undefined)
        .map((column) => ({ ...conversion, name: column.name })),
    );
    const kind = this.#random.pick(['add', 'rename', 'drop', 'retype', 'order'] as const);
    if (kind === 'add') {
      const column = { name: this.#random.pick(free), type: this.#random.pick(types) };
      await syn.tables.alter(this.#id, { add: { [column.name]: column.type } });
      this.#model.add(column);
    } else if (kind === 'rename') {
      const to = this.#random.pick(free);
      await syn.tables.alter(this.#id, { rename: { [name]: to } });
      this.#model.rename(name, to);
    } else if (kind === 'drop' && columns.length > 1) {
      await syn.tables.alter(this.#id, { drop: [name] });
      this.#model.drop(name);
    } else if (kind === 'retype' && retypes.length > 0) {
      const { to, convert, name: retyped } = this.#random.pick(retypes);
      await syn.tables.alter(this.#id, { retype: { [retyped]: to } });
      this.#model.retype(retyped, to, convert);
    } else if (kind === 'order') {
      const order = this.#random.shuffled(columns.map((column) => column.name));
      await syn.tables.alter(this.#id, { order });
      this.#model.order(order);
    }
    await this.#compare(this.#id, this.#model);
  }

  async #snapshot(): Promise<void> {
    const { versionedId } = await syn.tables.snapshot(this.#id);
    this.#snapshots.push({ versionedId, state: this.#model.state() });
    await this.#compare(this.#id, this.#model);
  }

  /** Makes a call, and compares its answer and the table with the model. */
  async #check<Report extends object>(
    expected: Expected<Report>,
    call: () => Promise<object>,
  ): Promise<void> {
    const before = this.#versions;
    const newest = this.#newest;
    const outcome = await outcomeOf(call);
    if (expected.error === undefined) {
      if (outcome.error !== undefined) throw outcome.error;
      expect(outcome.value).toMatchObject({ ...expected.report });
    } else {
      expect(outcome.error).toMatchObject({ name: expected.error });
    }
    const added = await this.#compare(this.#id, this.#model);
    const touched = new Set([...(expected.touched ?? []), ...added]);
    for (const [rowId, version] of this.#versions) {
      // A row that was written has a version that no row had before; the others keep theirs.
      if (touched.has(rowId)) expect(version).toBeGreaterThan(newest);
      else expect({ rowId, version }).toEqual({ rowId, version: before.get(rowId) });
    }
  }

  /** Compares a table, or a version of it, with a state of the model. Returns the ids of rows that are new. */
  async #compare(id: string, expected: ModelState | ModelTable): Promise<readonly number[]> {
    const found = await syn.tables.query(`select * from ${id} order by ROW_ID`);
    const references = found.map((row) => rowReference(row) ?? {});
    const ids = references.map(({ rowId = 0 }) => rowId);
    const added = expected instanceof ModelTable ? expected.identify(ids) : [];
    const names = expected.columns.map(({ name }) => name);
    for (const row of found) expect(Object.keys(row)).toEqual(names);
    const read = found.map((row, index) => [ids[index], Object.fromEntries(Object.entries(row))]);
    expect(read).toEqual([...expected.rows].sort(([a], [b]) => a - b));
    if (id === this.#id) {
      const versions = references.map(({ versionNumber = 0 }) => versionNumber);
      this.#versions = new Map(ids.map((rowId, index) => [rowId, versions[index] ?? 0]));
      this.#newest = Math.max(this.#newest, ...versions);
    }
    return added ?? [];
  }
}

/** The value of a call, or its error. */
async function outcomeOf(call: () => Promise<object>): Promise<{ value?: object; error?: Error }> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

test(`${count} sequences of append, update, upsert, delete, schema change and snapshot leave what a model has`, async () => {
  const seeds = Array.from({ length: count }, (_, index) => firstSeed + index);
  const done: Record<string, number> = {};
  await inParallel(seeds, atOnce, async (seed) => {
    const steps: string[] = [];
    try {
      const sequence = await Sequence.start(new RandomSource(seed));
      for (let step = 0; step < stepsOfSequence; step += 1) steps.push(await sequence.step());
      await sequence.compareSnapshots(Infinity);
    } catch (error) {
      throw new Error(`Sequence ${seed}, after ${steps.join(', ') || 'its start'}`, {
        cause: error,
      });
    }
    for (const step of steps) done[step] = (done[step] ?? 0) + 1;
  });
  // Every kind of step was taken often.
  if (count >= 200) {
    expect(Object.keys(done).sort()).toEqual([
      'alter',
      'append',
      'delete',
      'snapshot',
      'update',
      'upsert',
    ]);
    expect(Math.min(...Object.values(done))).toBeGreaterThan(40);
  }
}, 300_000);
