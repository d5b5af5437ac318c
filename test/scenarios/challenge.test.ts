import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type {
  AccessControlList,
  ColumnModel,
  Submission,
  SubmissionStatus,
} from '../../generated/models.js';
import { File, Project, sql, SubmissionView, type Synapse } from '../../src/index.js';
import { withClients, type Clients } from '../entities/withClients.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';

/**
 * A challenge, from the empty project to the leaderboard. Alice organizes it. Bob submits alone, Carol for the team Lynx; a third
 * submission of Bob is over the quota. Alice downloads what was submitted, scores it, and reads the leaderboard from a view.
 */
const withClient = withClients();
const withServices = withClients();

const end = '2100-01-01T00:00:00.000Z';
const names = {
  project: 'Challenge of the sleeping mice',
  participants: 'Mice participants',
  team: 'Lynx',
  queue: 'Sleep, round 1',
};
const receipt = 'Thank you for your submission.';
/** What is predicted, and how good that is. */
const predictions: Readonly<Record<string, number>> = {
  'one,1\n': 0.5,
  'two,2\n': 0.75,
  'lynx,3\n': 1,
};

/** The ids of a run, by their names in the story. */
type Ids = Record<string, string>;
type Users = Record<'alice' | 'bob' | 'carol', Synapse>;
type Entries = Record<string, File & { id: string }>;

async function usersOf(clients: Clients): Promise<Users> {
  const [alice, bob, carol] = [
    await clients.open('alice'),
    await clients.open('bob'),
    await clients.open('carol'),
  ];
  return { alice, bob, carol };
}

const content = (text: string): ReadableStream<Uint8Array> => new Blob([text]).stream();

/** The files that are submitted. Bob and Carol have stored them before the challenge. */
async function entries({ bob, carol }: Users, ids: Ids): Promise<Entries> {
  const made: Entries = {};
  const work = await bob.store(new Project({ name: 'Work of Bob' }));
  await bob.access.set(work, 'carol', { accessType: ['READ', 'DOWNLOAD'] });
  for (const text of Object.keys(predictions)) {
    const name = text.split(',')[0] ?? '';
    const file = await bob.store(new File({ name, parent: work, stream: content(text) }));
    made[name] = file;
    ids[name] = file.id;
  }
  ids['work'] = work.id;
  return { ...made, lynx: await carol.get(File, ids['lynx'] ?? '', { downloadFile: false }) };
}

/** The story through this client. */
async function throughClient(
  { alice, bob, carol }: Users,
  files: Entries,
  { folder, ids }: { folder: string; ids: Ids },
): Promise<unknown> {
  const project = await alice.store(new Project({ name: names.project }), {
    createOrUpdate: false,
  });
  const participants = await alice.teams.create({ name: names.participants, canPublicJoin: true });
  await alice.access.set(project, participants, { accessType: ['READ', 'DOWNLOAD'] });
  const challenge = await alice.challenges.create({ project, participantTeam: participants });
  const queue = await alice.evaluations.create({
    name: names.queue,
    project,
    submissionReceiptMessage: receipt,
  });
  const round = await alice.evaluations.createRound(queue, {
    roundStart: new Date(),
    roundEnd: end,
    limits: { TOTAL: 2 },
  });
  await alice.access.set({ evaluation: queue }, participants, { accessType: 'submit' });
  const view = await alice.store(
    new SubmissionView({
      name: 'leaderboard',
      parent: project,
      scope: [queue],
      columns: { auc: 'DOUBLE' },
    }),
  );

  for (const user of [bob, carol]) await user.teams.join(participants);
  const team = await carol.teams.create({ name: names.team });
  await carol.challenges.registerTeam(challenge, team);
  const [open] = await bob.evaluations
    .list({ project, available: true, activeOnly: true })
    .toArray();
  if (open === undefined) throw new Error('no evaluation');
  const first = await bob.submit(open, files['one'] ?? '', { name: 'first' });
  expect(first.receiptMessage).toBe(receipt);
  const second = await bob.submit(open, files['two'] ?? '', { name: 'second' });
  await expect(bob.submit(open, files['two'] ?? '')).rejects.toThrow('total limit of 2');
  const ofTeam = await carol.submit(open, files['lynx'] ?? '', { team });

  async function* scored() {
    for await (const { submission, status } of alice.submissions.bundles(queue, {
      status: 'RECEIVED',
    })) {
      const downloadLocation = join(folder, submission.id);
      const { entity } = await alice.submissions.get(submission, { downloadLocation });
      const text = await readFile((entity as File).path ?? '', 'utf8');
      const auc = predictions[text] ?? Number.NaN;
      yield {
        ...status,
        status: 'SCORED' as const,
        submissionAnnotations: { auc: { type: 'DOUBLE' as const, value: [auc] } },
      };
    }
  }
  const { failed } = await alice.submissions.updateStatuses(queue, scored());
  expect(failed).toEqual([]);

  Object.assign(ids, {
    project: project.id,
    participants: participants.id,
    challenge: challenge.id,
    queue: queue.id,
    round: round.id,
    view: view.id,
    team: team.id,
    first: first.id,
    second: second.id,
    ofTeam: ofTeam.id,
  });
  const board = alice.tables.query<{ name: string; auc: number; submitteralias: string | null }>(
    sql`SELECT name, submitteralias, auc FROM ${view} WHERE status = 'SCORED' ORDER BY auc DESC`,
  );
  const rows: unknown[] = [];
  for await (const { name, submitteralias, auc } of board) {
    rows.push({ name, submitteralias, auc });
  }
  return rows;
}

