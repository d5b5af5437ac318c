import type { StoredColumn } from '../../columns/columnModel.js';
import { writeCsvRow } from '../csv/writeCsvRow.js';
import { rowColumns, type RowReference } from './rowReference.js';
import { rowsDialect } from './uploadRows.js';

/** A row of a change: without a reference it is inserted, without cells it is deleted. */
export interface RowChange {
  reference?: RowReference | undefined;
  /** In the order of the columns of the change. */
  cells: readonly (string | null)[];
}

/** The first row of a CSV file that changes columns. Without columns, its rows are deleted. */
export function csvHeader(columns: readonly Pick<StoredColumn, 'name'>[]): string {
  const names = columns.map(({ name }) => name);
  return writeCsvRow([rowColumns.rowId, rowColumns.versionNumber, ...names], rowsDialect);
}

/** A row of a CSV file. One to insert has empty cells for its id and version, so that it is never an empty line. */
export function csvRow({ reference = {}, cells }: RowChange): string {
  const { rowId, versionNumber } = reference;
  return writeCsvRow([textOf(rowId), textOf(versionNumber), ...cells], rowsDialect);
}

function textOf(number: number | undefined): string | null {
  return number === undefined ? null : String(number);
}
