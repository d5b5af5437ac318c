import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import type * as Sqlite from 'node-sqlite3-wasm';
import { withClients } from '../entities/withClients.js';
import { counts, locationsOf, newIndex, newLocation, putFile, storeTree } from './migrateWorld.js';

const clients = withClients();
const fixtures = join(import.meta.dirname, '../fixtures/migration');
const { Database } = createRequire(import.meta.url)('node-sqlite3-wasm') as typeof Sqlite;

/** The rows of a query. */
function select(path: string, sql: string): Record<string, unknown>[] {
  const db = new Database(path);
  try {
    return db.all(sql);
  } finally {
    db.close();
  }
}

const schemaOf = (path: string) =>
  select(path, 'select type, name, tbl_name, sql from sqlite_master order by type, name').map(
    ({ sql, ...rest }) => ({
      ...rest,
      sql: (sql as string | null)
        ?.replace(/\s+/g, ' ')
        .replace(/\( /g, '(')
        .replace(/ \)/g, ')')
        .toLowerCase(),
    }),
  );

test('the index has the tables of the Python client, and is a plain database when it is closed', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  await putFile(clients, syn, { parent: project, name: 'a.txt' });
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath);
  expect(await readdir(dirname(dbPath))).toEqual(['migration.db']);
  expect(schemaOf(dbPath)).toEqual(schemaOf(join(fixtures, 'python.db')));
  expect(select(dbPath, 'pragma journal_mode')).toEqual([{ journal_mode: 'delete' }]);
  const [{ settings } = {}] = select(dbPath, 'select settings from migration_settings');
  expect(JSON.parse(String(settings))).toEqual({
    root_id: project.id,
    dest_storage_location_id: String(there),
    source_storage_location_ids: [],
    file_version_strategy: 'new',
    include_table_files: 0,
  });
});

test('an index that the Python client has made is continued', async () => {
  const syn = await clients.open('alice');
  const { project, folder, files, table } = await storeTree(clients, syn);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await copyFile(join(fixtures, 'python.db'), dbPath);
  const columns = await syn.tables.columns(table);
  const rows = await syn.tables.query(`select * from ${table.id}`);
  const cells = [rows[0]?.['Datei "日本"'], rows[0]?.['other']].map(String);
  const versions = await Promise.all(
    [1, 2].map((version) => syn.get(files[1]?.id ?? '', { version, downloadFile: false })),
  );
  const handles = versions.map((file) => ('dataFileHandleId' in file ? file.dataFileHandleId : ''));
  // The entities of this server have other ids than those that the index was made with.
  const ids: [string, string | undefined][] = [
    ['syn10000037', project.id],
    ['syn10000038', folder.id],
    ['syn10000039', files[0]?.id],
    ['syn10000040', files[1]?.id],
    ['syn10000041', files[2]?.id],
    ['syn10000042', table.id],
  ];
  const db = new Database(dbPath);
  for (const [old, id] of ids) {
    db.run('update migrations set id = ? where id = ?', [id ?? '', old]);
    db.run('update migrations set parent_id = ? where parent_id = ?', [id ?? '', old]);
    db.run('update migration_settings set settings = replace(settings, ?, ?)', [old, id ?? '']);
  }
  const destination = '"dest_storage_location_id": ';
  db.run('update migration_settings set settings = replace(settings, ?, ?)', [
    `${destination}"8"`,
    `${destination}"${there}"`,
  ]);
  const handleIds = [files[0]?.dataFileHandleId, ...handles, ...cells];
  for (const [index, id] of handleIds.entries()) {
    const old = String(index + 1);
    db.run("update migrations set from_file_handle_id = 'new' || ? where from_file_handle_id = ?", [
      id ?? '',
      old,
    ]);
  }
  db.run(
    'update migrations set from_file_handle_id = substr(from_file_handle_id, 4) where type > 2',
  );
  db.run('update migrations set col_id = col_id + 1000 where type = 4');
  for (const [index, { id }] of columns.slice(1).entries()) {
    db.run('update migrations set col_id = ? where col_id = ?', [Number(id), 1002 + index]);
  }
  db.close();

  const options = { fileVersionStrategy: 'all', includeTableFiles: true } as const;
  const calls = await clients.calls(() => syn.migrate.index(project, there, dbPath, options));
  expect(calls).toEqual(['projectSettings.getStorageLocation']);
  const result = await syn.migrate.run(dbPath);
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 7 }));
  expect(await Promise.all(files.map(({ id }) => locationsOf(syn, id)))).toEqual([
    [there],
    [there, there],
    [there],
  ]);
});

