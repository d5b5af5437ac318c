import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Stored } from './entitySession.js';
import { annotate, bind, register, registeredBase, results } from './schemaSession.js';

const server = withSessions();
const model = 'org.sagebionetworks.repo.model.schema';
const organizationName = 'my.organization';
let organization: M.Organization;
let project: Stored;
let count = 0;

beforeAll(async () => {
  const answer = await server.alice.post('/schema/organization', { organizationName });
  expect(answer.status).toBe(201);
  organization = answer.body as M.Organization;
  project = await server.alice.create('project', { name: 'Schemas' });
});

async function registered(name: string, schema: object): Promise<M.JsonSchemaVersionInfo> {
  const answer = await register(server.alice, { $id: `${organizationName}-${name}`, ...schema });
  expect(answer.status).toBe(201);
  return (answer.body as Required<M.CreateSchemaResponse>).newVersionInfo;
}

async function createFile(fields: object = {}): Promise<Stored> {
  count += 1;
  const { alice } = server;
  return alice.create('file', {
    parentId: project.id,
    name: `file ${count}`,
    dataFileHandleId: await alice.createHandle(md5s.a),
    ...fields,
  });
}

describe('an organization', () => {
  test('is found by its name and in the list', async () => {
    const { alice, bob, anonymous } = server;
    expect(organization).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: organizationName,
      createdOn: expect.any(String),
      createdBy: String(server.userId('alice')),
    });
    const byName = `/schema/organization?name=${organizationName}`;
    expect(await anonymous.get(byName)).toMatchObject({ status: 200, body: organization });
    expect(await alice.get('/schema/organization?name=other.one')).toMatchObject({ status: 404 });
    expect(await bob.post('/schema/organization/list', {})).toMatchObject({
      status: 200,
      body: { page: [organization] },
    });
    const path = `/schema/organization/${organization.id}/acl`;
    const acl = (await alice.get(path)).body as M.AccessControlList;
    expect(acl.resourceAccess).toEqual([
      {
        principalId: server.userId('alice'),
        accessType: ['READ', 'CREATE', 'UPDATE', 'DELETE', 'CHANGE_PERMISSIONS'],
      },
    ]);
    expect(await bob.get(path)).toEqual(
      refusal(403, 'You lack READ access to the requested organization.'),
    );
    expect(await bob.put(path, acl)).toMatchObject({ status: 403 });
    expect(await alice.put(path, { ...acl, etag: 'stale' })).toMatchObject({ status: 412 });
    expect(await alice.put(path, { ...acl, etag: null })).toMatchObject({ status: 400 });
    expect(await alice.put(path, { ...acl, id: '999' })).toMatchObject({ status: 400 });
    const shared = {
      ...acl,
      resourceAccess: [
        ...(acl.resourceAccess ?? []),
        { principalId: server.userId('bob'), accessType: ['READ', 'CREATE'] },
      ],
    };
    expect(await alice.put(path, shared)).toMatchObject({ status: 200 });
    expect(await bob.get(path)).toMatchObject({ status: 200 });
    const bobs = { $id: `${organizationName}-of.bob`, type: 'object' };
    expect(await register(bob, bobs)).toMatchObject({ status: 201 });
    expect(await bob.delete(`/schema/type/registered/${organizationName}-of.bob`)).toMatchObject({
      status: 403,
    });
  });

  test.each([
    ['short'],
    ['x'.repeat(251)],
    ['1starts.with.digit'],
    ['ends.with.'],
    ['has-a-hyphen'],
    ['has/a.slash'],
    ['org.sagebionetworks.x'],
    ['My.Organization'],
    [undefined],
    [7],
  ])('is not made with the name %j', async (name) => {
    const answer = await server.alice.post('/schema/organization', { organizationName: name });
    expect(answer).toEqual(refusal(400, expect.any(String)));
  });

  test('is deleted only while it is empty', async () => {
    const { alice, bob, anonymous } = server;
    const body = { organizationName: 'short.lived' };
    expect(await anonymous.post('/schema/organization', body)).toMatchObject({ status: 403 });
    const { id } = (await alice.post('/schema/organization', body)).body as M.Organization;
    const schema$id = 'short.lived-thing';
    expect((await register(server.alice, { $id: schema$id })).status).toBe(201);
    const path = `/schema/organization/${id ?? ''}`;
    expect(await alice.delete(path)).toMatchObject({ status: 400 });
    expect(await alice.delete(`/schema/type/registered/${schema$id}`)).toMatchObject({
      status: 204,
    });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.delete(path)).toMatchObject({ status: 404 });
  });
});

