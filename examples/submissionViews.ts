// Submission views: the submissions to evaluation queues as a table, with their scores as columns.
import { randomUUID } from 'node:crypto';
import { File, Project, sql, SubmissionView, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Challenge ${randomUUID()}` }));
const queues: string[] = [];

try {
  console.log('== An evaluation queue, and a view of its submissions');
  const round1 = await createQueue('Round 1');
  const view = await syn.store(
    new SubmissionView({
      name: 'submissions',
      parent: project,
      scope: [round1],
      columns: { accuracy: 'DOUBLE', f1: 'DOUBLE' },
    }),
    { activityName: 'Scoring', activityDescription: 'Round 1', used: 'https://www.synapse.org/' },
  );
  console.log(view.columns.map(({ name }) => name).join(', '));

  console.log('\n== The columns in another order');
  await syn.tables.alter(view, { order: ['id', 'name', 'status', 'accuracy', 'f1'] });
  console.log(
    (await syn.tables.columns(view))
      .map(({ name }) => name)
      .slice(0, 6)
      .join(', '),
  );

  console.log('\n== Submit a file');
  const stream = new Blob(['sample,predicted\ns1,yes\n']).stream();
  const file = await syn.store(new File({ name: 'predictions.csv', parent: project, stream }));
  const { id } = await syn.submit(round1, file, { name: 'first try', alias: 'Team Lynx' });
  const submissions = syn.tables.query<{ name: string; status: string; accuracy: number | null }>(
    sql`select name, status, submitteralias, accuracy, f1 from ${view} order by id`,
  );
  for await (const row of submissions) console.log(row);

  console.log('\n== Score it');
  await syn.submissions.score(round1, [
    { id, submissionAnnotations: { accuracy: 0.875, f1: 0.8 } },
  ]);
  for await (const row of submissions) console.log(row);

  console.log('\n== Show a second queue as well');
  const round2 = await createQueue('Round 2');
  const wider = await syn.get(SubmissionView, view.id);
  wider.scopeIds = [round1, round2];
  await syn.store(wider);
  console.log(`${wider.scopeIds.length} queues`);

  console.log('\n== Make a snapshot');
  const snapshot = await syn.tables.snapshot(view, {
    label: 'round 1',
    comment: 'after the first scoring',
  });
  const kept = syn.tables.query<{ name: string; status: string }>(
    sql`select name, status from ${snapshot}`,
  );
  for await (const row of kept)
    console.log(`version ${snapshot.versionNumber}:`, row.name, row.status);

  async function createQueue(name: string): Promise<string> {
    const { id } = await syn.evaluations.create({
      // Unique in all of Synapse.
      name: `${name} ${randomUUID()}`,
      project,
      submissionInstructionsMessage: 'Submit one CSV file.',
      submissionReceiptMessage: 'Thank you.',
    });
    queues.push(id);
    return id;
  }
} finally {
  for (const queue of queues) await syn.evaluations.delete(queue);
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == An evaluation queue, and a view of its submissions
//   accuracy, f1, id, name, createdOn, createdBy, etag, modifiedOn, projectId, status, evaluationid, evaluationroundid, submitterid, submitteralias, entityid, entityversion, dockerrepositoryname, dockerdigest
//
//   == The columns in another order
//   id, name, status, accuracy, f1, createdOn
//
//   == Submit a file
//   {
//     name: 'first try',
//     status: 'RECEIVED',
//     submitteralias: 'Team Lynx',
//     accuracy: null,
//     f1: null
//   }
//
//   == Score it
//   {
//     name: 'first try',
//     status: 'SCORED',
//     submitteralias: 'Team Lynx',
//     accuracy: 0.875,
//     f1: 0.8
//   }
//
//   == Show a second queue as well
//   2 queues
//
//   == Make a snapshot
//   version 1: first try SCORED
