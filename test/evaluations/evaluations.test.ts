import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  ConflictError,
  NotFoundError,
  PreconditionFailedError,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let bob: Synapse;
let project: string;
let count = 0;
const newName = (): string => `Queue ${(count += 1)} + (d'essai) of ${process.pid}`;

beforeAll(async () => {
  syn = await clients.open('alice');
  bob = await clients.open('bob');
  ({ id: project } = await clients.project(syn));
});

const create = (name = newName()) => syn.evaluations.create({ name, project });

describe('an evaluation', () => {
  test('is created, read by id, name and object, changed and deleted', async () => {
    const name = newName();
    const made = await syn.evaluations.create({
      name,
      project,
      description: 'd',
      submissionInstructionsMessage: 'how',
      submissionReceiptMessage: 'thanks',
    });
    expect(made).toMatchObject({ name, contentSource: project, description: 'd' });
    for (const given of [made.id, Number(made.id), name, made, { name }]) {
      expect(await syn.evaluations.get(given)).toEqual(made);
    }
    const changed = await syn.evaluations.update(name, { description: 'e' });
    expect(changed).toMatchObject({
      id: made.id,
      description: 'e',
      submissionReceiptMessage: 'thanks',
    });
    await syn.evaluations.delete(made.id);
    await expect(syn.evaluations.get(made.id)).rejects.toThrow(NotFoundError);
  });

  test('that was read is stored with its own changes, in one request', async () => {
    const made = await create();
    made.description = 'changed';
    const calls = await clients.calls(() => syn.evaluations.update(made));
    expect(calls).toEqual(['evaluation.updateEvaluation']);
    expect(await syn.evaluations.get(made.id)).toMatchObject({ description: 'changed' });
  });

  test('that somebody changed since it was read is not overwritten', async () => {
    const made = await create();
    await syn.evaluations.update(made.id, { description: 'theirs' });
    const late = syn.evaluations.update(made, { description: 'mine' });
    await expect(late).rejects.toThrow(PreconditionFailedError);
    await expect(late).rejects.toThrow('Read it again with syn.evaluations.get');
    expect(await syn.evaluations.get(made.id)).toMatchObject({ description: 'theirs' });
  });

  test.each([
    ['handled, and its answer lost', { loseAnswer: true }],
    ['lost on the way', { dropRequestAt: 0 }],
  ])('whose creation is %s is created once', async (_, loss) => {
    const name = newName();
    const faults = [{ operation: 'evaluation.createEvaluation', times: 1, ...loss }];
    clients.server.conditions.set({ faults });
    try {
      const made = await create(name);
      expect(await syn.evaluations.get(name)).toEqual(made);
    } finally {
      clients.server.conditions.set({ faults: [] });
    }
  });

  test('whose update is handled twice is no conflict', async () => {
    const made = await create();
    const faults = [{ operation: 'evaluation.updateEvaluation', times: 1, loseAnswer: true }];
    clients.server.conditions.set({ faults });
    try {
      const changed = await syn.evaluations.update(made, { description: 'once' });
      expect(changed.description).toBe('once');
      expect(changed.etag).not.toBe(made.etag);
    } finally {
      clients.server.conditions.set({ faults: [] });
    }
  });
});

