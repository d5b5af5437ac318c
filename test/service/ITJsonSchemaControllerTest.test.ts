import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { annotate, bind, register, registeredBase } from '../server/schemaSession.js';
import {
  addJson,
  createOrganization,
  createWorld,
  expectValid,
  readAnnotations,
  readJson,
  registered,
  sendText,
} from './schemaWorld.js';

const server = withSessions();
const schemaName = 'integration.test.Schema.json';

/** A registered schema with a description. */
async function createSchema(version = ''): Promise<{
  readonly organizationName: string;
  readonly id: string;
  readonly path: string;
  readonly schema: M.JsonSchema;
  readonly info: M.JsonSchemaVersionInfo;
}> {
  const { name: organizationName } = await createOrganization(server.alice);
  const id = `${organizationName}-${schemaName}${version}`;
  const schema = { $id: id, description: 'A schema of a test' };
  const info = await registered(server.alice, schema);
  return { organizationName, id, path: `/schema/type/registered/${id}`, schema, info };
}

/** A schema that gives every entity an annotation. */
async function hasDefault(): Promise<M.JsonSchema> {
  const { name } = await createOrganization(server.alice);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: `${name}-${schemaName}`,
    type: 'object',
    properties: { hasDefault: { default: 12345 } },
  };
}

const derives = { enableDerivedAnnotations: true };

