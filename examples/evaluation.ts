// An evaluation queue: create it, change it, share it, give it a round with a quota.
import { randomUUID } from 'node:crypto';
import { Project, Synapse, type Evaluation } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Challenge ${randomUUID()}` }));
const team = await syn.teams.create({ name: `Participants ${randomUUID()}` });
let queue: Evaluation | undefined;

try {
  console.log('== Create an evaluation');
  queue = await syn.evaluations.create({
    // Unique in all of Synapse.
    name: `Study ABC, round 1 (${randomUUID()})`,
    project,
    description: 'Evaluation for my data challenge',
    submissionInstructionsMessage: 'Submit CSV files only',
    submissionReceiptMessage: 'Thank you for your submission!',
  });
  console.log(queue.description, '-', queue.submissionInstructionsMessage);

  console.log('\n== Change it');
  queue.description = 'Updated description for my evaluation';
  queue = await syn.evaluations.update(queue);
  // For an id or a name, the evaluation is read first.
  queue = await syn.evaluations.update(queue.name, {
    name: `Study XYZ, round 1 (${randomUUID()})`,
  });
  console.log(queue.name.slice(0, 18), '-', queue.description);

  console.log('\n== Let a team submit to it');
  await syn.access.set({ evaluation: queue }, team, { accessType: 'submit' });
  const [acl] = (await syn.access.list({ evaluation: queue })).lists;
  console.log(acl?.entries.map(({ accessTypes }) => accessTypes.length));
  await syn.access.remove({ evaluation: queue }, team);

  console.log('\n== A round, in which everybody may submit twice a day and ten times in all');
  const round = await syn.evaluations.createRound(queue, {
    roundStart: '2030-01-01T00:00:00Z',
    roundEnd: '2030-02-01T00:00:00Z',
    limits: { TOTAL: 10, DAILY: 2 },
  });
  await syn.evaluations.updateRound(round, { limits: { TOTAL: 20, DAILY: 2 } });
  for await (const { roundStart, limits = [] } of syn.evaluations.rounds(queue)) {
    console.log(
      roundStart,
      limits
        .map(({ limitType, maximumSubmissions }) => `${limitType} ${maximumSubmissions}`)
        .join(', '),
    );
  }

  console.log('\n== What there is in the project, and what the caller may do');
  for await (const { name } of syn.evaluations.list({ project })) console.log(name.slice(0, 18));
  const { canSubmit, canEdit } = await syn.evaluations.permissions(queue);
  console.log({ canSubmit, canEdit });
} finally {
  if (queue) await syn.evaluations.delete(queue);
  await syn.teams.delete(team);
  await syn.delete(project);
  await syn.close();
}

// Output:
//   == Create an evaluation
//   Evaluation for my data challenge - Submit CSV files only
//
//   == Change it
//   Study XYZ, round 1 - Updated description for my evaluation
//
//   == Let a team submit to it
//   [ 9, 2 ]
//
//   == A round, in which everybody may submit twice a day and ten times in all
//   2030-01-01T00:00:00.000Z TOTAL 20, DAILY 2
//
//   == What there is in the project, and what the caller may do
//   Study XYZ, round 1
//   { canSubmit: true, canEdit: true }
