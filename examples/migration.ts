// Migration: move the files of a project to another storage location.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { File, Folder, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Migration ${randomUUID()}` }));
const local = await mkdtemp(join(tmpdir(), 'migration-'));

try {
  const folder = await syn.store(new Folder({ name: 'reads', parent: project }));
  const first = await storeFile('sample1.txt', 'ACGT');
  await storeFile('sample1.txt', 'ACGTACGT');
  await storeFile('sample2.txt', 'TTAA');

  // A storage location that you have created. For your own bucket, use ExternalS3StorageLocationSetting.
  const { storageLocationId = 0 } = await syn.services.projectSettings.createStorageLocation({
    body: { concreteType: 'org.sagebionetworks.repo.model.project.S3StorageLocationSetting' },
  });

  console.log('== Index: what would be moved');
  const index = join(local, 'migration.db');
  const found = await syn.migrate.index(project, storageLocationId, index, {
    fileVersionStrategy: 'all',
  });
  const { counts, bytesToCopy } = await found.summary();
  console.log(`${counts.INDEXED} versions of files, ${bytesToCopy} bytes`);
  await found.toCsv(join(local, 'index.csv'));

  console.log('\n== Migrate');
  const result = await syn.migrate.run(index, { continueOnError: true });
  for await (const { id, version, status, error } of result) {
    if (status !== 'MIGRATED') console.log(`${id}.${version}: ${error}`);
  }
  console.log(await result.countsByStatus());

  console.log('\n== Where the first version is now');
  const file = await syn.get(first.id, { version: 1, downloadFile: false });
  const handle = file instanceof File ? file.fileHandle : undefined;
  const isThere =
    handle !== undefined &&
    'storageLocationId' in handle &&
    handle.storageLocationId === storageLocationId;
  console.log(isThere ? 'in the new storage location' : 'where it was');

  console.log('\n== A second run has nothing to do');
  const again = await syn.migrate.run(index);
  console.log((await again.summary()).bytesToCopy);

  async function storeFile(name: string, content: string) {
    return syn.store(new File({ name, parent: folder, stream: new Blob([content]).stream() }));
  }
} finally {
  await syn.delete(project);
  await syn.close();
  await rm(local, { recursive: true });
}

// Output:
//   == Index: what would be moved
//   3 versions of files, 16 bytes
//
//   == Migrate
//   { INDEXED: 0, MIGRATED: 3, ALREADY_MIGRATED: 0, ERRORED: 0 }
//
//   == Where the first version is now
//   in the new storage location
//
//   == A second run has nothing to do
//   0
