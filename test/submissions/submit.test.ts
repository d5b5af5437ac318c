import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  NotFoundError,
  type Challenge,
  type Evaluation,
  type Stored,
  type Synapse,
  type Team,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let bob: Synapse;
let carol: Synapse;
let project: string;
let queue: Evaluation;
let file: File & Stored;
let count = 0;
const id = (user: 'alice' | 'bob' | 'carol'): string => clients.server.users[user].userId;

beforeAll(async () => {
  [syn, bob, carol] = [
    await clients.open('alice'),
    await clients.open('bob'),
    await clients.open('carol'),
  ];
  ({ id: project } = await clients.project(syn));
  const stream = new Blob(['one']).stream();
  file = await syn.store(new File({ name: 'x.csv', parent: project, stream }));
});
beforeEach(async () => {
  queue = await syn.evaluations.create({
    name: `Queue ${(count += 1)} ${project}`,
    project,
    submissionReceiptMessage: 'Thank you.',
  });
});
afterEach(() => {
  clients.server.conditions.set({ faults: [] });
});

const newFile = async (text = 'x'): Promise<File & Stored> => {
  const stream = new Blob([text]).stream();
  return syn.store(new File({ name: `f${(count += 1)}.csv`, parent: project, stream }));
};

describe('an entity', () => {
  test('given as an object is submitted in one request, with its version and the receipt', async () => {
    const calls = await clients.calls(async () => {
      const receipt = await syn.submit(queue, file, { name: 'first', alias: 'Lynx' });
      expect(receipt).toMatchObject({
        entityId: file.id,
        versionNumber: 1,
        name: 'first',
        submitterAlias: 'Lynx',
        receiptMessage: 'Thank you.',
        leftOut: [],
      });
      expect(receipt.contributors?.map(({ principalId }) => principalId)).toEqual([id('alice')]);
    });
    expect(calls).toEqual(['evaluation.createEvaluationSubmission']);
  });

  test('given by its id, to an evaluation by its name, has the name of the entity', async () => {
    const calls = await clients.calls(async () => {
      const receipt = await syn.submit(queue.name, file.id);
      expect(receipt).toMatchObject({ name: 'x.csv', receiptMessage: 'Thank you.' });
    });
    expect(calls.sort()).toEqual([
      'entity.getEntity',
      'evaluation.createEvaluationSubmission',
      'evaluation.getEvaluationByName',
    ]);
  });

  test('is submitted in the version that the id or the option names', async () => {
    const changed = await newFile('1');
    await syn.store(new File({ ...contentOf('2'), id: changed.id }));
    expect(await syn.submit(queue, changed.id)).toMatchObject({ versionNumber: 2 });
    expect(await syn.submit(queue, `${changed.id}.1`)).toMatchObject({ versionNumber: 1 });
    const second = await syn.submit(queue.id, changed.id, { version: 1 });
    expect(second).toMatchObject({ versionNumber: 1 });
    const { entity } = await syn.submissions.get(second.id, { downloadFile: false });
    expect(entity).toMatchObject({ versionNumber: 1 });
    await expect(syn.submit(queue, changed.id, { version: 9 })).rejects.toThrow(NotFoundError);
  });

  test('that is a folder, or the project, is submitted', async () => {
    const folder = await syn.store(new Folder({ name: `d${count}`, parent: project }));
    expect(await syn.submit(queue, folder)).toMatchObject({ entityId: folder.id });
    expect(await syn.submit(queue, project)).toMatchObject({ entityId: project });
  });

  test('whose object is outdated is not submitted, with what to do', async () => {
    const old = await newFile();
    await syn.store(new File({ ...contentOf('other'), id: old.id }));
    const late = syn.submit(queue, old);
    await expect(late).rejects.toThrow(ArgumentError);
    await expect(late).rejects.toThrow('Read it again with syn.get');
    expect(await syn.submissions.count(queue)).toBe(0);
  });

  test('that changes between the reading and the submission is read again', async () => {
    clients.server.conditions.set({
      faults: [
        {
          operation: 'evaluation.createEvaluationSubmission',
          times: 1,
          status: 400,
          reason: 'The supplied eTag is out of date. Please fetch the Entity again.',
        },
      ],
    });
    expect(await syn.submit(queue, file.id)).toMatchObject({ entityId: file.id });
  });

  test.each([
    ['handled, and its answer lost', { loseAnswer: true }],
    ['lost on the way', { dropRequestAt: 0 }],
    ['given up by a gateway', { status: 504 }],
  ])('whose request is %s is submitted once', async (_, loss) => {
    const operation = 'evaluation.createEvaluationSubmission';
    clients.server.conditions.set({ faults: [{ operation, times: 1, ...loss }] });
    const receipt = await syn.submit(queue, file, { name: 'once' });
    const made = await syn.submissions.list(queue).toArray();
    expect(made.map((submission) => submission.id)).toEqual([receipt.id]);
  });

  test('over the limit of a round is refused with the limit', async () => {
    await syn.evaluations.createRound(queue, {
      roundStart: new Date(),
      roundEnd: '2100-01-01',
      limits: { TOTAL: 1 },
    });
    await syn.submit(queue, file);
    const late = syn.submit(queue, file);
    await expect(late).rejects.toThrow('total limit of 1');
    await expect(late).rejects.not.toThrow('can grant it');
  });

  test('is not submitted without the permission, which the owner can grant', async () => {
    const theirs = await bob.store(
      new File({ name: 'b', ...contentOf('b'), parent: (await clients.project(bob)).id }),
    );
    await expect(bob.submit(queue.id, theirs)).rejects.toThrow(AuthorizationError);
    await expect(bob.submit(queue.id, theirs)).rejects.toThrow(
      `The owner of the evaluation, alice (user ${id('alice')}), can grant it`,
    );
  });

  test('needs an evaluation and an entity that there are', async () => {
    await expect(syn.submit('No such queue', file)).rejects.toThrow('There is no evaluation named');
    await expect(syn.submit('999999', file)).rejects.toThrow(NotFoundError);
    await expect(syn.submit(queue, 'syn999999')).rejects.toThrow(NotFoundError);
    const calls = await clients.calls(async () => {
      await expect(syn.submit(queue, 'x.csv')).rejects.toThrow(ArgumentError);
      await expect(syn.submit(queue, file, { contributors: ['bob'] })).rejects.toThrow('team');
      await expect(syn.submit(queue, file, { dockerTag: 'v1' })).rejects.toThrow('Docker');
    });
    expect(calls).toEqual([]);
  });
});