describe('what is wrong', () => {
  test('an unknown name gets a similar one', async () => {
    const made = await create(`Sleep challenge ${process.pid}`);
    const got = syn.evaluations.get(`Sleep chalenge ${process.pid}`);
    await expect(got).rejects.toThrow(NotFoundError);
    await expect(got).rejects.toThrow(
      `Did you mean "Sleep challenge ${process.pid}" (${made.id})?`,
    );
  });

  test('the id of an entity is named as one', async () => {
    await expect(syn.evaluations.get('syn123')).rejects.toThrow('It is the id of an entity');
  });

  test('a name that is taken is a conflict, also when somebody else has it', async () => {
    const { name } = await create();
    await expect(create(name)).rejects.toThrow(ConflictError);
  });

  test('a missing permission is named, with who can grant it', async () => {
    const { id } = await create();
    const alice = clients.server.users.alice.userId;
    const who = `alice (user ${alice}), can grant it`;
    for (const run of [
      () => bob.evaluations.get(id),
      () => bob.evaluations.update({ id, name: 'x', etag: 'e' }, { name: 'y' }),
      () => bob.evaluations.delete(id),
      () => bob.evaluations.rounds(id).toArray(),
      () => bob.submissions.count(id),
      () => bob.submissions.list(id).toArray(),
      () =>
        bob.submissions.updateStatuses(id, [
          { id: '1', etag: 'e', statusVersion: 0, status: 'SCORED' },
        ]),
    ]) {
      await expect(run()).rejects.toThrow(AuthorizationError);
      await expect(run()).rejects.toThrow(who);
    }
    await expect(bob.submissions.count(id)).rejects.toThrow('READ_PRIVATE_SUBMISSION');
  });

  test.each([
    ['no name', () => syn.evaluations.create({ name: ' ', project })],
    ['a name that is not allowed', () => syn.evaluations.create({ name: '測試', project })],
    ['an empty id', () => syn.evaluations.get('')],
    ['an object without an id', () => syn.evaluations.get({})],
    ['a version of a project', () => syn.evaluations.create({ name: 'x', project: 'syn1.2' })],
    ['no date', () => syn.evaluations.createRound('1', { roundStart: 'soon', roundEnd: 'later' })],
    [
      'an end before the start',
      () => syn.evaluations.createRound('1', { roundStart: '2030-01-02', roundEnd: '2030-01-01' }),
    ],
    ...[{ DAILY: 0 }, { TOTAL: 1.5 }, { HOURLY: 1 }].map(
      (limits) =>
        [
          JSON.stringify(limits),
          () =>
            syn.evaluations.createRound('1', {
              roundStart: '2030-01-01',
              roundEnd: '2030-01-02',
              limits,
            }),
        ] as const,
    ),
  ])('%s is refused before anything is sent', async (_, run) => {
    const calls = await clients.calls(async () => {
      await expect(run()).rejects.toThrow(ArgumentError);
    });
    expect(calls).toEqual([]);
  });
});

describe('lists', () => {
  test('have the evaluations of a project, of many pages, by name', async () => {
    const { id: own } = await clients.project(syn);
    const names = Array.from(
      { length: 203 },
      (_, i) => `Page ${String(i).padStart(3, '0')} ${own}`,
    );
    for (const name of names) await syn.evaluations.create({ name, project: own });
    const calls = await clients.calls(async () => {
      const found = await syn.evaluations.list({ project: own }).toArray();
      expect(found.map(({ name }) => name)).toEqual(names);
    });
    expect(calls).toEqual(Array(3).fill('evaluation.listEntityEvaluations'));
  });

  test('have those with given ids, and none for none', async () => {
    const [one, two] = [await create(), await create()];
    const ids = [two.id, one];
    const found = await syn.evaluations.list({ ids }).toArray();
    expect(found.map(({ id }) => id).sort()).toEqual([one.id, two.id].sort());
    const calls = await clients.calls(() => syn.evaluations.list({ ids: [] }).toArray());
    expect(calls).toEqual([]);
  });

  test('of what a user may submit to, or may see, follow the grants', async () => {
    const { id } = await create();
    const ids = [id];
    expect(await bob.evaluations.list({ ids }).toArray()).toEqual([]);
    const acl = await syn.services.evaluation.getEvaluationAcl({ evalId: id });
    const principalId = Number(clients.server.users.bob.userId);
    const grant = (accessType: ('READ' | 'SUBMIT')[]) => [
      ...(acl.resourceAccess ?? []),
      { principalId, accessType },
    ];
    const read = await syn.services.evaluation.updateEvaluationAcl({
      body: { ...acl, resourceAccess: grant(['READ']) },
    });
    expect(await bob.evaluations.list({ ids }).toArray()).toHaveLength(1);
    expect(await bob.evaluations.list({ ids, available: true }).toArray()).toEqual([]);
    await syn.services.evaluation.updateEvaluationAcl({
      body: { ...read, resourceAccess: grant(['READ', 'SUBMIT']) },
    });
    expect(await bob.evaluations.list({ project, ids, available: true }).toArray()).toHaveLength(1);
    expect(await bob.evaluations.list({ ids, accessType: 'UPDATE' }).toArray()).toEqual([]);
    expect(await bob.evaluations.permissions(id)).toMatchObject({
      canSubmit: true,
      canEdit: false,
    });
  });

  test('of active ones leave out those between rounds', async () => {
    const { id } = await create();
    const ids = [id];
    expect(await syn.evaluations.list({ ids, activeOnly: true }).toArray()).toHaveLength(1);
    await syn.evaluations.createRound(id, { roundStart: '2040-01-01', roundEnd: '2040-02-01' });
    expect(await syn.evaluations.list({ ids, activeOnly: true }).toArray()).toEqual([]);
  });

  test('cannot be available and need another permission', () => {
    expect(() => syn.evaluations.list({ available: true, accessType: 'READ' })).toThrow(
      ArgumentError,
    );
  });
});

