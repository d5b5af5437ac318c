import { expect, test } from '@jest/globals';
import { withClients } from '../entities/withClients.js';
import {
  copiesMade,
  counts,
  fileColumn,
  locationsOf,
  newIndex,
  newLocation,
  storeTree,
} from './migrateWorld.js';

const clients = withClients();

test('a project is migrated: new versions of files, cells of tables, each file handle copied once', async () => {
  const syn = await clients.open('alice');
  const { project, files, table } = await storeTree(clients, syn);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);

  const found = await syn.migrate.index(project, there, dbPath, { includeTableFiles: true });
  expect(await found.summary()).toEqual({
    counts: counts({ INDEXED: 6 }),
    leftOut: 0,
    // first.txt, version 2 of second.txt, one.txt and two.txt: each file handle once.
    bytesToCopy: 'content of first.txt'.length + 'version 2'.length + 3 + 3,
  });
  const before = clients.server.requests.total;
  const result = await syn.migrate.run(dbPath);
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 6 }));
  expect(copiesMade(clients.server, before)).toBe(4);
  const locations = await Promise.all(files.map(({ id }) => locationsOf(syn, id)));
  expect(locations).toEqual([
    [1, there],
    [1, 1, there],
    [1, there],
  ]);
  const rows = await syn.tables.query(`select * from ${table.id}`);
  expect(rows.map(({ name }) => name)).toEqual(['ä', 'b', 'c']);
  expect(rows[0]?.[fileColumn]).toBe(rows[1]?.[fileColumn]);
});
