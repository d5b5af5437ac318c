// Dataset collections: datasets that belong together, with columns that describe them.
import { randomUUID } from 'node:crypto';
import { Dataset, DatasetCollection, File, Project, sql, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Atlas ${randomUUID()}` }));

try {
  const datasets = [];
  for (const name of ['liver', 'skin', 'blood']) {
    const stream = new Blob([`cells of ${name}`]).stream();
    const file = await syn.store(new File({ name: `${name}.h5ad`, parent: project, stream }));
    datasets.push(await syn.store(new Dataset({ name, parent: project, items: [file] })));
  }

  console.log('== A collection');
  const atlas = await syn.store(new DatasetCollection({ name: 'cell atlas', parent: project }));
  console.log(atlas.columns.map(({ name }) => name).join(', '));

  console.log('\n== Add datasets');
  atlas.addItems(...datasets);
  await syn.store(atlas);
  const again = await syn.get(DatasetCollection, atlas.id);
  console.log(`${again.items.length} datasets`);

  console.log('\n== Add a column, and fill it in');
  await syn.tables.alter(again, { add: { organ: 'STRING', cells: 'INTEGER' } });
  const report = await syn.tables.upsert(
    again,
    datasets.map(({ id, name }, index) => ({ id, organ: name, cells: 1000 * (index + 1) })),
    { keys: ['id'] },
  );
  console.log(`${report.updated} rows updated`);

  console.log('\n== Query it');
  for await (const row of syn.tables.query(
    sql`select name, organ, cells from ${again} where cells >= ${2000} order by name`,
  )) {
    console.log(row);
  }

  console.log('\n== Make a snapshot');
  const { versionNumber } = await syn.tables.snapshot(again, { comment: 'for the paper' });
  console.log(`version ${versionNumber}`);
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == A collection
//   id, name, description, createdOn, createdBy, etag, modifiedOn, modifiedBy, path, datasetSizeInBytes, datasetMD5Hex, datasetItemCount
//
//   == Add datasets
//   3 datasets
//
//   == Add a column, and fill it in
//   3 rows updated
//
//   == Query it
//   { name: 'blood', organ: 'blood', cells: 3000 }
//   { name: 'skin', organ: 'skin', cells: 2000 }
//
//   == Make a snapshot
//   version 1
