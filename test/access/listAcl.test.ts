import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  NotFoundError,
  Table,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
let aliceId: string;
let project: Project & Stored;
let raw: Folder & Stored;
let deep: Folder & Stored;
let report: File & Stored;
let table: Table & Stored;

/** A project that bob may view, with a folder, a file and a table that have lists of their own. */
beforeAll(async () => {
  alice = await clients.open('alice');
  bob = await clients.open('bob');
  aliceId = clients.server.users.alice.userId;
  project = await clients.project(alice);
  raw = await alice.store(new Folder({ name: 'raw', parent: project }));
  deep = await alice.store(new Folder({ name: 'deep', parent: raw }));
  const path = await clients.file('report.txt', 'x');
  report = await alice.store(new File({ path, parent: deep }));
  await alice.store(new File({ path, parent: raw, name: 'other' }));
  table = await alice.store(
    new Table({ name: 'visits', parent: project, columns: { a: 'STRING' } }),
  );
  await alice.access.set(project, 'bob', { accessType: 'view' });
  for (const target of [raw, report, table]) {
    await alice.access.set(target, 'carol', { accessType: 'download', warnIfInherits: false });
  }
});

describe('the lists of a tree', () => {
  test('are read with one request for each folder and each own list, and one for the names', async () => {
    const calls = await clients.calls(() => alice.access.list(project, { recursive: true }));
    expect(calls.sort()).toEqual([
      'entity.getEntityAcl',
      'entity.getEntityAcl',
      'entity.getEntityAcl',
      'entity.listEntityChildren',
      'entity.listEntityChildren',
      'entity.listEntityChildren',
      'entityBundle.getEntityBundle',
      'userProfile.listUserGroupHeadersByIds',
    ]);
  });

  test('are those of the target and of what has one, folders before their content', async () => {
    const { lists, inheriting, failed } = await alice.access.list(project, { recursive: true });
    expect(lists.map(({ id, parentId }) => [id, parentId])).toEqual([
      [project.id, undefined],
      [raw.id, project.id],
      [report.id, deep.id],
      [table.id, project.id],
    ]);
    expect(lists[1]?.entries).toContainEqual({
      principalId: Number(clients.server.users.carol.userId),
      name: 'carol',
      principalType: 'user',
      accessTypes: ['READ', 'DOWNLOAD'],
    });
    expect(inheriting.map(({ name, inheritedFrom }) => [name, inheritedFrom])).toEqual([
      ['deep', raw.id],
      ['other', raw.id],
    ]);
    expect(failed).toEqual([]);
  });

  test('are a tree as a text, with the folders that lead to them', async () => {
    const { carol, bob: other } = clients.server.users;
    const owner = `alice (user ${aliceId}): admin`;
    const viewer = `bob (user ${other.userId}): view`;
    const added = `carol (user ${carol.userId}): download`;
    expect(String(await alice.access.list(project, { recursive: true })).split('\n')).toEqual([
      `${project.name} (${project.id}) [project]: own list`,
      `│   ${owner}`,
      `│   ${viewer}`,
      `├── raw (${raw.id}) [folder]: own list, 2 in it inherit it`,
      `│   │   ${owner}`,
      `│   │   ${viewer}`,
      `│   │   ${added}`,
      `│   └── deep (${deep.id}) [folder]`,
      `│       └── report.txt (${report.id}) [file]: own list`,
      `│               ${owner}`,
      `│               ${viewer}`,
      `│               ${added}`,
      `└── visits (${table.id}) [table]: own list`,
      `        ${owner}`,
      `        ${viewer}`,
      `        ${added}`,
    ]);
  });

  test('can be those of some types, and of what is directly in the container', async () => {
    const files = await alice.access.list(project, { recursive: true, entityTypes: ['file'] });
    expect(files.lists.map(({ id }) => id)).toEqual([project.id, report.id]);
    expect(files.inheriting.map(({ name }) => name)).toEqual(['other']);
    expect(String(files)).toContain(`        └── report.txt (${report.id})`);
    const content = await alice.access.list(project, { includeContainerContent: true });
    expect(content.lists.map(({ id }) => id)).toEqual([project.id, raw.id, table.id]);
  });

  test('leave out what the caller may not read', async () => {
    const hidden = await alice.store(new Folder({ name: 'hidden', parent: project }));
    await alice.access.remove(hidden, 'bob', { warnIfInherits: false });
    const seen = await bob.access.list(project, { recursive: true });
    expect(seen.lists.map(({ id }) => id)).not.toContain(hidden.id);
    await alice.delete(hidden);
  });

  test('end with the signal', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const { signal } = controller;
    await expect(alice.access.list(project, { recursive: true, signal })).rejects.toThrow('enough');
  });

  test('of many pages are read once each', async () => {
    const many = await clients.project(alice);
    for (let index = 0; index < 60; index += 1) {
      await alice.store(new Folder({ name: `folder ${index}`, parent: many }));
    }
    const calls = await clients.calls(async () => {
      const { inheriting } = await alice.access.list(many, { recursive: true });
      expect(inheriting).toHaveLength(60);
    });
    expect(calls.filter((call) => call === 'entity.listEntityChildren')).toHaveLength(62);
    expect(calls).toHaveLength(64);
  });
});

describe('the list of one object', () => {
  test('is that of the container when the entity inherits', async () => {
    const { lists } = await alice.access.list(deep);
    expect(lists).toMatchObject([{ id: deep.id, inheritedFrom: raw.id }]);
    expect(lists[0]?.entries.map(({ name }) => name)).toEqual(['alice', 'bob', 'carol']);
    expect(String(await alice.access.list(deep))).toMatch(`: inherits from ${raw.id}\n`);
  });

  test('can be that of a team', async () => {
    const { id = '' } = await alice.services.team.createTeam({ body: { name: 'List Lab' } });
    const listing = await alice.access.list({ team: id });
    expect(String(listing).split('\n')).toEqual([
      `team ${id}: own list`,
      `    List Lab (team ${id}): message`,
      `    alice (user ${aliceId}): admin`,
      '    AUTHENTICATED_USERS: message',
    ]);
    expect(JSON.parse(JSON.stringify(listing))).toMatchObject({ lists: [{ id, type: 'team' }] });
  });

  test('needs an entity that exists and that the caller may read', async () => {
    await expect(alice.access.list('syn999999999')).rejects.toThrow(NotFoundError);
    const own = await clients.project(alice);
    await expect(bob.access.list(own)).rejects.toThrow(AuthorizationError);
  });
});

test.each([{ entityTypes: ['fil'] }, { concurrency: 0 }, { concurrency: NaN }])(
  'the options %j are refused',
  async (options) => {
    const listing = alice.access.list(project, { recursive: true, ...options } as never);
    await expect(listing).rejects.toThrow(ArgumentError);
  },
);
