import type { Context } from '../context.js';
import type { CommonOptions, Progress } from '../options.js';
import type { CopyOnce } from './copyOnce.js';
import { failureText } from './failureText.js';
import type { IndexedItem, IndexRow, LeftOutFile } from './indexRows.js';
import type { MigrationSettings } from './indexSettings.js';
import type { MigrationIndex } from './migrationIndex.js';

/** A run that migrates files. */
export interface MigrateRun extends Pick<CommonOptions, 'onProgress'> {
  readonly ctx: Context;
  readonly index: MigrationIndex;
  readonly settings: MigrationSettings;
  readonly copies: CopyOnce;
  readonly concurrency: number;
  readonly createTableSnapshots: boolean;
  readonly continueOnError: boolean;
  /** Errors that end the run, and are stored with their files. */
  readonly stored: WeakSet<object>;
}

/** A file as messages and progress events name it. */
export function itemName({ id, type, version, rowId, columnId }: IndexedItem): string {
  if (type === 'table') return `${id} row ${rowId} column ${columnId}`;
  return version === null ? id : `${id}.${version}`;
}

/** The members of a file that is left out. */
export function itemOf(row: IndexRow): Omit<LeftOutFile, 'reason'> {
  const { id, type, version, rowId, columnId, fromFileHandleId } = row;
  return { id, type, version, rowId, columnId, fileHandleId: fromFileHandleId ?? '' };
}

/** Stores that a file is migrated. */
export function migrated(run: MigrateRun, row: IndexRow, toFileHandleId: string): void {
  run.index.settle(row, { status: 'MIGRATED', toFileHandleId });
  report(run, row, 'done');
}

/**
 * Stores why a file is not migrated. Its copy, if there is one, is kept for the next run.
 *
 * @throws the error, unless the run goes on after errors
 */
export function failed(run: MigrateRun, rows: readonly IndexRow[], error: unknown): void {
  const { index, stored } = run;
  if (error instanceof Error && stored.has(error)) throw error;
  index.transaction(() => {
    for (const row of rows) {
      const toFileHandleId = row.toFileHandleId ?? index.copyOf(row.fromFileHandleId ?? '') ?? null;
      index.settle(row, { status: 'ERRORED', toFileHandleId, error: failureText(error) });
    }
  });
  for (const row of rows) report(run, row, 'error', failureText(error));
  if (run.continueOnError) return;
  if (error instanceof Error) stored.add(error);
  throw error;
}

function report(
  { onProgress }: MigrateRun,
  row: IndexRow,
  state: Progress['state'],
  message = 'migrated',
): void {
  const bytes = row.size ?? 0;
  onProgress?.({
    kind: 'sync',
    path: itemName(row),
    transferredBytes: state === 'done' ? bytes : 0,
    totalBytes: bytes,
    state,
    message,
  });
}
