import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import type * as M from '../../generated/models.js';
import { withSessions } from './entitySession.js';
import { partialRows, rowSet, TableSession, type Column } from './tableSession.js';

fc.configureGlobal({ seed: 20_261_127 });

const server = withSessions();

type Cell = string | null;

/** The columns of the table, and what stands in their cells. */
const columns: readonly (M.ColumnModel & { readonly cells: fc.Arbitrary<string> })[] = [
  { name: 'text', columnType: 'STRING', cells: fc.stringMatching(/^[a-zé']{1,5}$/) },
  {
    name: 'count',
    columnType: 'INTEGER',
    defaultValue: '7',
    cells: fc.integer({ min: -99, max: 99 }).map(String),
  },
  { name: 'flag', columnType: 'BOOLEAN', cells: fc.boolean().map(String) },
  {
    name: 'list',
    columnType: 'STRING_LIST',
    cells: fc
      .array(fc.stringMatching(/^[a-c]{1,3}$/), { minLength: 1, maxLength: 3 })
      .map((items) => `["${items.join('", "')}"]`),
  },
];

/** For each column what is written into it, when anything is; `null` empties it. */
type Cells = readonly ({ readonly cell: Cell } | undefined)[];

const someCells: fc.Arbitrary<Cells> = fc.tuple(
  ...columns.map(({ cells }) =>
    fc.option(fc.record({ cell: fc.option(cells, { nil: null, freq: 4 }) }), {
      nil: undefined,
      freq: 2,
    }),
  ),
);
/** A row that is there, a new one, or one that never was. */
const target = fc.oneof(
  { weight: 5, arbitrary: fc.nat(20) },
  { weight: 2, arbitrary: fc.constant('new' as const) },
  { weight: 1, arbitrary: fc.constant('unknown' as const) },
);
const rarely = fc.nat(5).map((drawn) => drawn === 5);
const update = fc.record({
  rows: fc.array(fc.record({ target, cells: someCells }), { minLength: 1, maxLength: 4 }),
  /** Names a column that the table does not have. */
  hasStrangeKey: rarely,
  /** Writes a word where a number belongs. */
  hasBadCell: rarely,
});
type Update = ReturnType<typeof update.generate>['value'];
const initial = fc.array(fc.tuple(...columns.map(({ cells }) => fc.option(cells, { nil: null }))), {
  // Ids that are given to a table without any row mean nothing.
  minLength: 1,
  maxLength: 4,
});

/** What a table does when cells of it are written. */
class Model {
  readonly rows = new Map<number, { version: number; cells: Cell[] }>();
  #lastId = 0;
  #version = 0;

  add(rows: readonly (readonly Cell[])[]): void {
    this.#version += 1;
    for (const cells of rows) this.#put(this.#newId(), cells);
  }

  /** Which row is meant; `undefined` for one to be made. */
  idOf(meant: Update['rows'][number]['target']): number | undefined {
    const ids = [...this.rows.keys()];
    if (meant === 'new' || (meant !== 'unknown' && ids.length === 0)) return undefined;
    return meant === 'unknown' ? this.#lastId + 1000 : ids[meant % ids.length];
  }

  write(changes: readonly { readonly id: number | undefined; readonly cells: Cells }[]): void {
    const real = changes.filter(({ cells }) => cells.some((one) => one !== undefined));
    if (real.length === 0) return;
    this.#version += 1;
    for (const { id, cells } of real) {
      const before = id === undefined ? undefined : this.rows.get(id)?.cells;
      const base = before ?? columns.map(() => null);
      const after = base.map((cell, position) => {
        const given = cells[position];
        return given === undefined ? cell : given.cell;
      });
      this.#put(id ?? this.#newId(), after);
    }
  }

  #newId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** A column with a default is never empty. */
  #put(id: number, cells: readonly Cell[]): void {
    this.rows.set(id, {
      version: this.#version,
      cells: cells.map((cell, position) => cell ?? columns[position]?.defaultValue ?? null),
    });
  }
}

function keyed(cells: Cells, made: readonly Column[]): Record<string, Cell> {
  const values: Record<string, Cell> = {};
  for (const [position, one] of cells.entries()) {
    const id = made[position]?.id;
    if (one !== undefined && id !== undefined) values[id] = one.cell;
  }
  return values;
}

test('a table and a model of it agree after any updates of single cells', async () => {
  const tables = new TableSession(server.alice);
  const made = await tables.columns(
    ...columns.map(({ name, columnType, defaultValue }) => ({
      name,
      columnType,
      ...(defaultValue !== undefined && { defaultValue }),
    })),
  );
  const countId = made[1]?.id ?? '';

  await fc.assert(
    fc.asyncProperty(
      initial,
      fc.array(update, { minLength: 1, maxLength: 5 }),
      async (rows, updates) => {
        const { id } = await tables.table(made);
        const model = new Model();
        await tables.append(id, made, rows);
        model.add(rows);
        for (const { rows: meant, hasStrangeKey, hasBadCell } of updates) {
          const changes = meant
            .map(({ target: one, cells }) => ({ id: model.idOf(one), cells }))
            // A row is named once.
            .filter(
              ({ id: one }, index, all) =>
                one === undefined || all.findIndex((other) => other.id === one) === index,
            );
          const sent = changes.map((change) => ({
            ...(change.id !== undefined && { rowId: change.id }),
            values: keyed(change.cells, made),
          }));
          const spoilt = sent.at(-1);
          if (hasStrangeKey && spoilt) spoilt.values['999999'] = 'x';
          if (hasBadCell && spoilt) spoilt.values[countId] = 'many';
          const answer = await tables.transaction(id, [partialRows(id, sent)]);
          const touches = sent.filter(({ values }) => Object.keys(values).length > 0);
          const isUnknown = touches.some(
            ({ rowId }) => rowId !== undefined && !model.rows.has(rowId),
          );
          const isRefused = isUnknown || hasStrangeKey || hasBadCell;
          expect(answer.status).toBe(isRefused ? 400 : 201);
          if (!isRefused) model.write(changes);
        }
        expect(await tables.rows(`select * from ${id}`)).toEqual(
          [...model.rows].map(([rowId, { version: versionNumber, cells: values }]) => ({
            rowId,
            versionNumber,
            values,
          })),
        );
      },
    ),
    { numRuns: 30 },
  );
});

test('changes of one transaction are made together or not at all', async () => {
  const tables = new TableSession(server.alice);
  const { id, columns: made, name, count } = await tables.filled([['one', '1']]);
  const refused = await tables.transaction(id, [
    rowSet(id, made, [{ values: ['two', '2'] }]),
    partialRows(id, [{ rowId: 1, values: { [name.id]: 'changed' } }]),
    partialRows(id, [{ rowId: 1, values: { [count.id]: 'many' } }]),
  ]);
  expect(refused).toMatchObject({ status: 400 });
  expect(await tables.cells(`select * from ${id}`)).toEqual([['one', '1']]);
});
