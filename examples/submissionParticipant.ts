// Submissions, for those who take part in a challenge: submit, look at the status, cancel.
import { randomUUID } from 'node:crypto';
import { File, Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Challenge ${randomUUID()}` }));
const queue = await syn.evaluations.create({
  name: `Round 1 ${randomUUID()}`,
  project,
  submissionReceiptMessage: 'Thank you for your submission!',
});

try {
  console.log('== Submit a file');
  const stream = new Blob(['sample,predicted\ns1,yes\n']).stream();
  const file = await syn.store(new File({ name: 'predictions.csv', parent: project, stream }));
  const receipt = await syn.submit(queue, file, { name: 'My first try', alias: 'Team Lynx' });
  console.log(receipt.receiptMessage);

  console.log('\n== Read it, with the file that was submitted');
  const { name, submitterAlias, entity } = await syn.submissions.get(receipt.id);
  console.log(name, '-', submitterAlias, '-', entity?.name);

  console.log('\n== All submissions of the caller, and the number of all');
  for await (const mine of syn.submissions.list(queue, { mine: true })) console.log(mine.name);
  console.log(await syn.submissions.count(queue));

  console.log('\n== Look at the status');
  const status = await syn.submissions.status(receipt.id);
  console.log(status.status, status.submissionAnnotations, 'can be cancelled:', status.canCancel);

  console.log('\n== Cancel it, when the organizers allow that');
  await syn.submissions.updateStatus({ ...status, canCancel: true });
  await syn.submissions.cancel(receipt.id);
  console.log((await syn.submissions.status(receipt.id)).cancelRequested);
} finally {
  await syn.evaluations.delete(queue);
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Submit a file
//   Thank you for your submission!
//
//   == Read it, with the file that was submitted
//   My first try - Team Lynx - predictions.csv
//
//   == All submissions of the caller, and the number of all
//   My first try
//   1
//
//   == Look at the status
//   RECEIVED {} can be cancelled: false
//
//   == Cancel it, when the organizers allow that
//   true