describe('a schema', () => {
  test('is registered in versions that never change', async () => {
    const { alice, anonymous } = server;
    const $id = `${organizationName}-versions-1.0.0`;
    const first = await register(server.alice, { $id, type: 'object', description: 'one' });
    expect(first).toMatchObject({
      status: 201,
      body: {
        newVersionInfo: {
          $id,
          organizationId: organization.id,
          organizationName,
          schemaName: 'versions',
          semanticVersion: '1.0.0',
          jsonSHA256Hex: expect.stringMatching(/^[0-9a-f]{64}$/),
          createdBy: String(server.userId('alice')),
        },
        validationSchema: { type: 'object', description: 'one' },
      },
    });
    expect(
      (await register(server.alice, { $id, type: 'object', description: 'one' })).body,
    ).toEqual(first.body);
    expect(await register(server.alice, { $id, type: 'object' })).toEqual(
      refusal(400, "The semantic version: '1.0.0' already exists for this JSON schema"),
    );
    await registered('versions-1.0.1', { description: 'two' });
    const describe = async (id: string) =>
      (await anonymous.get(`/schema/type/registered/${organizationName}-${id}`)).body;
    // Without a version in the request, the answer has none either.
    expect(await describe('versions')).toEqual({
      $id: `${registeredBase}${organizationName}-versions`,
      description: 'two',
    });
    await registered('versions', { description: 'three' });
    expect(await describe('versions')).toEqual({
      $id: `${registeredBase}${organizationName}-versions`,
      description: 'three',
    });
    expect(await describe('versions-1.0.1')).toEqual({
      $id: `${registeredBase}${organizationName}-versions-1.0.1`,
      description: 'two',
    });
    const list = { organizationName, schemaName: 'versions' };
    const versions = (await alice.post('/schema/version/list', list)).body as {
      page: M.JsonSchemaVersionInfo[];
    };
    expect(versions.page.map(({ semanticVersion }) => semanticVersion)).toEqual([
      '1.0.0',
      '1.0.1',
      undefined,
    ]);
    const schemas = (await alice.post('/schema/list', { organizationName })).body as {
      page: M.JsonSchemaInfo[];
    };
    expect(schemas.page.map(({ schemaName }) => schemaName)).toContain('versions');
    const path = `/schema/type/registered/${organizationName}-versions`;
    expect(await alice.delete(`${path}-1.0.1`)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(`${path}-1.0.1`)).toMatchObject({ status: 404 });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.delete(path)).toMatchObject({ status: 404 });
  });

  test('leaves nothing behind a dry run', async () => {
    const $id = `${organizationName}-dry`;
    expect(await register(server.alice, { $id, type: 'object' }, { dryRun: true })).toMatchObject({
      status: 201,
      body: { newVersionInfo: { $id } },
    });
    expect(await server.alice.get(`/schema/type/registered/${$id}`)).toMatchObject({ status: 404 });
  });

  test('brings in what it refers to', async () => {
    const { alice } = server;
    await registered('pet-1.0.0', {
      properties: { name: { type: 'string' }, owner: { $ref: '#/definitions/person' } },
      definitions: { person: { type: 'string', minLength: 2 } },
    });
    const $ref = `${organizationName}-pet-1.0.0`;
    await registered('zoo-1.0.0', { properties: { pets: { type: 'array', items: { $ref } } } });
    const whole = await alice.run('/schema/type/validation', {
      concreteType: `${model}.GetValidationSchemaRequest`,
      $id: `${organizationName}-zoo-1.0.0`,
    });
    expect(whole).toMatchObject({
      status: 201,
      body: {
        validationSchema: {
          properties: { pets: { items: { $ref: `#/definitions/${$ref}` } } },
          definitions: {
            [$ref]: {
              properties: { owner: { $ref: `#/definitions/${$ref}/definitions/person` } },
            },
          },
        },
      },
    });
    // Only the whole schema has an id.
    expect(JSON.stringify(whole.body).match(/"\$id":"[^"]*"/g)).toEqual([
      `"$id":"${registeredBase}${organizationName}-zoo-1.0.0"`,
    ]);
    expect(await alice.delete(`/schema/type/registered/${$ref}`)).toEqual(
      refusal(400, 'Cannot delete a schema that is referenced by another schema'),
    );
    expect(
      await alice.run('/schema/type/validation', {
        concreteType: `${model}.GetValidationSchemaRequest`,
      }),
    ).toMatchObject({ status: 400 });
  });

  test('cannot go in circles', async () => {
    const id = (name: string) => `${organizationName}-${name}`;
    expect(
      await register(server.alice, { $id: id('self'), items: { $ref: id('self') } }),
    ).toMatchObject({
      status: 400,
    });
    await registered('left', { type: 'object' });
    await registered('right', { items: { $ref: id('left') } });
    const circle = await register(server.alice, {
      $id: id('left'),
      properties: { a: { $ref: id('right') } },
    });
    expect(circle).toEqual(refusal(400, expect.stringContaining('circular dependency')));
    expect((await server.alice.get(`/schema/type/registered/${id('left')}`)).body).toMatchObject({
      type: 'object',
    });
  });

  test.each<[object, number]>([
    [{ type: 'object' }, 400],
    [{ $id: 'nohyphen' }, 400],
    [{ $id: 'my.organization-x-0.0' }, 400],
    [{ $id: 'my.organization-x-1.0.0-a-b' }, 400],
    [{ $id: 'my.organization-x', patternProperties: {} }, 400],
    [{ $id: 'my.organization-x-1.0' }, 400],
    [{ $id: 'my.organization-1x' }, 400],
    [{ $id: 'other.organization-x' }, 404],
    [{ $id: 'my.organization-x', type: 'banana' }, 400],
    [{ $id: 'my.organization-x', pattern: '(' }, 400],
    [{ $id: 'my.organization-x', properties: { a: { $ref: '#/definitions/none' } } }, 400],
    [{ $id: 'my.organization-x', properties: 'none' }, 400],
    [{ $id: 'my.organization-x', anyOf: [{ $ref: '#' }] }, 400],
    [
      {
        $id: 'my.organization-x',
        definitions: {
          a: { $ref: '#/definitions/b' },
          b: { not: { $ref: '#/definitions/c' } },
          c: { $ref: '#/definitions/a' },
        },
      },
      400,
    ],
    [{ $id: 'my.organization-x', items: { $ref: 'my.organization-none' } }, 404],
    [{ $id: 'my.organization-x-1.0.0', items: { $ref: 'my.organization-of.bob' } }, 400],
  ])('is not made of %j', async (schema, status) => {
    const started = await server.alice.post('/schema/type/create/async/start', {
      concreteType: `${model}.CreateSchemaRequest`,
      schema,
    });
    const answer =
      started.status === 201
        ? await server.alice.get(
            `/schema/type/create/async/get/${(started.body as { token: string }).token}`,
          )
        : started;
    expect(answer).toEqual(refusal(status, expect.any(String)));
    expect(await server.alice.get('/schema/type/registered/my.organization-x')).toMatchObject({
      status: 404,
    });
  });

  test('may refer to itself for what is within a value', async () => {
    const { alice } = server;
    const tree = {
      $id: `${organizationName}-tree`,
      properties: { branches: { type: 'array', items: { $ref: '#' } } },
      required: ['leaf'],
    };
    expect(await register(alice, tree)).toMatchObject({ status: 201 });
    const folder = await alice.create('folder', { name: 'tree', parentId: project.id });
    expect(await bind(alice, folder.id, tree.$id)).toMatchObject({ status: 200 });
    await annotate(alice, folder.id, {
      leaf: { type: 'STRING', value: ['green'] },
      branches: { type: 'STRING', value: ['bare'] },
    });
    expect((await results(alice, folder.id)).isValid).toBe(true);
  });

  test('may list a value or a property twice', async () => {
    const schema = { $id: `${organizationName}-twice`, enum: ['a', 'a'], required: ['b', 'b'] };
    expect(await register(server.alice, schema)).toMatchObject({
      status: 201,
      body: { validationSchema: { enum: ['a', 'a'], required: ['b', 'b'] } },
    });
  });

  test('is not in the lists of what does not exist', async () => {
    const { alice } = server;
    const nobodys = { organizationName: 'nobodys.organization', schemaName: 'x' };
    for (const path of ['/schema/list', '/schema/version/list']) {
      const answer = await alice.post(path, nobodys);
      expect(answer).toMatchObject({ status: 200, body: { page: [] } });
    }
  });

  test('is only made by those who may', async () => {
    const schema = { $id: `${organizationName}-by.carol` };
    expect(await register(server.carol, schema)).toEqual(
      refusal(403, 'You lack CREATE access to the requested organization.'),
    );
  });
});

