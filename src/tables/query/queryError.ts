import { AsyncJobError, SynapseHttpError } from '../../errors.js';
import { sqlTokens } from '../../values/sqlTokens.js';
import type { QueryRequest } from './queryRequest.js';

/** A place in an SQL text. */
export interface SqlPlace {
  /** Counted from 1. */
  line: number;
  /** Counted from 1. */
  column: number;
}

/** Synapse refused a query. `message` starts with its reason and shows the place in the SQL, if the reason names one. */
export class QueryError extends AsyncJobError {
  override readonly name = 'QueryError';
  readonly sql: string;
  /** The line of the mistake, counted from 1, if it is known. */
  readonly line?: number;
  /** The column of the mistake, counted from 1, if it is known. */
  readonly column?: number;

  constructor(failure: AsyncJobError | SynapseHttpError, sql: string) {
    const place = placeOf(failure.message, sql);
    const shown = place === undefined ? '' : `\n${marked(sql, place)}`;
    const jobId = failure instanceof AsyncJobError ? failure.jobId : '';
    super(failure.message + shown, { jobId, cause: failure });
    this.sql = sql;
    if (place !== undefined) {
      this.line = place.line;
      this.column = place.column;
    }
  }
}

/** Runs the job of a query; throws {@link QueryError} when Synapse refuses the query. */
export async function withQueryErrors<T>(
  { query }: QueryRequest,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw isRefusal(error) ? new QueryError(error, query.sql) : error;
  }
}

/** Whether Synapse refused to write a file for a table without columns. A page of its rows is empty. */
export function isEmptySchema(error: unknown): boolean {
  return error instanceof QueryError && error.message.includes('has an empty schema');
}

/** A missing permission or table is no mistake in the SQL. */
function isRefusal(error: unknown): error is AsyncJobError | SynapseHttpError {
  if (error instanceof SynapseHttpError) return error.status === 400;
  if (!(error instanceof AsyncJobError)) return false;
  return !(error.cause instanceof SynapseHttpError) || error.cause.status === 400;
}

/** The name that is unknown: `'YEAR'` before the clause, or the rest of the line. */
const unknownName =
  /\b(?:Unknown column(?: reference)?|Column does not exist):? (?:'([^'\n]{1,300})' in '|([^\n]{1,300}))/;

function placeOf(reason: string, sql: string): SqlPlace | undefined {
  const [, line, column] = /\bline (\d{1,9}), column (\d{1,9})\b/.exec(reason) ?? [];
  if (line !== undefined) return { line: Number(line), column: Number(column) };
  // The reason for an unknown column names it, but no place.
  const [, quoted, plain] = unknownName.exec(reason) ?? [];
  const name = quoted ?? plain;
  return name === undefined ? undefined : placeOfName(name, sql);
}

/** Where a name occurs first, with quotes or without. */
function placeOfName(given: string, sql: string): SqlPlace | undefined {
  for (const { kind, start, end } of sqlTokens(sql)) {
    if (kind !== 'word' && kind !== 'name') continue;
    const text = sql.slice(start, end);
    const name = kind === 'name' ? text.slice(1, -1).replaceAll('""', '"') : text;
    // The reason may go on after the name, with a space or a full stop. Words of the grammar are in capitals.
    const isNamed = [name, text, name.toUpperCase()].some(
      (form) => given === form || given.startsWith(`${form} `) || given.startsWith(`${form}.`),
    );
    if (isNamed) return placeAt(sql, start);
  }
  return undefined;
}

function placeAt(sql: string, offset: number): SqlPlace {
  const before = sql.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Number of characters that are shown on each side of the place. */
const shownCharacters = 60;

/** The line of a place, with a mark under the place. */
function marked(sql: string, { line, column }: SqlPlace): string {
  const text = sql.split('\n')[line - 1] ?? '';
  const index = Math.min(column - 1, text.length);
  const start = Math.max(0, index - shownCharacters);
  const end = index + shownCharacters;
  const before = `${start > 0 ? '…' : ''}${text.slice(start, index)}`.replaceAll('\t', ' ');
  const after = `${text.slice(index, end)}${end < text.length ? '…' : ''}`.replaceAll('\t', ' ');
  return `  ${before}${after}\n  ${' '.repeat(before.length)}^`;
}
