// Tables: create one, fill it, query it, change its rows and its columns, delete rows and the table.
import { randomUUID } from 'node:crypto';
import { defineTable, Project, sql, Synapse, Table } from 'synapseclient';

const syn = new Synapse();
await syn.login();
// Names of projects are unique in all of Synapse.
const project = await syn.store(new Project({ name: `Mice ${randomUUID()}` }));

try {
  console.log('== Create a table whose columns follow from a CSV file');
  const quick = await syn.tables.fromRows('data/mice.csv', {
    name: 'mice, quickly',
    parent: project,
    // Looks at all values, so that dates and lists are found as well.
    profile: 'exact',
  });
  for (const { name, columnType } of quick.columns) console.log(name, columnType);

  console.log('\n== Create a table with columns of your own');
  const Mouse = defineTable({
    name: 'mice',
    columns: {
      tag: { type: 'STRING', maximumSize: 10 },
      strain: { type: 'STRING', maximumSize: 20, facetType: 'enumeration' },
      sex: { type: 'STRING', maximumSize: 1, enumValues: ['F', 'M'] },
      born: 'DATE',
      weight: 'DOUBLE',
      group: { type: 'STRING', maximumSize: 10 },
    },
  });
  const mice = await syn.store(new Table({ parent: project, columns: Mouse }));
  const loaded = await syn.tables.append(mice, 'data/mice.csv');
  console.log(`${loaded.rows} rows from the file`);

  console.log('\n== Query');
  // Values are bound, never pasted. `group` is a word of SQL, so that the column needs quotes: sql.id adds them.
  const treated = syn.tables.query(
    Mouse,
    sql`select * from ${mice} where weight > ${25} and ${sql.id('group')} = ${'treated'}`,
  );
  console.log(`${await treated.count()} mice`);
  for await (const { tag, weight, born } of treated) {
    console.log(tag, weight, born?.toISOString().slice(0, 10));
  }

  console.log('\n== Append rows: from a file, from objects');
  await syn.tables.append(mice, 'data/newMice.csv');
  await syn.tables.append(mice, [
    { tag: 'm09', strain: 'BALB/c', sex: 'F', born: new Date('2025-03-01'), weight: 18.2 },
    { tag: 'm10', strain: 'BALB/c', sex: 'M', born: new Date('2025-03-01'), group: 'control' },
  ]);
  console.log(`${await syn.tables.query(sql`select * from ${mice}`).count()} rows`);

  console.log('\n== Update rows that were read');
  const unweighed = await syn.tables
    .query(Mouse, sql`select * from ${mice} where weight is null`)
    .toArray();
  // A copy of a row remembers which row it is.
  const updated = await syn.tables.update(
    mice,
    unweighed.map((row) => ({ ...row, weight: 23.5 })),
  );
  console.log(`${updated.updated} row updated`);

  console.log('\n== Upsert: rows are found by a key, updated or else inserted');
  const report = await syn.tables.upsert(
    mice,
    [
      { tag: 'm09', weight: 18.9, group: 'control' },
      { tag: 'm10', weight: 23.5 },
      { tag: 'm11', strain: 'BALB/c', sex: 'F', weight: 17.7, group: 'treated' },
    ],
    { keys: ['tag'] },
  );
  console.log(
    report.updated,
    'updated,',
    report.inserted,
    'inserted,',
    report.unchanged,
    'unchanged',
  );

  console.log('\n== Change the columns');
  await syn.tables.alter(mice, { add: { cage: 'STRING' } });
  await syn.tables.alter(mice, { rename: { cage: 'room' }, retype: { cage: 'INTEGER' } });
  // What would change? A plan answers before anything happens.
  console.log(String(await syn.tables.alter(mice, { drop: ['room'] }, { dryRun: true })));
  await syn.tables.alter(mice, { drop: ['room'] });

  console.log('\n== Delete rows: by a query, by their ids');
  const deleted = await syn.tables.deleteRows(mice, sql`select * from ${mice} where sex = ${'F'}`);
  console.log(`${deleted.deleted} rows deleted`);
  await syn.tables.deleteRows(mice, [2]);
  const left = syn.tables.query<{ tag: string }>(sql`select tag from ${mice} order by tag`);
  for await (const { tag } of left) console.log(tag);

  console.log('\n== Delete the table');
  await syn.delete(mice);
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Create a table whose columns follow from a CSV file
//   tag STRING
//   strain STRING
//   sex STRING
//   born DATE
//   weight DOUBLE
//   group STRING
//
//   == Create a table with columns of your own
//   6 rows from the file
//
//   == Query
//   2 mice
//   m02 26.1 2025-01-14
//   m04 25.4 2025-01-20
//
//   == Append rows: from a file, from objects
//   10 rows
//
//   == Update rows that were read
//   1 row updated
//
//   == Upsert: rows are found by a key, updated or else inserted
//   1 updated, 1 inserted, 1 unchanged
//
//   == Change the columns
//   drop       room INTEGER  ! its values are deleted
//   unchanged  6
//
//   == Delete rows: by a query, by their ids
//   6 rows deleted
//   m04
//   m06
//   m07
//   m10
//
//   == Delete the table
