import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { runPool } from '../transfer/pool.js';
import { CopyOnce } from './copyOnce.js';
import { requireConcurrency } from './failureText.js';
import { migrateFile } from './migrateFile.js';
import type { MigrateRun } from './migrateRun.js';
import { migrateTable } from './migrateTable.js';
import { MigrationResult } from './migrationResult.js';
import { withIndex } from './openIndex.js';

/** What {@link migrateIndexedFiles} is about to do. */
export interface MigrationToConfirm {
  /** Files to migrate: versions of files, and cells of tables. */
  files: number;
  /** Bytes that are still to be copied. */
  bytesToCopy: number;
  storageLocationId: string;
}

/** How {@link migrateIndexedFiles} migrates. */
export interface MigrateFilesOptions extends CommonOptions {
  /** Whether a snapshot of a table is made before its first change. @default true */
  createTableSnapshots?: boolean;
  /** Whether to go on when a file cannot be migrated. The error is in the index then. @default false */
  continueOnError?: boolean;
  /** Asked before anything is changed, if there is something to migrate. Nothing is changed unless it returns `true`. @default yes */
  confirm?: (migration: MigrationToConfirm) => Promise<boolean> | boolean;
  /** Files to migrate at the same time. @default 8 */
  concurrency?: number;
}

const defaultConcurrency = 8;

/** Implements {@link Migrate.run}. */
export async function migrateIndexedFiles(
  ctx: Context,
  dbPath: string,
  options: MigrateFilesOptions = {},
): Promise<MigrationResult> {
  const { confirm = () => true, signal, concurrency = defaultConcurrency } = options;
  requireConcurrency(concurrency);
  await withIndex(dbPath, { create: false }, async (index) => {
    const settings = index.settings();
    if (settings === undefined) {
      throw new ArgumentError(
        `${dbPath} is not the index of a migration: it has no settings. Index the files first.`,
      );
    }
    const { destinationStorageLocationId: storageLocationId } = settings;
    index.retryErrors();
    const { INDEXED: files } = index.counts();
    const bytesToCopy = index.bytesToCopy();
    if (files === 0 || !(await confirm({ files, bytesToCopy, storageLocationId }))) return;
    const run: MigrateRun = {
      ctx,
      index,
      settings,
      copies: new CopyOnce(ctx, index, storageLocationId),
      concurrency,
      createTableSnapshots: options.createTableSnapshots ?? true,
      continueOnError: options.continueOnError ?? false,
      stored: new WeakSet(),
      onProgress: options.onProgress,
    };
    await runPool(index.pending(), { limit: concurrency, signal }, (entity, own) =>
      (entity.type === 'table' ? migrateTable : migrateFile)(run, entity, own),
    );
  });
  return new MigrationResult(ctx, dbPath);
}
