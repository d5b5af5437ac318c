import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Folder, Project, Synapse } from '../../src/index.js';
import type * as M from '../../generated/models.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { callsOf } from './callsOf.js';
import { comparable } from './comparable.js';

/*
 * A data coordinator opens a project to the public for a conference and closes it again. Two folders have sharing settings of their own:
 * `embargoed`, which a team may edit, and a folder within it. At each step, people with and without accounts look at what they may see.
 */

const publicGroup = 273949;
const edit: M.ACCESS_TYPE[] = ['READ', 'DOWNLOAD', 'CREATE', 'UPDATE'];

/** A server, with clients of the people in the story. */
interface Stage {
  server: LocalSynapse;
  alice: Synapse;
  /** bob is in the team; carol is not; the visitor is not logged in. */
  viewers: Record<'bob' | 'carol' | 'visitor', Synapse>;
  ids: Ids;
}

interface Ids extends Record<string, string> {
  study: string;
  open: string;
  embargoed: string;
  draft: string;
  team: string;
  alice: string;
}

const stages: Stage[] = [];

async function client(server: LocalSynapse, authToken?: string): Promise<Synapse> {
  const { endpoint } = server;
  const syn = new Synapse({
    endpoint,
    environment: {},
    configPath: '/dev/null',
    log: () => undefined,
  });
  if (authToken !== undefined) await syn.login({ authToken });
  return syn;
}

/** The study before the story: a tree, and a team. */
async function setUp(): Promise<Stage> {
  const server = await startLocalSynapse({ port: 0 });
  const { alice: owner, bob, carol } = server.users;
  const alice = await client(server, owner.authToken);
  const viewers = {
    bob: await client(server, bob.authToken),
    carol: await client(server, carol.authToken),
    visitor: await client(server),
  };
  const { id: team = '' } = await alice.services.team.createTeam({ body: { name: 'Mouse Lab' } });
  const admin = await client(server, server.users.admin.authToken);
  await admin.services.team.addTeamMember({ id: team, principalId: bob.userId });
  await admin.close();
  const study = await alice.store(new Project({ name: 'Mouse study' }));
  const open = await alice.store(new Folder({ name: 'open', parent: study }));
  const embargoed = await alice.store(new Folder({ name: 'embargoed', parent: study }));
  const draft = await alice.store(new Folder({ name: 'draft', parent: embargoed }));
  const folders = { study: study.id, open: open.id, embargoed: embargoed.id, draft: draft.id };
  return { server, alice, viewers, ids: { ...folders, team, alice: owner.userId } };
}

beforeAll(async () => {
  stages.push(await setUp(), await setUp());
});

afterAll(async () => {
  for (const { server, alice, viewers } of stages) {
    for (const syn of [alice, ...Object.values(viewers)]) await syn.close();
    await server.close();
  }
});

/** Who sees which folder, by raw reads. */
async function seen({ viewers, ids }: Stage): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [name, syn] of Object.entries(viewers)) {
    found[name] = [];
    for (const folder of ['study', 'open', 'embargoed', 'draft']) {
      const id = ids[folder] ?? '';
      const { canView } = await syn.services.entity.getEntityPermissions({ id });
      if (canView) found[name].push(folder);
    }
  }
  return found;
}

/** The lists of the tree, and what inherits from where, by raw reads. */
async function state({ alice, ids }: Stage): Promise<unknown> {
  const { entity } = alice.services;
  const lists: Record<string, unknown> = {};
  for (const folder of ['study', 'open', 'embargoed', 'draft']) {
    const id = ids[folder] ?? '';
    const benefactor = await entity.getEntityBenefactor({ id });
    const acl = await entity.getEntityAcl({ id: benefactor.id });
    const entries = (acl.resourceAccess ?? []).map(({ principalId = 0, accessType = [] }) => {
      return `${principalId}: ${[...accessType].sort().join(' ')}`;
    });
    lists[folder] = { benefactor: benefactor.id, entries: entries.sort() };
  }
  return comparable(lists, ids);
}

/** The steps of the story, through this client. */
const throughClient = {
  async embargo({ alice, ids }: Stage): Promise<void> {
    await alice.access.set(ids.embargoed, 'Mouse Lab', { accessType: 'edit' });
    await alice.access.set(ids.draft, 'Mouse Lab', { accessType: 'view' });
  },
  async open({ alice, ids }: Stage): Promise<void> {
    await alice.access.set(ids.study, 'PUBLIC');
  },
  async openAll({ alice, ids }: Stage): Promise<void> {
    await alice.access.delete(ids.study, { includeContainerContent: true, recursive: true });
  },
  async close({ alice, ids }: Stage): Promise<void> {
    await alice.access.remove(ids.study, 'PUBLIC');
  },
};

