import { expect, test } from '@jest/globals';
import { File, type Synapse } from '../../src/index.js';
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

/** A project of Alice whose files Bob may change, except for one that he may not download. */
async function sharedProject(alice: Synapse) {
  const project = await clients.project(alice);
  const open = await putFile(clients, alice, { parent: project, name: 'open.txt' });
  const secret = await putFile(clients, alice, { parent: project, name: 'secret.txt' });
  const { userId } = clients.server.users.bob;
  const accessType = ['READ', 'DOWNLOAD', 'UPDATE', 'CREATE'] as const;
  await alice.setPermissions(project.id, userId, { accessType: [...accessType] });
  await alice.setPermissions(secret.id, userId, { accessType: ['READ', 'UPDATE'] });
  const allow = () => alice.setPermissions(secret.id, userId, { accessType: [...accessType] });
  return { project, open, secret, allow };
}

test('a file that the user may not download ends the run', async () => {
  const { project, secret } = await sharedProject(await clients.open('alice'));
  const bob = await clients.open('bob');
  const there = await newLocation(bob);
  await expect(bob.migrate.index(project.id, there, await newIndex(clients))).rejects.toThrow(
    `You may see ${secret.id} (secret.txt) but not download it`,
  );
});

test('with continueOnError it is in the index with the error, and the next run tries it again', async () => {
  const { project, open, secret, allow } = await sharedProject(await clients.open('alice'));
  const bob = await clients.open('bob');
  const there = await newLocation(bob);
  const dbPath = await newIndex(clients);
  const go = async () => {
    await bob.migrate.index(project.id, there, dbPath, { continueOnError: true });
    return bob.migrate.run(dbPath, { continueOnError: true });
  };
  const result = await go();
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 1, ERRORED: 1 }));
  expect(await locationsOf(bob, open.id)).toEqual([1, there]);
  const errors = [];
  for await (const { id, status, error } of result) {
    if (status === 'ERRORED') errors.push({ id, error });
  }
  expect(errors).toMatchObject([{ id: secret.id }]);
  expect(errors[0]?.error).toContain('you lack the DOWNLOAD permission');

  await allow();
  expect(await (await go()).countsByStatus()).toEqual(counts({ MIGRATED: 2 }));
  expect(await locationsOf(bob, open.id)).toEqual([1, there]);
  expect(await locationsOf(bob, secret.id)).toEqual([1, there]);
});

test('a storage location of another user is refused before anything is read', async () => {
  const alice = await clients.open('alice');
  const there = await newLocation(await clients.open('bob'));
  const calls = await clients.calls(() =>
    expect(
      newIndex(clients).then((dbPath) => alice.migrate.index('syn1', there, dbPath)),
    ).rejects.toThrow('another user has created it'),
  );
  expect(calls).toEqual(['projectSettings.getStorageLocation']);
});

test('a file that has changed since it was indexed is migrated with its new content', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const name = 'changing.txt';
  const file = await putFile(clients, syn, { parent: project, name });
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath);
  await putFile(clients, syn, { parent: project, name, content: 'newer' });
  const result = await syn.migrate.run(dbPath);
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 1 }));
  expect(await locationsOf(syn, file.id)).toEqual([1, 1, there]);
  const now = await syn.get(file.id, { downloadFile: false });
  expect(now instanceof File ? now.fileHandle : undefined).toMatchObject({ contentSize: 5 });
});

test('a file that changes between reading and writing is not overwritten', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  const name = 'changing.txt';
  const file = await putFile(clients, syn, { parent: project, name });
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath);
  const { conditions } = clients.server;
  conditions.set({ faults: [{ operation: 'entity.updateEntity', times: 1, delay: 800 }] });
  const running = syn.migrate.run(dbPath);
  while (conditions.faultHits()[0] === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const other = await clients.open('alice');
  await putFile(clients, other, { parent: project, name, content: 'meanwhile' });
  const result = await running;
  conditions.set({ faults: [] });
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 1 }));
  expect(await locationsOf(syn, file.id)).toEqual([1, 1, there]);
});

