// Entity views: the files of a project as a table, whose custom columns are the annotations of the files.
import { randomUUID } from 'node:crypto';
import { EntityView, File, Folder, Project, sql, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Sequencing ${randomUUID()}` }));

try {
  const batch1 = await syn.store(new Folder({ name: 'batch 1', parent: project }));
  const batch2 = await syn.store(new Folder({ name: 'batch 2', parent: project }));
  for (const [name, parent] of [
    ['lane1.fastq', batch1],
    ['lane2.fastq', batch1],
    ['lane3.fastq', batch2],
  ] as const) {
    const stream = new Blob([`@${name}\n`]).stream();
    await syn.store(new File({ name, parent, stream, annotations: { species: ['mouse'] } }));
  }

  console.log('== A view of the files of one folder');
  const view = await syn.store(
    new EntityView({
      name: 'sequence files',
      parent: project,
      scope: [batch1],
      types: ['file'],
      columns: { species: 'STRING', assay: 'STRING', lanes: 'INTEGER_LIST' },
    }),
  );
  console.log(view.columns.map(({ name }) => name).join(', '));

  console.log('\n== Query it');
  const files = syn.tables.query<{ name: string; species: string | null; assay: string | null }>(
    sql`select name, species, assay from ${view} where name like ${'lane%'} order by name`,
  );
  for await (const row of files) console.log(row.name, row.species, row.assay);

  console.log('\n== Change the annotations of the files');
  const rows = await syn.tables
    .query(sql`select id, assay, lanes from ${view} order by id`, { includeEtag: true })
    .toArray();
  const report = await syn.tables.update(
    view,
    rows.map((row, index) => ({ ...row, assay: 'RNA-seq', lanes: [index + 1, index + 11] })),
    { wait: true },
  );
  console.log(`${report.updated} files annotated`);
  for await (const row of files) console.log(row.name, row.species, row.assay);

  console.log('\n== Widen the scope');
  view.scopeIds = [batch1.id, batch2.id];
  const wider = await syn.store(view);
  console.log(`${await syn.tables.query(sql`select * from ${wider}`).count()} files`);

  console.log('\n== Show folders as well as files');
  const whole = await syn.get(EntityView, view.id);
  whole.scopeIds = [project.id];
  whole.types = ['file', 'folder'];
  await syn.store(whole);
  const all = syn.tables.query<{ name: string; type: string }>(
    sql`select name, type from ${view} order by name`,
  );
  for await (const { type, name } of all) console.log(type, name);
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == A view of the files of one folder
//   species, assay, lanes, id, name, description, createdOn, createdBy, etag, modifiedOn, modifiedBy, path, type, currentVersion, parentId, benefactorId, projectId, dataFileHandleId, dataFileName, dataFileSizeBytes, dataFileMD5Hex, dataFileConcreteType, dataFileBucket, dataFileKey
//
//   == Query it
//   lane1.fastq mouse null
//   lane2.fastq mouse null
//
//   == Change the annotations of the files
//   2 files annotated
//   lane1.fastq mouse RNA-seq
//   lane2.fastq mouse RNA-seq
//
//   == Widen the scope
//   3 files
//
//   == Show folders as well as files
//   folder batch 1
//   folder batch 2
//   file lane1.fastq
//   file lane2.fastq
//   file lane3.fastq
