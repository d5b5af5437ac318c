import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Database as SqliteDatabase } from 'node-sqlite3-wasm';
import { ArgumentError, fileSystemError, SynapseError } from '../errors.js';
import { claimIndex } from './indexOwner.js';
import { loadSqlite } from './loadSqlite.js';
import { MigrationIndex } from './migrationIndex.js';
import { requireUnlocked } from './requireUnlocked.js';
import { rollBack } from './rollBack.js';

/**
 * Runs `action` with an index. No other process uses it meanwhile. What is written stays when the process is killed.
 *
 * The database has a write-ahead log while it is open: after a crash, SQLite restores it from there. Its other method, a rollback
 * journal, does not work with this build of SQLite, which never takes the journal of a killed process for one.
 *
 * @param create - Whether the index is created when there is none.
 * @throws {@link ArgumentError} when there is no index, or the file is something else.
 * @throws {@link SynapseError} (`INDEX_IN_USE`) while another process uses it.
 */
export async function withIndex<T>(
  path: string,
  { create }: { create: boolean },
  action: (index: MigrationIndex) => Promise<T>,
): Promise<T> {
  const file = resolve(path);
  await requirePlace(file, create);
  const release = await claimIndex(file);
  try {
    await requireUnlocked(file);
    await rollBack(file);
    const { Database } = loadSqlite();
    const db = new Database(file, { fileMustExist: !create });
    try {
      db.exec('PRAGMA locking_mode = EXCLUSIVE');
      requireIndex(path, db);
      db.exec('PRAGMA journal_mode = WAL');
      db.exec('PRAGMA synchronous = NORMAL');
      const index = new MigrationIndex(path, db);
      index.createTables();
      const result = await action(index);
      db.exec('PRAGMA journal_mode = DELETE');
      return result;
    } finally {
      db.close();
    }
  } catch (error) {
    throw readable(path, error);
  } finally {
    await release();
  }
}

async function requirePlace(file: string, create: boolean): Promise<void> {
  try {
    const found = await stat(file).catch((error: unknown) => {
      if (!create) throw error;
    });
    if (found === undefined) await stat(dirname(file));
    else if (!found.isFile()) {
      throw new ArgumentError(`${file} is not a file: give the path of the index of a migration.`);
    }
  } catch (cause) {
    throw fileSystemError('Cannot open the index', file, cause);
  }
}

/** A database of another program is not changed. */
function requireIndex(path: string, db: SqliteDatabase): void {
  const names = db.all('SELECT name FROM sqlite_master').map(({ name }) => name);
  if (names.length === 0 || names.includes('migration_settings')) return;
  throw new ArgumentError(
    `${path} is not the index of a migration but another database. Use another path for a new index.`,
  );
}

/** The errors of SQLite do not name the file. */
function readable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'SQLite3Error') return error;
  if (/not a database|malformed/i.test(error.message)) {
    return new ArgumentError(
      `${path} is not the index of a migration, or it is damaged (${error.message}). Use another path for a new index.`,
      { cause: error },
    );
  }
  return new SynapseError(`The index ${path} cannot be used: ${error.message}.`, {
    code: 'INDEX',
    cause: error,
  });
}
