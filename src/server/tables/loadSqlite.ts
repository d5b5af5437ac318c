import { createRequire } from 'node:module';

import type * as Sqlite from 'node-sqlite3-wasm';

type SqliteModule = typeof Sqlite;

/** Compiled at the first use, so that a server without tables does not load SQLite. */
export function loadSqlite(): SqliteModule {
  return createRequire(import.meta.url)('node-sqlite3-wasm') as SqliteModule;
}
