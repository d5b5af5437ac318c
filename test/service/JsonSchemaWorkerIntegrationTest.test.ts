import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, withSessions } from '../server/entitySession.js';
import { bind, register, registeredBase, results } from '../server/schemaSession.js';
import { TableSession } from '../server/tableSession.js';
import { require } from './dataAccess.js';
import {
  addJson,
  createOrganization,
  createWorld,
  expectValid,
  readAnnotations,
  readJson,
  registered,
  registerRefusal,
} from './schemaWorld.js';

const server = withSessions();
let organization: string;

beforeEach(async () => {
  ({ name: organization } = await createOrganization(server.alice));
});

const derives = { enableDerivedAnnotations: true };

/** A schema that derives annotations, some of them by whether a property is true. */
function conditional(): M.JsonSchema {
  return {
    $id: `${organization}-ConditionalDerived`,
    type: 'object',
    properties: { someBoolean: { type: 'boolean' }, unconditionalDefault: { default: 456 } },
    allOf: [
      {
        if: { properties: { someBoolean: { const: true } } },
        then: {
          properties: {
            someConditional: { const: 'someBoolean was true' },
            conditionalLong: { const: 999 },
          },
        },
        else: { properties: { someConditional: { const: 'someBoolean was false' } } },
      },
    ],
  };
}

/** A schema of folders that extends that of the service. */
function folderSchema(properties: M.JsonSchema['properties'], fields: object = {}): M.JsonSchema {
  return {
    $id: `${organization}-SomeFolder`,
    allOf: [{ $ref: 'org.sagebionetworks-repo.model.Folder' }],
    ...(properties && { properties }),
    ...fields,
  };
}

async function expectNoResults(folderId: string, projectId: string): Promise<void> {
  const { alice } = server;
  expect(await alice.delete(`/entity/${projectId}/schema/binding`)).toMatchObject({ status: 204 });
  expect(await alice.get(`/entity/${folderId}/schema/validation`)).toMatchObject({ status: 404 });
}