describe('a binding', () => {
  test('holds for everything below until something nearer does', async () => {
    const { alice, bob } = server;
    await registered('outer-1.0.0', { type: 'object' });
    await registered('inner', { type: 'object' });
    const folder = await alice.create('folder', { name: 'bound', parentId: project.id });
    const file = await createFile({ parentId: folder.id });
    const path = `/entity/${file.id}/schema/binding`;
    expect(await alice.get(path)).toEqual(refusal(404, `No JSON schema found for '${file.id}'`));
    const outer = await bind(server.alice, folder.id, `${organizationName}-outer-1.0.0`);
    expect(outer).toMatchObject({
      status: 200,
      body: {
        jsonSchemaVersionInfo: { $id: `${organizationName}-outer-1.0.0` },
        objectId: Number(folder.id.slice(3)),
        objectType: 'entity',
        enableDerivedAnnotations: false,
        createdBy: String(server.userId('alice')),
      },
    });
    expect(await alice.get(path)).toMatchObject({ status: 200, body: outer.body });
    expect((await bind(server.alice, file.id, `${organizationName}-inner`)).status).toBe(200);
    expect(await alice.get(path)).toMatchObject({
      body: {
        objectId: Number(file.id.slice(3)),
        jsonSchemaVersionInfo: { $id: `${organizationName}-inner` },
      },
    });
    for (const id of ['outer-1.0.0', 'inner']) {
      const schemaPath = `/schema/type/registered/${organizationName}-${id}`;
      expect(await alice.delete(schemaPath)).toEqual(
        refusal(400, 'Cannot delete a schema that is bound to an object'),
      );
    }
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    expect(await bob.put(path, { schema$id: `${organizationName}-inner` })).toMatchObject({
      status: 403,
    });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toMatchObject({ body: outer.body });
    expect(await alice.put(path, {})).toMatchObject({ status: 400 });
    expect(await bind(server.alice, file.id, 'banana')).toMatchObject({ status: 400 });
    expect(await bind(server.alice, file.id, `${organizationName}-nothing`)).toMatchObject({
      status: 404,
    });
    expect(await alice.put('/entity/syn4489/schema/binding', {})).toMatchObject({ status: 400 });
  });
});

