// Virtual tables: a query with a name. It stores nothing: each query of it reads the table behind it.
import { randomUUID } from 'node:crypto';
import {
  defineTable,
  Project,
  sql,
  Synapse,
  Table,
  VirtualTable,
  type SqlFragment,
} from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Clinic ${randomUUID()}` }));

try {
  const Sample = defineTable({
    name: 'samples',
    columns: { sample: 'STRING', patient: 'STRING', age: 'INTEGER', diagnosis: 'STRING' },
  });
  const samples = await syn.store(new Table({ parent: project, columns: Sample }));
  await syn.tables.append(samples, 'data/samples.csv');

  console.log('== All of a table');
  await show('all samples', sql`select * from ${samples}`);

  console.log('\n== Some columns');
  await show('ages', sql`select patient, age from ${samples}`);

  console.log('\n== Some rows');
  await show('migraine only', sql`select * from ${samples} where diagnosis = ${'migraine'}`);

  console.log('\n== In an order');
  await show('oldest first', sql`select sample, age from ${samples} order by age desc`);

  console.log('\n== Counted by group');
  await show(
    'patients by diagnosis',
    sql`select diagnosis, count(*) as patients from ${samples} group by diagnosis`,
  );

  console.log('\n== New rows of the table are there at once');
  const ages = await syn.store(
    new VirtualTable({
      name: 'over 60',
      parent: project,
      definingSQL: sql`select patient, age from ${samples} where age > ${60}`,
    }),
  );
  const over60 = syn.tables.query(sql`select * from ${ages}`);
  console.log(`${await over60.count()} patients over 60`);
  await syn.tables.append(samples, [{ sample: 's7', patient: 'p7', age: 81, diagnosis: 'none' }]);
  console.log(`${await over60.count()} patients over 60`);

  async function show(name: string, definingSQL: SqlFragment): Promise<void> {
    const table = await syn.store(new VirtualTable({ name, parent: project, definingSQL }));
    for await (const row of syn.tables.query(sql`select * from ${table}`)) {
      console.log(Object.values(row).join('  '));
    }
  }
} finally {
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == All of a table
//   s1  p1  34  migraine
//   s2  p2  61  none
//   s3  p3  47  migraine
//   s4  p4  58  none
//   s5  p5  72  migraine
//   s6  p6  66  none
//
//   == Some columns
//   p1  34
//   p2  61
//   p3  47
//   p4  58
//   p5  72
//   p6  66
//
//   == Some rows
//   s1  p1  34  migraine
//   s3  p3  47  migraine
//   s5  p5  72  migraine
//
//   == In an order
//   s5  72
//   s6  66
//   s2  61
//   s4  58
//   s3  47
//   s1  34
//
//   == Counted by group
//   migraine  3
//   none  3
//
//   == New rows of the table are there at once
//   3 patients over 60
//   4 patients over 60
