import type * as M from '../../../../generated/models.js';
import { badRequest } from '../../kernel/serviceError.js';
import { defaultStringSize, maxLargeText, reservedColumnNames } from '../columnLimits.js';
import { CellError, readCell } from '../columnValues.js';
import { missingHeader } from './csvFormat.js';
import type { CsvRow } from './csvParser.js';

/** Number of rows that are read without a full scan. */
export const partialScanRows = 1000;
const sampleRows = 5;

/** Types, narrowest first. */
const ladder: readonly M.ColumnType[] = [
  'BOOLEAN',
  'INTEGER',
  'DOUBLE',
  'DATE',
  'ENTITYID',
  'STRING',
  'MEDIUMTEXT',
  'LARGETEXT',
];

interface Guess {
  /** Index in the list of types. */
  step: number;
  /** Length of the longest value, in characters. */
  size: number;
}

/** Reads the rows of a CSV file and suggests a schema. */
export class CsvPreview {
  readonly #hasHeader: boolean;
  readonly #samples: CsvRow[] = [];
  readonly #guesses: (Guess | undefined)[] = [];
  #header: CsvRow | undefined;
  #width: number | undefined;
  #rows = 0;

  constructor(hasHeader: boolean) {
    this.#hasHeader = hasHeader;
  }

  /** Number of rows that were read, without the header. */
  get rows(): number {
    return this.#rows;
  }

  /** @throws 400 when the row is longer than the first one */
  add(row: CsvRow): void {
    if (this.#hasHeader && this.#header === undefined) {
      this.#header = row;
      this.#width = row.length;
      return;
    }
    this.#width ??= row.length;
    if (row.length > this.#width) {
      throw badRequest(
        `Row number ${this.#rows + 2} has ${row.length} column(s).  ` +
          `Expected each row to have ${this.#width} columns or less.`,
      );
    }
    row.forEach((cell, index) => {
      this.#guesses[index] = widened(cell, this.#guesses[index]);
    });
    this.#rows += 1;
    if (this.#samples.length < sampleRows) {
      this.#samples.push(row);
    }
  }

  /** @throws 400 when the file is empty */
  result(): M.UploadToTablePreviewResult {
    if (this.#hasHeader && this.#header === undefined) {
      throw badRequest(missingHeader);
    }
    return {
      concreteType: 'org.sagebionetworks.repo.model.table.UploadToTablePreviewResult',
      suggestedColumns: this.suggestions().map(({ column }) => column),
      sampleRows: this.#samples.map((row) => this.#sample(row)),
      rowsScanned: this.#rows,
    };
  }

  /** The columns of the file that are not system columns, each with its position. */
  suggestions(): { readonly index: number; readonly column: M.ColumnModel }[] {
    return this.#names().flatMap((name, index) =>
      reservedColumnNames.has(name)
        ? []
        : [{ index, column: suggestion(name, this.#guesses[index]) }],
    );
  }

  #names(): string[] {
    const width = this.#width ?? 0;
    const counts = new Map<string, number>();
    return Array.from({ length: width }, (_, index) => {
      const name =
        this.#header === undefined ? `col${index + 1}` : headerName(this.#header[index] ?? null);
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      return count === 0 ? name : `${name}${count}`;
    });
  }

  #sample(row: CsvRow): M.Row {
    if (this.#header === undefined) {
      return { values: row };
    }
    const sample: M.Row = {};
    const values: (string | null)[] = [];
    this.#header.forEach((name, index) => {
      const value = row[index] ?? null;
      const number = value !== null && /^\d+$/.test(value) ? Number(value) : undefined;
      if (name === 'ROW_ID') {
        Object.assign(sample, number !== undefined && { rowId: number });
      } else if (name === 'ROW_VERSION') {
        Object.assign(sample, number !== undefined && { versionNumber: number });
      } else if (name === 'ROW_ETAG') {
        Object.assign(sample, value !== null && { etag: value });
      } else {
        values.push(value);
      }
    });
    return { ...sample, values };
  }
}

/** The narrowest type, not below the current one, that a cell fits. */
function widened(cell: string | null, guess: Guess | undefined): Guess | undefined {
  if (cell === null || cell.trim() === '') {
    return guess;
  }
  const size = Math.max(guess?.size ?? 0, cell.length);
  for (let step = guess?.step ?? 0; step < ladder.length; step += 1) {
    const columnType = ladder[step];
    if (columnType !== undefined && fits(cell, columnType)) {
      return { step, size };
    }
  }
  throw badRequest(
    `One or more cell value exceeds the maximum number of characters: ${maxLargeText}`,
  );
}

function fits(cell: string, columnType: M.ColumnType): boolean {
  try {
    readCell(cell, { columnType, ...(columnType === 'STRING' && { maximumSize: 1000 }) });
    return true;
  } catch (error) {
    if (error instanceof CellError) {
      return false;
    }
    throw error;
  }
}

function suggestion(name: string, guess: Guess | undefined): M.ColumnModel {
  const columnType = guess === undefined ? 'STRING' : (ladder[guess.step] ?? 'STRING');
  return {
    name,
    columnType,
    ...(columnType === 'STRING' && { maximumSize: guess?.size ?? defaultStringSize }),
  };
}

/**
 * A header as a column name: spaces become underscores, and other special characters are removed.
 */
function headerName(header: string | null): string {
  const name = (header ?? '').trim().replace(/\s/g, '_').replace(/\W/g, '');
  return /[a-zA-Z0-9]/.test(name) ? name : 'col';
}