describe('validation', () => {
  test('follows every change', async () => {
    const { alice, bob } = server;
    await registered('sample', {
      type: 'object',
      properties: {
        tissue: { type: 'string', enum: ['brain', 'blood'] },
        age: { type: 'integer', minimum: 0 },
        collectedOn: { type: 'string', format: 'date-time' },
        labels: { type: 'array', items: { type: 'string' } },
      },
      required: ['tissue', 'age'],
    });
    const folder = await alice.create('folder', { name: 'validated', parentId: project.id });
    const file = await createFile({ parentId: folder.id });
    const path = `/entity/${file.id}/schema/validation`;
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    const schema$id = `${organizationName}-sample`;
    expect((await bind(server.alice, folder.id, schema$id)).status).toBe(200);
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    const missing = await results(server.alice, file.id);
    expect(missing).toEqual({
      objectId: file.id,
      objectType: 'entity',
      objectEtag: file.etag,
      schema$id: registeredBase + schema$id,
      isValid: false,
      validatedOn: expect.any(String),
      validationErrorMessage: '2 schema violations found',
      allValidationMessages: [
        '#: required key [tissue] not found',
        '#: required key [age] not found',
      ],
      validationException: {
        pointerToViolation: '#',
        message: '2 schema violations found',
        schemaLocation: '#',
        causingExceptions: [
          expect.objectContaining({ keyword: 'required', causingExceptions: [] }),
          expect.objectContaining({ message: 'required key [age] not found' }),
        ],
      },
    });
    expect(await results(server.alice, file.id)).toEqual(missing);
    await annotate(server.alice, file.id, {
      tissue: { type: 'STRING', value: ['liver'] },
      age: { type: 'LONG', value: ['7'] },
    });
    expect(await results(server.alice, file.id)).toMatchObject({
      isValid: false,
      validationErrorMessage: '#: only 1 subschema matches out of 2',
      allValidationMessages: ['#/tissue: liver is not a valid enum value'],
    });
    // One value of a property that is a list is written as a list.
    await annotate(server.alice, file.id, {
      tissue: { type: 'STRING', value: ['brain'] },
      age: { type: 'LONG', value: ['7'] },
      labels: { type: 'STRING', value: ['one'] },
      collectedOn: { type: 'TIMESTAMP_MS', value: ['1700000000000'] },
    });
    expect(await results(server.alice, file.id)).toMatchObject({ isValid: true });
    expect(await results(server.alice, file.id)).not.toHaveProperty('validationException');
    await registered('sample', { properties: { age: { type: 'string' } } });
    expect(await results(server.alice, file.id)).toMatchObject({
      isValid: false,
      validationErrorMessage: 'expected type: String, found: Long',
    });
  });

  test('is summed up for a container', async () => {
    const { alice, bob } = server;
    await registered('named-1.0.0', { required: ['good'] });
    const folder = await alice.create('folder', { name: 'summed', parentId: project.id });
    const statistics = `/entity/${folder.id}/schema/validation/statistics`;
    const good = await createFile({ parentId: folder.id });
    const bad = await createFile({ parentId: folder.id });
    const worse = await createFile({ parentId: folder.id });
    expect(await alice.get(statistics)).toMatchObject({
      status: 200,
      body: { totalNumberOfChildren: 3, numberOfUnknownChildren: 3 },
    });
    await bind(server.alice, folder.id, `${organizationName}-named-1.0.0`);
    await annotate(server.alice, good.id, { good: { type: 'BOOLEAN', value: ['true'] } });
    expect(await alice.get(statistics)).toMatchObject({
      status: 200,
      body: {
        containerId: folder.id,
        totalNumberOfChildren: 3,
        numberOfValidChildren: 1,
        numberOfInvalidChildren: 2,
        numberOfUnknownChildren: 0,
      },
    });
    const invalid = (body: object) =>
      alice.post(`/entity/${folder.id}/schema/validation/invalid`, body);
    expect(await invalid({ containerId: folder.id })).toMatchObject({
      status: 200,
      body: { page: [{ objectId: bad.id }, { objectId: worse.id }] },
    });
    expect(await invalid({ nextPageToken: '1a1' })).toMatchObject({
      body: { page: [{ objectId: worse.id }] },
    });
    expect(await invalid({ nextPageToken: 'x' })).toMatchObject({ status: 400 });
    expect(await bob.get(statistics)).toMatchObject({ status: 403 });
    expect(await alice.get(`/entity/${good.id}/schema/validation/statistics`)).toMatchObject({
      status: 400,
    });
  });
});