/** The same steps, through the raw operations. */
const throughOperations: typeof throughClient = {
  async embargo({ alice, ids }) {
    const { entity } = alice.services;
    for (const [id, accessType] of [
      [ids.embargoed, edit],
      [ids.draft, ['READ'] as M.ACCESS_TYPE[]],
    ] as const) {
      const benefactor = await entity.getEntityBenefactor({ id });
      const { resourceAccess = [] } = await entity.getEntityAcl({ id: benefactor.id });
      const others = resourceAccess.filter(({ principalId }) => principalId !== Number(ids.team));
      const entry = { principalId: Number(ids.team), accessType };
      await entity.createEntityAcl({ id, body: { id, resourceAccess: [...others, entry] } });
    }
  },
  async open({ alice, ids: { study: id } }) {
    const { entity } = alice.services;
    const acl = await entity.getEntityAcl({ id });
    const entry = { principalId: publicGroup, accessType: ['READ'] as M.ACCESS_TYPE[] };
    const resourceAccess = [...(acl.resourceAccess ?? []), entry];
    await entity.updateEntityAcl({ id, body: { ...acl, resourceAccess } });
  },
  async openAll({ alice, ids }) {
    await alice.services.entity.deleteEntityAcl({ id: ids.embargoed });
    await alice.services.entity.deleteEntityAcl({ id: ids.draft });
  },
  async close({ alice, ids: { study: id } }) {
    const { entity } = alice.services;
    const acl = await entity.getEntityAcl({ id });
    const kept = (acl.resourceAccess ?? []).filter(
      ({ principalId }) => principalId !== publicGroup,
    );
    await entity.updateEntityAcl({ id, body: { ...acl, resourceAccess: kept } });
  },
};

const steps = ['embargo', 'open', 'openAll', 'close'] as const;

/** What each request of the client's run is for: none could be saved. */
const expectedCalls: Record<(typeof steps)[number], Record<string, number>> = {
  // For each folder: the name of the team, the list that applies, the new list.
  embargo: {
    'userProfile.listUserGroupHeadersByAliases': 2,
    'entityBundle.getEntityBundle': 2,
    'entity.createEntityAcl': 2,
  },
  open: { 'entityBundle.getEntityBundle': 1, 'entity.updateEntityAcl': 1 },
  // The study, its four containers, and the two lists.
  openAll: {
    'entityBundle.getEntityBundle': 1,
    'entity.listEntityChildren': 4,
    'entity.deleteEntityAcl': 2,
  },
  close: { 'entityBundle.getEntityBundle': 1, 'entity.updateEntityAcl': 1 },
};

/** Who sees what after each step. */
const expectedSeen: Record<(typeof steps)[number], Record<string, string[]>> = {
  embargo: { bob: ['embargoed', 'draft'], carol: [], visitor: [] },
  open: {
    bob: ['study', 'open', 'embargoed', 'draft'],
    carol: ['study', 'open'],
    visitor: ['study', 'open'],
  },
  openAll: {
    bob: ['study', 'open', 'embargoed', 'draft'],
    carol: ['study', 'open', 'embargoed', 'draft'],
    visitor: ['study', 'open', 'embargoed', 'draft'],
  },
  close: { bob: [], carol: [], visitor: [] },
};

test('a project is opened and closed again, with what is in it', async () => {
  const [ours, raw] = stages;
  if (ours === undefined || raw === undefined) throw new Error('No stages');
  const before = await state(ours);
  expect(await state(raw)).toEqual(before);
  for (const step of steps) {
    const { calls } = await callsOf(ours.server, () => throughClient[step](ours));
    expect([step, calls]).toEqual([step, expectedCalls[step]]);
    await throughOperations[step](raw);
    expect(await state(ours)).toEqual(await state(raw));
    expect([step, await seen(ours)]).toEqual([step, expectedSeen[step]]);
    expect(await seen(raw)).toEqual(await seen(ours));
  }
  expect(await state(ours)).toEqual(before);
});

test('a member of the team is told why, and the coordinator sees everything in one picture', async () => {
  const [ours] = stages;
  if (ours === undefined) throw new Error('No stages');
  await throughClient.embargo(ours);
  const { alice, viewers, ids } = ours;
  const may = async (folder: keyof Ids): Promise<boolean | undefined> =>
    (await viewers.bob.access.why(ids[folder] ?? '')).may;
  expect([await may('embargoed'), await may('draft'), await may('open')]).toEqual([
    true,
    false,
    false,
  ]);
  const picture = String(await alice.access.list(ids.study, { recursive: true }));
  expect(picture).toContain(`Mouse Lab (team ${ids.team}): edit`);
  expect(picture).toContain(`Mouse Lab (team ${ids.team}): view`);
});
