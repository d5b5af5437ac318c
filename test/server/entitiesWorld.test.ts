import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { findOwnAcl, benefactorOf } from '../../src/server/access/entityAcls.js';
import { hasAccess, requireAccess } from '../../src/server/access/requireAccess.js';
import { downloadActions } from '../../src/server/access/downloadActions.js';
import { ServerWorld } from '../../src/server/serverWorld.js';
import { createEntity } from '../../src/server/entities/createEntity.js';
import { readBundle } from '../../src/server/entities/entityBundles.js';
import { listChildren } from '../../src/server/entities/entityChildren.js';
import { annotationsModel, storeAnnotations } from '../../src/server/entities/entityAnnotations.js';
import { entityHooks, type EntityChange } from '../../src/server/entities/entityHooks.js';
import { entityJson } from '../../src/server/entities/entityJson.js';
import { idByRepositoryName } from '../../src/server/entities/entityLookups.js';
import { entityModel } from '../../src/server/entities/entityModels.js';
import {
  entityTables,
  findEntityRecord,
  getEntityRecord,
  getVersionRecord,
  type CurrentEntity,
} from '../../src/server/entities/entityRecords.js';
import { deleteVersion, snapshotEntity } from '../../src/server/entities/entityVersions.js';
import { putEntity, touchEntity } from '../../src/server/entities/entityWrites.js';
import { updateEntity } from '../../src/server/entities/updateEntity.js';
import { Blobs } from '../../src/server/files/blobs.js';
import type { Caller } from '../../src/server/kernel/caller.js';
import { Problems } from '../../src/server/kernel/problems.js';
import { openKeys, type Keys } from '../../src/server/state/keyFile.js';
import {
  deletePermanently,
  moveToTrash,
  purgeFromTrash,
  restoreFromTrash,
} from '../../src/server/trash/trashCan.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { startLocalSynapse } from '../../src/server/index.js';
import { classes, Session } from './entitySession.js';

let keys: Keys;
let blobs: Blobs;

beforeAll(async () => {
  keys = await openKeys();
  blobs = await Blobs.open();
});

afterAll(() => blobs.close());

/** A world without a server around it. */
function createWorld(): ServerWorld {
  return new ServerWorld({
    options: { strict: true },
    keys,
    blobs,
    journal: undefined,
    problems: new Problems({ onWarning: () => undefined }),
    base: 'http://127.0.0.1:1',
  });
}

const alice: Caller = {
  userId: 50,
  isAnonymous: false,
  isAdmin: false,
  isCertified: true,
  groups: new Set([50, 3, 273948, 273949]),
  scopes: new Set(),
};
const bob: Caller = { ...alice, userId: 51, groups: new Set([51, 3, 273948, 273949]) };

function createProject(world: ServerWorld): CurrentEntity {
  return createEntity(world, alice, { concreteType: classes.project, name: world.uuid() });
}

function createFolder(world: ServerWorld, parentId: string, name?: string): CurrentEntity {
  return createEntity(world, alice, { concreteType: classes.folder, parentId, name });
}

function bodyOf(world: ServerWorld, id: string): M.Entity {
  const record = getEntityRecord(world, id);
  return entityModel(world, record, getVersionRecord(world, record));
}

describe('limits', () => {
  test('a container takes 10000 entities that are no tables', () => {
    const world = createWorld();
    const { id } = createProject(world).record;
    const other = createFolder(world, createProject(world).record.id).record;
    world.store.transaction(() => {
      for (let index = 0; index < 10_000; index++) {
        createFolder(world, id);
      }
    });
    const reason = `Limit of 10000 children exceeded for parent: ${id}`;
    expect(() => createFolder(world, id)).toThrow(reason);
    expect(() => updateEntity(world, alice, { ...bodyOf(world, other.id), parentId: id })).toThrow(
      reason,
    );
    createEntity(world, alice, { concreteType: classes.table, parentId: id });
    const page = listChildren(world, alice, {
      parentId: id,
      includeTypes: ['folder', 'table'],
      nextPageToken: '50a9999',
      includeTotalChildCount: true,
    });
    expect(page.page).toHaveLength(2);
    expect(page).toMatchObject({ totalChildCount: 10_001 });
    expect(page).not.toHaveProperty('nextPageToken');
  });

  test('a path has at most 50 steps', () => {
    const world = createWorld();
    let parent = createProject(world).record.id;
    // The root and the project are the first two steps.
    for (let steps = 2; steps < 50; steps++) {
      parent = createFolder(world, parent).record.id;
    }
    expect(() => createFolder(world, parent)).toThrow(
      `Exceeded the maximum hierarchical depth of: 50 for parent: ${parent}`,
    );
  });

  test('an entity has at most 15000 versions in its life', () => {
    const world = createWorld();
    const table = createEntity(world, alice, {
      concreteType: classes.table,
      parentId: createProject(world).record.id,
    });
    putEntity(world, { ...table, record: { ...table.record, lastVersion: 15_000 } });
    const record = getEntityRecord(world, table.record.id);
    expect(() => snapshotEntity(world, alice, record)).toThrow(
      'Exceeded the maximum number of 15000 versions for a single Entity',
    );
  });
});