/** The same through the operations of the service. */
async function throughServices(
  { alice, bob, carol }: Users,
  files: Entries,
  ids: Ids,
): Promise<void> {
  const keep = (name: string, made: { id?: string }): string => {
    const { id = '' } = made;
    ids[name] = id;
    return id;
  };
  const { challenge, entity, evaluation, team } = alice.services;
  const grant = (
    acl: AccessControlList,
    principalId: string,
    accessType: ('READ' | 'DOWNLOAD' | 'SUBMIT')[],
  ) => ({
    ...acl,
    resourceAccess: [
      ...(acl.resourceAccess ?? []),
      { principalId: Number(principalId), accessType },
    ],
  });

  const project = keep(
    'project',
    await entity.createEntity({
      body: { concreteType: 'org.sagebionetworks.repo.model.Project', name: names.project },
    }),
  );
  const participants = keep(
    'participants',
    await team.createTeam({
      body: { name: names.participants, canPublicJoin: true },
    }),
  );
  const acl = await entity.getEntityAcl({ id: project });
  await entity.updateEntityAcl({
    id: project,
    body: grant(acl, participants, ['READ', 'DOWNLOAD']),
  });
  const challengeId = keep(
    'challenge',
    await challenge.createChallenge({
      body: { projectId: project, participantTeamId: participants },
    }),
  );
  const evalId = keep(
    'queue',
    await evaluation.createEvaluation({
      body: { name: names.queue, contentSource: project, submissionReceiptMessage: receipt },
    }),
  );
  keep(
    'round',
    await evaluation.createEvaluationRound({
      evalId,
      body: {
        evaluationId: evalId,
        roundStart: new Date().toISOString(),
        roundEnd: end,
        limits: [{ limitType: 'TOTAL', maximumSubmissions: 2 }],
      },
    }),
  );
  const queueAcl = await evaluation.getEvaluationAcl({ evalId });
  await evaluation.updateEvaluationAcl({ body: grant(queueAcl, participants, ['READ', 'SUBMIT']) });
  const { list: defaults = [] } = await alice.services.table.listDefaultViewColumns({
    viewEntityType: 'submissionview',
  });
  const { list: columns = [] } = await alice.services.table.createColumnBatch({
    body: { list: [{ name: 'auc', columnType: 'DOUBLE' }] },
  });
  const all: ColumnModel[] = [...columns, ...defaults];
  keep(
    'view',
    await entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.table.SubmissionView',
        name: 'leaderboard',
        parentId: project,
        scopeIds: [evalId],
        columnIds: all.map(({ id }) => id ?? ''),
      },
    }),
  );

  for (const user of [bob, carol]) {
    const { ownerId = '' } = await user.users.get();
    await user.services.team.addTeamMember({ id: participants, principalId: ownerId });
  }
  const teamId = keep('team', await carol.services.team.createTeam({ body: { name: names.team } }));
  await carol.services.challenge.createChallengeTeam({
    challengeId,
    body: { challengeId, teamId },
  });
  const submit = (user: Synapse, file: string, more: Submission, hash?: string) => {
    const { etag = '', id: entityId } = files[file] ?? {};
    const body = { evaluationId: evalId, entityId, versionNumber: 1, ...more };
    return user.services.evaluation.createEvaluationSubmission({
      etag,
      body,
      submissionEligibilityHash: hash,
    });
  };
  keep('first', await submit(bob, 'one', { name: 'first' }));
  keep('second', await submit(bob, 'two', { name: 'second' }));
  await expect(submit(bob, 'two', {})).rejects.toThrow('total limit of 2');
  const eligibility = await carol.services.evaluation.getTeamSubmissionEligibility({
    evalId,
    id: teamId,
  });
  const contributors = eligibility.membersEligibility?.map(({ principalId }) => {
    return { principalId: String(principalId) };
  });
  const hash = String(eligibility.eligibilityStateHash);
  keep(
    'ofTeam',
    await submit(carol, 'lynx', { teamId, contributors, submitterAlias: names.team }, hash),
  );

  const statuses: SubmissionStatus[] = [];
  const bundles = await evaluation.listAllEvaluationSubmissionBundles({
    evalId,
    status: 'RECEIVED',
  });
  for (const { submission, submissionStatus } of bundles.results) {
    const text = Object.keys(predictions).find(
      (one) => files[one.split(',')[0] ?? '']?.id === submission?.entityId,
    );
    const auc = String(predictions[text ?? '']?.toFixed(2)).replace(/0$/, '');
    statuses.push({
      ...submissionStatus,
      status: 'SCORED',
      submissionAnnotations: { annotations: { auc: { type: 'DOUBLE', value: [auc] } } },
    });
  }
  await evaluation.updateEvaluationSubmissionStatusBatch({
    evalId,
    body: { statuses, isFirstBatch: true, isLastBatch: true },
  });
}

