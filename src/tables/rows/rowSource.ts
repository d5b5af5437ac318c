import type { StoredColumn } from '../../columns/columnModel.js';
import { csvRowSource } from './csvRowSource.js';
import { objectRowSource } from './objectRowSource.js';
import { readRowsInput, type RowsInput } from './rowInput.js';
import type { OpenRowsOptions, RowSource } from './rowTypes.js';

export type { RowsInput } from './rowInput.js';
export type { OpenRowsOptions, RowSource, RowToWrite } from './rowTypes.js';

/**
 * Opens rows to write.
 *
 * Every key of an object must be a column of the table, whichever row it is in. A key that is absent, or `undefined`, is told
 * from `null` in {@link RowToWrite.absent}.
 *
 * @throws {@link ArgumentError} for a column that the table does not have, and for an input that is no rows.
 * @throws {@link CsvError} for a CSV file that cannot be read.
 * @throws {@link CellValueError} (while the rows are read) for a value that does not fit its column.
 */
export async function openRows(
  input: RowsInput,
  columns: readonly StoredColumn[],
  options: OpenRowsOptions = {},
): Promise<RowSource> {
  const { csv, objects } = await readRowsInput(input, options.signal);
  return csv === undefined
    ? objectRowSource(objects, columns, options)
    : csvRowSource(csv, columns, options);
}