describe('what is undone', () => {
  test('leaves no trace in listings or indexes', () => {
    const world = createWorld();
    const { id } = createProject(world).record;
    createFolder(world, id, 'a');
    const names = () =>
      listChildren(world, alice, { parentId: id, includeTypes: ['folder'] }).page.map(
        ({ name }) => name,
      );
    expect(names()).toEqual(['a']);
    expect(() =>
      world.store.transaction(() => {
        createFolder(world, id, 'b');
        throw new Error('undo');
      }),
    ).toThrow('undo');
    expect(names()).toEqual(['a']);
    expect(createFolder(world, id, 'b').record.name).toBe('b');
    expect(names()).toEqual(['a', 'b']);
  });

  test('a listener can refuse a change', () => {
    const world = createWorld();
    const { id } = createProject(world).record;
    const { tx } = world.store;
    entityHooks(world).onChange(({ kind }) => {
      throw new Error(`no ${kind}`);
    });
    const refused = () => world.store.transaction(() => createFolder(world, id, 'b'));
    expect(refused).toThrow('no create');
    expect(world.store.tx).toBe(tx);
  });
});

describe('snapshots', () => {
  test('start a new version after the frozen one', () => {
    const world = createWorld();
    const table = createEntity(world, alice, {
      concreteType: classes.table,
      parentId: createProject(world).record.id,
      columnIds: ['1', '2'],
    });
    const { id } = table.record;
    storeAnnotations(world, alice, table.record, { a: { type: 'STRING', value: ['x'] } });
    const first = snapshotEntity(world, alice, getEntityRecord(world, id), {
      label: 'v1',
      comment: 'frozen',
      activityId: '7',
    });
    expect(first).toBe(1);
    const record = getEntityRecord(world, id);
    expect(getVersionRecord(world, record, 1)).toMatchObject({
      label: 'v1',
      comment: 'frozen',
      activityId: '7',
      fields: { columnIds: ['1', '2'] },
    });
    const current = getVersionRecord(world, record);
    expect(current).toMatchObject({
      number: 2,
      label: 'in progress',
      comment: 'in progress',
      fields: { columnIds: ['1', '2'] },
      annotations: { a: { value: ['x'] } },
    });
    expect(current.activityId).toBeUndefined();
    expect(entityModel(world, record, current)).toMatchObject({ isLatestVersion: true });
    expect(() => snapshotEntity(world, alice, record, { label: 'v1' })).toThrow(
      "The label 'v1' has already been used for a version of this entity",
    );
    expect(snapshotEntity(world, alice, record)).toBe(2);
    expect(getVersionRecord(world, getEntityRecord(world, id), 2).label).toBe('2');
    deleteVersion(world, alice, id, 3);
    expect(getEntityRecord(world, id)).toMatchObject({ currentVersion: 2, lastVersion: 3 });
  });

  test('are not for folders', () => {
    const world = createWorld();
    const { record } = createProject(world);
    expect(() => snapshotEntity(world, alice, record)).toThrow('is not a table or view');
  });
});

