import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';

import type * as Sqlite from 'node-sqlite3-wasm';

import type { LostData } from '../state/dataCheck.js';
import { emptyLeaf, interiorKeys, leafWithRow } from './bTreePage.js';
import { loadSqlite } from './loadSqlite.js';
import { pageBytes } from './pageHashes.js';
import { searchName } from './rowStorage.js';
import { tablesName } from './tableGuard.js';

/** Tables without which the others have no meaning. */
const needed = ['tables', 'snapshots', 'storages', 'layout', 'sqlite_schema', 'sqlite_sequence'];

/** What the tables of metadata that can be given up are for. */
const purposes: Readonly<Record<string, string>> = {
  changes: 'the etags of earlier changes of tables',
  deleted_rows: 'the list of deleted rows of tables',
  cell_files: 'the permission to read files through the cells of tables',
};

interface Page {
  readonly number: number;
  /** Path from the root, e.g. `/` or `/002/00a/`. */
  readonly path: string;
}

interface Tree {
  readonly name: string;
  readonly type: string;
  readonly root: number;
  /** Whether its rows are in an index: a table without row ids. */
  readonly isIndex: boolean;
  readonly pages: readonly Page[];
}

/** Row ids of a table that are lost: more than `low`, at most `high`. */
interface LostRange {
  readonly low: number | undefined;
  readonly high: number | undefined;
}

/**
 * Repairs a SQLite file of which some pages are damaged: the rows on these pages are removed, all
 * others are kept. What can be computed from the rows is computed again.
 *
 * @returns what is lost
 * @throws Error when the file cannot be repaired
 */
export function repairTables(file: string, damaged: ReadonlySet<number>): LostData[] {
  const trees = readTrees(file).filter(({ pages }) =>
    pages.some(({ number }) => damaged.has(number)),
  );
  const lost: LostData[] = [];
  const fd = openSync(file, 'r+');
  const repairs: ((db: Sqlite.Database) => void)[] = [];
  try {
    for (const tree of trees) {
      if (needed.includes(tree.name)) throw new Error(`${tree.name} is damaged`);
      const [, storage = '', ofSearch] = /^s(\d+)(_search)?/.exec(tree.name) ?? [];
      if (tree.type === 'index' && !tree.name.startsWith('sqlite_autoindex')) {
        writePage(fd, tree.root, emptyLeaf({ ofIndex: true }));
        repairs.push((db) => db.exec(`REINDEX ${tree.name}`));
      } else if (storage !== '' && ofSearch === undefined) {
        const ranges = emptyPages(fd, tree, damaged);
        repairs.push((db) => {
          lost.push(...removeRows(db, { tree, storage: Number(storage), ranges }));
        });
      } else {
        writePage(fd, tree.root, emptyLeaf({ ofIndex: tree.isIndex }));
        const what = purposes[tree.name];
        if (what !== undefined) lost.push({ file: tablesName, what, ids: [] });
        else repairs.push((db) => db.exec(`DROP TABLE IF EXISTS ${searchName(Number(storage))}`));
      }
    }
  } finally {
    closeSync(fd);
  }
  withDatabase(file, (db) => {
    for (const repair of repairs) repair(db);
    // Pages that are not used any more are left out.
    db.exec('VACUUM');
    const [answer] = db.all('PRAGMA integrity_check');
    if (answer?.['integrity_check'] !== 'ok') throw new Error('the file could not be repaired');
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  });
  return lost;
}

function withDatabase<T>(file: string, use: (db: Sqlite.Database) => T): T {
  const { Database } = loadSqlite();
  rmSync(`${file}.lock`, { recursive: true, force: true });
  const db = new Database(file);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
    return use(db);
  } finally {
    db.close();
  }
}

/** The pages of all tables and indexes, after the log was moved into the file. */
function readTrees(file: string): Tree[] {
  return withDatabase(file, (db) => {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const byName = new Map<string, Page[]>();
    for (const row of db.all('SELECT name, path, pageno FROM dbstat')) {
      const name = textOf(row, 'name');
      const page = { number: Number(row['pageno']), path: textOf(row, 'path') };
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [page]);
      else known.push(page);
    }
    const trees = db.all('SELECT name, type, rootpage, sql FROM sqlite_schema').map((row) => ({
      name: textOf(row, 'name'),
      type: textOf(row, 'type'),
      root: Number(row['rootpage']),
      isIndex: row['type'] === 'index' || /WITHOUT ROWID/i.test(textOf(row, 'sql')),
      pages: byName.get(textOf(row, 'name')) ?? [],
    }));
    const schema = { name: 'sqlite_schema', type: 'table', root: 1, isIndex: false };
    return [...trees, { ...schema, pages: byName.get('sqlite_schema') ?? [] }];
  });
}

