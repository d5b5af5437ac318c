import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type * as Sqlite from 'node-sqlite3-wasm';

import { SqlError } from './sql/sqlError.js';
import type { SqlValue } from './sql/value.js';
import { registerUserFunctions } from './sql/userFunctions.js';
import { loadSqlite } from './loadSqlite.js';
import { guardFiles, TableGuard, tablesName } from './tableGuard.js';
import { WorkBudget } from './workBudget.js';

/** A row of a result, by column name. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/**
 * Maximum depth of parentheses. The stack of SQLite in WebAssembly is small and not protected: at
 * about 300 levels, it overwrites its memory, and every later statement fails.
 */
const maxDepth = 250;
interface Parts {
  /** The folder to remove at the end. */
  temporary: string | undefined;
  /** Absent for a temporary file. */
  guard?: TableGuard;
  budget: WorkBudget;
}

/** Maximum number of cached prepared statements. */
const maxKeptStatements = 200;
/** Size of the page cache in KiB. */
const cacheKibibytes = 32_768;

/**
 * The SQLite file with the rows of all tables. Every method is synchronous; asynchronous work must
 * run in {@link exclusive}.
 *
 * The file is in WAL mode under an exclusive lock: this VFS has no shared memory, which one
 * connection does not need. A commit is written to the file system before it returns, so a killed
 * process loses nothing. The log is replayed when the file is opened.
 */
export class TableDatabase {
  readonly #db: Sqlite.Database;
  readonly #temporary: string | undefined;
  /** Absent for a temporary file. */
  readonly #guard: TableGuard | undefined;
  readonly #budget: WorkBudget;
  readonly #statements = new Map<string, Sqlite.Statement>();
  #turn: Promise<void> = Promise.resolve();
  #depth = 0;

  private constructor(db: Sqlite.Database, { temporary, guard, budget }: Parts) {
    this.#db = db;
    this.#temporary = temporary;
    this.#guard = guard;
    this.#budget = budget;
  }

  /** Whether a data directory has the file. */
  static existsIn(dataDir: string): boolean {
    return existsSync(join(dataDir, tablesName));
  }

  /** Whether the file was not closed. Closing empties and removes the log. */
  static wasLeftOpen(dataDir: string): boolean {
    const file = join(dataDir, tablesName);
    return existsSync(`${file}-wal`) || existsSync(`${file}.lock`);
  }

