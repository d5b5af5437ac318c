import type { StoredColumn } from '../../columns/columnModel.js';
import { isReservedColumnName } from '../../columns/columnNames.js';
import { columnTypes } from '../../columns/columnTypes.js';
import type { ArgumentError } from '../../errors.js';
import { quoted } from '../../values/quoted.js';
import { cellTexts } from '../csv/csvCells.js';
import { CsvError, type CsvBatch } from '../csv/csvScanner.js';
import { fileCellWriter } from '../files/cellFiles.js';
import { missingColumn } from './missingColumn.js';
import { referenceRefused } from './objectRowSource.js';
import { openCsv, type OpenCsv } from './openCsv.js';
import { readReferenceNumber, rowColumns, type RowReference } from './rowReference.js';
import type { CsvInput, OpenRowsOptions, RowSource, RowToWrite } from './rowTypes.js';

/** Opens rows of a CSV file. See {@link openRows}. */
export async function csvRowSource(
  input: CsvInput,
  columns: readonly StoredColumn[],
  options: OpenRowsOptions,
): Promise<RowSource> {
  const csv = await openCsv(input, options.signal);
  try {
    const names = csv.names ?? columns.map(({ name }) => name);
    if (csv.names === undefined) checkWidth(csv, columns);
    const layout = layoutOf(names, columns, csv.name);
    return {
      columns: layout.cells.map(({ column }) => column),
      rows: rowsOf(csv, layout, options),
    };
  } catch (error) {
    await csv.close();
    throw error;
  }
}

/** Where the parts of a row are in a CSV file. */
interface Layout {
  width: number;
  cells: readonly { index: number; column: StoredColumn }[];
  reference: Readonly<Partial<Record<keyof RowReference, number>>>;
}

function layoutOf(
  names: readonly string[],
  columns: readonly StoredColumn[],
  file: string,
): Layout {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const seen = new Set<string>();
  const cells: { index: number; column: StoredColumn }[] = [];
  const reference: Partial<Record<keyof RowReference, number>> = {};
  for (const [index, name] of names.entries()) {
    if (name === '') throw new CsvError(`Column ${index + 1} of ${file} has no name.`);
    const part = referencePart(name);
    const key = part === undefined ? name : rowColumns[part];
    if (seen.has(key)) throw new CsvError(`${file} has the column ${quoted(name)} twice.`);
    seen.add(key);
    const column = byName.get(name);
    if (part !== undefined) reference[part] = index;
    else if (column !== undefined) cells.push({ index, column });
    else throw unknownColumn(name, columns, file);
  }
  return { width: names.length, cells, reference };
}

function referencePart(name: string): keyof RowReference | undefined {
  const upper = name.toUpperCase();
  return (['rowId', 'versionNumber', 'etag'] as const).find((part) => rowColumns[part] === upper);
}

function unknownColumn(
  name: string,
  columns: readonly StoredColumn[],
  file: string,
): ArgumentError {
  if (isReservedColumnName(name)) {
    return new CsvError(
      `${file} has the column ${quoted(name)}, a name that Synapse reserves: remove the column.`,
    );
  }
  const names = columns.map((column) => column.name);
  return missingColumn(name, names, `The header of ${file}`);
}

function checkWidth({ width, name }: OpenCsv, columns: readonly StoredColumn[]): void {
  if (width === undefined || width === columns.length) return;
  throw new CsvError(
    `${name} has ${width} columns, and the table ${columns.length}. A file without a header has all of them in their order; ` +
      'otherwise name its columns: { csv, header: [names] }.',
  );
}

async function* rowsOf(
  csv: OpenCsv,
  layout: Layout,
  options: OpenRowsOptions,
): AsyncGenerator<RowToWrite> {
  try {
    const writers = layout.cells.map(({ column, index }) => ({
      index,
      read: textReader(column),
      write: fileCellWriter(column, options.files),
    }));
    for await (const { batch, from } of csv.batches) {
      if (batch.width !== layout.width) throw wrongWidth(csv, batch, layout);
      const text = cellTexts(batch, csv.dialect);
      for (let at = from; at < batch.rowCount; at += 1) {
        const row = batch.firstRow + at;
        const start = at * batch.width;
        yield {
          row,
          reference: referenceOf(layout, (index) => text(start + index), row, options),
          cells: writers.map(({ index, read, write }) => {
            const cell = text(start + index);
            return cell === null ? null : write(read(cell), row);
          }),
        };
      }
    }
  } finally {
    await csv.close();
  }
}

function wrongWidth({ name }: OpenCsv, { width }: CsvBatch, layout: Layout): CsvError {
  return new CsvError(
    `The rows of ${name} have ${width} cells, but ${layout.width} columns are named.`,
  );
}

const noReference: RowReference = {};

function referenceOf(
  { reference }: Layout,
  text: (index: number) => string | null,
  row: number,
  { references }: OpenRowsOptions,
): RowReference {
  const { rowId, versionNumber, etag } = reference;
  if (rowId === undefined && versionNumber === undefined && etag === undefined) return noReference;
  const number = (part: 'rowId' | 'versionNumber'): number | undefined => {
    const index = reference[part];
    const cell = index === undefined ? null : text(index);
    return readReferenceNumber(cell, { row, column: rowColumns[part] });
  };
  const found = {
    rowId: number('rowId'),
    versionNumber: number('versionNumber'),
    etag: (etag === undefined ? null : text(etag)) || undefined,
  };
  if (references === 'refuse' && found.rowId !== undefined) throw referenceRefused(row);
  return found;
}

/**
 * Prepares the text of a CSV cell: blanks around what is no text are ignored; a whole number may be written as other programs
 * write it for columns with missing values (`1.0`, `1e3`).
 */
function textReader({ columnType }: StoredColumn): (text: string) => string {
  const { isList, kind } = columnTypes[columnType];
  if (isList || kind === 'json') return (text) => text.trim();
  if (kind === 'text') return (text) => text;
  if (kind === 'boolean' || kind === 'double' || columnType === 'ENTITYID') {
    return (text) => text.trim();
  }
  return (text) => {
    const trimmed = text.trim();
    const whole = wholeWithFraction.exec(trimmed)?.[1];
    return whole ?? (withExponent.test(trimmed) ? wholeOf(trimmed) : trimmed);
  };
}

const wholeWithFraction = /^([+-]?\d{1,20})\.0{0,20}$/;
const withExponent = /^[+-]?\d{1,20}(?:\.\d{1,20})?e\+?\d{1,2}$/i;

/** The digits of a whole number with an exponent, where a double has all of them. */
function wholeOf(text: string): string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? String(number) : text;
}
