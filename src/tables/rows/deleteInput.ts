import type { Context } from '../../context.js';
import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { tableIdOfQuery } from '../../values/sql.js';
import type { SqlFragment } from '../sql/sqlFragment.js';
import { queryRows } from '../query/queryRows.js';
import type { KnownRow } from './checkVersions.js';
import type { DeleteRowsOptions, RowsToDelete } from './deleteOptions.js';
import { peek } from './peek.js';
import { rowColumns, rowReferenceKey } from './rowReference.js';
import type { RowsInput } from './rowSource.js';
import { openUpdates } from './updateInput.js';
import type { UpdateTarget } from './updateTarget.js';

/** A row to delete. One that is given by its id has no version: it is deleted in any state. */
export type DoomedRow = KnownRow;

/** The rows to delete, in their order. */
export async function* openDeletes(
  ctx: Context,
  { id, columns }: UpdateTarget,
  input: Exclude<RowsToDelete, SqlFragment>,
  options: DeleteRowsOptions,
): AsyncGenerator<DoomedRow> {
  if (typeof input === 'string') {
    yield* rowsOfQuery(ctx, id, input, options);
    return;
  }
  const { kind, items } = await readItems(input);
  if (kind === 'ids') {
    let row = 0;
    for await (const item of items) {
      row += 1;
      yield { row, rowId: rowIdOf(item, row) };
    }
    return;
  }
  const rows = openUpdates(kind === 'rows' ? items : references(items, columns), columns, options);
  for await (const { row, reference } of rows) {
    const { rowId, versionNumber } = reference;
    if (rowId === undefined)
      throw new ArgumentError(`Row ${row} has no ROW_ID, so it cannot be deleted.`);
    yield { row, rowId, versionNumber };
  }
}

/** The rows that a query finds. */
async function* rowsOfQuery(
  ctx: Context,
  id: string,
  sql: string,
  { signal }: DeleteRowsOptions,
): AsyncGenerator<DoomedRow> {
  const other = tableIdOfQuery(sql);
  if (other.toLowerCase() !== id) {
    throw new ArgumentError(`The query reads ${other}, but rows of ${id} are to be deleted.`);
  }
  const { batches } = await queryRows(ctx, { sql }, { signal });
  let row = 0;
  for await (const batch of batches) {
    for (const { reference } of batch) {
      row += 1;
      const { rowId, versionNumber } = reference;
      if (rowId === undefined) {
        throw new ArgumentError(
          `The result of ${quoted(sql)} has no ROW_ID: a query with DISTINCT, GROUP BY or a function of all rows does not tell which rows to delete.`,
        );
      }
      yield { row, rowId, versionNumber };
    }
  }
}

type Items = AsyncIterable<unknown> | Iterable<unknown>;

/** What is to be deleted, by its form: ids, objects, or rows in another form, such as CSV. */
type Given = { kind: 'ids' | 'objects'; items: Items } | { kind: 'rows'; items: RowsInput };

async function readItems(input: Exclude<RowsToDelete, SqlFragment | string>): Promise<Given> {
  const isIterable = Symbol.asyncIterator in input || Symbol.iterator in input;
  if (!isIterable || ArrayBuffer.isView(input) || 'schema' in input) {
    return { kind: 'rows', items: input as RowsInput };
  }
  const { first, items } = await peek(iterate(input));
  if (isId(first)) return { kind: 'ids', items };
  // A stream of the bytes or the text of a CSV file.
  const isStream = Symbol.asyncIterator in input;
  if (typeof first === 'string' && !isStream) return { kind: 'ids', items };
  const isText = typeof first === 'string' || ArrayBuffer.isView(first);
  return isText
    ? { kind: 'rows', items: items as AsyncIterable<string> }
    : { kind: 'objects', items };
}

async function* iterate(input: Items): AsyncGenerator {
  yield* input;
}

function isId(item: unknown): boolean {
  return (
    typeof item === 'number' ||
    typeof item === 'bigint' ||
    /^\d+$/.test(typeof item === 'string' ? item : '')
  );
}

/**
 * The id of a row.
 *
 * @throws {@link ArgumentError} for what is not one, and for a number that JavaScript would round.
 */
export function rowIdOf(item: unknown, row: number): number {
  const id = isId(item) ? Number(item) : Number.NaN;
  if (Number.isSafeInteger(id) && id >= 0) return id;
  throw new ArgumentError(`Item ${row}, ${quoted(item)}, is not the id of a row (ROW_ID).`);
}

const referenceNames: readonly string[] = [
  ...Object.values(rowColumns),
  ...Object.keys(rowColumns),
];

/** The rows without their values, which do not matter. */
async function* references(items: Items, columns: UpdateTarget['columns']): AsyncGenerator<object> {
  const names = new Set(columns.map(({ name }) => name));
  const kept = referenceNames.filter((name) => !names.has(name));
  for await (const item of items) {
    const given = new Map<string, unknown>(
      typeof item === 'object' && item !== null ? Object.entries(item) : [],
    );
    const reference = kept.filter((name) => given.has(name)).map((name) => [name, given.get(name)]);
    const read =
      typeof item === 'object' && item !== null && rowReferenceKey in item
        ? { [rowReferenceKey]: item[rowReferenceKey] }
        : {};
    yield { ...Object.fromEntries(reference), ...read };
  }
}
