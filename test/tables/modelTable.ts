import { isDeepStrictEqual } from 'node:util';
import type { ColumnType } from '../../src/columns/columnTypes.js';

/** A column of the model. */
export interface ModelColumn {
  name: string;
  type: ColumnType;
  /** What a new cell without a value has. */
  defaultValue?: string;
}

/** Values by column name; a column without a value is `null`. */
export type ModelValues = Readonly<Record<string, unknown>>;

/** The rows of a table at a time: values by the id of the row. */
export interface ModelState {
  columns: readonly ModelColumn[];
  rows: ReadonlyMap<number, ModelValues>;
}

/** What a call has to answer: its report, or the name of its error. */
export interface Expected<Report> {
  report?: Report;
  error?: string;
  /** The ids of the rows that were changed, beside new ones. */
  touched?: readonly number[];
}

/**
 * A table in memory: what append, update, upsert, delete and schema changes do, in the plainest way. A call that fails changes
 * nothing.
 */
export class ModelTable {
  columns: ModelColumn[];
  rows = new Map<number, ModelValues>();
  /** The largest id that a row has had. */
  #lastId = 0;
  #added: ModelValues[] = [];

  constructor(columns: readonly ModelColumn[]) {
    this.columns = [...columns];
  }

  /** A copy that stays as it is. */
  state(): ModelState {
    return { columns: [...this.columns], rows: new Map(this.rows) };
  }

  /**
   * Gives the rows that were added since the last call their ids, which Synapse chooses. Ids grow, are never used twice, and may
   * have gaps.
   *
   * @param ids - The ids of all rows of the table.
   * @returns the ids of the new rows; `undefined` when these cannot be the ids of the rows.
   */
  identify(ids: readonly number[]): number[] | undefined {
    const last = this.#lastId;
    const fresh = ids.filter((id) => !this.rows.has(id)).sort((a, b) => a - b);
    if (fresh.length !== this.#added.length || fresh.some((id) => id <= last)) return undefined;
    for (const [index, id] of fresh.entries()) this.rows.set(id, this.#added[index] ?? {});
    this.#added = [];
    this.#lastId = Math.max(last, ...fresh);
    return fresh;
  }

  append(rows: readonly ModelValues[]): Expected<{ rows: number }> {
    for (const row of rows) this.#add(row);
    return { report: { rows: rows.length }, touched: [] };
  }

  /** `versions` are those of the rows now, `given` those that were read once. */
  update(
    changes: readonly { rowId: number; versionNumber: number; values: ModelValues }[],
    versions: ReadonlyMap<number, number>,
  ): Expected<{ updated: number; unchanged: number }> {
    const real = changes.filter(({ values }) => Object.keys(values).length > 0);
    if (real.some(({ rowId }) => !this.rows.has(rowId))) return { error: 'MissingRowsError' };
    if (real.some(({ rowId, versionNumber }) => versions.get(rowId) !== versionNumber)) {
      return { error: 'StaleRowsError' };
    }
    for (const { rowId, values } of real) this.#set(rowId, values);
    return {
      report: { updated: real.length, unchanged: changes.length - real.length },
      touched: real.map(({ rowId }) => rowId),
    };
  }

  upsert(
    rows: readonly ModelValues[],
    keys: readonly string[],
  ): Expected<{ inserted: number; updated: number; unchanged: number; problems: [] }> {
    const keyOf = (values: ModelValues): unknown[] =>
      keys.map((name) => this.#stored(name, values[name]));
    const given = rows.map(keyOf);
    const isTwice = given.some((key, index) =>
      given.slice(0, index).some((other) => isDeepStrictEqual(other, key)),
    );
    if (isTwice) return { error: 'ArgumentError' };
    const found = given.map((key) =>
      [...this.rows].filter(([, values]) =>
        isDeepStrictEqual(
          keys.map((name) => values[name]),
          key,
        ),
      ),
    );
    if (found.some((matches) => matches.length > 1)) return { error: 'ArgumentError' };
    const report = { inserted: 0, updated: 0, unchanged: 0, problems: [] as [] };
    const touched: number[] = [];
    const added: ModelValues[] = [];
    for (const [index, row] of rows.entries()) {
      const match = found[index]?.[0];
      if (match === undefined) {
        report.inserted += 1;
        added.push(row);
        continue;
      }
      const [rowId, values] = match;
      const differs = Object.entries(row).some(
        ([name, value]) => !isDeepStrictEqual(this.#stored(name, value), values[name]),
      );
      if (differs) {
        report.updated += 1;
        this.#set(rowId, row);
        touched.push(rowId);
      } else report.unchanged += 1;
    }
    for (const row of added) this.#add(row);
    return { report, touched };
  }

  delete(rowIds: readonly number[]): Expected<{ deleted: number }> {
    if (rowIds.some((rowId) => !this.rows.has(rowId))) return { error: 'MissingRowsError' };
    for (const rowId of rowIds) this.rows.delete(rowId);
    return { report: { deleted: new Set(rowIds).size }, touched: [] };
  }

  add(column: ModelColumn): void {
    this.columns.push(column);
    this.#mapRows((values) => ({ ...values, [column.name]: null }));
  }

  rename(from: string, to: string): void {
    this.columns = this.columns.map((column) =>
      column.name === from ? { ...column, name: to } : column,
    );
    this.#mapRows(({ [from]: value, ...values }) => ({ ...values, [to]: value ?? null }));
  }

  drop(name: string): void {
    this.columns = this.columns.filter((column) => column.name !== name);
    this.#mapRows((values) =>
      Object.fromEntries(Object.entries(values).filter(([other]) => other !== name)),
    );
  }

  retype(name: string, type: ColumnType, convert: (value: unknown) => unknown): void {
    this.columns = this.columns.map((column) => (column.name === name ? { name, type } : column));
    this.#mapRows((values) => {
      const value = values[name] ?? null;
      return { ...values, [name]: value === null ? null : convert(value) };
    });
  }

  order(names: readonly string[]): void {
    const rest = this.columns.filter(({ name }) => !names.includes(name));
    const first = names.flatMap((name) => this.columns.filter((column) => column.name === name));
    this.columns = [...first, ...rest];
  }

  #mapRows(change: (values: ModelValues) => ModelValues): void {
    for (const [rowId, values] of this.rows) this.rows.set(rowId, change(values));
  }

  #add(row: ModelValues): void {
    const values = this.columns.map(({ name }) => [name, this.#stored(name, row[name])] as const);
    this.#added.push(Object.fromEntries(values));
  }

  #set(rowId: number, row: ModelValues): void {
    const values = Object.entries(row).map(([name, value]) => [name, this.#stored(name, value)]);
    this.rows.set(rowId, { ...this.rows.get(rowId), ...(Object.fromEntries(values) as object) });
  }

  /** What Synapse stores for a value: an empty list is no value; what has none has the default. */
  #stored(name: string, value: unknown): unknown {
    if (Array.isArray(value) && value.length === 0 && this.#typeOf(name) !== 'JSON') return null;
    if (value !== null && value !== undefined) return value;
    const { defaultValue } = this.columns.find((column) => column.name === name) ?? {};
    return defaultValue === undefined ? null : Number(defaultValue);
  }

  #typeOf(name: string): ColumnType | undefined {
    return this.columns.find((column) => column.name === name)?.type;
  }
}
