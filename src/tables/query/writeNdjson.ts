import type { Writable } from 'node:stream';
import type * as M from '../../../generated/models.js';
import type { CellOptions } from '../../columns/columnTypes.js';
import type { Context } from '../../context.js';
import type { CommonOptions } from '../../options.js';
import { rowColumns, type RowReference } from '../rows/rowReference.js';
import { cellJson } from './cellJson.js';
import { openResult, type OpenResultOptions } from './openResult.js';
import type { QueryRequest } from './queryRequest.js';
import type { RawBatch } from './rawBatch.js';
import { cellError, requireDistinct } from './resultRows.js';
import { writeOutput } from './writeOutput.js';

/** How a result is written as JSON. */
export interface ToNdjsonOptions extends CommonOptions {
  /** Whether rows begin with ROW_ID, ROW_VERSION and ROW_ETAG, where they have them. @default false */
  references?: boolean;
  /** Whether to replace an existing file. @default false */
  overwrite?: boolean;
}

/** Number of characters that are collected before they are written. */
const chunkCharacters = 64 * 1024;

/**
 * Writes the rows of a result as JSON objects, one a line.
 *
 * @returns The path of the file; `undefined` for a stream.
 */
export function writeNdjson(
  ctx: Context,
  request: QueryRequest,
  target: string | Writable,
  options: ToNdjsonOptions & CellOptions & OpenResultOptions,
): Promise<string | undefined> {
  return writeOutput(target, () => jsonLines(ctx, request, options), options);
}

/** The lines of a result, many at a time. */
async function* jsonLines(
  ctx: Context,
  request: QueryRequest,
  { references = false, ...options }: ToNdjsonOptions & CellOptions & OpenResultOptions,
): AsyncGenerator<string> {
  const result = await openResult(ctx, request, { isForAll: true, ...options });
  try {
    const write = jsonRowWriter(result.columns, { ...options, references });
    for await (const batch of result.batches) {
      let text = '';
      for (let row = 0; row < batch.rowCount; row += 1) {
        text += `${write(batch, row)}\n`;
        if (text.length < chunkCharacters) continue;
        yield text;
        text = '';
      }
      if (text !== '') yield text;
    }
  } finally {
    result.close();
  }
}

/** Returns the function that writes a row as a JSON object, with the values by the names of the columns. */
export function jsonRowWriter(
  columns: readonly M.SelectColumn[],
  { references, ...options }: CellOptions & { references: boolean },
): (batch: RawBatch, row: number) => string {
  const names = columns.map(({ name = '' }) => name);
  requireDistinct(names);
  const fields = columns.map(({ name = '', columnType }) => ({
    name,
    key: `${JSON.stringify(name)}:`,
    write: cellJson(columnType, options),
  }));
  return (batch, number) => {
    const members = references ? referenceMembers(batch.reference(number)) : [];
    for (const [index, { name, key, write }] of fields.entries()) {
      const text = batch.cell(number, index);
      try {
        members.push(key + (text === null ? 'null' : write(text)));
      } catch (error) {
        throw cellError(error, { batch, number, index, column: name });
      }
    }
    return `{${members.join(',')}}`;
  };
}

function referenceMembers(reference: RowReference = {}): string[] {
  const keys = Object.keys(rowColumns) as (keyof RowReference)[];
  return keys.flatMap((key) => {
    const value = reference[key];
    return value === undefined ? [] : [`"${rowColumns[key]}":${JSON.stringify(value)}`];
  });
}
