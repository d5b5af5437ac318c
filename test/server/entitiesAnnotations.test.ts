import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { classes, md5s, refusal, withSessions, type Stored } from './entitySession.js';

const server = withSessions();
let project: Stored;
let count = 0;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Annotations' });
});

function createFolder(fields: object = {}): Promise<Stored> {
  count += 1;
  return server.alice.create('folder', {
    parentId: project.id,
    name: `folder ${count}`,
    ...fields,
  });
}

async function createFile(): Promise<Stored> {
  const dataFileHandleId = await server.alice.createHandle(md5s.a);
  count += 1;
  return server.alice.create('file', {
    parentId: project.id,
    name: `file ${count}`,
    dataFileHandleId,
  });
}

const everyType: M.Annotations['annotations'] = {
  text: { type: 'STRING', value: ['a', 'b'] },
  whole: { type: 'LONG', value: ['5'] },
  real: { type: 'DOUBLE', value: ['1.5', 'NaN'] },
  time: { type: 'TIMESTAMP_MS', value: ['1704164645678'] },
  truth: { type: 'BOOLEAN', value: ['true'] },
  none: { type: 'STRING', value: [] },
};

describe('annotations', () => {
  test('are replaced as a whole under the etag of the entity', async () => {
    const { alice } = server;
    const folder = await createFolder();
    const path = `/entity/${folder.id}/annotations2`;
    expect(await alice.get(path)).toMatchObject({
      status: 200,
      body: { id: folder.id, etag: folder.etag, annotations: {} },
    });
    const put = await alice.put(path, { id: folder.id, etag: folder.etag, annotations: everyType });
    expect(put.status).toBe(200);
    const { etag, annotations } = put.body as M.Annotations;
    expect(annotations).toEqual(everyType);
    expect(etag).not.toBe(folder.etag);
    expect(await alice.read(folder.id)).toMatchObject({ etag, name: folder.name });
    expect(await alice.get(`${path}?includeDerived=true`)).toMatchObject({ body: put.body });
    const emptied = await alice.put(path, { id: folder.id, etag, annotations: null });
    expect(emptied).toMatchObject({ status: 200, body: { annotations: {} } });
  });

  test.each<[string, object, number, unknown]>([
    [
      'a stale etag',
      { etag: '00000000-0000-0000-0000-000000000000' },
      412,
      expect.stringContaining('was updated since you last fetched it'),
    ],
    ['no etag', { etag: null }, 400, expect.stringContaining('etag')],
    ['no id', { id: null }, 400, expect.stringContaining('id')],
    [
      'a number as a value',
      { annotations: { a: { type: 'STRING', value: [{}] } } },
      400,
      expect.any(String),
    ],
    ['no value', { annotations: { a: { type: 'STRING' } } }, 400, expect.any(String)],
    [
      'an unknown type',
      { annotations: { a: { type: 'DATE', value: [] } } },
      400,
      expect.any(String),
    ],
    ['a list for a map', { annotations: [] }, 400, expect.any(String)],
    [
      'a value of another type',
      { annotations: { a: { type: 'DOUBLE', value: ['x'] } } },
      400,
      'Value associated with key=a is not valid for type=DOUBLE: x',
    ],
    [
      'a bad key',
      { annotations: { 'a-b': { type: 'STRING', value: [] } } },
      400,
      "Invalid annotation name: 'a-b'. Annotation names may only contain; letters, numbers, '_' and '.'",
    ],
  ])('with %s are refused and change nothing', async (_name, change, status, reason) => {
    const { alice } = server;
    const folder = await createFolder();
    const body = { id: folder.id, etag: folder.etag, annotations: everyType, ...change };
    expect(await alice.put(`/entity/${folder.id}/annotations2`, body)).toEqual(
      refusal(status, reason),
    );
    expect(await alice.read(folder.id)).toEqual(folder);
    expect(await alice.get(`/entity/${folder.id}/annotations2`)).toMatchObject({
      body: { annotations: {} },
    });
  });

  test('need UPDATE for writing', async () => {
    const { bob, anonymous } = server;
    const folder = await createFolder();
    const body = { id: folder.id, etag: folder.etag, annotations: {} };
    expect(await bob.put(`/entity/${folder.id}/annotations2`, body)).toEqual(
      refusal(403, 'You lack UPDATE access to the requested entity.'),
    );
    expect(await anonymous.get(`/entity/${folder.id}/annotations2`)).toMatchObject({ status: 403 });
    expect(await bob.get('/entity/syn999/annotations2')).toMatchObject({ status: 404 });
  });

  test('may have a key that looks like a prototype', async () => {
    const { alice } = server;
    const folder = await createFolder();
    const text = `{"id":"${folder.id}","etag":"${folder.etag}","annotations":{"__proto__":{"type":"STRING","value":["x"]},"constructor":{"type":"LONG","value":["1"]}}}`;
    expect(await alice.put(`/entity/${folder.id}/annotations2`, text)).toMatchObject({
      status: 200,
    });
    const { annotations } = (await alice.get(`/entity/${folder.id}/annotations2`))
      .body as M.Annotations;
    expect(Object.entries(annotations ?? {})).toEqual([
      ['__proto__', { type: 'STRING', value: ['x'] }],
      ['constructor', { type: 'LONG', value: ['1'] }],
    ]);
  });
});

