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
  arrow: (query, { references }) => writtenTo((stream) => query.toArrow(stream, { references })),
} satisfies Record<string, Format>;

export type QueryFormat = keyof typeof queryFormats;

/** The formats of a file. The end of a Parquet file says where its parts are, so that it is not a stream. */
export type FileFormat = QueryFormat | 'parquet';

/** Formats of bytes that mean nothing on a terminal. */
export const binaryFormats: ReadonlySet<string> = new Set(['arrow', 'parquet']);

const formatOfExtension: Readonly<Record<string, FileFormat>> = {
  '.tsv': 'tsv',
  '.json': 'json',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.arrow': 'arrow',
  '.arrows': 'arrow',
  '.parquet': 'parquet',
};

/** The format that the name of a file suggests. */
export function formatOfFile(path: string): FileFormat {
  return formatOfExtension[extname(path).toLowerCase()] ?? 'csv';
}