describe('ITJsonSchemaControllerTest', () => {
  test('testCreateOrganization: an organization has an id and its creator', async () => {
    expect(await createOrganization(server.alice)).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      createdBy: String(server.userId('alice')),
    });
  });

  test('testListOrganization: organizations are listed', async () => {
    const { name } = await createOrganization(server.alice);
    const answer = await server.alice.post('/schema/organization/list', {});
    expect(answer).toMatchObject({ status: 200 });
    const { page } = answer.body as M.ListOrganizationsResponse;
    expect(page.map((organization) => organization.name)).toContain(name);
  });

  test('testGetOrganizationByName: an organization is found by its name', async () => {
    const organization = await createOrganization(server.alice);
    expect(await server.alice.get(`/schema/organization?name=${organization.name}`)).toMatchObject({
      status: 200,
      body: organization,
    });
  });

  test('testDeleteOrganization: a deleted organization is not found', async () => {
    const { alice } = server;
    const { id, name } = await createOrganization(alice);
    expect(await alice.delete(`/schema/organization/${id}`)).toMatchObject({ status: 200 });
    expect(await alice.get(`/schema/organization?name=${name}`)).toMatchObject({ status: 404 });
  });

  test('testGetOrganizationAcl: an organization has an ACL', async () => {
    const { id } = await createOrganization(server.alice);
    expect(await server.alice.get(`/schema/organization/${id}/acl`)).toMatchObject({
      status: 200,
      body: { id, resourceAccess: [{ principalId: server.userId('alice') }] },
    });
  });

  test('testUpdateOrganizationAcl: an update of the ACL changes its etag', async () => {
    const { alice } = server;
    const { id } = await createOrganization(alice);
    const path = `/schema/organization/${id}/acl`;
    const acl = (await alice.get(path)).body as M.AccessControlList;
    const everybody = { principalId: 273949, accessType: ['READ'] };
    const updated = await alice.put(path, {
      ...acl,
      resourceAccess: [...(acl.resourceAccess ?? []), everybody],
    });
    expect(updated).toMatchObject({
      status: 200,
      body: { resourceAccess: expect.arrayContaining([everybody]) },
    });
    expect((updated.body as M.AccessControlList).etag).not.toBe(acl.etag);
  });

  test('testCreateSchemaGetDeleteNullVersion: a schema without a version is read and deleted', async () => {
    const { alice } = server;
    const { organizationName, id, path, schema, info } = await createSchema();
    expect(info).toMatchObject({ organizationName, schemaName });
    const answer = await alice.get(path);
    expect(answer.body).toEqual({ ...schema, $id: registeredBase + id });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('testGetValidationSchema: the validation schema of a schema without references is itself', async () => {
    const { id, schema } = await createSchema();
    const answer = await server.alice.run('/schema/type/validation', {
      concreteType: 'org.sagebionetworks.repo.model.schema.GetValidationSchemaRequest',
      $id: id,
    });
    expect((answer.body as M.GetValidationSchemaResponse).validationSchema).toEqual({
      ...schema,
      $id: registeredBase + id,
    });
  });

  test('testListJsonSchemas: the schemas of an organization are listed', async () => {
    const { organizationName } = await createSchema();
    expect(await server.alice.post('/schema/list', { organizationName })).toMatchObject({
      status: 200,
      body: { page: [{ organizationName, schemaName }] },
    });
  });

  test('testListJsonSchemaVersions: the versions of a schema are listed', async () => {
    const { organizationName, id } = await createSchema();
    const request = { organizationName, schemaName };
    expect(await server.alice.post('/schema/version/list', request)).toMatchObject({
      status: 200,
      body: { page: [{ $id: id }] },
    });
  });

  test('testCreateSchemaGetDeleteWithVersion: a schema has a version with all of its parts', async () => {
    const { alice } = server;
    const { organizationName, id, path, schema, info } = await createSchema('-1.45.67-alpha+beta');
    expect(info).toMatchObject({
      organizationName,
      schemaName,
      semanticVersion: '1.45.67-alpha+beta',
    });
    const answer = await alice.get(path);
    expect(answer.body).toEqual({ ...schema, $id: registeredBase + id });
    const whole = `/schema/type/registered/${organizationName}-${schemaName}`;
    expect(await alice.delete(whole)).toMatchObject({ status: 204 });
  });

  test('testCreateSchemaWithUnsupportedElement: an unknown keyword is refused at the start', async () => {
    const { name } = await createOrganization(server.alice);
    const $id = `${name}-${schemaName}-1.45.67-alpha+beta`;
    const start = (schema: object) =>
      server.alice.post('/schema/type/create/async/start', {
        concreteType: 'org.sagebionetworks.repo.model.schema.CreateSchemaRequest',
        schema: { $id, ...schema },
      });
    const refused = refusal(400, 'JSON Element in Entity is Unsupported: notPartOfSpecification');
    const unknown = { notPartOfSpecification: 'random' };
    for (const schema of [
      unknown,
      { items: unknown },
      { allOf: [{ properties: { a: unknown } }] },
    ]) {
      expect(await start(schema)).toEqual(refused);
    }
    expect(await start({ title: null })).toEqual(
      refusal(400, 'JSON Element in Entity is Unsupported: title'),
    );
    expect(await register(server.alice, { $id, default: unknown })).toMatchObject({ status: 201 });
  });

  test('testDeleteSchemaVersion: one version is deleted', async () => {
    const { alice } = server;
    const { path, schema, id } = await createSchema('-1.45.0');
    const answer = await alice.get(path);
    expect(answer.body).toEqual({ ...schema, $id: registeredBase + id });
    expect(await alice.delete(path)).toMatchObject({ status: 204 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('bindSchemaToEntity: a folder inherits the binding of its project until it is cleared', async () => {
    const { alice } = server;
    const { id, info } = await createSchema();
    const { project, folder } = await createWorld(alice);
    const binding = await bind(alice, project.id, id);
    expect(binding).toMatchObject({ status: 200, body: { jsonSchemaVersionInfo: info } });
    expect(await alice.get(`/entity/${folder.id}/schema/binding`)).toMatchObject({
      body: { jsonSchemaVersionInfo: info },
    });
    await expectValid(alice, folder.id);
    const statistics = await alice.get(`/entity/${project.id}/schema/validation/statistics`);
    expect(statistics).toMatchObject({
      body: { containerId: project.id, totalNumberOfChildren: 1 },
    });
    const containerId = { containerId: project.id };
    expect(
      await alice.post(`/entity/${project.id}/schema/validation/invalid`, containerId),
    ).toMatchObject({ body: { page: [] } });
    expect(await alice.delete(`/entity/${project.id}/schema/binding`)).toMatchObject({
      status: 204,
    });
    expect(await alice.get(`/entity/${folder.id}/schema/binding`)).toMatchObject({ status: 404 });
  });

  test('testGetEntityJson: the JSON of a project has its id and name', async () => {
    const { project } = await createWorld(server.alice);
    expect(await readJson(server.alice, project.id)).toMatchObject({
      id: project.id,
      name: project.name,
    });
  });

  test('testGetEntityJsonForVersion: the JSON of a version has its number', async () => {
    const { project } = await createWorld(server.alice);
    const table = await server.alice.create('table', { name: 'table', parentId: project.id });
    expect(await server.alice.get(`/entity/${table.id}/version/1/json`)).toMatchObject({
      status: 200,
      body: { id: table.id, name: 'table', versionNumber: 1 },
    });
  });

  test('testUpdateEntityJson: a new property becomes an annotation', async () => {
    const { project } = await createWorld(server.alice);
    const updated = await addJson(server.alice, project.id, { sample: 'some value' });
    expect(updated).toMatchObject({ sample: 'some value' });
    expect(await readAnnotations(server.alice, project.id)).toEqual({
      sample: { type: 'STRING', value: ['some value'] },
    });
  });

  test('testUpdateEntityJsonWithDoubleAnnotations: 1.0 stays a DOUBLE that is written 1.0', async () => {
    const { project } = await createWorld(server.alice);
    const json = JSON.stringify(await readJson(server.alice, project.id));
    const body = json.replace(/\}$/, ',"sample":[1.2,1.0,3.14]}');
    const put = await sendText(server, 'PUT', `/entity/${project.id}/json`, body);
    expect(put).toMatchObject({ status: 200, text: expect.stringContaining('[1.2,1.0,3.14]') });
    expect(await readAnnotations(server.alice, project.id)).toEqual({
      sample: { type: 'DOUBLE', value: ['1.2', '1.0', '3.14'] },
    });
  });

  test('testUpdateEntityJsonWithMixDoubleAndLongValues: whole numbers among others are DOUBLE', async () => {
    const { project } = await createWorld(server.alice);
    const sample = [1.2, 1, 2, 3, 4.5, 6];
    expect(await addJson(server.alice, project.id, { sample })).toMatchObject({ sample });
    expect(await readAnnotations(server.alice, project.id)).toEqual({
      sample: { type: 'DOUBLE', value: ['1.2', '1', '2', '3', '4.5', '6'] },
    });
    const { text } = await sendText(server, 'GET', `/entity/${project.id}/json`);
    expect(text).toContain('[1.2,1.0,2.0,3.0,4.5,6.0]');
  });

  test('testGetEntityJsonWithDerivedAnnotations: the JSON has the derived annotations if asked', async () => {
    const { folder } = await createWorld(server.alice, await hasDefault(), derives);
    expect(await server.alice.get(`/entity/${folder.id}/derivedKeys`)).toMatchObject({
      body: { keys: ['hasDefault'] },
    });
    const query = '?includeDerivedAnnotations=true';
    expect(await readJson(server.alice, folder.id, query)).toHaveProperty('hasDefault', 12345);
    expect(await readJson(server.alice, folder.id)).not.toHaveProperty('hasDefault');
  });

  test('testGetAnnotationsWithDerived: derived annotations are beside the own ones', async () => {
    const { folder } = await createWorld(server.alice, await hasDefault(), derives);
    const testAnnotation = { type: 'STRING', value: ['testValue'] };
    await annotate(server.alice, folder.id, { testAnnotation });
    expect(await readAnnotations(server.alice, folder.id, '?includeDerived=true')).toEqual({
      testAnnotation,
      hasDefault: { type: 'LONG', value: ['12345'] },
    });
  });

  test('testGetAnnotationsWithoutDerived: derived annotations are left out if not asked for', async () => {
    const { folder } = await createWorld(server.alice, await hasDefault(), derives);
    expect(await readAnnotations(server.alice, folder.id, '?includeDerived=false')).toEqual({});
  });

  test('tetGetDerivedAnnotationKeys: the keys of the derived annotations are listed', async () => {
    const { folder } = await createWorld(server.alice, await hasDefault(), derives);
    expect(await server.alice.get(`/entity/${folder.id}/derivedKeys`)).toMatchObject({
      status: 200,
      body: { keys: ['hasDefault'] },
    });
  });
});
