import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  Folder,
  NotFoundError,
  Table,
  type Progress,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let alice: Synapse;
let bob: Synapse;
let project: Project & Stored;
let raw: Folder & Stored;
let deep: Folder & Stored;
let bottom: Folder & Stored;
let table: Table & Stored;
const everything = { includeContainerContent: true, recursive: true } as const;

beforeAll(async () => {
  alice = await clients.open('alice');
  bob = await clients.open('bob');
});

/** project > raw (own list) > deep > bottom (own list); project > table (own list). */
beforeEach(async () => {
  project = await clients.project(alice);
  raw = await alice.store(new Folder({ name: 'raw', parent: project }));
  deep = await alice.store(new Folder({ name: 'deep', parent: raw }));
  bottom = await alice.store(new Folder({ name: 'bottom', parent: deep }));
  table = await alice.store(
    new Table({ name: 'visits', parent: project, columns: { a: 'STRING' } }),
  );
  for (const target of [raw, bottom, table]) {
    await alice.access.set(target, 'bob', { warnIfInherits: false });
  }
});

afterEach(() => clients.server.conditions.set({ faults: [] }));

/** Who has a list of its own by now. */
async function owners(): Promise<string[]> {
  const { lists } = await alice.access.list(project, { recursive: true });
  return lists.map(({ id }) => id);
}