test('versions and cells that have been changed or removed since they were indexed are handled', async () => {
  const syn = await clients.open('alice');
  const { project, files, table } = await storeTree(clients, syn);
  const [first, second] = files;
  if (first === undefined || second === undefined) throw new Error('no files');
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  const options = { fileVersionStrategy: 'all', includeTableFiles: true } as const;
  await syn.migrate.index(project, there, dbPath, options);
  await syn.services.entity.deleteEntityVersion({ id: second.id, versionNumber: 1 });
  const rows = await syn.tables.query(`select * from ${table.id}`);
  const path = await clients.file('three.txt', 'three');
  const [row] = rows;
  if (row === undefined) throw new Error('no row');
  await syn.tables.update(table, [{ ...row, other: (await syn.fileHandles.upload(path)).id }]);
  await syn.tables.deleteRows(table, rows.slice(1, 2));
  const result = await syn.migrate.run(dbPath);
  expect(await result.summary()).toMatchObject({
    // first, version 2 of second, shared, two cells.
    counts: counts({ MIGRATED: 5 }),
    leftOut: 2,
  });
  const [now] = await syn.tables.query(`select * from ${table.id}`);
  for (const column of [fileColumn, 'other']) {
    const handleId = String(now?.[column]);
    const handle = await syn.services.file.getFileHandle({ handleId });
    expect(handle).toMatchObject({ storageLocationId: there });
  }
});

test('the run converges with lost answers and 5 % of failures: no second copy, no second version', async () => {
  const syn = await clients.open('alice');
  const { project, files } = await storeTree(clients, syn);
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  clients.server.conditions.set({
    seed: 7,
    faults: [
      { probability: 0.05, status: 503 },
      { operation: 'entity.updateEntity', times: 2, loseAnswer: true },
      { operation: 'file.completeMultipartUpload', times: 2, loseAnswer: true },
      { operation: 'file.createMultipartUpload', times: 2, loseAnswer: true },
    ],
  });
  const before = clients.server.requests.total;
  await syn.migrate.index(project, there, dbPath, { includeTableFiles: true });
  const result = await syn.migrate.run(dbPath);
  clients.server.conditions.set({ faults: [] });
  expect(await result.countsByStatus()).toEqual(counts({ MIGRATED: 6 }));
  expect(copiesMade(clients.server, before)).toBe(4);
  expect(await Promise.all(files.map(({ id }) => locationsOf(syn, id)))).toEqual([
    [1, there],
    [1, 1, there],
    [1, there],
  ]);
}, 60_000);

test('the first error ends the run without continueOnError, and the others are still to be done', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  for (const name of ['a', 'b', 'c']) await putFile(clients, syn, { parent: project, name });
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  const found = await syn.migrate.index(project, there, dbPath);
  const fault = { operation: 'entity.updateEntity', times: 1, status: 400, reason: 'Not today' };
  clients.server.conditions.set({ faults: [fault] });
  await expect(syn.migrate.run(dbPath, { concurrency: 1 })).rejects.toThrow('Not today');
  expect(await found.countsByStatus()).toEqual(counts({ INDEXED: 2, ERRORED: 1 }));
  clients.server.conditions.set({ faults: [] });
  const before = clients.server.requests.total;
  expect(await (await syn.migrate.run(dbPath)).countsByStatus()).toEqual(counts({ MIGRATED: 3 }));
  // The copy of the file that failed is used.
  expect(copiesMade(clients.server, before)).toBe(2);
});

test('nothing is done when the question is answered with no, or the signal is aborted', async () => {
  const syn = await clients.open('alice');
  const project = await clients.project(syn);
  await putFile(clients, syn, { parent: project, name: 'kept.txt' });
  const there = await newLocation(syn);
  const dbPath = await newIndex(clients);
  await syn.migrate.index(project, there, dbPath);
  const asked: unknown[] = [];
  const confirm = (migration: unknown): boolean => asked.push(migration) === 0;
  const calls = await clients.calls(() => syn.migrate.run(dbPath, { confirm }));
  const bytesToCopy = 'content of kept.txt'.length;
  expect(asked).toEqual([{ files: 1, bytesToCopy, storageLocationId: String(there) }]);
  expect(calls).toEqual([]);
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  await expect(syn.migrate.run(dbPath, { signal })).rejects.toBe(reason);
  expect(await syn.migrate.open(dbPath).countsByStatus()).toEqual(counts({ INDEXED: 1 }));
});
