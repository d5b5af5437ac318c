import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  Folder,
  NotFoundError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import type * as M from '../../generated/models.js';
import { withClients } from '../entities/withClients.js';
import { sessionToken } from '../helpers/sessionToken.js';

const clients = withClients();
let admin: Synapse;
let alice: Synapse;
let bob: Synapse;
let project: Project & Stored;
let data: Folder & Stored;
let deep: Folder & Stored;
let reviewed: Folder & Stored;
let terms: number;
let sign: number;
let request: number;

async function require(kind: string, body: object, subject: string): Promise<number> {
  const concreteType = `org.sagebionetworks.repo.model.${kind}AccessRequirement`;
  const created = await admin.services.accessRequirement.createAccessRequirement({
    body: {
      concreteType,
      accessType: 'DOWNLOAD',
      ...body,
      subjectIds: [{ id: subject, type: 'ENTITY' }],
    } as M.AccessRequirement,
  });
  return created.id ?? 0;
}

/** data has terms of use, deep in it also something to sign; reviewed has a request. bob may see all. */
beforeAll(async () => {
  admin = await clients.open('admin');
  alice = await clients.open('alice');
  bob = await clients.open('bob');
  const { server } = clients;
  await admin.login({ authToken: await sessionToken(server, server.users.admin) });
  await bob.login({ authToken: await sessionToken(server, server.users.bob) });
  project = await clients.project(alice);
  data = await alice.store(new Folder({ name: 'data', parent: project }));
  deep = await alice.store(new Folder({ name: 'deep', parent: data }));
  reviewed = await alice.store(new Folder({ name: 'reviewed', parent: project }));
  await alice.access.set(project, 'bob');
  terms = await require('TermsOfUse', { name: 'Terms 王', termsOfUse: 'Be kind.' }, data.id);
  sign = await require('SelfSign', { isValidatedProfileRequired: true }, deep.id);
  request = await require('ManagedACT', { name: 'Request' }, reviewed.id);
});

afterEach(() => clients.server.conditions.set({ faults: [] }));

describe('the access requirements of an entity', () => {
  test('are those of the containers too, with their pages', async () => {
    const calls = await clients.calls(async () => {
      const found = await bob.accessRequirements.list(deep).toArray();
      expect(
        found.map(({ id, name, kind, isMet, canAccept }) => [id, name, kind, isMet, canAccept]),
      ).toEqual([
        [terms, 'Terms 王', 'termsOfUse', false, true],
        [sign, String(sign), 'selfSign', false, true],
      ]);
      expect(found[0]?.url).toMatch(new RegExp(`/AccessRequirement:AR_ID=${terms}$`));
      expect(found[1]?.todo).toContain('It needs a validated profile.');
    });
    expect(calls).toEqual([
      'dataAccess.getRestrictionInformation',
      'accessRequirement.listEntityAccessRequirements',
    ]);
  });

  test('take one request when there are none', async () => {
    const calls = await clients.calls(async () => {
      expect(await bob.accessRequirements.list(project).toArray()).toEqual([]);
    });
    expect(calls).toEqual(['dataAccess.getRestrictionInformation']);
  });

  test('of an entity that does not exist are an error', async () => {
    await expect(bob.accessRequirements.list('syn999999999').toArray()).rejects.toThrow(
      NotFoundError,
    );
    expect(() => bob.accessRequirements.list('syn1.2')).toThrow('write syn1.');
  });
});

describe('the unmet requirements of a tree', () => {
  test('are each there once, with the entities that they apply to', async () => {
    const calls = await clients.calls(async () => {
      const found = await bob.accessRequirements.unmet(project, { recursive: true });
      expect(found.map(({ id, entities }) => [id, entities.map(({ name }) => name)])).toEqual([
        [terms, ['data', 'deep']],
        [sign, ['deep']],
        [request, ['reviewed']],
      ]);
    });
    expect(calls.filter((call) => call !== 'entity.listEntityChildren')).toEqual([
      'entityBundle.getEntityBundle',
      'dataAccess.getRestrictionInformationBatch',
      'accessRequirement.getAccessRequirement',
      'accessRequirement.getAccessRequirement',
      'accessRequirement.getAccessRequirement',
    ]);
  });

  test('of one entity are only its own', async () => {
    expect(await bob.accessRequirements.unmet(project)).toEqual([]);
    expect(await bob.accessRequirements.unmet(data)).toMatchObject([{ id: terms }]);
  });

  test('are asked about fifty at a time, and what is gone meanwhile is left out', async () => {
    const many = await clients.project(alice);
    const stored: string[] = [];
    for (let index = 0; index < 55; index += 1) {
      stored.push((await alice.store(new Folder({ name: `folder ${index}`, parent: many }))).id);
    }
    const own = await require('TermsOfUse', {}, stored[54] ?? '');
    const operation = 'dataAccess.getRestrictionInformationBatch';
    clients.server.conditions.set({ faults: [{ operation, status: 404, times: 1 }] });
    const calls = await clients.calls(async () => {
      const found = await alice.accessRequirements.unmet(many, { recursive: true });
      expect(found).toMatchObject([{ id: own, entities: [{ name: 'folder 54' }] }]);
    });
    // The first of two is asked again in halves.
    expect(calls.filter((call) => call === operation)).toHaveLength(4);
  });
});