describe('deleting the list of one entity', () => {
  test('takes two requests, and the entity inherits again', async () => {
    const calls = await clients.calls(async () => {
      const { items } = await alice.access.delete(bottom);
      expect(items).toMatchObject([{ id: bottom.id, action: 'delete', benefactor: bottom.id }]);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle', 'entity.deleteEntityAcl']);
    expect(await owners()).toEqual([project.id, raw.id, table.id]);
  });

  test('that has none does nothing', async () => {
    const calls = await clients.calls(async () => {
      const { items } = await alice.access.delete(deep);
      expect(items).toMatchObject([{ action: 'none', newBenefactor: raw.id }]);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
  });

  test('that somebody else has just deleted is no failure', async () => {
    const operation = 'entity.deleteEntityAcl';
    const reason = 'Resource already inherits its permissions.';
    clients.server.conditions.set({ faults: [{ operation, status: 403, reason, times: 1 }] });
    expect((await alice.access.delete(raw)).deleted).toHaveLength(1);
  });

  test('whose answer is lost is done once', async () => {
    const operation = 'entity.deleteEntityAcl';
    clients.server.conditions.set({ faults: [{ operation, loseAnswer: true, times: 1 }] });
    expect((await alice.access.delete(raw)).deleted).toHaveLength(1);
    expect(await owners()).not.toContain(raw.id);
  });

  test('keeps that of a project and says so', async () => {
    const deletion = await alice.access.delete(project);
    expect(deletion.kept).toMatchObject([
      { id: project.id, reason: 'because a project inherits from nothing' },
    ]);
  });

  test('is refused with the names of those who may', async () => {
    const { userId } = clients.server.users.alice;
    const refused = bob.access.delete(raw);
    await expect(refused).rejects.toThrow(AuthorizationError);
    await expect(refused).rejects.toThrow(`Ask alice (user ${userId}), who has it.`);
  });

  test('needs an entity that exists', async () => {
    await expect(alice.access.delete('syn999999999')).rejects.toThrow(NotFoundError);
  });
});

describe('deleting the lists of a tree', () => {
  test('deletes those of folders and files, and tells about the others', async () => {
    const calls = await clients.calls(async () => {
      const deletion = await alice.access.delete(project, everything);
      expect(deletion.deleted.map(({ id }) => id)).toEqual([raw.id, bottom.id]);
      expect(deletion.kept.map(({ id, reason }) => [id, reason])).toEqual([
        [project.id, 'because a project inherits from nothing'],
        [table.id, 'because table is not among the types to delete'],
      ]);
      expect(
        deletion.items.map(({ id, action, newBenefactor }) => [id, action, newBenefactor]),
      ).toEqual([
        [project.id, 'keep', project.id],
        [raw.id, 'delete', project.id],
        [deep.id, 'inherit', project.id],
        [bottom.id, 'delete', project.id],
        [table.id, 'keep', table.id],
      ]);
    });
    // No list is read, and entities that inherit cost nothing.
    expect(calls).toHaveLength(1 + 4 + 2);
    expect(await owners()).toEqual([project.id, table.id]);
  });

  test('can be limited to types, to the content, and to what is directly in it', async () => {
    const tables = await alice.access.delete(project, { ...everything, entityTypes: ['table'] });
    expect(tables.deleted.map(({ id }) => id)).toEqual([table.id]);
    const content = await alice.access.delete(raw, { includeSelf: false, ...everything });
    expect(content.deleted.map(({ id }) => id)).toEqual([bottom.id]);
    expect(content.kept).toMatchObject([
      { id: raw.id, reason: 'because only its content is meant' },
    ]);
    const direct = await alice.access.delete(project, { includeContainerContent: true });
    expect(direct.deleted.map(({ id }) => id)).toEqual([raw.id]);
  });

  test('goes on when one of them fails', async () => {
    const path = `/repo/v1/entity/${raw.id}/acl`;
    const reason = 'You lack CHANGE_PERMISSIONS access to the requested entity.';
    clients.server.conditions.set({ faults: [{ path, method: 'DELETE', status: 403, reason }] });
    const states: Progress['state'][] = [];
    const onProgress = ({ state }: Progress): void => void states.push(state);
    const deletion = await alice.access.delete(project, { ...everything, onProgress });
    expect(deletion.failed).toMatchObject([{ id: raw.id, newBenefactor: raw.id }]);
    expect(deletion.failed[0]?.error).toBeInstanceOf(AuthorizationError);
    expect(deletion.deleted).toMatchObject([{ id: bottom.id, newBenefactor: raw.id }]);
    expect(states.sort()).toEqual(['done', 'error']);
    expect(String(deletion)).toContain('failed: You lack CHANGE_PERMISSIONS access');
    expect(String(deletion)).toContain(
      '1 list deleted, 0 more inherit from another container, 2 lists kept, 1 failed.',
    );
    expect(JSON.stringify(deletion)).toContain('You lack CHANGE_PERMISSIONS');
  });

  test.each([{ recursive: true }, { entityTypes: ['files'] }])(
    'with the options %j is refused before the first call',
    async (options) => {
      const calls = await clients.calls(async () => {
        const deletion = alice.access.delete(project, options as never);
        await expect(deletion).rejects.toThrow(ArgumentError);
      });
      expect(calls).toEqual([]);
    },
  );

  test('is for entities only', async () => {
    const deletion = alice.access.delete({ evaluation: 5 });
    await expect(deletion).rejects.toThrow('the list of evaluation 5 cannot be deleted');
  });
});

describe('a dry run', () => {
  test('deletes nothing, and shows what would go', async () => {
    const deletion = await alice.access.delete(project, { ...everything, dryRun: true });
    const { alice: owner, bob: other } = clients.server.users;
    const entries = [
      `- alice (user ${owner.userId}): admin`,
      `- bob (user ${other.userId}): download`,
    ];
    expect(String(deletion).split('\n')).toEqual([
      `${project.name} (${project.id}) [project]: keeps its list, because a project inherits from nothing`,
      `├── raw (${raw.id}) [folder]: list would be deleted, would inherit from ${project.id}`,
      ...entries.map((entry) => `│   │   ${entry}`),
      `│   └── deep (${deep.id}) [folder]: would inherit from ${project.id}, before from ${raw.id}`,
      `│       └── bottom (${bottom.id}) [folder]: list would be deleted, would inherit from ${project.id}`,
      ...entries.map((entry) => `│               ${entry}`),
      `└── visits (${table.id}) [table]: keeps its list, because table is not among the types to delete`,
      '',
      '2 lists would be deleted, 1 more would inherit from another container, 2 lists kept.',
    ]);
    expect(await owners()).toEqual([project.id, raw.id, bottom.id, table.id]);
  });

  test('of one entity tells what it would inherit from, if the caller may see it', async () => {
    const [item] = (await alice.access.delete(bottom, { dryRun: true })).items;
    expect(item).toMatchObject({ action: 'delete', newBenefactor: raw.id });
    const hidden = await bob.access.delete(raw, { dryRun: true });
    expect(String(hidden)).toContain('would inherit from a container above');
  });

  test('reads no lists without details', async () => {
    const calls = await clients.calls(async () => {
      await alice.access.delete(project, { ...everything, dryRun: true, showAclDetails: false });
    });
    expect(calls).toHaveLength(1 + 4);
  });
});