describe('an entity as JSON', () => {
  test('shows annotations beside the fields', async () => {
    const { alice } = server;
    const folder = await createFolder({ description: 'd' });
    const annotations = { ...everyType, name: { type: 'STRING', value: ['not the name'] } };
    const put = await alice.put(`/entity/${folder.id}/annotations2`, {
      id: folder.id,
      etag: folder.etag,
      annotations,
    });
    const { etag } = put.body as M.Annotations;
    const json = await alice.get(`/entity/${folder.id}/json?includeDerivedAnnotations=true`);
    expect(json).toMatchObject({ status: 200 });
    expect(json.body).toEqual({
      ...(await alice.read(folder.id)),
      etag,
      text: ['a', 'b'],
      whole: 5,
      real: [1.5, 'NaN'],
      time: '2024-01-02T03:04:05.678Z',
      truth: true,
      none: '',
    });
    expect(await alice.get(`/entity/${folder.id}/version/1/json`)).toMatchObject({
      status: 200,
      body: { whole: 5 },
    });
    expect(await alice.get(`/entity/${folder.id}/derivedKeys`)).toMatchObject({
      body: { keys: [] },
    });
  });

  test('writes annotations only', async () => {
    const { alice } = server;
    const folder = await createFolder();
    const body = {
      ...folder,
      name: 'not renamed',
      parentId: 'syn999',
      numbers: [1, 2.5],
      word: 'x',
      when: '2024-01-02T03:04:05.678Z',
    };
    const put = await alice.put(`/entity/${folder.id}/json`, body);
    expect(put).toMatchObject({
      status: 200,
      body: {
        id: folder.id,
        name: folder.name,
        parentId: project.id,
        numbers: [1, 2.5],
        word: 'x',
      },
    });
    expect(await alice.get(`/entity/${folder.id}/annotations2`)).toMatchObject({
      body: {
        annotations: {
          numbers: { type: 'DOUBLE', value: ['1', '2.5'] },
          word: { type: 'STRING', value: ['x'] },
          when: { type: 'TIMESTAMP_MS', value: ['1704164645678'] },
        },
      },
    });
    expect(await alice.put(`/entity/${folder.id}/json`, body)).toMatchObject({ status: 412 });
    const rest = { ...body, etag: undefined };
    expect(await alice.put(`/entity/${folder.id}/json`, rest)).toMatchObject({ status: 400 });
    expect(await alice.put(`/entity/${folder.id}/json`, { ...rest, etag: 5 })).toMatchObject({
      status: 412,
    });
    expect(await alice.put(`/entity/${folder.id}/json`, '[1]')).toMatchObject({ status: 400 });
  });
});

describe('the first annotations API', () => {
  test('reads and writes the annotations of the second API', async () => {
    const { alice } = server;
    const folder = await createFolder();
    const path = `/entity/${folder.id}/annotations`;
    const put = await alice.put(path, {
      id: folder.id,
      etag: folder.etag,
      stringAnnotations: { s: ['x'] },
      longAnnotations: { l: [5] },
      doubleAnnotations: { d: [1.5] },
      dateAnnotations: { t: [1704164645678] },
    });
    expect(put).toMatchObject({ status: 200, body: { longAnnotations: { l: [5] } } });
    expect(await alice.get(path)).toMatchObject({ body: put.body });
    expect(await alice.get(`/entity/${folder.id}/version/1/annotations`)).toMatchObject({
      body: { stringAnnotations: { s: ['x'] } },
    });
    expect(await alice.get(`${path}2`)).toMatchObject({
      body: {
        annotations: {
          s: { type: 'STRING', value: ['x'] },
          l: { type: 'LONG', value: ['5'] },
          d: { type: 'DOUBLE', value: ['1.5'] },
          t: { type: 'TIMESTAMP_MS', value: ['1704164645678'] },
        },
      },
    });
    for (const body of [
      {},
      [],
      'x',
      { id: 5 },
      { id: folder.id, etag: 'old' },
      { longAnnotations: 5 },
    ]) {
      const { status } = await alice.put(path, body);
      expect([400, 412]).toContain(status);
    }
  });
});

