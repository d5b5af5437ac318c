import { expect, test } from '@jest/globals';
import { File, Folder, Table, type Stored, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import {
  copiesMade,
  counts,
  fileColumn,
  locationsOf,
  newIndex,
  newLocation,
  putFile,
  storeTree,
} from './migrateWorld.js';

const clients = withClients();

const allLocations = (syn: Synapse, files: readonly (File & Stored)[]) =>
  Promise.all(files.map(({ id }) => locationsOf(syn, id)));

test('"new" leaves the versions that there are, and a second migration changes nothing', async () => {
  const syn = await clients.open('alice');
  const { project, files } = await storeTree(clients, syn);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath);
  await syn.migrate.run(dbPath);
  expect(await allLocations(syn, files)).toEqual([
    [1, there],
    [1, 1, there],
    [1, there],
  ]);
  const calls = await clients.calls(async () => {
    await syn.migrate.index(project, there, dbPath);
    await syn.migrate.run(dbPath);
  });
  expect(calls).toEqual(['projectSettings.getStorageLocation']);

  const again = await syn.migrate.index(project, there, await newIndex(clients));
  expect(await again.countsByStatus()).toEqual(counts({ ALREADY_MIGRATED: 3 }));
});

test('"latest" replaces the content of the latest version, and creates none', async () => {
  const syn = await clients.open('alice');
  const { project, files } = await storeTree(clients, syn);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project.id, String(there), dbPath, { fileVersionStrategy: 'latest' });
  const result = await syn.migrate.run(dbPath);
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 3 }));
  expect(await allLocations(syn, files)).toEqual([[there], [1, there], [there]]);
});

test('"all" replaces the content of all versions, also of those that share a file handle', async () => {
  const syn = await clients.open('alice');
  const { project, files } = await storeTree(clients, syn);
  const [first] = files;
  if (first === undefined) throw new Error('no file');
  first.description = 'a version with the same content';
  await syn.store(first);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath, { fileVersionStrategy: 'all' });
  const before = clients.server.requests.total;
  const result = await syn.migrate.run(dbPath);
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 5 }));
  expect(copiesMade(clients.server, before)).toBe(3);
  expect(await allLocations(syn, files)).toEqual([[there, there], [there, there], [there]]);
});

test('"skip" migrates the cells of tables in all folders, and no files', async () => {
  const syn = await clients.open('alice');
  const { project, files, table } = await storeTree(clients, syn);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  const options = { fileVersionStrategy: 'skip', includeTableFiles: true } as const;
  await syn.migrate.index(project, there, dbPath, options);
  const result = await syn.migrate.run(dbPath);
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 3 }));
  expect(await allLocations(syn, files)).toEqual([[1], [1, 1], [1]]);
  const [row] = await syn.tables.query(`select * from ${table.id}`);
  const ids = [row?.[fileColumn], row?.['other']].map(String);
  const handles = await Promise.all(
    ids.map((handleId) => syn.services.file.getFileHandle({ handleId })),
  );
  expect(handles).toMatchObject([{ storageLocationId: there }, { storageLocationId: there }]);
  await expect(
    syn.migrate.index(project, there, await newIndex(clients), { fileVersionStrategy: 'skip' }),
  ).rejects.toThrow('nothing would be migrated');
});

test('a table has a snapshot from before its first change, unless it is not wanted', async () => {
  const syn = await clients.open('alice');
  const there = await newLocation(syn);
  const versions = async (createTableSnapshots?: boolean) => {
    const { table } = await storeTree(clients, syn);
    const dbPath = await newIndex(clients);
    await syn.migrate.index(table, there, dbPath, { includeTableFiles: true });
    await syn.migrate.run(dbPath, { createTableSnapshots });
    const { results } = await syn.services.entity.listEntityVersions({
      id: table.id,
      offset: 0,
      limit: 10,
    });
    return { id: table.id, results };
  };
  const { id, results } = await versions();
  const [, snapshot] = results;
  expect(snapshot?.versionLabel).toMatch(/^before migration [0-9a-f]{12}$/);
  expect(snapshot?.versionComment).toContain(`storage location ${there}`);
  const old = await syn.tables.query(`select "other" from ${id}.1 where "other" is not null`);
  const now = await syn.tables.query(`select "other" from ${id} where "other" is not null`);
  expect(old[0]?.['other']).not.toBe(now[0]?.['other']);
  expect((await versions(false)).results).toHaveLength(1);
});

test('the new version of a file has the provenance, the annotations and the name of the one before', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const file = await putFile(clients, syn, { parent: project, name: 'made.txt' });
  file.annotations = { tissue: ['liver'], age: [4n] };
  file.versionLabel = 'raw';
  const stored = await syn.store(file, { forceVersion: false });
  await syn.provenance.set(stored, { name: 'How', used: ['https://example.org/data'] });
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(file, there, dbPath);
  await syn.migrate.run(dbPath);
  const now = await syn.get(file.id, { downloadFile: false });
  expect(now).toMatchObject({ versionNumber: 2, versionLabel: '2', name: 'made.txt' });
  expect(now.annotations).toEqual(stored.annotations);
  expect(await syn.provenance.get(now)).toMatchObject({ name: 'How' });
});

test('only files of the given storage locations are migrated; the others are left out with the reason', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const file = await putFile(clients, syn, { parent: project, name: 'here.txt' });
  const externalUrl = 'https://example.org/elsewhere.txt';
  const link = await syn.store(new File({ name: 'elsewhere', externalUrl, parent: project }));
  const [middle, there] = [await newLocation(syn), await newLocation(syn)];
  const found = await syn.migrate.index(project, there, await newIndex(clients), {
    sourceStorageLocationIds: [middle],
  });
  expect(await found.summary()).toMatchObject({ counts: counts({}), leftOut: 2 });
  const reasons = new Map<string, string>();
  for await (const { id, reason } of found.leftOut()) reasons.set(id, reason);
  expect(reasons.get(file.id)).toBe(
    `It is in storage location 1, and only files of ${middle} are migrated.`,
  );
  expect(reasons.get(link.id)).toContain('not in S3 but in a ExternalFileHandle');
});

test('many pages of folders and cells are indexed, and no entity is read twice', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const { dataFileHandleId } = await putFile(clients, syn, { parent: project, name: 'one' });
  const count = 120;
  for (let index = 0; index < count; index += 1) {
    const folder =
      index % 40 === 0
        ? await syn.store(new Folder({ name: `f${index}`, parent: project }))
        : project;
    await syn.store(new File({ name: `file ${index}`, parent: folder, dataFileHandleId }));
  }
  const columns = [{ name: 'f', columnType: 'FILEHANDLEID' as const }];
  const table = await syn.store(new Table({ name: 't', parent: project, columns }));
  await syn.tables.append(
    table,
    Array.from({ length: 700 }, () => ({ f: dataFileHandleId })),
  );
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  const before = clients.server.requests.count('entityBundle.getEntityBundle');
  await syn.migrate.index(project, there, dbPath, { includeTableFiles: true });
  expect(clients.server.requests.count('entityBundle.getEntityBundle') - before).toBe(count + 1);
  const start = clients.server.requests.total;
  const result = await syn.migrate.run(dbPath);
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: count + 1 + 700 }));
  expect(copiesMade(clients.server, start)).toBe(1);
  const cells = await syn.tables.query(`select distinct f from ${table.id}`);
  expect(cells).toHaveLength(1);
}, 60_000);