/** Replaces the damaged leaves of a table by leaves with a row to delete. */
function emptyPages(fd: number, tree: Tree, damaged: ReadonlySet<number>): LostRange[] {
  const broken = tree.pages.filter(({ number }) => damaged.has(number));
  const isWhole = broken.every(({ path }) => path !== '/' && isLeaf(tree, path));
  if (!isWhole) {
    writePage(fd, tree.root, emptyLeaf({ ofIndex: false }));
    return [{ low: undefined, high: undefined }];
  }
  const paths = new Set(broken.map(({ path }) => leafPath(path)));
  return [...paths].map((path) => {
    const leaf = tree.pages.find((page) => page.path === path);
    if (leaf === undefined) throw new Error(`a page of ${tree.name} is missing`);
    const range = boundsOf(fd, tree, path);
    writePage(fd, leaf.number, leafWithRow(rowIn(range)));
    return range;
  });
}

/** The path of the leaf of an overflow page (`/002/00a+000001`) is that before the cell. */
function leafPath(path: string): string {
  return path.includes('+') ? path.slice(0, path.lastIndexOf('/') + 1) : path;
}

/** All leaves have the same distance from the root. The children of a damaged page are not known. */
function isLeaf({ pages }: Tree, path: string): boolean {
  const deepest = pages.reduce((depth, page) => Math.max(depth, depthOf(page.path)), 0);
  return depthOf(path) === deepest;
}

function depthOf(path: string): number {
  return leafPath(path).split('/').length;
}

/** The row ids that a page can have, by the keys of the pages above it. */
function boundsOf(fd: number, tree: Tree, path: string): LostRange {
  const [, above = '', child = ''] = /^(.*\/)([0-9a-f]+)\/$/.exec(path) ?? [];
  if (above === '') return { low: undefined, high: undefined };
  const parent = tree.pages.find((page) => page.path === above);
  if (parent === undefined) throw new Error(`a page of ${tree.name} is missing`);
  const keys = interiorKeys(readPage(fd, parent.number));
  const index = parseInt(child, 16);
  const outer = boundsOf(fd, tree, above);
  return { low: keys[index - 1] ?? outer.low, high: keys[index] ?? outer.high };
}

function rowIn({ low, high }: LostRange): number {
  return high ?? (low ?? 0) + 1;
}

/** Removes what stands for the lost rows, and says which rows of which tables are lost. */
function removeRows(
  db: Sqlite.Database,
  { tree, storage, ranges }: { tree: Tree; storage: number; ranges: readonly LostRange[] },
): LostData[] {
  for (const range of ranges) {
    db.run(`DELETE FROM ${tree.name} WHERE row_id = ?`, [rowIn(range)]);
  }
  // It is built again when the file is opened.
  db.exec(`DROP TABLE IF EXISTS ${searchName(storage)}`);
  const users = db.all(
    "SELECT 'syn' || table_id AS name FROM tables WHERE storage = ?1 UNION " +
      "SELECT 'syn' || table_id || '.' || version FROM snapshots WHERE storage = ?1",
    [storage],
  );
  const names = users.map((row) => textOf(row, 'name'));
  if (names.length === 0) return [];
  return ranges.map((range) => ({
    file: tablesName,
    what: `${describeRange(range)} of ${names.join(' and ')}`,
    ids: [],
  }));
}

function describeRange({ low, high }: LostRange): string {
  if (low === undefined && high === undefined) return 'all rows';
  if (high === undefined) return `the rows from ${(low ?? 0) + 1}`;
  return low === undefined ? `the rows up to ${high}` : `the rows ${low + 1} to ${high}`;
}

function textOf(row: Readonly<Record<string, unknown>>, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}

function readPage(fd: number, number: number): Buffer {
  const page = Buffer.alloc(pageBytes);
  readSync(fd, page, 0, pageBytes, (number - 1) * pageBytes);
  return page;
}

function writePage(fd: number, number: number, page: Buffer): void {
  writeSync(fd, page, 0, pageBytes, (number - 1) * pageBytes);
}
