import type { OpenedQuery, RowReference } from '../index.js';
import { stringifyJson } from '../values/json.js';
import { TableText, type TextCell } from './tableText.js';

/** How a result is shown. */
export interface QueryTableOptions {
  /** Reads the reference of a row, if references are shown. */
  references: ((row: object) => RowReference | undefined) | undefined;
  /** The width of the terminal. */
  columns: number;
}

/** The number of rows that are aligned together. */
const batchSize = 100;

const numberTypes: ReadonlySet<string | undefined> = new Set(['INTEGER', 'DOUBLE']);

const referenceNames = {
  rowId: 'ROW_ID',
  versionNumber: 'ROW_VERSION',
  etag: 'ROW_ETAG',
} as const;
const referenceKeys = Object.keys(referenceNames) as (keyof RowReference)[];

/** The result of a query as an aligned table. */
export class QueryTable {
  readonly #opened: OpenedQuery;
  readonly #options: QueryTableOptions;
  #count = 0;
  #hasCut = false;

  constructor(opened: OpenedQuery, options: QueryTableOptions) {
    this.#opened = opened;
    this.#options = options;
  }

  /** The number of rows, once they have been read, and whether cells were cut. */
  get summary(): string {
    const rows = this.#count === 1 ? '1 row' : `${this.#count} rows`;
    return this.#hasCut ? `${rows}. Cells that end in … are cut: --format csv prints all.` : rows;
  }

  /** Lines of the table, many at a time. */
  async *lines(): AsyncGenerator<string> {
    const { references = () => undefined } = this.#options;
    if (this.#opened.columns.length === 0) return;
    let table: TableText | undefined;
    let keys: (keyof RowReference)[] = [];
    for await (const rows of inBatches(this.#opened.rows)) {
      if (table === undefined) {
        const first = references(rows[0] ?? {}) ?? {};
        keys = referenceKeys.filter((key) => first[key] !== undefined);
        table = this.#table(keys);
      }
      this.#count += rows.length;
      const cells = rows.map((row) => this.#cells(row, references(row) ?? {}, keys));
      yield table.lines(cells).join('\n');
      this.#hasCut = table.hasCut;
    }
  }

  #table(keys: readonly (keyof RowReference)[]): TableText {
    const leading = keys.map((key) => ({ name: referenceNames[key], isNumber: key !== 'etag' }));
    const columns = this.#opened.columns.map(({ name = '', columnType }) => ({
      name,
      isNumber: numberTypes.has(columnType),
    }));
    return new TableText([...leading, ...columns], this.#options.columns);
  }

  #cells(
    row: Readonly<Record<string, unknown>>,
    reference: RowReference,
    keys: readonly (keyof RowReference)[],
  ): TextCell[] {
    return [
      ...keys.map((key) => cellText(reference[key] ?? null)),
      ...this.#opened.columns.map(({ name = '' }) => cellText(row[name])),
    ];
  }
}

function cellText(value: unknown): TextCell {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  // A number that JSON does not have is shown by its name.
  return typeof value === 'string' || typeof value === 'number'
    ? String(value)
    : stringifyJson(value);
}

/** Rows, many at a time; one empty batch when there are none. */
async function* inBatches<Row>(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let batch: Row[] = [];
  let isFirst = true;
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < batchSize) continue;
    yield batch;
    isFirst = false;
    batch = [];
  }
  if (isFirst || batch.length > 0) yield batch;
}
