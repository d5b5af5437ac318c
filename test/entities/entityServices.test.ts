import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as M from '../../generated/models.js';
import { usedTexts } from '../../src/cli/activityText.js';
import { usedList, type UsedInput } from '../../src/provenance/activity.js';
import { fromWireAnnotations } from '../../src/entities/annotationValues.js';
import type { Project } from '../../src/index.js';
import {
  ArgumentError,
  AuthorizationError,
  ConflictError,
  File,
  Folder,
  NotFoundError,
  UnmetAccessRestrictionError,
  type DeleteOptions,
  type Entity,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

let count = 0;
function folder(parent: { id: string } = project): Promise<Folder & Stored> {
  count += 1;
  return syn.store(new Folder({ name: `folder ${count}`, parent }));
}

async function namesIn(parent?: Project | Folder, options = {}): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const child of syn.getChildren(parent, options)) names.push(child.name);
  return names;
}

/** A client that gets some answers changed on the way: for what the server does not model. */
async function clientThat(change: (path: string, body: Record<string, unknown>) => unknown) {
  return clients.open('alice', {
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const path = new URL(input).pathname;
      const body = (await response.clone().json()) as Record<string, unknown>;
      const changed = change(path, body);
      return changed === undefined ? response : Response.json(changed, { status: 201 });
    },
  });
}

describe('annotations', () => {
  test('of every type come back as they were', async () => {
    const { id } = await folder();
    const values = {
      text: ['a', 'ü😀'],
      whole: [1, -5],
      big: [2n ** 62n],
      fraction: [0.1, 1e21, Number.NaN, Infinity],
      yes: [true, false],
      when: [new Date('2024-02-29T12:00:00.123Z')],
      date_like: ['2019-01-01'],
    };
    expect(await syn.setAnnotations(id, values)).toEqual(values);
    expect(await syn.getAnnotations(id)).toEqual(values);
  });

  test('are added to those that are there unless they are to replace them', async () => {
    const { id } = await folder();
    await syn.setAnnotations(id, { a: 1, b: 'x' });
    expect(await syn.setAnnotations(id, { b: null, c: true })).toEqual({ a: [1], c: [true] });
    expect(await syn.setAnnotations(id, { d: [1, 2.5] }, { replace: true })).toEqual({
      d: [1, 2.5],
    });
  });

  test('keep their type where the values alone do not tell it', async () => {
    const { id } = await folder();
    await syn.setAnnotations(id, { weight: 1.5, dose: { type: 'DOUBLE', value: [2] } });
    await syn.setAnnotations(id, { weight: 2 });
    const { annotations } = await syn.services.entity.getEntityAnnotations({ id });
    expect(annotations).toEqual({
      weight: { type: 'DOUBLE', value: ['2.0'] },
      dose: { type: 'DOUBLE', value: ['2.0'] },
    });
  });

  test('are not sent when nothing changes', async () => {
    const { id } = await folder();
    await syn.setAnnotations(id, { a: 1, when: new Date(5) });
    const calls = await clients.calls(() => syn.setAnnotations(id, { when: [new Date(5)] }));
    expect(calls).toEqual(['entity.getEntityAnnotations']);
    const bad = await clients.calls(() =>
      expect(syn.setAnnotations(id, { a: [] })).rejects.toThrow(ArgumentError),
    );
    expect(bad).toEqual([]);
  });

  test('of JSON have dates only if that is asked for', async () => {
    const { id } = await folder();
    const json = { day: '2019-01-01', list: ['2019-01-01'] };
    expect(await syn.setAnnotations(id, json)).toEqual({ day: ['2019-01-01'], list: json.list });
    const options = { parseDates: true, timeZone: 'UTC' };
    expect(await syn.setAnnotations(id, json, options)).toEqual({
      day: [new Date('2019-01-01T00:00:00Z')],
      list: json.list,
    });
  });

  test('that are malformed are one error that names the key', () => {
    const read = (annotation: unknown) => () =>
      fromWireAnnotations({ id: 'syn1', etag: 'e', annotations: { k: annotation as never } });
    for (const bad of [
      { type: 'LONG', value: ['1.5'] },
      { type: 'TIMESTAMP_MS', value: ['1e3'] },
      { type: 'STRING', value: null },
      ['x'],
    ])
      expect(read(bad)).toThrow(/annotation k of type/);
  });

  test('of an older version are its own', async () => {
    const path = await clients.file('annotated.txt', 'x');
    const file = await syn.store(new File({ path, parent: project, annotations: { v: 1 } }));
    await syn.store(file, { versionLabel: 'two' });
    await syn.setAnnotations(file, { v: 2 });
    expect(await syn.getAnnotations(`${file.id}.1`)).toEqual({ v: [1] });
    expect(await syn.getAnnotations(file.id, { version: 2 })).toEqual({ v: [2] });
    await expect(syn.getAnnotations('syn999999999')).rejects.toThrow(NotFoundError);
    await expect(syn.getAnnotations('nonsense')).rejects.toThrow(ArgumentError);
  });
});