const allParts = [
  'includeEntity',
  'includeAnnotations',
  'includePermissions',
  'includeEntityPath',
  'includeHasChildren',
  'includeAccessControlList',
  'includeFileHandles',
  'includeTableBundle',
  'includeRootWikiId',
  'includeBenefactorACL',
  'includeDOIAssociation',
  'includeFileName',
  'includeThreadCount',
  'includeRestrictionInformation',
  'includeActivity',
];
const everything = Object.fromEntries(allParts.map((part) => [part, true]));

describe('bundles', () => {
  test('hold only what was asked for', async () => {
    const { alice } = server;
    const file = await createFile();
    const path = `/entity/${file.id}/bundle2`;
    const whole = await alice.post(path, everything);
    expect(whole).toMatchObject({
      status: 200,
      body: {
        entity: file,
        entityType: 'file',
        annotations: { id: file.id, etag: file.etag, annotations: {} },
        permissions: { canView: true, canEdit: true },
        path: { path: [{ id: 'syn4489' }, { id: project.id }, { id: file.id }] },
        hasChildren: false,
        fileHandles: [{ id: file.dataFileHandleId }],
        benefactorAcl: { id: project.id },
        fileName: `${md5s.a.slice(0, 4)}.txt`,
        threadCount: 0,
        restrictionInformation: {
          objectId: Number(file.id.slice(3)),
          restrictionLevel: 'OPEN',
          hasUnmetAccessRequirement: false,
          restrictionDetails: [],
        },
      },
    });
    const body = whole.body as M.EntityBundle;
    for (const absent of ['accessControlList', 'rootWikiId', 'doiAssociation', 'activity']) {
      expect(body).not.toHaveProperty(absent);
    }
    expect((await alice.post(path, {})).body).toEqual({});
    expect(
      (await alice.post(path, { includeHasChildren: true, includeEntity: false })).body,
    ).toEqual({
      hasChildren: false,
    });
    expect((await alice.post(`/entity/${project.id}/bundle2`, everything)).body).toMatchObject({
      accessControlList: { id: project.id },
      hasChildren: true,
      fileHandles: [],
    });
  });

  test('of a version show that version', async () => {
    const { alice } = server;
    const file = await createFile();
    await alice.update(file, { description: 'two', versionLabel: undefined }, '?newVersion=true');
    const request = { includeEntity: true };
    expect(await alice.post(`/entity/${file.id}/version/1/bundle2`, request)).toMatchObject({
      body: { entity: { versionNumber: 1, isLatestVersion: false } },
    });
    expect(await alice.post(`/entity/${file.id}.1/bundle2`, request)).toMatchObject({
      body: { entity: { versionNumber: 1 } },
    });
    expect(await alice.post(`/entity/${file.id}/version/7/bundle2`, request)).toMatchObject({
      status: 404,
    });
  });

  test('show no file handles to those who may only read', async () => {
    const { alice, bob } = server;
    const file = await createFile();
    const body = {
      id: file.id,
      resourceAccess: [
        { principalId: server.userId('alice'), accessType: ['READ', 'CHANGE_PERMISSIONS'] },
        { principalId: server.userId('bob'), accessType: ['READ'] },
      ],
    };
    expect((await alice.post(`/entity/${file.id}/acl`, body)).status).toBe(201);
    expect(await bob.post(`/entity/${file.id}/bundle2`, everything)).toMatchObject({
      status: 200,
      body: { fileHandles: [], permissions: { canDownload: false } },
    });
    expect(await server.carol.post(`/entity/${file.id}/bundle2`, everything)).toMatchObject({
      status: 403,
    });
  });

  test('refuse what is no request', async () => {
    const { alice } = server;
    const path = `/entity/${project.id}/bundle2`;
    for (const body of ['', '5', '{"includeEntity": "maybe"}', '{"includeEntity": {}}']) {
      expect(await alice.post(path, body)).toMatchObject({ status: 400 });
    }
    expect(await alice.post(path, '{"includeEntity": null, "more": 1}')).toMatchObject({
      status: 200,
    });
  });

  test('make an entity with its annotations and ACL at once', async () => {
    const { alice } = server;
    const annotations = { annotations: { a: { type: 'STRING', value: ['x'] } } };
    const resourceAccess = [
      { principalId: server.userId('alice'), accessType: ['READ', 'CHANGE_PERMISSIONS'] },
    ];
    const made = await alice.post('/entity/bundle2/create', {
      entity: { concreteType: classes.folder, parentId: project.id, name: 'Bundled' },
      annotations,
      accessControlList: { resourceAccess },
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        entity: { name: 'Bundled' },
        annotations,
        accessControlList: { resourceAccess },
      },
    });
    const { entity } = made.body as { entity: Stored };
    const bad = {
      entity: { concreteType: classes.folder, parentId: project.id, name: 'Half' },
      annotations: { annotations: { 'bad key': { type: 'STRING', value: ['x'] } } },
    };
    expect(await alice.post('/entity/bundle2/create', bad)).toMatchObject({ status: 400 });
    const lookup = { parentId: project.id, entityName: 'Half' };
    expect(await alice.post('/entity/child', lookup)).toMatchObject({ status: 404 });
    expect(await alice.post('/entity/bundle2/create', {})).toEqual(
      refusal(400, 'Invalid request: no entity to create'),
    );
    expect(await alice.read(entity.id)).toMatchObject({ name: 'Bundled' });
  });

  test('merge annotations when they update', async () => {
    const { alice } = server;
    const folder = await createFolder();
    const text = (value: string) => ({ type: 'STRING', value: [value] });
    const put = (body: object) => alice.put(`/entity/${folder.id}/bundle2`, body);
    expect(
      await put({ annotations: { annotations: { a: text('1'), b: text('1') } } }),
    ).toMatchObject({
      status: 200,
    });
    const current = await alice.read(folder.id);
    const merged = await put({
      entity: { ...current, description: 'new' },
      annotations: { annotations: { b: text('2'), c: text('2') } },
    });
    expect(merged).toMatchObject({
      status: 200,
      body: {
        entity: { description: 'new' },
        annotations: { annotations: { a: text('1'), b: text('2'), c: text('2') } },
      },
    });
    expect(merged.body).not.toHaveProperty('accessControlList');
    const stale = { entity: current, annotations: { annotations: { d: text('3') } } };
    expect(await put(stale)).toMatchObject({ status: 412 });
    expect(await put({ entity: { ...current, id: project.id } })).toEqual(
      refusal(400, 'Entity does not match requested entity ID'),
    );
    const acl = { id: project.id, resourceAccess: [] };
    expect(await put({ accessControlList: acl })).toMatchObject({ status: 400 });
    expect(await server.bob.put(`/entity/${folder.id}/bundle2`, {})).toMatchObject({ status: 403 });
    const { annotations } = (await alice.get(`/entity/${folder.id}/annotations2`))
      .body as M.Annotations;
    expect(Object.keys(annotations ?? {})).toEqual(['a', 'b', 'c']);
  });
});

