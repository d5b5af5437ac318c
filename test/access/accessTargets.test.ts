import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  AUTHENTICATED_USERS,
  Folder,
  NotFoundError,
  PreconditionFailedError,
  PUBLIC,
  type AccessTarget,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
let project: Project & Stored;
let evaluation: string;
let team: string;
let organization: string;
let formGroup: string;
let bobId: number;
let carolId: number;

beforeAll(async () => {
  alice = await clients.open('alice');
  bob = await clients.open('bob');
  bobId = Number(clients.server.users.bob.userId);
  carolId = Number(clients.server.users.carol.userId);
  project = await clients.project(alice);
  const { services } = alice;
  const body = { name: 'Round 1', contentSource: project.id };
  evaluation = (await services.evaluation.createEvaluation({ body })).id ?? '';
  team = (await services.team.createTeam({ body: { name: 'Mouse Lab' } })).id ?? '';
  const named = { organizationName: 'mouse.lab' };
  organization = (await services.jsonSchema.createSchemaOrganization({ body: named })).id ?? '';
  formGroup = (await services.form.createFormGroup({ name: 'mouse forms' })).groupId ?? '';
});

/** Each kind of target, with two words for access to it. */
const kinds: [string, () => AccessTarget, string[], string[]][] = [
  ['an entity', () => project, ['READ', 'DOWNLOAD'], ['READ']],
  ['an evaluation', () => ({ evaluation }), ['READ', 'SUBMIT'], ['READ']],
  ['a team', () => ({ team }), ['READ', 'SEND_MESSAGE'], ['READ']],
  ['an organization', () => ({ organization }), ['READ', 'CREATE', 'UPDATE'], ['READ']],
  ['a group of forms', () => ({ formGroup }), ['READ', 'SUBMIT'], ['READ']],
];
const words: Record<string, 'download' | 'submit' | 'message' | 'edit'> = {
  'an entity': 'download',
  'an evaluation': 'submit',
  'a team': 'message',
  'an organization': 'edit',
  'a group of forms': 'submit',
};

describe.each(kinds)('the list of %s', (kind, target, more, less) => {
  test('takes a grant, another one, and its removal', async () => {
    const accessType = words[kind];
    const before = await alice.access.set(target(), 'bob', { accessType });
    expect(before.resourceAccess).toContainEqual({ principalId: bobId, accessType: more });
    expect(new Set(await alice.access.get(target(), { principal: 'bob' }))).toEqual(
      expect.objectContaining(new Set(more)),
    );
    const after = await alice.access.set(target(), 'bob', { accessType: 'view' });
    expect(after.resourceAccess).toContainEqual({ principalId: bobId, accessType: less });
    const removed = await alice.access.remove(target(), 'bob');
    expect(removed.resourceAccess?.map((entry) => entry.principalId)).not.toContain(bobId);
  });

  test('keeps the entries that somebody else changes at the same time', async () => {
    await Promise.all([
      alice.access.set(target(), 'bob', { accessType: 'view' }),
      alice.access.set(target(), 'carol', { accessType: 'view' }),
      alice.access.set(target(), AUTHENTICATED_USERS, { accessType: 'view' }),
    ]);
    const acl = await alice.access.set(target(), 'carol', { accessType: 'view' });
    const ids = acl.resourceAccess?.map((entry) => entry.principalId);
    expect(ids).toEqual(expect.arrayContaining([bobId, carolId, AUTHENTICATED_USERS]));
  });

  test('is not written when it has the entry already', async () => {
    await alice.access.set(target(), 'bob', { accessType: 'view' });
    const calls = await clients.calls(() =>
      alice.access.set(target(), bobId, { accessType: 'view' }),
    );
    expect(calls).toHaveLength(1);
  });

  test('is changed by those who may change it, and a refusal names them', async () => {
    await alice.access.set(target(), 'bob', { accessType: 'view' });
    const set = bob.access.set(target(), 'carol', { accessType: 'admin' });
    const refusal: unknown = await set.catch((e: unknown) => e);
    expect(refusal).toBeInstanceOf(AuthorizationError);
    const { alice: owner } = clients.server.users;
    expect((refusal as Error).message).toContain(`alice (user ${owner.userId})`);
  });

  test('does not take an unknown access type', async () => {
    const calls = await clients.calls(async () => {
      const set = alice.access.set(target(), 'bob', { accessType: 'REED' as 'READ' });
      await expect(set).rejects.toThrow(/"REED" is not an access type: use view, .*admin, or some/);
    });
    expect(calls).toEqual([]);
  });
});

describe('a target', () => {
  test.each<[unknown, string]>([
    ['123', 'is not a Synapse id'],
    [{ id: '123' }, 'For another object write what it is, such as { evaluation: "123" }'],
    [{ evaluation: 'Round 1' }, '"Round 1" is not the id of an evaluation: ids are digits.'],
    [{ team: {} }, 'No Synapse id in {}'],
    [{ formGroup: undefined }, 'No Synapse id'],
    ['syn1.2', 'but permissions are those of all versions: write syn1.'],
    [{}, 'No Synapse id in {}'],
  ])('that is %j is refused before the first call', async (target, message) => {
    const calls = await clients.calls(async () => {
      await expect(alice.access.set(target as AccessTarget, 'bob')).rejects.toThrow(message);
      await expect(alice.access.get(target as AccessTarget)).rejects.toThrow(message);
    });
    expect(calls).toEqual([]);
  });

  test('can be the object', async () => {
    const { services } = alice;
    const queue = await services.evaluation.getEvaluation({ evalId: evaluation });
    expect(await alice.access.get({ evaluation: queue }, { principal: 'alice' })).toContain(
      'SUBMIT',
    );
    const group = await services.form.getFormGroup({ id: formGroup });
    expect(await alice.access.get({ formGroup: group }, { principal: 'alice' })).toContain(
      'SUBMIT',
    );
  });
});