/** What the servers have, by operations of the service. */
async function stateOf({ alice }: Users, ids: Ids): Promise<unknown> {
  const { challenge, entity, evaluation } = alice.services;
  const [id = '', evalId = '', challengeId = ''] = [ids['project'], ids['queue'], ids['challenge']];
  return {
    project: await entity.getEntity({ id }),
    projectAcl: await entity.getEntityAcl({ id }),
    view: await entity.getEntity({ id: ids['view'] ?? '' }),
    challenge: await challenge.getEntityChallenge({ id }),
    teams: await challenge.listChallengeTeams({ challengeId }),
    participants: await challenge.listChallengeParticipantIds({ challengeId }),
    evaluation: await evaluation.getEvaluation({ evalId }),
    acl: await evaluation.getEvaluationAcl({ evalId }),
    rounds: await evaluation.listEvaluationRounds({ evalId, body: {} }),
    bundles: await evaluation.listAllEvaluationSubmissionBundles({ evalId }),
  };
}

test('a challenge runs from the queue to the leaderboard, as through the raw operations', async () => {
  const [ids, rawIds]: [Ids, Ids] = [{}, {}];
  const users = await usersOf(withClient);
  const files = await entries(users, ids);
  const { result, calls } = await callsOf(withClient.server, () =>
    throughClient(users, files, { folder: withClient.folder, ids }),
  );
  expect(result).toEqual([
    { name: 'lynx', submitteralias: 'Lynx', auc: 1 },
    { name: 'second', submitteralias: null, auc: 0.75 },
    { name: 'first', submitteralias: null, auc: 0.5 },
  ]);
  expect(calls).toEqual({
    'GET /storage': 3,
    'challenge.createChallenge': 1,
    'challenge.createChallengeTeam': 1,
    'entity.createEntity': 2,
    // The view, before its columns are created.
    'entity.getEntityChildId': 1,
    'entity.updateEntityAcl': 1,
    'entityBundle.getEntityBundle': 1,
    'evaluation.createEvaluation': 1,
    'evaluation.createEvaluationRound': 1,
    // One of them is over the quota.
    'evaluation.createEvaluationSubmission': 4,
    'evaluation.getEvaluationAcl': 1,
    'evaluation.getTeamSubmissionEligibility': 1,
    'evaluation.listAllEvaluationSubmissionBundles': 1,
    'evaluation.listEntityEvaluations': 1,
    'evaluation.updateEvaluationAcl': 1,
    'evaluation.updateEvaluationSubmissionStatusBatch': 1,
    'file.getFileHandleBatch': 3,
    'table.createColumnBatch': 1,
    'table.getTableQueryResult': 1,
    'table.listDefaultViewColumns': 1,
    'table.startTableQuery': 1,
    'team.addTeamMember': 2,
    'team.createTeam': 2,
  });

  const rawUsers = await usersOf(withServices);
  await throughServices(rawUsers, await entries(rawUsers, rawIds), rawIds);
  const state = comparable(await stateOf(users, ids), ids);
  expect(state).toEqual(comparable(await stateOf(rawUsers, rawIds), rawIds));
});
