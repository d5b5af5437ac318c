import { createHash } from 'node:crypto';
import type { StoredColumn } from '../../columns/columnModel.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { cellMatcher, type CellMatcher } from './matchCell.js';
import type { KeyValues } from './matchConditions.js';
import type { ChangedRow, SetCells } from './updateInput.js';
import type { Spool } from './updateSpool.js';

/** A row to store. */
export interface UpsertRow {
  /** The number of the row in the input. */
  row: number;
  /** The values of the key columns in their normal form. */
  key: KeyValues;
  cells: SetCells;
}

/** The rows to store, checked. */
export interface UpsertInput {
  columns: readonly StoredColumn[];
  /** Makes cells of each column comparable. */
  matchers: readonly CellMatcher[];
  /** The indexes of the key columns. */
  keyIndexes: readonly number[];
  /** The indexes of the columns that occur in the rows. */
  used: readonly number[];
  rows: Spool<UpsertRow>;
}

/**
 * Reads all rows and checks their keys.
 *
 * @param options - `defaults`: whether a cell without a value gets the default of its column.
 * @throws {@link ArgumentError} when a row has no value for a key, or two rows have the same key.
 */
export async function readUpsertInput(
  source: AsyncIterable<ChangedRow>,
  rows: Spool<UpsertRow>,
  {
    columns,
    keys,
    defaults,
  }: { columns: readonly StoredColumn[]; keys: readonly string[]; defaults: boolean },
): Promise<UpsertInput> {
  const matchers = columns.map((column) => cellMatcher(column, { defaults }));
  const keyIndexes = indexesOf(keys, columns);
  const used = new Set<number>(keyIndexes);
  const seen = new Map<string, number>();
  for await (const { row, cells } of source) {
    const texts = new Map(cells);
    const key = keyIndexes.map((index, at) => {
      const cell = texts.get(index);
      if (cell !== undefined) return matchers[index]?.(cell) ?? null;
      throw new ArgumentError(
        `Row ${row} has no value for the key ${quoted(keys[at])}. Give null for a row whose key is empty.`,
      );
    });
    const text = keyText(key);
    const other = seen.get(text);
    if (other !== undefined) {
      throw new ArgumentError(`Rows ${other} and ${row} have the same key ${nameKey(keys, key)}.`);
    }
    seen.set(text, row);
    for (const [index] of cells) used.add(index);
    await rows.add({ row, key, cells });
  }
  return { columns, matchers, keyIndexes, used: [...used].sort((a, b) => a - b), rows };
}

function indexesOf(keys: readonly string[], columns: readonly StoredColumn[]): number[] {
  if (!Array.isArray(keys) || keys.length === 0) {
    throw new ArgumentError(
      'An upsert needs `keys`: the names of the columns that identify a row.',
    );
  }
  return keys.map((name, at) => {
    if (keys.indexOf(name) !== at)
      throw new ArgumentError(`The key ${quoted(name)} is given twice.`);
    const index = columns.findIndex((column) => column.name === name);
    if (index >= 0) return index;
    const names = columns.map((column) => column.name).join(', ');
    throw new ArgumentError(`The key ${quoted(name)} is not a column of the table: ${names}.`);
  });
}

/** A text that is the same for equal keys. A long one is replaced by its hash. */
export function keyText(key: KeyValues): string {
  const text = JSON.stringify(key);
  return text.length <= 40 ? text : createHash('sha256').update(text).digest('base64');
}

/** A key as an error message shows it: `patient = "a", day = null`. */
export function nameKey(names: readonly string[], key: KeyValues): string {
  return names.map((name, at) => `${name} = ${quoted(key[at] ?? null)}`).join(', ');
}
