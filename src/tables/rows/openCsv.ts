import { Buffer } from 'node:buffer';
import { fileSystemError } from '../../errors.js';
import { openRegularFile } from '../../files/regularFile.js';
import { cellTexts } from '../csv/csvCells.js';
import { csvDialect, type CsvDialect } from '../csv/csvDialect.js';
import { CsvError, scanCsv, type CsvBatch } from '../csv/csvScanner.js';
import type { CsvInput, CsvSource } from './rowTypes.js';
import { untilAborted } from './untilAborted.js';

/** A CSV text that is open. */
export interface OpenCsv {
  /** For messages. */
  name: string;
  dialect: Required<CsvDialect>;
  /** The names of its columns; absent when it has none. */
  names?: readonly string[];
  /** Cells of a row; absent when there are no rows, nor a header. */
  width?: number;
  /** The rows from `from` on. A batch is valid until the next one is read. */
  batches: AsyncIterable<{ batch: CsvBatch; from: number }>;
  /** Closes the source. Always call it. */
  close: () => Promise<void>;
}

/**
 * Opens a CSV text and reads its header.
 *
 * @throws {@link CsvError} for an empty text that should have a header.
 * @throws {@link FileSystemError} when the file cannot be read.
 */
export async function openCsv(
  { csv, header = true, skipLines = 0, emptyLines = 'skip', ...characters }: CsvInput,
  signal: AbortSignal | undefined,
): Promise<OpenCsv> {
  const dialect = csvDialect(characters);
  const name = nameOf(csv);
  const bytes = skipped(untilAborted(csvBytes(csv), signal), skipLines);
  const batches = scanCsv(bytes, { dialect, name, emptyLines, firstRow: skipLines + 1 });
  const close = async (): Promise<void> => {
    await batches.return(undefined);
  };
  try {
    const first = await batches.next();
    const batch = first.done ? undefined : first.value;
    const hasHeader = header === true;
    if (hasHeader && batch === undefined) {
      throw new CsvError(`${name} is empty: its first row should have the names of the columns.`);
    }
    const names = hasHeader && batch !== undefined ? headerOf(batch, dialect) : header;
    return {
      name,
      dialect,
      names: typeof names === 'boolean' ? undefined : names,
      width: batch?.width,
      batches: numbered(first, batches, hasHeader ? 1 : 0),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function headerOf(batch: CsvBatch, dialect: Required<CsvDialect>): string[] {
  const text = cellTexts(batch, dialect);
  return Array.from({ length: batch.width }, (_, index) => text(index) ?? '');
}

async function* numbered(
  first: IteratorResult<CsvBatch>,
  rest: AsyncGenerator<CsvBatch>,
  headerRows: number,
): AsyncGenerator<{ batch: CsvBatch; from: number }> {
  let from = headerRows;
  for (let next = first; !next.done; next = await rest.next()) {
    yield { batch: next.value, from };
    from = 0;
  }
}

function nameOf(csv: CsvSource): string {
  if (typeof csv === 'string') return isText(csv) ? 'the CSV text' : csv;
  return csv instanceof Uint8Array ? 'the CSV text' : 'the CSV stream';
}

/** A path has no line break; a text of CSV has at least one, after its header. */
function isText(csv: string): boolean {
  return csv === '' || csv.includes('\n') || csv.includes('\r');
}

/** The bytes of a CSV text. @throws {@link CsvError} for items of a stream that are no bytes or text */
export async function* csvBytes(csv: CsvSource): AsyncGenerator<Uint8Array> {
  if (typeof csv === 'string') {
    if (isText(csv)) yield Buffer.from(csv);
    else yield* fileBytes(csv);
  } else if (csv instanceof Uint8Array) yield csv;
  else {
    const chunks: AsyncIterable<unknown> = csv instanceof Blob ? csv.stream() : csv;
    for await (const chunk of chunks) {
      if (typeof chunk === 'string') yield Buffer.from(chunk);
      else if (chunk instanceof Uint8Array) yield chunk;
      else throw new CsvError('The CSV stream has an item that is neither bytes nor text.');
    }
  }
}

/** Bytes that are read at once. */
const chunkSize = 256 * 1024;

async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  const { file } = await openRegularFile(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', path, cause);
  });
  try {
    for (;;) {
      // The scanner keeps the end of a chunk, so each chunk has its own memory.
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(chunkSize));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (cause) {
    throw fileSystemError('Cannot read', path, cause);
  } finally {
    await file.close();
  }
}

const lineFeed = 10;
const carriageReturn = 13;

/** Bytes without their first lines. */
async function* skipped(
  chunks: AsyncIterable<Uint8Array>,
  lines: number,
): AsyncGenerator<Uint8Array> {
  let left = lines;
  let afterReturn = false;
  for await (const chunk of chunks) {
    let start = 0;
    while (start < chunk.length && (left > 0 || afterReturn)) {
      const code = chunk[start];
      if (afterReturn && code === lineFeed) start += 1;
      afterReturn = false;
      if (left === 0) break;
      const end = lineEnd(chunk, start);
      if (end < chunk.length) {
        left -= 1;
        afterReturn = chunk[end] === carriageReturn;
      }
      start = end + 1;
    }
    if (start < chunk.length) yield start === 0 ? chunk : chunk.subarray(start);
  }
}

function lineEnd(chunk: Uint8Array, from: number): number {
  let end = from;
  while (end < chunk.length && chunk[end] !== lineFeed && chunk[end] !== carriageReturn) end += 1;
  return end;
}
