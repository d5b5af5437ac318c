import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileSystemError, SynapseError } from '../errors.js';
import { csvDialect } from '../tables/csv/csvDialect.js';
import { writeCsvRow } from '../tables/csv/writeCsvRow.js';
import type { MigrationRow } from './indexRows.js';

/** The columns of the log, as in the Python client. */
const logColumns: readonly (readonly [
  name: string,
  value: (row: MigrationRow) => number | string | null,
])[] = [
  ['id', ({ id }) => id],
  ['type', ({ type }) => type],
  ['version', ({ version }) => version],
  ['row_id', ({ rowId }) => rowId],
  ['col_name', ({ columnName }) => columnName],
  ['from_storage_location_id', ({ fromStorageLocationId }) => fromStorageLocationId],
  ['from_file_handle_id', ({ fromFileHandleId }) => fromFileHandleId],
  ['to_file_handle_id', ({ toFileHandleId }) => toFileHandleId],
  ['file_size', ({ size }) => size],
  ['status', ({ status }) => status],
  ['exception', ({ error }) => error],
];

/**
 * Writes the files of a migration as CSV.
 *
 * @throws {@link FileSystemError} when the file cannot be written.
 */
export async function writeMigrationLog(
  path: string,
  rows: AsyncIterable<MigrationRow>,
): Promise<void> {
  const dialect = csvDialect({ escape: '"', lineEnd: '\r\n' });
  const lines = async function* (): AsyncGenerator<string> {
    yield writeCsvRow(
      logColumns.map(([name]) => name),
      dialect,
    );
    for await (const row of rows) {
      const cells = logColumns.map(([, value]) => value(row));
      yield writeCsvRow(
        cells.map((cell) => (cell === null ? null : String(cell))),
        dialect,
      );
    }
  };
  try {
    await pipeline(lines(), createWriteStream(path));
  } catch (cause) {
    throw cause instanceof SynapseError ? cause : fileSystemError('Cannot write', path, cause);
  }
}
