// Datasets: versions of files that belong together, with columns that describe them.
import { randomUUID } from 'node:crypto';
import { Dataset, File, Folder, Project, sql, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Scans ${randomUUID()}` }));

try {
  const folder = await syn.store(new Folder({ name: 'scans', parent: project }));
  const inner = await syn.store(new Folder({ name: 'day 2', parent: folder }));
  const readme = await storeFile('readme.txt', project.id);
  const atlas = await storeFile('atlas.nii', project.id);
  await storeFile('scan1.nii', folder.id);
  await storeFile('scan2.nii', inner.id);

  console.log('== An empty dataset has columns already');
  const empty = await syn.store(new Dataset({ name: 'brain scans', parent: project }));
  console.log(empty.columns.map(({ name }) => name).join(', '));

  console.log('\n== Add files: by id and version, as a file, and all files of a folder');
  empty.addItems({ id: readme.id, version: 1 }, atlas, folder);
  await syn.store(empty);

  console.log('\n== Get it again');
  const dataset = await syn.get(Dataset, empty.id);
  console.log(`${dataset.items.length} files`);

  console.log('\n== Query it');
  const scans = syn.tables.query(
    sql`select name, currentVersion from ${dataset} where name like ${'scan%'} order by name`,
  );
  for await (const row of scans) console.log(row);

  console.log('\n== Add a column, and fill it in');
  await syn.tables.alter(dataset, { add: { quality: 'STRING' } });
  await syn.tables.upsert(dataset, [{ id: atlas.id, quality: 'excellent' }], { keys: ['id'] });
  for await (const row of syn.tables.query(
    sql`select name, quality from ${dataset} where quality is not null`,
  )) {
    console.log(row);
  }

  console.log('\n== Make a snapshot');
  const snapshot = await syn.tables.snapshot(dataset, {
    label: 'first release',
    comment: 'as submitted',
  });
  console.log(`version ${snapshot.versionNumber}`);

  console.log('\n== Later changes do not reach it');
  const latest = await syn.get(Dataset, dataset.id);
  latest.removeItems(atlas);
  await syn.store(latest);
  console.log(`${await syn.tables.query(sql`select * from ${dataset}`).count()} files now`);
  console.log(`${await syn.tables.query(sql`select * from ${snapshot}`).count()} files then`);

  async function storeFile(name: string, parentId: string) {
    const stream = new Blob([`content of ${name}`]).stream();
    return syn.store(new File({ name, parentId, stream }));
  }
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == An empty dataset has columns already
//   id, name, description, createdOn, createdBy, etag, modifiedOn, modifiedBy, path, type, currentVersion, parentId, benefactorId, projectId, dataFileHandleId, dataFileName, dataFileSizeBytes, dataFileMD5Hex, dataFileConcreteType, dataFileBucket, dataFileKey
//
//   == Add files: by id and version, as a file, and all files of a folder
//
//   == Get it again
//   4 files
//
//   == Query it
//   { name: 'scan1.nii', currentVersion: 1 }
//   { name: 'scan2.nii', currentVersion: 1 }
//
//   == Add a column, and fill it in
//   { name: 'atlas.nii', quality: 'excellent' }
//
//   == Make a snapshot
//   version 1
//
//   == Later changes do not reach it
//   3 files now
//   4 files then
