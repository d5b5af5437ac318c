// A study from CSV files to a release: two tables, joined in a materialized view, read as Arrow, corrected by an upsert,
// kept as a snapshot, whose old rows are still read.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { defineTable, MaterializedView, Project, sql, Synapse, Table } from 'synapseclient';

const Participant = defineTable({
  name: 'participants',
  columns: {
    participant: { type: 'STRING', maximumSize: 10 },
    arm: { type: 'STRING', maximumSize: 10, enumValues: ['drug', 'placebo'] },
    born: 'DATE',
    note: { type: 'STRING', maximumSize: 100 },
  },
});
const Visit = defineTable({
  name: 'visits',
  columns: {
    participant: { type: 'STRING', maximumSize: 10 },
    visit: 'INTEGER',
    systolic: 'INTEGER',
    temperature: 'DOUBLE',
    tags: { type: 'STRING_LIST', maximumSize: 20, maximumListLength: 5 },
  },
});

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Blood pressure ${randomUUID()}` }));
const folder = await mkdtemp(join(tmpdir(), 'study-'));

try {
  console.log('== The study arrives as CSV files');
  const participantsCsv = join(folder, 'participants.csv');
  const visitsCsv = join(folder, 'visits.csv');
  await pipeline(Readable.from(participantLines()), createWriteStream(participantsCsv));
  await pipeline(Readable.from(visitLines()), createWriteStream(visitsCsv));

  console.log('\n== Each becomes a table');
  const participants = await syn.store(new Table({ parent: project, columns: Participant }));
  const visits = await syn.store(new Table({ parent: project, columns: Visit }));
  for (const [table, path] of [
    [participants, participantsCsv],
    [visits, visitsCsv],
  ] as const) {
    const { rows } = await syn.tables.append(table, path);
    console.log(`${table.name}: ${rows} rows`);
  }
  const [tenth] = await syn.tables.query(
    Participant,
    sql`select * from ${participants} where participant = ${'P0010'}`,
  );
  console.log('note of P0010:', tenth?.note);

  console.log('\n== Joined in a materialized view');
  const joined = await syn.store(
    new MaterializedView({
      name: 'visits with arms',
      parent: project,
      definingSQL: sql`
        select V.participant as participant, P.arm as arm, V.visit as visit, V.systolic as systolic
        from ${visits} V join ${participants} P on V.participant = P.participant`,
    }),
  );
  const rows = syn.tables.query(sql`select arm, visit, systolic from ${joined}`);
  console.log(`${await rows.count()} rows`);

  console.log('\n== Read as Arrow');
  const table = await rows.toArrow();
  for (const { name, type } of table.schema.fields) console.log(name, String(type));
  const means = new Map<string, { sum: number; count: number }>();
  for (const { arm, visit, systolic } of table) {
    const key = `${String(arm)}, visit ${String(visit)}`;
    const { sum, count } = means.get(key) ?? { sum: 0, count: 0 };
    means.set(key, { sum: sum + Number(systolic), count: count + 1 });
  }
  for (const [key, { sum, count }] of [...means].sort()) {
    console.log(`${key}: ${(sum / count).toFixed(2)}`);
  }

  console.log('\n== Kept as it was submitted');
  const snapshot = await syn.tables.snapshot(visits, { label: 'as submitted' });
  console.log(`version ${snapshot.versionNumber}`);

  console.log('\n== Corrected by an upsert');
  const corrections = [
    { participant: 'P0001', visit: 1, systolic: 131 },
    { participant: 'P0001', visit: 2, systolic: 125 },
    { participant: 'P0501', visit: 1, systolic: 118, tags: ['late'] },
  ];
  const keys = ['participant', 'visit'];
  const plan = await syn.tables.upsert(visits, corrections, { keys, dryRun: true });
  console.log(
    `planned: ${plan.updated} updated, ${plan.inserted} inserted, ${plan.unchanged} unchanged`,
  );
  const done = await syn.tables.upsert(visits, corrections, { keys });
  console.log(
    `done: ${done.updated} updated, ${done.inserted} inserted, ${done.unchanged} unchanged`,
  );

  console.log('\n== Rows of now, and of then');
  for (const [when, source] of [
    ['now', visits.id],
    ['then', snapshot.versionedId],
  ] as const) {
    const firstVisits = syn.tables.query(Visit, sql`select * from ${source} where visit = ${1}`);
    const [one] = await syn.tables.query(
      Visit,
      sql`select * from ${source} where participant = ${'P0001'} and visit = ${1}`,
    );
    console.log(`${when}: ${await firstVisits.count()} first visits; P0001:`, one);
  }
} finally {
  await rm(folder, { recursive: true });
  await syn.delete(project);
  await syn.close();
}

/** 500 participants. Some notes hold quotes, commas and letters beyond ASCII. */
function* participantLines(): Generator<string> {
  yield 'participant,arm,born,note\n';
  for (let number = 1; number <= 500; number += 1) {
    const born = new Date(Date.UTC(1950, 0, 1 + ((number * 37) % 15_000)));
    const note = number % 10 === 0 ? '"moved to ""Old Town"", Málaga"' : '';
    yield `${participantName(number)},${arm(number)},${born.toISOString().slice(0, 10)},${note}\n`;
  }
}

/** Four visits of each participant. */
function* visitLines(): Generator<string> {
  yield 'participant,visit,systolic,temperature,tags\n';
  for (let number = 1; number <= 500; number += 1) {
    for (let visit = 1; visit <= 4; visit += 1) {
      const effect = arm(number) === 'drug' ? visit * 2 : 0;
      const systolic = 120 + ((number * 7 + visit * 3) % 30) - effect;
      const temperature = 36 + ((number + visit) % 10) / 8;
      const tags = visit === 4 ? '"[""last"",""fasting""]"' : '';
      yield `${participantName(number)},${visit},${systolic},${temperature},${tags}\n`;
    }
  }
}

function arm(number: number): string {
  return number % 2 === 0 ? 'drug' : 'placebo';
}

function participantName(number: number): string {
  return `P${String(number).padStart(4, '0')}`;
}

// Output:
//   == The study arrives as CSV files
//
//   == Each becomes a table
//   participants: 500 rows
//   visits: 2000 rows
//   note of P0010: moved to "Old Town", Málaga
//
//   == Joined in a materialized view
//   2000 rows
//
//   == Read as Arrow
//   arm Utf8
//   visit Int64
//   systolic Int64
//   drug, visit 1: 133.08
//   drug, visit 2: 130.00
//   drug, visit 3: 128.96
//   drug, visit 4: 126.00
//   placebo, visit 1: 133.96
//   placebo, visit 2: 135.04
//   placebo, visit 3: 134.08
//   placebo, visit 4: 135.04
//
//   == Kept as it was submitted
//   version 1
//
//   == Corrected by an upsert
//   planned: 2 updated, 1 inserted, 0 unchanged
//   done: 2 updated, 1 inserted, 0 unchanged
//
//   == Rows of now, and of then
//   now: 501 first visits; P0001: {
//     participant: 'P0001',
//     visit: 1,
//     systolic: 131,
//     temperature: 36.25,
//     tags: null
//   }
//   then: 500 first visits; P0001: {
//     participant: 'P0001',
//     visit: 1,
//     systolic: 130,
//     temperature: 36.25,
//     tags: null
//   }