describe('provenance', () => {
  test('is stored until it is deleted', async () => {
    const { id } = await folder();
    expect(await syn.getProvenance(id)).toBeUndefined();
    const activity = await syn.setProvenance(id, {
      name: 'first',
      used: [`${project.id}.1`, { url: 'https://example.org/x', name: 'X' }],
    });
    expect(activity).toMatchObject({
      name: 'first',
      used: [
        { reference: { targetId: project.id, targetVersionNumber: 1 } },
        { url: 'https://example.org/x', name: 'X' },
      ],
    });
    const changed = await syn.setProvenance(id, { ...activity, name: 'second' });
    expect([changed.id, changed.name, changed.used]).toEqual([
      activity.id,
      'second',
      activity.used,
    ]);
    await syn.provenance.delete(id);
    expect(await syn.getProvenance(id)).toBeUndefined();
    await expect(syn.services.activity.getActivity({ id: activity.id ?? '' })).rejects.toThrow(
      NotFoundError,
    );
    expect(await clients.calls(() => syn.provenance.delete(id))).toEqual([
      'entity.getEntityActivity',
    ]);
  });

  test('takes entities as used items', async () => {
    const used = await folder();
    const activity = await syn.setProvenance(await folder(), { name: 'made', used: [used] });
    expect(activity.used).toMatchObject([{ reference: { targetId: used.id } }]);
  });

  test('with an item that cannot be used is an error', async () => {
    await expect(syn.getProvenance('syn999999999')).rejects.toThrow(NotFoundError);
    const { id } = await folder();
    await syn.delete(id);
    await expect(syn.getProvenance(id)).rejects.toThrow(NotFoundError);
    const calls = await clients.calls(() =>
      expect(syn.setProvenance(project, { used: 'not an id' })).rejects.toThrow(ArgumentError),
    );
    expect(calls).toEqual([]);
  });

  test('takes items in any form', () => {
    const wire = { reference: { targetId: 'syn1', targetVersionNumber: 2 } };
    const used = usedList([{ target: wire, wasExecuted: true } as UsedInput], false);
    expect(used).toEqual([expect.objectContaining({ ...wire, wasExecuted: true })]);
    expect(usedList({ target: 'syn1.2', targetVersion: 2 }, false)).toEqual([
      expect.objectContaining(wire),
    ]);
    expect(() => usedList({ target: 'syn1.2', targetVersion: 3 }, false)).toThrow(ArgumentError);
  });

  test('is shown without what this client does not know', () => {
    const unknown = { concreteType: 'org.example.Other' } as unknown as M.Used;
    const current = { targetId: 'syn1', targetVersionNumber: null } as unknown as M.Reference;
    const known = { ...unknown, reference: current } as M.Used;
    expect(usedTexts({ used: [unknown, known] })).toEqual({ used: ['syn1'], executed: [] });
  });
});

describe('children', () => {
  test('come sorted by page', async () => {
    const parent = await clients.project(syn);
    const names = Array.from({ length: 60 }, (_, i) => `child ${String(i).padStart(2, '0')}`);
    await Promise.all(names.map((name) => syn.store(new Folder({ name, parent }))));
    expect(await namesIn(parent)).toEqual(names);
    expect(await namesIn(parent, { sortDirection: 'DESC' })).toEqual([...names].reverse());
    expect(await namesIn(parent, { includeTypes: ['file'] })).toEqual([]);
    expect(await namesIn()).toContain(parent.name);
  });

  test('are not read further than they are asked for', async () => {
    const calls = await clients.calls(async () => {
      for await (const child of syn.getChildren()) {
        expect(child.type).toMatch(/Project$/);
        break;
      }
    });
    expect(calls.length).toBeLessThanOrEqual(2);
    expect(() => syn.getChildren('no id')).toThrow(ArgumentError);
  });

  test('are found by name in the right case', async () => {
    const parent = await clients.project(syn);
    const { id } = await syn.store(new Folder({ name: 'Found', parent }));
    expect(await syn.findEntityId('Found', parent)).toBe(id);
    expect(await syn.findEntityId('found', parent.id)).toBeUndefined();
    expect(await syn.findEntityId(parent.name)).toBe(parent.id);
  });
});