describe('hooks', () => {
  test('hear of every change in order', () => {
    const world = createWorld();
    const heard: string[] = [];
    entityHooks(world).onChange(({ kind, entity, previous }: EntityChange) => {
      heard.push(`${kind} ${entity.record.name} ${previous?.record.name ?? '-'}`);
    });
    const project = createEntity(world, alice, { concreteType: classes.project, name: 'p' }).record;
    const folder = createFolder(world, project.id, 'f').record;
    createFolder(world, folder.id, 'g');
    updateEntity(world, alice, { ...bodyOf(world, folder.id), name: 'h' });
    touchEntity(world, alice, getEntityRecord(world, folder.id));
    storeAnnotations(world, alice, getEntityRecord(world, folder.id), {});
    moveToTrash(world, alice, folder.id);
    restoreFromTrash(world, alice, folder.id);
    moveToTrash(world, alice, folder.id);
    purgeFromTrash(world, alice, folder.id);
    expect(heard).toEqual([
      'create p -',
      'create f -',
      'create g -',
      'update h f',
      'update h h',
      'update h h',
      `trash ${folder.id} h`,
      `restore h ${folder.id}`,
      `trash ${folder.id} h`,
      'purge g -',
      `purge ${folder.id} -`,
    ]);
    expect(findEntityRecord(world, folder.id)).toBeUndefined();
    expect(findOwnAcl(world, folder.id)).toBeUndefined();
    deletePermanently(world, alice, project.id);
    expect(entityTables(world).entities.size).toBe(0);
    expect(entityTables(world).versions.size).toBe(0);
  });

  test('add rules and computed fields to a type', () => {
    const world = createWorld();
    const hooks = entityHooks(world);
    const seen: (string | undefined)[] = [];
    hooks.extendType('table', {
      prepare: (fields, { previous, caller }) => {
        seen.push(previous?.record.name, String(caller.userId));
        if (fields.columnIds?.includes('bad') === true) {
          throw new Error('no such column');
        }
        return { ...fields, columnIds: fields.columnIds ?? ['0'] };
      },
    });
    hooks.extendType('table', { complete: () => ({ isSearchEnabled: true }) });
    const parentId = createProject(world).record.id;
    const body = { concreteType: classes.table, parentId, name: 't' } as const;
    const { id } = createEntity(world, alice, body).record;
    expect(bodyOf(world, id)).toMatchObject({ columnIds: ['0'], isSearchEnabled: true });
    const { etag } = bodyOf(world, id);
    expect(() => updateEntity(world, alice, { ...body, id, etag, columnIds: ['bad'] })).toThrow(
      'no such column',
    );
    expect(seen).toEqual([undefined, '50', 't', '50']);
    expect(bodyOf(world, createFolder(world, parentId).record.id)).not.toHaveProperty('columnIds');
  });

  test('fill in the parts of a bundle', () => {
    const world = createWorld();
    const hooks = entityHooks(world);
    hooks.defineBundlePart('rootWikiId', ({ record }) => `wiki of ${record.id}`);
    hooks.defineBundlePart('threadCount', () => 3);
    hooks.defineBundlePart('tableBundle', () => ({ columnModels: [], maxRowsPerPage: 7 }));
    hooks.defineBundlePart('doiAssociation', () => undefined);
    const { id } = createProject(world).record;
    const request = {
      includeRootWikiId: true,
      includeThreadCount: true,
      includeTableBundle: true,
      includeDOIAssociation: true,
    };
    expect(readBundle(world, alice, { id }, request)).toEqual({
      rootWikiId: `wiki of ${id}`,
      threadCount: 3,
      tableBundle: { columnModels: [], maxRowsPerPage: 7 },
    });
  });

  test('an unmet requirement blocks only downloads', () => {
    const world = createWorld();
    const { record } = createProject(world);
    entityHooks(world).defineRestrictions((_record, caller) => ({
      restrictionLevel: 'CONTROLLED_BY_ACT',
      hasUnmetAccessRequirement: caller.userId === alice.userId,
      restrictionDetails: [{ accessRequirementId: 9, isMet: false }],
    }));
    expect(hasAccess(world, alice, record.id, 'READ')).toBe(true);
    expect(() => requireAccess(world, alice, record.id, 'DOWNLOAD')).toThrow(
      expect.objectContaining({ status: 403, message: expect.stringContaining('unmet access') }),
    );
    expect(downloadActions(world, alice, record.id)).toEqual([
      {
        concreteType: 'org.sagebionetworks.repo.model.download.MeetAccessRequirement',
        accessRequirementId: 9,
      },
    ]);
    const bundle = readBundle(world, alice, record, { includeRestrictionInformation: true });
    expect(bundle.restrictionInformation).toMatchObject({
      hasUnmetAccessRequirement: true,
      restrictionLevel: 'CONTROLLED_BY_ACT',
    });
    expect(hasAccess(world, bob, record.id, 'READ')).toBe(false);
    expect(hasAccess(world, { ...alice, isAdmin: true }, record.id, 'DOWNLOAD')).toBe(true);
  });

  test('a schema derives annotations', () => {
    const world = createWorld();
    const { record } = createProject(world);
    entityHooks(world).defineAnnotationShape(() => ({
      derived: {
        made: { type: 'LONG', value: ['1'] },
        own: { type: 'STRING', value: ['derived'] },
      },
      isArray: (key) => key === 'own',
      requirementIds: [],
    }));
    const { version } = storeAnnotations(world, alice, record, {
      own: { type: 'STRING', value: ['written'] },
    });
    const options = { includeDerived: true };
    expect(annotationsModel(world, record, version, options).annotations).toEqual({
      made: { type: 'LONG', value: ['1'] },
      own: { type: 'STRING', value: ['written'] },
    });
    expect(Object.keys(annotationsModel(world, record, version).annotations ?? {})).toEqual([
      'own',
    ]);
    expect(entityJson(world, record, version, options)).toMatchObject({
      made: 1,
      own: ['written'],
    });
    expect(entityJson(world, record, version)).not.toHaveProperty('made');
  });

  test('a managed repository is found by its name', () => {
    const world = createWorld();
    const repo = createEntity(world, alice, {
      concreteType: classes.dockerrepo,
      parentId: createProject(world).record.id,
      repositoryName: 'quay.io/a/b',
    });
    const fields = { repositoryName: 'docker.synapse.org/syn1/a', isManaged: true };
    putEntity(world, { ...repo, version: { ...repo.version, fields } });
    expect(idByRepositoryName(world, alice, fields.repositoryName)).toEqual({ id: repo.record.id });
    expect(() => idByRepositoryName(world, bob, fields.repositoryName)).toThrow(
      expect.objectContaining({ status: 403 }),
    );
    const body = { ...bodyOf(world, repo.record.id), repositoryName: 'quay.io/a/b' } as M.Entity;
    expect(() => updateEntity(world, alice, body)).toThrow(
      'Cannot convert a managed Docker repository into an unmanaged one.',
    );
  });
});