describe('rounds', () => {
  const period = { roundStart: '2040-01-01T00:00:00Z', roundEnd: new Date('2040-02-01T00:00:00Z') };

  test('are created, listed, changed and deleted', async () => {
    const queue = await create();
    const made = await syn.evaluations.createRound(queue, {
      ...period,
      limits: { TOTAL: 10, DAILY: 2, WEEKLY: 3, MONTHLY: 4 },
    });
    expect(made.limits).toContainEqual({ limitType: 'DAILY', maximumSubmissions: 2 });
    expect(await syn.evaluations.rounds(queue).toArray()).toEqual([made]);
    const changed = await syn.evaluations.updateRound(made, { limits: { TOTAL: 1 } });
    expect(changed).toMatchObject({
      id: made.id,
      roundStart: made.roundStart,
      limits: [{ limitType: 'TOTAL', maximumSubmissions: 1 }],
    });
    await expect(syn.evaluations.updateRound(made, { limits: { TOTAL: 2 } })).rejects.toThrow(
      'Read it again with syn.evaluations.rounds',
    );
    await syn.evaluations.deleteRound(queue, made);
    expect(await syn.evaluations.rounds(queue).toArray()).toEqual([]);
  });

  test.each([{}, { loseAnswer: true }, { dropRequestAt: 0 }])(
    'replace the quota of an old evaluation, also when the answer is lost: %j',
    async (loss) => {
      const quota = {
        firstRoundStart: '2040-01-01T00:00:00.000Z',
        roundDurationMillis: 86_400_000,
        numberOfRounds: 2,
        submissionLimit: 3,
      };
      const { id = '' } = await syn.services.evaluation.createEvaluation({
        body: { name: newName(), contentSource: project, quota },
      });
      const faults = [{ operation: 'evaluation.migrateEvaluationQuota', times: 1, ...loss }];
      clients.server.conditions.set({ faults: Object.keys(loss).length > 0 ? faults : [] });
      await syn.evaluations.migrateQuota(id);
      clients.server.conditions.set({ faults: [] });
      expect(await syn.evaluations.rounds(id).toArray()).toMatchObject([
        {
          roundStart: '2040-01-01T00:00:00.000Z',
          roundEnd: '2040-01-03T00:00:00.000Z',
          limits: [{ limitType: 'DAILY', maximumSubmissions: 3 }],
        },
      ]);
      await expect(syn.evaluations.migrateQuota(id)).rejects.toThrow('does not have a');
    },
  );

  test.each([{ loseAnswer: true }, { dropRequestAt: 0 }])(
    'are created once also when the answer is lost: %j',
    async (loss) => {
      const queue = await create();
      const faults = [{ operation: 'evaluation.createEvaluationRound', times: 1, ...loss }];
      clients.server.conditions.set({ faults });
      try {
        const made = await syn.evaluations.createRound(queue, period);
        expect(await syn.evaluations.rounds(queue).toArray()).toEqual([made]);
      } finally {
        clients.server.conditions.set({ faults: [] });
      }
    },
  );

  test('do not overlap', async () => {
    const queue = await create();
    await syn.evaluations.createRound(queue, period);
    await expect(syn.evaluations.createRound(queue, period)).rejects.toThrow('overlaps');
  });
});