function contentOf(text: string): { name?: string; stream: ReadableStream<Uint8Array> } {
  return { stream: new Blob([text]).stream() };
}

describe('a Docker repository', () => {
  const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

  test('is submitted by the digest of a tag', async () => {
    const { id: repository = '' } = await syn.services.entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.docker.DockerRepository',
        parentId: project,
        repositoryName: `docker.io/lynx/model${count}`,
      },
    });
    await expect(syn.submit(queue, repository)).rejects.toThrow('has no image');
    const { dockerCommit } = syn.services;
    await dockerCommit.addDockerCommit({
      id: repository,
      body: { tag: 'v1', digest: digest('a') },
    });
    await expect(syn.submit(queue, repository)).rejects.toThrow(
      'has no tag "latest". Its tags: "v1"',
    );
    const first = await syn.submit(queue, repository, { dockerTag: 'v1' });
    expect(first.dockerDigest).toBe(digest('a'));
    for (let i = 0; i < 45; i += 1) {
      const body = { tag: `t${i}`, digest: digest('c') };
      await dockerCommit.addDockerCommit({ id: repository, body });
    }
    await dockerCommit.addDockerCommit({
      id: repository,
      body: { tag: 'latest', digest: digest('b') },
    });
    const object = await syn.get(repository);
    expect((await syn.submit(queue, object)).dockerDigest).toBe(digest('b'));
    await expect(syn.submit(queue, object, { dockerTag: 'none' })).rejects.toThrow(
      /"t\d+".* and 27 more\.$/,
    );
  });
});