describe('JsonSchemaWorkerIntegrationTest', () => {
  test('testCreateSchema: a registered version is deleted once', async () => {
    const $id = `${organization}-some.schema-1.1.1`;
    expect(await registered(server.alice, { $id, description: 'basic' })).toMatchObject({
      createdBy: String(server.userId('alice')),
      semanticVersion: '1.1.1',
    });
    const path = `/schema/type/registered/${$id}`;
    expect(await server.alice.delete(path)).toMatchObject({ status: 204 });
    expect(await server.alice.delete(path)).toMatchObject({ status: 404 });
  });

  test('testCreateSchemaCycle: schemas that refer to each other are refused', async () => {
    const one = `${organization}-one`;
    const two = `${organization}-two`;
    await registered(server.alice, { $id: one, description: 'no cycle yet' });
    await registered(server.alice, { $id: two, items: { $ref: one } });
    expect(await registerRefusal(server.alice, { $id: one, items: { $ref: two } })).toBe(
      `Schema $id: '${one}' has a circular dependency`,
    );
  });

  test('testMainUseCase: a photo is of a cat or of a dog', async () => {
    const { alice } = server;
    const ref = (name: string) => ({ $ref: `${organization}-pets.${name}` });
    const id = (name: string) => ({ $id: `${organization}-pets.${name}` });
    for (const schema of [
      { ...id('PetType-1.0.1'), type: 'string', enum: ['cat', 'dog', 'fish'] },
      {
        ...id('Pet-1.0.3'),
        allOf: [{ $ref: 'org.sagebionetworks-repo.model.FileEntity-1.0.0' }],
        properties: {
          petName: { type: 'string' },
          birthday: { type: 'string', format: 'date-time' },
          petType: ref('PetType-1.0.1'),
        },
      },
      { ...id('cat.Breed'), type: 'string', enum: ['Siamese', 'American Shorthair'] },
      { ...id('dog.Breed'), type: 'string', enum: ['Beagle', 'Bulldog'] },
      {
        ...id('cat.Cat'),
        allOf: [ref('Pet')],
        properties: { breed: ref('cat.Breed'), petType: { const: 'cat' } },
      },
      {
        ...id('dog.Dog'),
        allOf: [ref('Pet-1.0.3')],
        properties: { breed: ref('dog.Breed'), petType: { const: 'dog' } },
      },
      { ...id('PetPhoto'), oneOf: [ref('cat.Cat'), ref('dog.Dog')] },
    ]) {
      await registered(alice, schema);
    }
    const answer = await alice.run('/schema/type/validation', {
      concreteType: 'org.sagebionetworks.repo.model.schema.GetValidationSchemaRequest',
      ...id('PetPhoto'),
    });
    const { validationSchema } = answer.body as M.GetValidationSchemaResponse;
    expect(Object.keys(validationSchema?.definitions ?? {}).sort()).toEqual(
      [
        ...[
          'PetType-1.0.1',
          'Pet',
          'Pet-1.0.3',
          'dog.Breed',
          'cat.Breed',
          'cat.Cat',
          'dog.Dog',
        ].map((name) => `${organization}-pets.${name}`),
        ...['Entity', 'Versionable', 'VersionableEntity', 'FileEntity'].map(
          (name) => `org.sagebionetworks-repo.model.${name}-1.0.0`,
        ),
      ].sort(),
    );
    const { project } = await createWorld(alice);
    const photo = await alice.create('file', {
      name: 'cat.png',
      parentId: project.id,
      dataFileHandleId: await alice.createHandle(md5s.a),
    });
    expect(await bind(alice, photo.id, id('PetPhoto').$id)).toMatchObject({ status: 200 });
    await addJson(alice, photo.id, {
      petName: 'Charity',
      birthday: '2016-09-10T20:20:39.000Z',
      petType: 'cat',
      breed: 'American Shorthair',
    });
    await expectValid(alice, photo.id);
    await addJson(alice, photo.id, { petType: 'dog' });
    expect(await results(alice, photo.id)).toMatchObject({
      isValid: false,
      validationErrorMessage: '#: 0 subschemas matched instead of one',
    });
  });

  test('testGetValidationSchemaWorker: the validation schema has the absolute id', async () => {
    const $id = `${organization}-some.schema-1.1.1`;
    const schema = { $id, description: 'basic' };
    await registered(server.alice, schema);
    const answer = await server.alice.run('/schema/type/validation', {
      concreteType: 'org.sagebionetworks.repo.model.schema.GetValidationSchemaRequest',
      $id,
    });
    expect(answer.body).toMatchObject({
      validationSchema: { ...schema, $id: registeredBase + $id },
    });
  });

  test('testEntitySchemaValidation: a folder follows a schema that extends that of folders', async () => {
    const { alice } = server;
    const { project, folder } = await createWorld(alice, folderSchema({ foo: { const: 'bar' } }));
    await addJson(alice, folder.id, { foo: 'bar' });
    await expectValid(alice, folder.id);
    expect(await results(alice, folder.id)).toMatchObject({
      schema$id: `${registeredBase}${organization}-SomeFolder`,
    });
    await addJson(alice, folder.id, { foo: 'other' });
    await expectValid(alice, folder.id, false);
    await expectNoResults(folder.id, project.id);
  });

  test('testCreateWithDryRun: a dry run registers nothing', async () => {
    const $id = `${organization}-some.schema-1.1.1`;
    const answer = await register(server.alice, { $id }, { dryRun: true });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        newVersionInfo: {
          semanticVersion: '1.1.1',
          createdBy: String(server.userId('alice')),
        },
      },
    });
    expect(await server.alice.get(`/schema/type/registered/${$id}`)).toMatchObject({ status: 404 });
  });

  test('testEntitySchemaValidationWithBoolean: a BOOLEAN annotation is a boolean', async () => {
    const { alice } = server;
    const hasBoolean: M.JsonSchema = { type: 'boolean' };
    const { project, folder } = await createWorld(alice, folderSchema({ hasBoolean }));
    await addJson(alice, folder.id, { hasBoolean: true });
    await expectValid(alice, folder.id);
    await addJson(alice, folder.id, { hasBoolean: 'true' });
    await expectValid(alice, folder.id, false);
    await expectNoResults(folder.id, project.id);
  });

  test('testNoSemanticVersionSchemaRevalidationWithSchemaChange: a new latest version counts at once', async () => {
    const { alice } = server;
    const hasBoolean: M.JsonSchema = { type: 'boolean' };
    const { project, folder } = await createWorld(alice, folderSchema({ hasBoolean }));
    await addJson(alice, folder.id, { hasBoolean: true });
    await expectValid(alice, folder.id);
    const { $id } = await registered(
      alice,
      folderSchema({ hasBoolean }, { required: ['requiredField'] }),
    );
    expect($id).toBe(`${organization}-SomeFolder`);
    await expectValid(alice, folder.id, false);
    await expectNoResults(folder.id, project.id);
  });

  test('testGetEntityJsonWithBoundJsonSchema: the schema tells lists from single values', async () => {
    const { alice } = server;
    const barKey: M.JsonSchema = { type: 'array', items: { type: 'string' } };
    const { project, folder } = await createWorld(alice, {
      $id: `${organization}-some.schema-1.1.1`,
      properties: { fooKey: { type: 'string' } },
      allOf: [{ properties: { barKey } }],
    });
    await addJson(alice, folder.id, { fooKey: ['foo'], barKey: ['bar'], bazKey: ['baz'] });
    await expectValid(alice, folder.id);
    expect(await readJson(alice, folder.id)).toMatchObject({
      fooKey: 'foo',
      barKey: ['bar'],
      bazKey: 'baz',
    });
    await expectNoResults(folder.id, project.id);
  });

  test('testGetEntityJsonWithBoundSchemaContainingReference: a property may refer to a schema', async () => {
    const { alice } = server;
    const child = `${organization}-child`;
    await registered(alice, { $id: child, type: 'string', enum: ['Alabama', 'Alaska'] });
    const { project, folder } = await createWorld(alice, {
      $id: `${organization}-parent`,
      properties: { state: { $ref: child } },
      required: ['state'],
    });
    await expectValid(alice, folder.id, false);
    await addJson(alice, folder.id, { state: ['Alabama'] });
    await expectValid(alice, folder.id);
    expect(await readJson(alice, folder.id)).toMatchObject({ state: 'Alabama' });
    await expectNoResults(folder.id, project.id);
  });

  test('testGetEntityJsonWithDerivedAnnotations: annotations are derived from conditions', async () => {
    const { alice } = server;
    const { folder } = await createWorld(alice, conditional(), derives);
    await addJson(alice, folder.id, { someBoolean: true });
    await expectValid(alice, folder.id);
    expect(await readJson(alice, folder.id, '?includeDerivedAnnotations=true')).toMatchObject({
      someBoolean: true,
      unconditionalDefault: 456,
      someConditional: 'someBoolean was true',
      conditionalLong: 999,
    });
  });

  test('testGetEntityJsonWithDerivedAnnotationsWithInfiniteLoop: derived annotations do not lead to new validations', async () => {
    const { alice } = server;
    const { folder } = await createWorld(alice, conditional(), derives);
    await addJson(alice, folder.id, { someBoolean: true });
    const before = await results(alice, folder.id);
    for (let round = 0; round < 10; round += 1) {
      await readAnnotations(alice, folder.id, '?includeDerived=true');
      expect(await results(alice, folder.id)).toEqual(before);
    }
  });

  test('testValidationSchemaIndexWithReindexingAndRevalidation: a change of a referenced schema counts', async () => {
    const { alice } = server;
    const child = `${organization}-child`;
    const property = (type: M.Type) => ({ $id: child, properties: { key: { type } } });
    await registered(alice, property('string'));
    const parent = { $id: `${organization}-parent`, allOf: [{ $ref: child }] };
    const { project, folder } = await createWorld(alice, parent);
    await addJson(alice, folder.id, { key: ['foo'] });
    await expectValid(alice, folder.id);
    await registered(alice, property('number'));
    await expectValid(alice, folder.id, false);
    await expectNoResults(folder.id, project.id);
  });

  test('testCreateJsonSchemaWhenBindingObjectIsDeleted: a schema is registered again after what it was bound to is deleted', async () => {
    const { alice } = server;
    const { project } = await createWorld(alice);
    const schema = { $id: `${organization}-parent` };
    await registered(alice, schema);
    const file = await alice.create('file', {
      name: 'a file',
      parentId: project.id,
      dataFileHandleId: await alice.createHandle(md5s.a),
    });
    expect(await bind(alice, file.id, schema.$id)).toMatchObject({ status: 200 });
    expect(await alice.delete(`/entity/${file.id}?skipTrashCan=true`)).toMatchObject({
      status: 204,
    });
    expect(await registered(alice, schema)).toMatchObject({ $id: schema.$id });
  });

  test('testDerivedAnnotationsAndReplication: views show derived annotations as they change', async () => {
    const { alice } = server;
    const { project, folder } = await createWorld(alice);
    await addJson(alice, folder.id, { myAnnotation: 'myAnnotationValue' });
    const table = new TableSession(alice);
    const columns = await table.columns(
      { name: 'conditionalLong', columnType: 'INTEGER' },
      { name: 'myAnnotation', columnType: 'STRING', maximumSize: 100 },
      { name: 'someConditional', columnType: 'STRING', maximumSize: 200 },
      { name: 'unconditionalDefault', columnType: 'INTEGER' },
    );
    const view = await alice.create('entityview', {
      name: 'derived',
      parentId: project.id,
      scopeIds: [project.id],
      viewTypeMask: 8,
      columnIds: columns.map(({ id }) => id),
    });
    const row = async () =>
      table.cells(`select * from ${view.id} where row_id = ${folder.id.slice(3)}`);
    expect(await row()).toEqual([[null, 'myAnnotationValue', null, null]]);
    const { $id = '' } = await registered(alice, conditional());
    await bind(alice, project.id, $id, derives);
    expect(await row()).toEqual([['999', 'myAnnotationValue', 'someBoolean was true', '456']]);
    await addJson(alice, folder.id, { someBoolean: false });
    expect(await row()).toEqual([[null, 'myAnnotationValue', 'someBoolean was false', '456']]);
    await addJson(alice, folder.id, { someBoolean: true });
    expect(await row()).toEqual([['999', 'myAnnotationValue', 'someBoolean was true', '456']]);
  });

  test('testDerivedAnnotationsAndViewColumnModelRequest: the columns of a view include derived annotations if asked', async () => {
    const { alice } = server;
    const { project, folder } = await createWorld(alice, conditional(), derives);
    await addJson(alice, folder.id, { myAnnotation: 'myAnnotationValue' });
    const columns = async (fields: object) => {
      const answer = await alice.run('/column/view/scope', {
        concreteType: 'org.sagebionetworks.repo.model.table.ViewColumnModelRequest',
        viewScope: { viewEntityType: 'entityview', scope: [project.id], viewTypeMask: 8 },
        ...fields,
      });
      return (answer.body as M.ViewColumnModelResponse).results;
    };
    const own = { name: 'myAnnotation', columnType: 'STRING', maximumSize: 17 };
    expect(await columns({})).toEqual([own]);
    expect(await columns({ includeDerivedAnnotations: true })).toEqual([
      { name: 'conditionalLong', columnType: 'INTEGER' },
      own,
      { name: 'someConditional', columnType: 'STRING', maximumSize: 20 },
      { name: 'unconditionalDefault', columnType: 'INTEGER' },
    ]);
  });

  test('testDerivedAnnotationWithAccessRequirementIdBinding: derived annotations name the requirements on a file', async () => {
    const { alice } = server;
    const elsewhere = await createWorld(alice);
    const ids: number[] = [];
    for (let number = 0; number < 3; number += 1) {
      ids.push((await require(server, 'termsOfUse', elsewhere.project.id)).id);
    }
    const [one = 0, two = 0, three = 0] = ids;
    const branch = (value: boolean, named: readonly number[]): M.JsonSchema => ({
      if: { properties: { someBoolean: { const: value } }, required: ['someBoolean'] },
      then: {
        properties: {
          _accessRequirementIds: {
            type: 'array',
            allOf: named.map((id) => ({ contains: { const: id } })),
          },
        },
      },
    });
    const { project } = await createWorld(
      alice,
      {
        $id: `${organization}-DerivedWithAccessRequirementIds`,
        type: 'object',
        allOf: [branch(true, [one, two]), branch(false, [two, three])],
      },
      derives,
    );
    for (const [someBoolean, named] of [
      [true, [one, two]],
      [false, [two, three]],
    ] as const) {
      const file = await alice.create('file', {
        name: String(someBoolean),
        parentId: project.id,
        dataFileHandleId: await alice.createHandle(md5s.a),
      });
      await addJson(alice, file.id, { someBoolean });
      await expectValid(alice, file.id);
      expect(await readAnnotations(alice, file.id, '?includeDerived=true')).toEqual({
        someBoolean: { type: 'BOOLEAN', value: [String(someBoolean)] },
        _accessRequirementIds: { type: 'LONG', value: named.map(String) },
      });
      expect(await alice.get(`/entity/${file.id}/accessRequirement`)).toMatchObject({
        body: { results: named.map((id) => ({ id })) },
      });
      expect(
        await alice.post('/restrictionInformation', {
          objectId: file.id,
          restrictableObjectType: 'ENTITY',
        }),
      ).toMatchObject({ body: { hasUnmetAccessRequirement: true } });
    }
  });

  test('testDerivedAnnotationWithAccessRequirmentIdBindingAndInvalidObject: an invalid file is locked', async () => {
    const { alice } = server;
    const { project } = await createWorld(
      alice,
      {
        $id: `${organization}-RequiredWithAccessRequirementIds`,
        type: 'object',
        properties: {
          somethingRequired: { type: 'boolean' },
          _accessRequirementIds: { contains: { const: '99' } },
        },
        required: ['somethingRequired'],
      },
      derives,
    );
    const file = await alice.create('file', {
      name: 'one',
      parentId: project.id,
      dataFileHandleId: await alice.createHandle(md5s.a),
    });
    await addJson(alice, file.id, { someBoolean: 'not a boolean' });
    await expectValid(alice, file.id, false);
    const lock = { id: 1, name: 'Invalid Annotations Lock' };
    expect(await alice.get(`/entity/${file.id}/accessRequirement`)).toMatchObject({
      body: { results: expect.arrayContaining([expect.objectContaining(lock)]) },
    });
    expect(await alice.get('/accessRequirement/1')).toMatchObject({ status: 200, body: lock });
  });
});
