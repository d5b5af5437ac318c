import { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { valueReader, type ArrowData } from './valueReader.js';

/** A table of the package `apache-arrow`, of any copy of it: a `Table` can be passed, and one can be cast to `Table`. */
export interface ArrowTable {
  readonly schema: {
    readonly fields: readonly {
      readonly name: string;
      readonly type: unknown;
      readonly metadata: ReadonlyMap<string, string>;
    }[];
  };
  readonly batches: readonly unknown[];
  readonly numRows: number;
  [Symbol.iterator](): Iterator<object>;
}

/** Whether a value is a table of Apache Arrow, of any copy of its package. */
export function isArrowTable(value: object): value is ArrowTable {
  return 'schema' in value && 'batches' in value && 'numRows' in value && Symbol.iterator in value;
}

/** What is used of a batch of an Arrow table. */
interface ArrowBatch {
  readonly data: Pick<ArrowData, 'children' | 'length'>;
}

/**
 * The rows of an Arrow table as objects, with values that lose nothing: `bigint` for integers of 64 bits, `Date` for dates and
 * timestamps (those without a time zone are in UTC), arrays for lists, objects for structs.
 *
 * @throws {@link ArgumentError} for a type that no column can hold, for two columns of the same name, and (while the rows are
 * read) for a value that JavaScript cannot hold, with row and column.
 */
export function* rowsOfArrow(table: ArrowTable): Generator<object> {
  const names = table.schema.fields.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) === index) continue;
    throw new ArgumentError(`The Arrow table has two columns with the name ${quoted(name)}.`);
  }
  let firstRow = 1;
  for (const { data } of table.batches as readonly ArrowBatch[]) {
    const readers = names.map((name, index) => valueReader(data.children[index], name));
    for (let index = 0; index < data.length; index += 1) {
      // Without a prototype, every name is a name like others.
      const row = Object.create(null) as Record<string, unknown>;
      for (const [column, read] of readers.entries()) {
        row[names[column] ?? ''] = read(index, firstRow + index);
      }
      yield row;
    }
    firstRow += data.length;
  }
}