describe('the permissions of the caller', () => {
  test('on an evaluation are a list of access types', async () => {
    const permissions = await alice.access.permissions({ evaluation });
    expect(permissions.canSubmit).toBe(true);
    expect(permissions.accessTypes).toEqual([
      'READ',
      'UPDATE',
      'DELETE',
      'SUBMIT',
      'READ_PRIVATE_SUBMISSION',
      'UPDATE_SUBMISSION',
      'DELETE_SUBMISSION',
      'CHANGE_PERMISSIONS',
    ]);
  });

  test('on a team are not known to Synapse', async () => {
    const asked = alice.access.permissions({ team } as never);
    await expect(asked).rejects.toThrow(ArgumentError);
    await expect(asked).rejects.toThrow(`not for team ${team}`);
  });
});

describe('the public', () => {
  test.each<[string, () => AccessTarget]>([
    ['an entity', () => project],
    ['an evaluation', () => ({ evaluation })],
  ])('gets no more than READ on %s, which is known before the first call', async (_, target) => {
    const what = target();
    const calls = await clients.calls(async () => {
      for (const principal of ['PUBLIC', PUBLIC, String(PUBLIC), ' public ', { id: '273949' }]) {
        await expect(
          alice.access.set(what, principal, { accessType: ['READ', 'SUBMIT'] }),
        ).rejects.toThrow('PUBLIC cannot get SUBMIT');
      }
    });
    expect(calls).toEqual([]);
  });
});

describe('a list that others change', () => {
  afterEach(() => clients.server.conditions.set({ faults: [] }));

  test('now and then is read and changed again', async () => {
    const own = await clients.project(alice);
    const operation = 'entity.updateEntityAcl';
    clients.server.conditions.set({ faults: [{ operation, status: 412, times: 2 }] });
    const calls = await clients.calls(() => alice.access.set(own, bobId));
    expect(calls).toEqual([
      'entityBundle.getEntityBundle',
      'entity.updateEntityAcl',
      'entity.getEntityAcl',
      'entity.updateEntityAcl',
      'entity.getEntityAcl',
      'entity.updateEntityAcl',
    ]);
    expect(await alice.access.get(own, { principal: 'bob' })).toEqual(['READ', 'DOWNLOAD']);
  });

  test('again and again is given up after five attempts', async () => {
    const own = await clients.project(alice);
    const operation = 'entity.updateEntityAcl';
    clients.server.conditions.set({ faults: [{ operation, status: 412 }] });
    const calls = await clients.calls(async () => {
      await expect(alice.access.set(own, bobId)).rejects.toThrow(PreconditionFailedError);
    });
    expect(calls.filter((call) => call === operation)).toHaveLength(5);
  });

  test('is changed once although the answer is lost', async () => {
    const own = await clients.project(alice);
    const folder = await alice.store(new Folder({ name: 'data', parent: own }));
    const operation = 'entity.createEntityAcl';
    clients.server.conditions.set({ faults: [{ operation, loseAnswer: true, times: 1 }] });
    const acl = await alice.access.set(folder, 'bob');
    expect(acl.resourceAccess).toHaveLength(2);
    expect(await alice.access.get(folder, { principal: 'bob', checkBenefactor: false })).toEqual([
      'READ',
      'DOWNLOAD',
    ]);
  });

  test('is created by two at the same time, and both grants are in it', async () => {
    const own = await clients.project(alice);
    const folder = await alice.store(new Folder({ name: 'data', parent: own }));
    await Promise.all([alice.access.set(folder, 'bob'), alice.access.set(folder, 'carol')]);
    for (const principal of ['bob', 'carol']) {
      const types = await alice.access.get(folder, { principal, checkBenefactor: false });
      expect(types).toEqual(['READ', 'DOWNLOAD']);
    }
  });
});

test('the access can be given without options', async () => {
  const own = await clients.project(alice);
  await alice.access.set(own, 'bob', 'edit');
  expect(await alice.access.get(own, { principal: 'bob' })).toContain('UPDATE');
  await alice.access.set(own, 'bob', ['DOWNLOAD']);
  expect(await alice.access.get(own, { principal: 'bob' })).toEqual(['DOWNLOAD']);
});

describe('an entity that inherits its permissions', () => {
  test('goes on to inherit them when there is nothing to remove', async () => {
    const own = await clients.project(alice);
    const folder = await alice.store(new Folder({ name: 'data', parent: own }));
    const calls = await clients.calls(() => alice.access.remove(folder, bobId));
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
  });

  test('gives no access by a list of its own', async () => {
    const own = await clients.project(alice);
    const folder = await alice.store(new Folder({ name: 'data', parent: own }));
    const options = { principal: 'alice', checkBenefactor: false };
    expect(await alice.access.get(folder, options)).toEqual([]);
    const missing = alice.access.get('syn999999999', options);
    await expect(missing).rejects.toThrow(NotFoundError);
  });
});
