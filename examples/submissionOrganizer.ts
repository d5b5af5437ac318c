// Submissions, for the organizers of a challenge: download, score one by one and in batches, allow a cancellation.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { File, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Challenge ${randomUUID()}` }));
const queue = await syn.evaluations.create({ name: `Round 1 ${randomUUID()}`, project });

try {
  for (const text of ['0.5', '0.75', 'no number']) {
    const stream = new Blob([text]).stream();
    const file = await syn.store(new File({ name: `${text}.txt`, parent: project, stream }));
    await syn.submit(queue, file, { alias: `Team ${text}` });
  }

  console.log('== Score one submission');
  const [first] = await syn.submissions.bundles(queue).toArray();
  if (first === undefined) throw new Error('There is no submission.');
  const scored = await syn.submissions.updateStatus({
    ...first.status,
    status: 'SCORED',
    submissionAnnotations: { accuracy: 0.5, feedback: 'Good performance!' },
  });
  console.log(scored.status, scored.submissionAnnotations);

  console.log('\n== Download and score all that have been received, in batches');
  async function* scores() {
    for await (const { submission, status } of syn.submissions.bundles(queue, {
      status: 'RECEIVED',
    })) {
      const { entity } = await syn.submissions.get(submission);
      if (!(entity instanceof File) || entity.path === undefined) continue;
      const accuracy = Number(await readFile(entity.path, 'utf8'));
      yield Number.isNaN(accuracy)
        ? { ...status, status: 'INVALID' as const, report: 'The file has no number.' }
        : { ...status, status: 'SCORED' as const, submissionAnnotations: { accuracy } };
    }
  }
  const { updated, failed } = await syn.submissions.updateStatuses(queue, scores());
  console.log(updated.length, 'stored,', failed.length, 'not stored');

  console.log('\n== Add results by the ids of submissions');
  await syn.submissions.score(queue, [
    { id: first.submission.id, status: 'VALIDATED', submissionAnnotations: { rank: 2 } },
  ]);
  for await (const { submission, status } of syn.submissions.bundles(queue)) {
    console.log(submission.submitterAlias, status.status, status.submissionAnnotations);
  }

  console.log('\n== Allow the cancellation of a submission');
  const status = await syn.submissions.status(first.submission);
  await syn.submissions.updateStatus({ ...status, canCancel: true });
  console.log((await syn.submissions.status(first.submission)).canCancel);

  console.log('\n== Delete a submission');
  await syn.submissions.delete(first.submission);
  console.log(await syn.submissions.count(queue));
} finally {
  await syn.evaluations.delete(queue);
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Score one submission
//   SCORED { accuracy: [ 0.5 ], feedback: [ 'Good performance!' ] }
//
//   == Download and score all that have been received, in batches
//   2 stored, 0 not stored
//
//   == Add results by the ids of submissions
//   Team 0.5 VALIDATED { accuracy: [ 0.5 ], feedback: [ 'Good performance!' ], rank: [ 2 ] }
//   Team 0.75 SCORED { accuracy: [ 0.75 ] }
//   Team no number INVALID {}
//
//   == Allow the cancellation of a submission
//   true
//
//   == Delete a submission
//   2