describe('accepting', () => {
  test('accepts what is named, tells what to do about the rest, and unlocks the data', async () => {
    const { accepted, failed } = await bob.accessRequirements.accept([
      terms,
      String(request),
      sign,
      123,
    ]);
    expect(accepted).toMatchObject([{ id: terms, approval: { state: 'APPROVED' } }]);
    expect(failed.map(({ id, error }) => [id, error.message.slice(0, 70)])).toEqual([
      [
        request,
        `The access requirement ${request} ("Request") cannot be accepted by a program.`.slice(
          0,
          70,
        ),
      ],
      [sign, expect.stringContaining('Accessors must have validated profiles.')],
      [123, expect.stringContaining('cannot be found')],
    ]);
    expect(failed[0]?.error.message).toContain('Request access at');
    expect(failed[0]?.requirement).toMatchObject({ kind: 'managed' });
    expect(await bob.accessRequirements.list(data, { unmet: true }).toArray()).toEqual([]);
    expect(await bob.accessRequirements.list(data).toArray()).toMatchObject([
      { isMet: true, isApproved: true },
    ]);
    expect(await bob.accessRequirements.approvals([terms, request])).toEqual([
      { id: terms, isApproved: true },
      { id: request, isApproved: false },
    ]);
    expect(await bob.accessRequirements.status(terms)).toMatchObject({ isApproved: true });
  });

  test('is sent again when the answer is lost', async () => {
    const own = await require('TermsOfUse', {}, reviewed.id);
    const operation = 'accessApproval.createAccessApproval';
    clients.server.conditions.set({ faults: [{ operation, loseAnswer: true, times: 1 }] });
    expect((await bob.accessRequirements.accept(own)).accepted).toHaveLength(1);
    await admin.services.accessRequirement.deleteAccessRequirement({ requirementId: String(own) });
  });

  test.each([[[]], ['syn1'], [{}], [undefined], [['']], [-1]])(
    '%j is refused before the first call',
    async (ids) => {
      const calls = await clients.calls(async () => {
        await expect(bob.accessRequirements.accept(ids as never)).rejects.toThrow(ArgumentError);
        await expect(bob.accessRequirements.approvals(ids as never)).rejects.toThrow(ArgumentError);
      });
      expect(calls).toEqual([]);
    },
  );
});

test('the approvals of others can be asked for', async () => {
  const seen = await alice.accessRequirements.approvals(terms, { user: 'bob' });
  expect(seen).toEqual(await admin.accessRequirements.approvals(terms, { user: 'bob' }));
  expect(seen).toHaveLength(1);
});

test('requirements are found by a part of the name and by the project', async () => {
  const found = await bob.accessRequirements.search({ name: 'terms', project }).toArray();
  expect(found).toMatchObject([{ id: String(terms), name: 'Terms 王' }]);
  expect(await bob.accessRequirements.search({ name: 'no such name' }).toArray()).toEqual([]);
});

test('a requirement is read by id or as an object', async () => {
  for (const ref of [terms, String(terms), { id: terms }]) {
    expect(await bob.accessRequirements.get(ref)).toMatchObject({
      id: terms,
      termsOfUse: 'Be kind.',
    });
  }
  await expect(bob.accessRequirements.get('terms')).rejects.toThrow(
    'is not the id of an access requirement',
  );
});

test('a team can have requirements', async () => {
  const { id = '' } = await alice.services.team.createTeam({ body: { name: 'Terms Lab' } });
  const concreteType = 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement';
  await admin.services.accessRequirement.createAccessRequirement({
    body: {
      concreteType,
      accessType: 'PARTICIPATE',
      name: 'Team terms',
      subjectIds: [{ id, type: 'TEAM' }],
    },
  });
  const found = await bob.accessRequirements.list({ team: id }).toArray();
  expect(found).toMatchObject([{ name: 'Team terms', isMet: false }]);
});