describe('moving and deleting', () => {
  test('an entity keeps its id where it is moved to', async () => {
    const from = await folder();
    const to = await folder();
    const annotations = { a: 1 };
    const moving = await syn.store(new Folder({ name: 'moving', parent: from, annotations }));
    const calls = await clients.calls(async () => {
      expect(await syn.move(moving, to)).toMatchObject({
        id: moving.id,
        parentId: to.id,
        annotations: { a: [1] },
      });
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle', 'entity.updateEntity']);
    await syn.store(new Folder({ name: 'moving', parent: from }));
    await expect(syn.move(moving.id, from.id)).rejects.toThrow(ConflictError);
    await expect(syn.move(moving, 'nowhere')).rejects.toThrow(ArgumentError);
  });

  test('a version can be deleted alone', async () => {
    const path = await clients.file('deleted.txt', 'x');
    const file = await syn.store(new File({ path, parent: project }));
    await syn.store(file, { versionLabel: 'two' });
    await syn.delete(`${file.id}.1`);
    await expect(syn.get(`${file.id}.1`)).rejects.toThrow(NotFoundError);
    expect(await syn.get(file.id, { downloadFile: false })).toMatchObject({ versionNumber: 2 });
    await expect(syn.delete(`${file.id}.1`, { version: 2 })).rejects.toThrow(ArgumentError);
    await syn.delete(file);
    await expect(syn.get(file.id)).rejects.toThrow(NotFoundError);
    await expect(syn.delete('nonsense')).rejects.toThrow(ArgumentError);
  });

  test('what is not there cannot be deleted', async () => {
    const missing = async (id: string, options: DeleteOptions = {}) => {
      const error: unknown = await syn.delete(id, options).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(NotFoundError);
      return (error as Error).message;
    };
    const folder = await syn.store(new Folder({ name: 'deleted twice', parent: project }));
    const path = await clients.file('inside.txt', 'x');
    const inside = await syn.store(new File({ path, parent: folder }));
    expect(await missing(inside.id, { version: 7 })).toContain('7');
    expect(await missing(`${inside.id}.7`)).toContain('7');
    await syn.delete(folder);
    expect(await missing(folder.id)).toContain(`${folder.id} is in trash can`);
    expect(await missing(folder.id, { skipTrashCan: true })).toContain('trash can');
    expect(await missing(inside.id)).toContain('trash can');
    expect(await missing(`${inside.id}.1`)).toContain('trash can');
    expect(await missing('syn999999999')).toContain('does not exist');
  });

  test('deleting a version whose answer is lost succeeds', async () => {
    const path = await clients.file('lost.txt', 'x');
    const file = await syn.store(new File({ path, parent: project }));
    await syn.store(file, { versionLabel: 'two' });
    const { conditions } = clients.server;
    conditions.set({
      faults: [{ operation: 'entity.deleteEntityVersion', times: 1, loseAnswer: true }],
    });
    try {
      await syn.delete(`${file.id}.1`);
    } finally {
      conditions.reset();
    }
    await expect(syn.get(`${file.id}.1`)).rejects.toThrow(NotFoundError);
  });
});

describe('permissions', () => {
  test('of the caller come in two forms', async () => {
    const permissions = await syn.getPermissions(project);
    expect(permissions).toMatchObject({ canView: true, canPublicRead: false });
    expect(permissions.accessTypes).toContain('CHANGE_PERMISSIONS');
    const bob = await clients.open('bob');
    expect((await bob.getPermissions(project)).accessTypes).not.toContain('UPDATE');
  });

  test('are granted on the entity itself or where it inherits them from', async () => {
    const parent = await clients.project(syn);
    const child = await folder(parent);
    const bob = Number(clients.server.users.bob.userId);
    const asker = await clientThat((path) =>
      path.endsWith(`/user/${bob}/team/id`) ? { teamIds: ['3'] } : undefined,
    );
    const aclOf = (entity: Entity, principal: string | number) =>
      asker.getAcl(entity, { principal });
    expect(await aclOf(child, bob)).toEqual([]);

    await syn.setPermissions(child, 'bob');
    expect(clients.notes.at(-1)).toContain(
      `${child.id} inherited its permissions from ${parent.id}`,
    );
    expect(await aclOf(child, 'bob')).toEqual(['READ', 'DOWNLOAD']);
    expect(await aclOf(parent, bob)).toEqual([]);

    await syn.setPermissions(child, bob, { accessType: ['UPDATE'], overwrite: false });
    expect(await aclOf(child, bob)).toEqual(['READ', 'DOWNLOAD', 'UPDATE']);
    await syn.setPermissions(child, bob, { accessType: [] });
    expect(await aclOf(child, bob)).toEqual([]);

    const other = await folder(parent);
    const everybody = 273949;
    await syn.setPermissions(other, everybody, { accessType: ['READ'], modifyBenefactor: true });
    expect(await syn.getAcl(parent)).toEqual(['READ']);
    expect(await aclOf(other, bob)).toEqual(['READ']);

    const acl = await syn.services.entity.getEntityAcl({ id: parent.id });
    const resourceAccess = [
      ...(acl.resourceAccess ?? []),
      { principalId: 273948, accessType: ['DOWNLOAD' as const] },
      { principalId: 3, accessType: ['UPDATE' as const] },
    ];
    await syn.services.entity.updateEntityAcl({ id: parent.id, body: { ...acl, resourceAccess } });
    expect((await aclOf(parent, bob)).sort()).toEqual(['DOWNLOAD', 'READ', 'UPDATE']);
    expect(await syn.getAcl(parent)).toEqual(['READ']);
  });

  test('of others cannot be changed by name without a user of that name', async () => {
    const bob = await clients.open('bob');
    await expect(bob.setPermissions(project, 'bob')).rejects.toThrow(AuthorizationError);
    await expect(syn.setPermissions(project, 'nobody of that name')).rejects.toThrow(ArgumentError);
  });
});

describe('conditions of use', () => {
  test('that are not met keep the content from the caller', async () => {
    const path = await clients.file('restricted.txt', 'x');
    const file = await syn.store(new File({ path, parent: project }));
    const restricted = await clientThat((called, body) =>
      called.endsWith('/bundle2')
        ? {
            ...body,
            restrictionInformation: {
              hasUnmetAccessRequirement: true,
              restrictionDetails: [
                { accessRequirementId: 11, isApproved: true },
                { accessRequirementId: 12, isApproved: false },
              ],
            },
          }
        : undefined,
    );
    const calls = await clients.calls(async () => {
      const error: unknown = await restricted.get(file.id).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(UnmetAccessRestrictionError);
      expect(String(error)).toContain('(access requirement 12)');
      expect(String(error)).toContain(`/AccessRequirements:ID=${file.id}`);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
    expect(await restricted.get(file.id, { downloadFile: false })).toMatchObject({ id: file.id });
  });

  test('are asked for once', async () => {
    const asked: string[] = [];
    let results: unknown[] = [];
    const restricting = await clientThat((called) => {
      if (!/accessRequirement|lockAccess/i.test(called)) return undefined;
      asked.push(called.replace(/syn\d+/, 'ID'));
      if (called.endsWith('lockAccessRequirement')) results = [{ id: 1 }];
      return { results };
    });
    const store = () =>
      restricting.store(new Folder({ name: 'locked', parent: project }), { isRestricted: true });
    await store();
    await store();
    expect(asked).toEqual([
      '/repo/v1/entity/ID/accessRequirement',
      '/repo/v1/entity/ID/lockAccessRequirement',
      '/repo/v1/entity/ID/accessRequirement',
    ]);
  });
});

test('addresses of pages on the web site', () => {
  const { endpoint } = clients.server;
  expect(syn.onweb(project)).toBe(`${endpoint}/Synapse:${project.id}`);
  expect(syn.onweb('syn1.2', '77')).toBe(`${endpoint}/Wiki:syn1/ENTITY/77`);
  expect(() => syn.onweb('nonsense')).toThrow(ArgumentError);
});