test('a change that the Python client was killed in is undone', async () => {
  const syn = await clients.open('alice');
  const dbPath = await newIndex(clients);
  await copyFile(join(fixtures, 'killed.db'), dbPath);
  await copyFile(join(fixtures, 'killed.db-journal'), `${dbPath}-journal`);
  expect(await syn.migrate.open(dbPath).countsByStatus()).toEqual(counts({ INDEXED: 30 }));
  expect(select(dbPath, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
});

test('an index with other settings is refused, with all that differ', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const [there, elsewhere] = [await newLocation(syn), await newLocation(syn)];
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath);
  const options = { fileVersionStrategy: 'all', sourceStorageLocationIds: [1] } as const;
  await expect(syn.migrate.index(project, elsewhere, dbPath, options)).rejects.toThrow(
    `other settings (destination storage location: ${there} in the index, ${elsewhere} now; ` +
      'source storage locations: all in the index, 1 now; file version strategy: new in the index, all now)',
  );
});

test('an index in use is refused; one of a process that was killed is taken over', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath);
  const owner = { host: (await import('node:os')).hostname(), pid: 1, nonce: 'another' };
  await writeFile(`${dbPath}.owner`, JSON.stringify(owner));
  await expect(syn.migrate.run(dbPath)).rejects.toMatchObject({ code: 'INDEX_IN_USE' });
  await writeFile(`${dbPath}.owner`, JSON.stringify({ ...owner, pid: 2 ** 30 }));
  await mkdir(`${dbPath}.lock`);
  expect(await (await syn.migrate.run(dbPath)).countsByStatus()).toEqual(counts({}));
});

test('what is no index is refused, and not changed', async () => {
  const syn = await clients.open('alice');
  const dbPath = await newIndex(clients);
  await expect(syn.migrate.run(dbPath)).rejects.toThrow('no such file');
  await expect(syn.migrate.run(dirname(dbPath))).rejects.toThrow('is not a file');
  const text =
    'this is not a database, but a text that is long enough to be taken for one\n'.repeat(9);
  await writeFile(dbPath, text);
  await expect(syn.migrate.run(dbPath)).rejects.toThrow('is not the index of a migration');
  expect(await readFile(dbPath, 'utf8')).toBe(text);
  const other = await newIndex(clients);
  const db = new Database(other);
  db.exec('create table mine (a)');
  db.close();
  const before = await readFile(other);
  await expect(syn.migrate.run(other)).rejects.toThrow('but another database');
  expect((await readFile(other)).equals(before)).toBe(true);
  const empty = await newIndex(clients);
  await writeFile(empty, '');
  await expect(syn.migrate.run(empty)).rejects.toThrow('it has no settings');
});

test.each([
  [{ fileVersionStrategy: 'newest' as 'new' }, 'one of new, latest, all, skip, not "newest"'],
  [{ sourceStorageLocationIds: ['one'] }, '"one" is not the id of a storage location'],
  [{ concurrency: 0 }, 'a whole number from 1, not 0'],
])('the options %j are refused', async (options, message) => {
  const syn = await clients.open('alice');
  const dbPath = await newIndex(clients);
  await expect(syn.migrate.index('syn1', 1, dbPath, options)).rejects.toThrow(message);
  await expect(syn.migrate.index('syn1.2', 1, dbPath)).rejects.toThrow('names version 2');
});
