import { maximumColumns } from '../../columns/columnLimits.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { cellTexts } from '../csv/csvCells.js';
import { CsvError } from '../csv/csvScanner.js';
import { ExactColumn } from './inferExact.js';
import type { ColumnObserver, InferredColumn } from './inferredColumn.js';
import { fitRowWidth } from './inferRowWidth.js';
import { PythonColumn } from './inferPython.js';
import { openCsv } from './openCsv.js';
import { isReservedColumnName } from '../../columns/columnNames.js';
import { readRowsInput, type RowsInput } from './rowInput.js';
import type { CsvInput } from './rowTypes.js';

export type { InferredColumn } from './inferredColumn.js';

/** How the types of columns are inferred from values. */
export type InferenceProfile = 'exact' | 'python' | 'python-legacy';

/** How {@link Tables.inferColumns} infers. */
export interface InferOptions {
  /**
   * - `python`: the rules of the Python client (`Table.store_rows`): BOOLEAN, INTEGER, DOUBLE, DATE (for dates, not for texts),
   *   STRING with half as much again as the longest text needs, LARGETEXT.
   * - `python-legacy`: those of its older functions (`as_table_columns`, `synapse store-table`).
   * - `exact`: from all values, such that every value is kept as it is: also dates, lists, JSON and entity ids in texts; digits with
   *   leading zeros stay texts, as do numbers that would be rounded.
   * @default 'python'
   */
  profile?: InferenceProfile;
  signal?: AbortSignal;
}

const observers: Readonly<Record<InferenceProfile, () => ColumnObserver>> = {
  exact: () => new ExactColumn(),
  python: () => new PythonColumn({ isLegacy: false }),
  'python-legacy': () => new PythonColumn({ isLegacy: true }),
};

/** Returns the observer of a new column. */
export function observerOf(profile: InferenceProfile): () => ColumnObserver {
  if (Object.hasOwn(observers, profile)) return observers[profile];
  throw new ArgumentError(
    `There is no profile ${quoted(profile)} of column inference: use ${Object.keys(observers).join(', ')}.`,
  );
}

/** Implements {@link Tables.inferColumns}. */
export async function inferColumns(
  input: RowsInput,
  { profile = 'python', signal }: InferOptions = {},
): Promise<InferredColumn[]> {
  const seen = await observeColumns(input, observerOf(profile), signal);
  const columns = [...seen].map(([name, observer]) => observer.column(name));
  return profile === 'exact' ? fitRowWidth(columns) : columns;
}

/** A column as it is created. With the empty text as its default, which Python gives, it would hold that where it has no value. */
export function withoutEmptyDefault(column: InferredColumn): InferredColumn {
  const { defaultValue, ...rest } = column;
  return defaultValue === '' ? rest : column;
}

/**
 * Reads all rows, and shows each value to the observer of its column.
 *
 * @param create - Creates the observer of a column.
 * @returns The observers by the names of their columns.
 */
export async function observeColumns<Observer extends ColumnObserver>(
  input: RowsInput,
  create: (name: string) => Observer,
  signal: AbortSignal | undefined,
): Promise<Map<string, Observer>> {
  const { csv, objects } = await readRowsInput(input, signal);
  const seen = new Map<string, Observer>();
  const add = (name: string, where: string): Observer => addColumn(name, where, { seen, create });
  if (csv === undefined) await seeObjects(objects, seen, add);
  else await seeCsv(csv, add, signal);
  return seen;
}

type AddColumn = (name: string, where: string) => ColumnObserver;

async function seeObjects(
  objects: AsyncIterable<unknown> | Iterable<unknown>,
  seen: ReadonlyMap<string, ColumnObserver>,
  add: AddColumn,
): Promise<void> {
  let row = 0;
  for await (const object of objects) {
    row += 1;
    if (typeof object !== 'object' || object === null || Array.isArray(object)) {
      throw new ArgumentError(
        `Row ${row} is ${quoted(object)}: a row is an object with the values by column name.`,
      );
    }
    const entries = Object.entries(object);
    for (const [name, value] of entries) {
      if (isReservedColumnName(name)) continue;
      let observer = seen.get(name);
      if (observer === undefined) {
        observer = add(name, `Row ${row}`);
        // The rows before lack the key.
        if (row > 1) observer.value(null);
      }
      observer.value(value);
    }
    if (entries.length < seen.size) {
      for (const [name, observer] of seen) if (!Object.hasOwn(object, name)) observer.value(null);
    }
  }
}

async function seeCsv(
  input: CsvInput,
  add: AddColumn,
  signal: AbortSignal | undefined,
): Promise<void> {
  const csv = await openCsv(input, signal);
  try {
    if (csv.names === undefined) {
      throw new CsvError(
        `${csv.name} has no header: name its columns with { csv, header: [names] }.`,
      );
    }
    const names = new Set<string>();
    const columns = csv.names.map((name, index) => {
      if (name === '') throw new CsvError(`Column ${index + 1} of ${csv.name} has no name.`);
      if (names.has(name)) throw new CsvError(`${csv.name} has the column ${quoted(name)} twice.`);
      names.add(name);
      return isReservedColumnName(name) ? undefined : add(name, csv.name);
    });
    for await (const { batch, from } of csv.batches) {
      const text = cellTexts(batch, csv.dialect);
      const width = Math.min(batch.width, columns.length);
      for (let row = from; row < batch.rowCount; row += 1) {
        for (let index = 0; index < width; index += 1) {
          columns[index]?.text(text(row * batch.width + index));
        }
      }
    }
  } finally {
    await csv.close();
  }
}

function addColumn<Observer extends ColumnObserver>(
  name: string,
  where: string,
  { seen, create }: { seen: Map<string, Observer>; create: (name: string) => Observer },
): Observer {
  if (name === '') throw new ArgumentError(`${where} has a column without a name.`);
  if (seen.size >= maximumColumns) {
    throw new ArgumentError(
      `${where} has more than ${maximumColumns} columns, which is the most that a table can have.`,
    );
  }
  const observer = create(name);
  seen.set(name, observer);
  return observer;
}