describe('what older clients call', () => {
  test('the bundle of a mask', async () => {
    const { alice } = server;
    const file = await createFile();
    const bundle = await alice.get(`/entity/${file.id}/bundle?mask=${0x1 | 0x2 | 0x400 | 0x800}`);
    expect(bundle).toMatchObject({
      status: 200,
      body: {
        entity: { id: file.id },
        annotations: { id: file.id, stringAnnotations: {} },
        unmetAccessRequirements: [],
        fileHandles: [{ id: file.dataFileHandleId }],
      },
    });
    expect(bundle.body).not.toHaveProperty('path');
    expect(await alice.get(`/entity/${file.id}/version/1/bundle?mask=1`)).toMatchObject({
      body: { entity: { versionNumber: 1 } },
    });
    for (const query of ['', '?mask=x', '?mask=-1', '?mask=1.5']) {
      expect(await alice.get(`/entity/${file.id}/bundle${query}`)).toMatchObject({ status: 400 });
    }
  });

  test('a new version of its own', async () => {
    const { alice } = server;
    const file = await createFile();
    const body = { ...file, versionLabel: undefined };
    const made = await alice.put(`/entity/${file.id}/version`, body);
    expect(made).toMatchObject({ status: 200, body: { id: file.id, versionNumber: 2 } });
    for (const bad of [{}, [], 'x', { ...body, name: {} }, { ...body, concreteType: 'x' }]) {
      expect(await alice.put(`/entity/${file.id}/version`, bad)).toMatchObject({ status: 400 });
    }
    expect(await alice.put(`/entity/${file.id}/version`, body)).toMatchObject({ status: 412 });
  });
});