  /** Opens the file of a data directory, or a temporary one that {@link close} removes. */
  static open(dataDir: string | undefined): TableDatabase {
    const { Database } = loadSqlite();
    const temporary =
      dataDir === undefined ? mkdtempSync(join(tmpdir(), 'synapse-tables-')) : undefined;
    const file = join(dataDir ?? temporary ?? '', tablesName);
    // The VFS locks the file by creating this directory, which a killed server does not remove. The
    // lock of the data directory ensures that no other server uses it.
    rmSync(`${file}.lock`, { recursive: true, force: true });
    const isGuarded = temporary === undefined;
    if (isGuarded && !existsSync(guardFiles(file).pages)) TableGuard.prepare(file);
    const db = new Database(file);
    db.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; ' +
        // Syncing at checkpoints is sufficient to protect the file from power failures. Commits
        // survive a killed process.
        'PRAGMA synchronous = NORMAL; ' +
        `PRAGMA cache_size = -${cacheKibibytes}; PRAGMA foreign_keys = OFF;`,
    );
    const budget = new WorkBudget();
    registerUserFunctions(db, budget);
    if (!isGuarded) return new TableDatabase(db, { temporary, budget });
    db.exec('PRAGMA wal_autocheckpoint = 0;');
    const database = new TableDatabase(db, { temporary, budget, guard: TableGuard.open(file) });
    // The log of a killed server.
    database.#moveLog();
    return database;
  }

  /** Runs statements without results or parameters. */
  exec(sql: string): void {
    this.#db.exec(sql);
    this.#noteCommit();
  }

  /** Runs a statement; returns how many rows it changed. */
  run(sql: string, parameters: readonly SqlValue[] = []): number {
    const changes = this.#use(sql, (statement) => statement.run(toArray(parameters)).changes);
    this.#noteCommit();
    return changes;
  }

  /**
   * The first row of a result; the statement is run to completion, so that it releases its locks.
   */
  get(sql: string, parameters: readonly SqlValue[] = []): SqlRow | undefined {
    return this.all(sql, parameters)[0];
  }

  /** All rows of a result. */
  all(sql: string, parameters: readonly SqlValue[] = []): SqlRow[] {
    return this.#use(sql, (statement) => statement.all(toArray(parameters)) as SqlRow[]);
  }

  /** The rows of a result, read one by one. */
  *rows(sql: string, parameters: readonly SqlValue[] = []): Generator<SqlRow, void, undefined> {
    // A separate statement, which is finalized even when the reader stops early, because an
    // unfinished statement prevents emptying the log.
    const statement = this.#prepare(sql);
    try {
      for (const row of statement.iterate(toArray(parameters))) {
        yield row as SqlRow;
      }
    } finally {
      statement.finalize();
    }
  }

  /**
   * Runs `fn` so that all of its changes are kept or, when it throws, none. Nested calls join the
   * outer one.
   */
  transaction<T>(fn: () => T): T {
    if (this.#depth > 0) {
      return fn();
    }
    this.begin();
    try {
      const result = fn();
      this.commit();
      return result;
    } catch (error) {
      this.rollback();
      throw error;
    }
  }

  /** Begins a transaction for asynchronous work. Must be called in an exclusive section. */
  begin(): void {
    this.#db.exec('BEGIN IMMEDIATE');
    this.#depth = 1;
  }

  commit(): void {
    this.#db.exec('COMMIT');
    this.#depth = 0;
    this.#noteCommit();
  }

  rollback(): void {
    this.#depth = 0;
    // Some errors, such as a full disk, end the transaction.
    if (this.#db.inTransaction) {
      this.exec('ROLLBACK');
    }
  }

  /**
   * Waits for earlier work and runs `work`, which may be asynchronous. No other exclusive work runs
   * in between.
   */
  exclusive<T>(work: () => Promise<T> | T): Promise<T> {
    const result = this.#turn.then(() => {
      this.#budget.reset();
      return work();
    });
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Lets other requests run in the middle of exclusive work, which then has a new budget. */
  async pause(): Promise<void> {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.#budget.reset();
  }

  /** Finalizes all cached statements: needed before tables are altered or dropped. */
  forgetStatements(): void {
    for (const statement of this.#statements.values()) {
      statement.finalize();
    }
    this.#statements.clear();
  }

  /** Waits for running work and closes the file. */
  async close(): Promise<void> {
    await this.#turn;
    this.forgetStatements();
    this.#moveLog();
    this.#guard?.close();
    this.#db.close();
    if (this.#temporary !== undefined) {
      rmSync(this.#temporary, { recursive: true, force: true });
    }
  }

  /** Records a committed transaction, before it is answered. */
  #noteCommit(): void {
    if (this.#depth === 0 && this.#guard?.noteCommit() === true) this.#moveLog();
  }

  /** Moves the log into the file, unless a statement that is not finished still reads it. */
  #moveLog(): void {
    if (this.#guard === undefined) return;
    this.#guard.noteMove();
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Runs a cached statement, and removes it from the cache when it fails: it would fail again. */
  #use<T>(sql: string, run: (statement: Sqlite.Statement) => T): T {
    const statement = this.#statement(sql);
    try {
      return run(statement);
    } catch (error) {
      this.#statements.delete(sql);
      finalizeFailed(statement);
      throw error;
    }
  }

  /** @throws SqlError for a statement that would exhaust the stack of SQLite */
  #prepare(sql: string): Sqlite.Statement {
    if (depthOf(sql) > maxDepth) {
      throw new SqlError('The query is nested too deeply');
    }
    return this.#db.prepare(sql);
  }

  #statement(sql: string): Sqlite.Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#prepare(sql);
      if (this.#statements.size >= maxKeptStatements) {
        this.forgetStatements();
      }
      this.#statements.set(sql, statement);
    } else {
      // The least recently used statement is the first one.
      this.#statements.delete(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** How deep parentheses are inside of each other; every expression that nests has them. */
function depthOf(sql: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of sql) {
    if (character === '(') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === ')') {
      depth -= 1;
    }
  }
  return deepest;
}

/** Finalizing reports the error of the last run once more. */
function finalizeFailed(statement: Sqlite.Statement): void {
  try {
    statement.finalize();
  } catch {
    // The caller has this error already.
  }
}

/** The types of the binding require a mutable array, but it is not changed. */
function toArray(parameters: readonly SqlValue[]): SqlValue[] {
  return parameters as SqlValue[];
}