describe('state', () => {
  test('is all there after a restart', async () => {
    await withTempDir(async (dataDir) => {
      const options = { dataDir, strict: true, onWarning: () => undefined };
      const first = await startLocalSynapse(options);
      const before = new Session(api(first, first.authToken));
      const project = await before.create('project', { name: 'Durable', alias: 'durable' });
      const folder = await before.create('folder', { parentId: project.id, name: 'f' });
      const gone = await before.create('folder', { parentId: project.id, name: 'gone' });
      await before.put(`/entity/${folder.id}/annotations2`, {
        id: folder.id,
        etag: folder.etag,
        annotations: { a: { type: 'STRING', value: ['x'] } },
      });
      await before.delete(`/entity/${gone.id}`);
      const read = async (session: Session) =>
        Promise.all([
          session.get(`/entity/${project.id}`).then(({ body }) => body),
          session.get(`/entity/${folder.id}/json`).then(({ body }) => body),
          session.get(`/entity/${project.id}/acl`).then(({ body }) => body),
          session.get('/entity/alias/durable').then(({ body }) => body),
          session.get('/trashcan/view').then(({ body }) => body),
          session
            .post('/entity/children', { parentId: project.id, includeTypes: ['folder'] })
            .then(({ body }) => body),
        ]);
      const expected = await read(before);
      await first.close();
      const second = await startLocalSynapse(options);
      const after = new Session(api(second, first.authToken));
      expect(await read(after)).toEqual(expected);
      const next = await after.create('folder', { parentId: project.id, name: 'next' });
      expect(Number(next.id.slice(3))).toBeGreaterThan(Number(gone.id.slice(3)));
      await second.close();
    });
  });

  test('of entities inherits through any depth', () => {
    const world = createWorld();
    const project = createProject(world).record;
    const inner = createFolder(world, createFolder(world, project.id).record.id).record;
    expect(benefactorOf(world, inner)).toBe(project.id);
  });
});
