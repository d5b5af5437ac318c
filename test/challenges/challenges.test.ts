import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  ConflictError,
  NotFoundError,
  type Challenge,
  type Synapse,
  type Team,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let bob: Synapse;
let participants: Team;
let project: string;
let challenge: Challenge;

beforeAll(async () => {
  [syn, bob] = [await clients.open('alice'), await clients.open('bob')];
});
beforeEach(async () => {
  ({ id: project } = await clients.project(syn));
  participants = await syn.teams.create({ name: `Participants ${project}`, canPublicJoin: true });
  await syn.access.set(project, participants, { accessType: 'view' });
  challenge = await syn.challenges.create({ project, participantTeam: participants.name });
});
afterEach(() => {
  clients.server.conditions.set({ faults: [] });
});

describe('a challenge', () => {
  test('is read by its id and by its project, changed and deleted', async () => {
    expect(challenge).toMatchObject({ projectId: project, participantTeamId: participants.id });
    for (const given of [challenge.id, Number(challenge.id), challenge, project, { id: project }]) {
      expect(await syn.challenges.get(given)).toEqual(challenge);
    }
    const other = await syn.teams.create({ name: `Others ${project}` });
    const changed = await syn.challenges.update(challenge, { participantTeam: other });
    expect(changed).toMatchObject({ id: challenge.id, participantTeamId: other.id });
    const calls = await clients.calls(() =>
      syn.challenges.update(challenge, { participantTeam: other.id }),
    );
    expect(calls).toEqual(['challenge.getChallenge']);
    await syn.challenges.delete(challenge);
    await expect(syn.challenges.get(project)).rejects.toThrow(NotFoundError);
  });

  test('of a project is one, and needs a team that there is', async () => {
    const again = syn.challenges.create({ project, participantTeam: participants.id });
    await expect(again).rejects.toThrow(ConflictError);
    const unknown = syn.challenges.create({ project, participantTeam: `Participant ${project}` });
    await expect(unknown).rejects.toThrow(ArgumentError);
  });

  test.each([{ loseAnswer: true }, { dropRequestAt: 0 }])(
    'is created once also when the answer is lost: %j',
    async (loss) => {
      await syn.challenges.delete(challenge);
      const faults = [{ operation: 'challenge.createChallenge', times: 1, ...loss }];
      clients.server.conditions.set({ faults });
      const made = await syn.challenges.create({ project, participantTeam: participants });
      expect(await syn.challenges.get(project)).toEqual(made);
    },
  );
});

describe('teams', () => {
  test('are registered by participants who manage them, and unregistered', async () => {
    const team = await bob.teams.create({ name: `Lynx ${project}` });
    await expect(bob.challenges.registerTeam(challenge, team)).rejects.toThrow(AuthorizationError);
    await bob.teams.join(participants);
    expect(await bob.challenges.registratableTeams(challenge).toArray()).toContain(team.id);
    const registered = await bob.challenges.registerTeam(challenge, team.name, {
      message: 'join us',
    });
    expect(registered).toMatchObject({ teamId: team.id, message: 'join us' });
    expect(await syn.challenges.teams(challenge).toArray()).toEqual([registered]);
    expect(await bob.challenges.submissionTeams(challenge).toArray()).toEqual([team.id]);
    await expect(bob.challenges.registerTeam(challenge, team)).rejects.toThrow(ConflictError);
    const ids = [participants.createdBy, (await bob.users.get()).ownerId];
    expect(await syn.challenges.participants(challenge).toArray()).toEqual(ids);
    const free = syn.challenges.participants(challenge, { affiliated: false });
    expect(await free.toArray()).toEqual([participants.createdBy]);
    expect((await bob.challenges.list().toArray()).map(({ id }) => id)).toContain(challenge.id);
    expect((await syn.challenges.list('bob').toArray()).map(({ id }) => id)).toContain(
      challenge.id,
    );
    await bob.challenges.unregisterTeam(challenge, team);
    expect(await syn.challenges.teams(challenge).toArray()).toEqual([]);
    await expect(bob.challenges.unregisterTeam(challenge, team)).rejects.toThrow('not registered');
  });

  test.each([{ loseAnswer: true }, { dropRequestAt: 0 }])(
    'are registered once also when the answer is lost: %j',
    async (loss) => {
      const team = await syn.teams.create({ name: `Owl ${project}` });
      const faults = [{ operation: 'challenge.createChallengeTeam', times: 1, ...loss }];
      clients.server.conditions.set({ faults });
      const made = await syn.challenges.registerTeam(challenge, team);
      expect(await syn.challenges.teams(challenge).toArray()).toEqual([made]);
    },
  );
});