describe('a team', () => {
  let challenge: Challenge;
  let team: Team;
  let teamQueue: Evaluation;
  /** Of bob, who submits. */
  let entry: File & Stored;

  beforeAll(async () => {
    const arena = await clients.project(syn);
    const participants = await syn.teams.create({
      name: `Participants ${arena.id}`,
      canPublicJoin: true,
    });
    challenge = await syn.challenges.create({ project: arena, participantTeam: participants });
    await syn.access.set(arena, participants, { accessType: ['READ', 'DOWNLOAD'] });
    for (const user of [bob, carol]) await user.teams.join(participants);
    team = await bob.teams.create({ name: `Lynx ${arena.id}`, canPublicJoin: true });
    await carol.teams.join(team);
    // Alice takes part in the challenge too, as she has created its team of participants.
    await syn.teams.join(team);
    const own = await clients.project(bob);
    entry = await bob.store(new File({ name: 'entry.csv', parent: own, ...contentOf('e') }));
    teamQueue = await syn.evaluations.create({ name: `Teams ${arena.id}`, project: arena });
    await syn.access.set({ evaluation: teamQueue }, participants, {
      accessType: ['READ', 'SUBMIT'],
    });
  });

  const openRound = (limits = {}) =>
    syn.evaluations.createRound(teamQueue, {
      roundStart: new Date(),
      roundEnd: '2100-01-01',
      limits,
    });

  test('that is not registered may not submit, with what to do', async () => {
    const early = bob.submit(teamQueue.id, entry, { team });
    await expect(early).rejects.toMatchObject({ code: 'NOT_ELIGIBLE' });
    await expect(early).rejects.toThrow(`The team "${team.name}" (${team.id}) is not registered`);
    await expect(early).rejects.toThrow('syn.challenges.registerTeam');
  });

  test('submits with its members, and its name as alias', async () => {
    await bob.challenges.registerTeam(challenge, team);
    await openRound({ TOTAL: 3 });
    for (const given of [team.id, team.name, team]) {
      const receipt = await bob.submit(teamQueue.id, entry, { team: given });
      expect(receipt).toMatchObject({ teamId: team.id, submitterAlias: team.name });
      const ids = receipt.contributors?.map(({ principalId }) => principalId).sort();
      expect(ids).toEqual([id('alice'), id('bob'), id('carol')].sort());
    }
    const late = bob.submit(teamQueue.id, entry, { team });
    await expect(late).rejects.toMatchObject({ code: 'NOT_ELIGIBLE' });
    await expect(late).rejects.toThrow('has made all submissions that evaluation');
  });

  test('names its contributors, who must be members', async () => {
    const [round] = await syn.evaluations.rounds(teamQueue).toArray();
    if (round === undefined) throw new Error('no round');
    await syn.evaluations.updateRound(round, { limits: { TOTAL: 10 } });
    const receipt = await bob.submit(teamQueue.id, entry, {
      team,
      contributors: ['carol', id('bob')],
    });
    expect(receipt.contributors?.map(({ principalId }) => principalId).sort()).toEqual(
      [id('bob'), id('carol')].sort(),
    );
    await expect(
      bob.submit(teamQueue.id, entry, { team, contributors: ['bob', 'admin'] }),
    ).rejects.toThrow('has no member "admin"');
    await expect(bob.submit(teamQueue.id, entry, { team, contributors: [] })).rejects.toThrow(
      'The list of contributors is empty',
    );
    await expect(bob.submit(teamQueue.id, entry, { team: 'Lynxes' })).rejects.toThrow(
      'There is no team named "Lynxes"',
    );
  });

  test('leaves out members who have submitted for another team, and names them', async () => {
    const other = await carol.teams.create({ name: `Owl ${challenge.id}`, canPublicJoin: true });
    await carol.challenges.registerTeam(challenge, other);
    const folder = await clients.project(syn);
    await syn.access.set(folder, 'carol', { accessType: ['READ', 'DOWNLOAD'] });
    const theirs = await syn.store(new File({ name: 'c', parent: folder, ...contentOf('c') }));
    const next = await syn.evaluations.create({
      name: `Next ${challenge.id}`,
      project: challenge.projectId,
    });
    await syn.access.set({ evaluation: next }, challenge.participantTeamId, {
      accessType: ['READ', 'SUBMIT'],
    });
    await syn.evaluations.createRound(next, {
      roundStart: new Date(),
      roundEnd: '2100-01-01',
    });
    await carol.submit(next.id, theirs.id, { team: other });
    const receipt = await bob.submit(next.id, entry, { team });
    expect(receipt.leftOut).toEqual([
      { userId: id('carol'), reason: 'has submitted alone or for another team' },
    ]);
    const named = bob.submit(next.id, entry, { team, contributors: ['bob', 'carol'] });
    await expect(named).rejects.toThrow(
      `carol (${id('carol')}) has submitted alone or for another team`,
    );
    // The caller always is a contributor.
    const own = carol.submit(next.id, theirs.id, { team });
    await expect(own).rejects.toMatchObject({ code: 'NOT_ELIGIBLE' });
    await expect(own).rejects.toThrow('Another member of the team can submit.');
  });

  test('may not submit outside of a round', async () => {
    const closed = await syn.evaluations.create({
      name: `Closed ${challenge.id}`,
      project: challenge.projectId,
    });
    await syn.access.set({ evaluation: closed }, challenge.participantTeamId, {
      accessType: ['READ', 'SUBMIT'],
    });
    await syn.evaluations.createRound(closed, { roundStart: '2090-01-01', roundEnd: '2100-01-01' });
    await expect(bob.submit(closed.id, entry, { team })).rejects.toThrow(
      'see when its rounds begin and end',
    );
  });
});
