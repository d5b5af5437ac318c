import type { StoredColumn } from '../../columns/columnModel.js';
import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import type { RawRow } from '../query/queryRows.js';
import { combinedConditions, matchConditions, type KeyValues } from './matchConditions.js';
import { countWhere, rowsWhere } from './matchRows.js';
import { comparedTogether, type SetCells } from './updateInput.js';
import { keyText, nameKey, type UpsertInput, type UpsertRow } from './upsertInput.js';
import type { UpsertOptions } from './upsertOptions.js';

/** What happens to a row of the input. */
export interface UpsertStep {
  given: UpsertRow;
  /** The row of the table with the same key, if there is one. */
  stored?: RawRow;
  /** The cells that differ from it; without one, all cells of the input. */
  cells: SetCells;
}

/** Keys that are looked up together. */
const mostKeys = 10_000;
/** More keys are read from a file at once, without a first page that is only a part of them. */
const mostKeysOfPages = 2_000;
const mostNamed = 20;

/** Where the rows are looked up. */
export interface UpsertTable {
  tableId: string;
  isView: boolean;
}

/**
 * Compares the rows with those of the table that have the same keys. Only these are read.
 *
 * @throws {@link ArgumentError} at the end, when several rows of the table have one of the keys.
 */
export async function* planUpsert(
  ctx: Context,
  { tableId, isView }: UpsertTable,
  input: UpsertInput,
  options: UpsertOptions,
): AsyncGenerator<UpsertStep> {
  const { columns, matchers, keyIndexes, used } = input;
  const source = { tableId, columns: used.flatMap((index) => columns[index] ?? []), etags: isView };
  const keyColumns = keyIndexes.flatMap((index) => columns[index] ?? []);
  const keyOf = (row: RawRow): KeyValues =>
    keyIndexes.map((index) => matchers[index]?.(row.cells[used.indexOf(index)] ?? null) ?? null);
  const { signal } = options;
  const several: string[] = [];
  for await (const batch of comparedTogether(input.rows, mostKeys)) {
    const via = batch.length > mostKeysOfPages ? 'csv' : 'auto';
    const found = new Map<string, Map<number | undefined, RawRow>>();
    for (const { key } of batch) found.set(keyText(key), new Map());
    const keys = batch.map(({ key }) => key);
    for (const condition of await conditionsFor(ctx, tableId, keyColumns, keys, options)) {
      for await (const row of rowsWhere(ctx, source, condition, { signal, via })) {
        // A row may satisfy the conditions of several queries.
        found.get(keyText(keyOf(row)))?.set(row.reference.rowId, row);
      }
    }
    for (const given of batch) {
      const rows = [...(found.get(keyText(given.key))?.values() ?? [])];
      if (rows.length === 0) yield { given, cells: given.cells };
      if (rows.length > 1 && options.ifSeveralMatch !== 'updateAll') {
        several.push(severalText(given, rows, keyColumns));
        continue;
      }
      for (const stored of rows) yield { given, stored, cells: changed(given, stored, input) };
    }
  }
  if (several.length > 0) throw severalError(tableId, several);
}

/** How many rows may be read for each key before more exact conditions are worth more queries. */
const mostRowsPerKey = 3;

/** The conditions that find the keys: simple ones if they find few other rows. */
async function conditionsFor(
  ctx: Context,
  tableId: string,
  columns: readonly StoredColumn[],
  keys: readonly KeyValues[],
  options: CommonOptions,
): Promise<string[]> {
  const exact = matchConditions(columns, keys);
  const combined = combinedConditions(columns, keys);
  if (combined.length >= exact.length) return exact;
  let count = 0;
  for (const condition of combined) {
    count += await countWhere(ctx, tableId, condition, options);
    if (count > keys.length * mostRowsPerKey) return exact;
  }
  return combined;
}

/** The cells whose values differ from those of a stored row. */
function changed({ cells }: UpsertRow, stored: RawRow, { matchers, used }: UpsertInput): SetCells {
  return cells.filter(([index, cell]) => {
    const match = matchers[index] ?? ((text: string | null) => text);
    return match(cell) !== match(stored.cells[used.indexOf(index)] ?? null);
  });
}

function severalText(
  { row, key }: UpsertRow,
  rows: readonly RawRow[],
  columns: readonly StoredColumn[],
): string {
  const ids = rows.slice(0, mostNamed).map(({ reference }) => reference.rowId);
  const more = rows.length > ids.length ? '...' : '';
  const names = columns.map(({ name }) => name);
  return `row ${row} (${nameKey(names, key)}) is ROW_ID ${ids.join(', ')}${more}`;
}

function severalError(tableId: string, several: readonly string[]): ArgumentError {
  const more = several.length - mostNamed;
  return new ArgumentError(
    `Several rows of ${tableId} have the same key: ${several.slice(0, mostNamed).join('; ')}${more > 0 ? `; and ${more} more keys` : ''}. ` +
      "Nothing was changed. Use more keys, delete the duplicates, or set { ifSeveralMatch: 'updateAll' }.",
  );
}
