import { createRequire } from 'node:module';
import type * as Sqlite from 'node-sqlite3-wasm';

/** SQLite. It is compiled at the first use: most programs do not need it. */
export function loadSqlite(): typeof Sqlite {
  return createRequire(import.meta.url)('node-sqlite3-wasm') as typeof Sqlite;
}
