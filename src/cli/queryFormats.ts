import { extname } from 'node:path';
import type { TableQuery } from '../index.js';
import { csvToTsv } from './csvToTsv.js';
import { jsonArray } from './jsonArray.js';
import { writtenTo } from './writtenTo.js';

/** What a format writes. */
export interface FormatOptions {
  /** Whether rows have ROW_ID and ROW_VERSION, and for views ROW_ETAG. @default depends on the format */
  references: boolean | undefined;
}

/** The chunks of a result in a format. JSON comes in complete lines. */
type Format = (query: TableQuery, options: FormatOptions) => AsyncIterable<Uint8Array | string>;

/** The formats of `--format` that are text or bytes for programs. */
export const queryFormats = {
  csv: (query, { references }) => writtenTo((stream) => query.toCsv(stream, { references })),
  tsv: (query, { references }) =>
    csvToTsv(writtenTo((stream) => query.toCsv(stream, { references }))),
  json: (query, { references }) =>
    jsonArray(writtenTo((stream) => query.toNdjson(stream, { references }))),
  ndjson: (query, { references }) => writtenTo((stream) => query.toNdjson(stream, { references })),
} satisfies Record<string, Format>;

export type QueryFormat = keyof typeof queryFormats;

const formatOfExtension: Readonly<Record<string, QueryFormat>> = {
  '.tsv': 'tsv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

/** The format that the name of a file suggests. */
export function formatOfFile(path: string): QueryFormat {
  return formatOfExtension[extname(path).toLowerCase()] ?? 'csv';
}