describe('derived annotations', () => {
  test('come from constants and defaults and conditions', async () => {
    const { alice } = server;
    await registered('defaults-1.0.0', {
      properties: { license: { const: 'CC-BY' }, species: { type: 'string', default: 'human' } },
    });
    await registered('derived-1.0.0', {
      allOf: [{ $ref: `${organizationName}-defaults-1.0.0` }],
      if: { properties: { species: { const: 'mouse' } }, required: ['species'] },
      then: { properties: { legs: { const: 4 } } },
      else: { properties: { legs: { const: 2 } } },
    });
    const folder = await alice.create('folder', { name: 'derived', parentId: project.id });
    const schema$id = `${organizationName}-derived-1.0.0`;
    await bind(server.alice, folder.id, schema$id);
    const keys = async () =>
      ((await alice.get(`/entity/${folder.id}/derivedKeys`)).body as M.Keys).keys;
    expect(await keys()).toEqual([]);
    await bind(server.alice, folder.id, schema$id, { enableDerivedAnnotations: true });
    expect((await keys()).sort()).toEqual(['legs', 'license', 'species']);
    expect(await alice.get(`/entity/${folder.id}/annotations2?includeDerived=true`)).toMatchObject({
      body: {
        annotations: {
          license: { type: 'STRING', value: ['CC-BY'] },
          legs: { type: 'LONG', value: ['2'] },
        },
      },
    });
    const plain = await alice.get(`/entity/${folder.id}/annotations2`);
    expect(plain.body).toMatchObject({ annotations: {} });
    expect((plain.body as M.Annotations).annotations).not.toHaveProperty('license');
    await annotate(server.alice, folder.id, { species: { type: 'STRING', value: ['mouse'] } });
    const json = await alice.get(`/entity/${folder.id}/json?includeDerivedAnnotations=true`);
    expect(json.body).toMatchObject({ species: 'mouse', legs: 4, license: 'CC-BY' });
    expect((await keys()).sort()).toEqual(['legs', 'license']);
  });
});
