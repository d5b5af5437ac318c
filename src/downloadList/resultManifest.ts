import { open, rename, rm } from 'node:fs/promises';
import { fileSystemError } from '../errors.js';
import { temporaryPath } from '../files/temporaryPath.js';
import { csvDialect } from '../tables/csv/csvDialect.js';
import { writeCsvRow } from '../tables/csv/writeCsvRow.js';
import type { ManifestCells } from './listManifest.js';

/** A row of the manifest of a download. */
export interface ResultRow {
  cells: ManifestCells;
  /** Where the file is. Empty when it is nowhere. */
  path: string;
  /** Why it could not be downloaded. Empty for a success. */
  error: string;
}

/** As Python's `csv` module writes and reads it: a quote in a cell is doubled, and a backslash is a character like any other. */
const dialect = csvDialect({ escape: '"', lineEnd: '\r\n' });

const own = ['path', 'error'] as const;

/**
 * Writes the manifest of a download: the columns of the service, then `path` and `error`. The file appears in one step, and
 * replaces the one before.
 *
 * @throws {@link FileSystemError}
 */
export async function writeResultManifest(
  path: string,
  columns: readonly string[],
  rows: Iterable<ResultRow>,
): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    const file = await open(temporary, 'wx');
    try {
      for (const piece of inLargePieces(linesOf(columns, rows))) await file.writeFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileSystemError('Cannot write', path, cause);
  }
}

function* linesOf(columns: readonly string[], rows: Iterable<ResultRow>): Generator<string> {
  yield writeCsvRow([...columns.map(freeName), ...own], dialect);
  for (const { cells, path, error } of rows) {
    yield writeCsvRow(
      [...cells, path, error].map((cell) => (cell === '' ? null : cell)),
      dialect,
    );
  }
}

const pieceLength = 64 * 1024;

function* inLargePieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/** An annotation with the name of one of our columns gets another one. */
function freeName(column: string): string {
  return own.some((name) => name === column) ? `annotation.${column}` : column;
}
