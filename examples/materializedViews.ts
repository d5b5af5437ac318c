// Materialized views: the stored result of a query, which may join tables.
import { randomUUID } from 'node:crypto';
import { MaterializedView, Project, sql, Synapse, Table, type SqlFragment } from 'synapseclient';

/** A row of any of the views. */
type Cells = Record<string, number | string | null>;

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Expression ${randomUUID()}` }));

try {
  const samples = await syn.store(
    new Table({
      name: 'samples',
      parent: project,
      columns: { sample: 'STRING', patient: 'STRING', age: 'INTEGER', diagnosis: 'STRING' },
    }),
  );
  const expression = await syn.store(
    new Table({
      name: 'expression',
      parent: project,
      columns: { sample: 'STRING', gene: 'STRING', expression: 'DOUBLE' },
    }),
  );
  await syn.tables.append(samples, 'data/samples.csv');
  await syn.tables.append(expression, 'data/expression.csv');

  console.log('== All of a table');
  await show('samples only', sql`select * from ${samples}`);

  console.log('\n== Join: samples that were measured');
  await show(
    'measured',
    sql`select S.sample as sample, S.patient as patient, E.gene as gene, E.expression as expression
      from ${samples} S join ${expression} E on S.sample = E.sample`,
  );

  console.log('\n== Left join: all samples, measured or not');
  await show(
    'all samples',
    sql`select S.sample as sample, E.gene as gene, E.expression as expression
      from ${samples} S left join ${expression} E on S.sample = E.sample`,
  );

  console.log('\n== Right join: all measurements, also those of unknown samples');
  await show(
    'all measurements',
    sql`select E.sample as sample, S.patient as patient, E.gene as gene
      from ${samples} S right join ${expression} E on S.sample = E.sample`,
  );

  console.log('\n== Union: the samples of both tables');
  await show('names', sql`select sample from ${samples} union select sample from ${expression}`);

  async function show(name: string, definingSQL: SqlFragment): Promise<void> {
    const view = await syn.store(new MaterializedView({ name, parent: project, definingSQL }));
    const rows = syn.tables.query<Cells>(sql`select * from ${view} order by sample`);
    for await (const row of rows) {
      console.log(
        Object.values(row)
          .map((value) => String(value ?? '-'))
          .join('  '),
      );
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
//   == Join: samples that were measured
//   s1  p1  CACNA1A  2.5
//   s2  p2  ATP1A2  1.75
//   s3  p3  SCN1A  3.25
//   s4  p4  CACNA1A  2
//   s5  p5  ATP1A2  3.5
//
//   == Left join: all samples, measured or not
//   s1  CACNA1A  2.5
//   s2  ATP1A2  1.75
//   s3  SCN1A  3.25
//   s4  CACNA1A  2
//   s5  ATP1A2  3.5
//   s6  -  -
//
//   == Right join: all measurements, also those of unknown samples
//   s1  p1  CACNA1A
//   s2  p2  ATP1A2
//   s3  p3  SCN1A
//   s4  p4  CACNA1A
//   s5  p5  ATP1A2
//   s8  -  SCN1A
//
//   == Union: the samples of both tables
//   s1
//   s2
//   s3
//   s4
//   s5
//   s6
//   s8
