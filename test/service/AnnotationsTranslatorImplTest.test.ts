import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Stored } from '../server/entitySession.js';
import { annotate, bind } from '../server/schemaSession.js';
import {
  createOrganization,
  readAnnotations,
  readJson,
  registered,
  sendText,
} from './schemaWorld.js';

const server = withSessions();
let project: Stored;
let organization: string;
let count = 0;

beforeAll(async () => {
  ({ name: organization } = await createOrganization(server.alice));
});

beforeEach(async () => {
  project = await server.alice.create('project', { name: crypto.randomUUID() });
});

/** Sends the JSON of the project, in which the value of `theKey` is a text of JSON. */
async function putKey(value: string): Promise<{ readonly status: number; readonly text: string }> {
  const json = JSON.stringify(await readJson(server.alice, project.id));
  const body = json.replace(/\}$/, `,"theKey":${value}}`);
  return sendText(server, 'PUT', `/entity/${project.id}/json`, body);
}

/** Sends changed JSON of the project. */
async function putJson(change: object): Promise<ReturnType<typeof server.alice.put>> {
  const json = await readJson(server.alice, project.id);
  return server.alice.put(`/entity/${project.id}/json`, { ...json, ...change });
}

/** What the JSON of the project says, as text, where one annotation is `theKey`. */
async function shown(annotation: M.AnnotationsValue): Promise<string> {
  await annotate(server.alice, project.id, { theKey: annotation });
  const { text } = await sendText(server, 'GET', `/entity/${project.id}/json`);
  const rest = text.slice(text.indexOf('"theKey":') + '"theKey":'.length);
  return /^(?:\[[^\]]*\]|"[^"]*"|[^,}]*)/.exec(rest)?.[0] ?? '';
}

/** Binds a schema to the project. */
async function follow(schema: M.JsonSchema): Promise<void> {
  count += 1;
  const { $id = '' } = await registered(server.alice, {
    $id: `${organization}-s${count}`,
    ...schema,
  });
  expect(await bind(server.alice, project.id, $id)).toMatchObject({ status: 200 });
}

const first = '1970-01-01T00:00:00.222Z';
const second = '1970-01-01T00:00:00.333Z';
const fields = ['id', 'etag', 'parentId', 'createdOn', 'createdBy', 'modifiedOn', 'modifiedBy'];
const strange = Object.fromEntries([...fields, 'name'].map((key) => [key, 'ignore me!']));

describe('AnnotationsTranslatorImplTest', () => {
  test.each<[string, string, M.AnnotationsValueType, string[]]>([
    [
      'testGetAnnotationValueFromJsonObjectWithString: a text is a STRING',
      '"a string value"',
      'STRING',
      ['a string value'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithEmptyString: an empty text is a STRING',
      '""',
      'STRING',
      [''],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithBoolean: true is a BOOLEAN',
      'true',
      'BOOLEAN',
      ['true'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithBooleanAsString: "true" is a STRING',
      '"true"',
      'STRING',
      ['true'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithObject: an object is a STRING of its JSON',
      '{"a":1}',
      'STRING',
      ['{"a":1}'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithLong: a whole number is a LONG',
      '123456',
      'LONG',
      ['123456'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithLongAsStringValue: a number as text is a STRING',
      '"123456"',
      'STRING',
      ['123456'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithInteger: a small whole number is a LONG',
      '123',
      'LONG',
      ['123'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithDouble: a number with a point is a DOUBLE',
      '3.14',
      'DOUBLE',
      ['3.14'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithDoubleAsString: a number with a point as text is a STRING',
      '"3.14"',
      'STRING',
      ['3.14'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithTimestamp: a date with time is a TIMESTAMP_MS',
      `"${first}"`,
      'TIMESTAMP_MS',
      ['222'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfStrings: texts are STRING',
      '["one","two"]',
      'STRING',
      ['one', 'two'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfTimestamps: dates are TIMESTAMP_MS',
      `["${first}","${second}"]`,
      'TIMESTAMP_MS',
      ['222', '333'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfLongs: whole numbers are LONG',
      '[123,456]',
      'LONG',
      ['123', '456'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfLongsAsString: whole numbers as texts are STRING',
      '["123","456"]',
      'STRING',
      ['123', '456'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfDoubles: numbers with a point are DOUBLE',
      '[3.14,4.56]',
      'DOUBLE',
      ['3.14', '4.56'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfDoublesAsString: such numbers as texts are STRING',
      '["3.14","4.56"]',
      'STRING',
      ['3.14', '4.56'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfBooleans: true and false are BOOLEAN',
      '[true,false]',
      'BOOLEAN',
      ['true', 'false'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfBooleansASString: true and false as texts are STRING',
      '["true","false"]',
      'STRING',
      ['true', 'false'],
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfMixedDoubleAndLongs: one number with a point makes all DOUBLE',
      '[0,3.14,1,2,3,7.28,9]',
      'DOUBLE',
      ['0', '3.14', '1', '2', '3', '7.28', '9'],
    ],
  ])('%s', async (_, json, type, value) => {
    expect(await putKey(json)).toMatchObject({ status: 200 });
    expect(await readAnnotations(server.alice, project.id)).toEqual({ theKey: { type, value } });
  });

  test.each<[string, string, string]>([
    [
      'testGetAnnotationValueFromJsonObjectWithNullValue: null is refused',
      'null',
      "null is not allowed as a value for key: 'theKey'",
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayHavingNull: null is refused in a list',
      '[123,null]',
      "null is not allowed as a value in the list for key: 'theKey'",
    ],
    [
      'testGetAnnotationValueFromJsonObjectWithArrayOfMixed: texts and numbers are refused in one list',
      '["a string",3.14,123]',
      "List of mixed types found for key: 'theKey'",
    ],
  ])('%s', async (_, json, reason) => {
    const { status, text } = await putKey(json);
    expect({ status, body: JSON.parse(text) as unknown }).toMatchObject({
      status: 400,
      body: { reason },
    });
    expect(await readAnnotations(server.alice, project.id)).toEqual({});
  });

  test('testReadFromJsonObject: all properties that are no fields become annotations', async () => {
    const values = { aString: 'some string', aLong: 123, listOfLongs: [567, 789] };
    expect(await putJson(values)).toMatchObject({ status: 200, body: values });
    expect(await readAnnotations(server.alice, project.id)).toEqual({
      aString: { type: 'STRING', value: ['some string'] },
      aLong: { type: 'LONG', value: ['123'] },
      listOfLongs: { type: 'LONG', value: ['567', '789'] },
    });
  });

  test('testReadFromJsonObjectWithUpdatesToEntityFields: fields of the entity are not changed', async () => {
    const { id, etag, ...rest } = strange;
    expect(id).toBe(etag);
    const values = { ...rest, validKey: 'validValue', _KEY_NAME: 'valid name' };
    expect(await putJson(values)).toMatchObject({ status: 200, body: { name: project.name } });
    expect(await readAnnotations(server.alice, project.id)).toEqual({
      validKey: { type: 'STRING', value: ['validValue'] },
      _KEY_NAME: { type: 'STRING', value: ['valid name'] },
    });
  });

  test.each<[string, string]>([
    ['testReadFromJsonObjectWithNoId: the id is needed', 'id'],
    ['testReadFromJsonObjectWithNoEtag: the etag is needed', 'etag'],
    ['testReadFromJsonObjectWithNoConcreteType: the concreteType is needed', 'concreteType'],
  ])('%s', async (_, key) => {
    expect(await putJson({ [key]: undefined })).toEqual(
      refusal(400, `Expected JSON to include key: '${key}'`),
    );
  });

  test('testReadFromJsonObjectWithConcreteTypeDoesNotMatch: another type is refused', async () => {
    expect(await putJson({ concreteType: 'org.sagebionetworks.repo.model.Folder' })).toEqual(
      refusal(
        400,
        `The value of 'concreteType' does not match the type of Entity: '${project.id}'`,
      ),
    );
  });

  test('testReadFromJsonObjectWithNullJsonObject: a body is needed', async () => {
    const { status } = await sendText(server, 'PUT', `/entity/${project.id}/json`, '');
    expect(status).toBe(400);
  });

  test.each<[string, object]>([
    ['testWriteToJsonObject: the JSON has the fields and the annotations', {}],
    [
      'testWriteToJsonObjectWithAnnotationConflictWithEntity: fields override annotations of their names',
      strange,
    ],
  ])('%s', async (_, values) => {
    await annotate(server.alice, project.id, {
      ...Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, { type: 'STRING', value: [value] }]),
      ),
      aString: { type: 'STRING', value: ['some string!'] },
      listOfLongs: { type: 'LONG', value: ['222', '333'] },
    });
    expect(await readJson(server.alice, project.id)).toEqual({
      ...(await server.alice.read(project.id)),
      aString: 'some string!',
      listOfLongs: [222, 333],
    });
  });

  test('testWriteToJsonObjectWithSchema: one value is a list where the schema says so', async () => {
    await follow({ properties: { theKey: { type: 'array' } } });
    expect(await shown({ type: 'DOUBLE', value: ['333'] })).toBe('[333.0]');
  });

  test('testWriteToJsonObjectWithSchemaWithAnnotationConflictWithEntity: fields override what the schema says', async () => {
    await follow({ properties: { modifiedBy: { type: 'array' } } });
    await annotate(server.alice, project.id, {
      modifiedBy: { type: 'STRING', value: ['list of modified by me'] },
    });
    expect(await readJson(server.alice, project.id)).toMatchObject({
      modifiedBy: String(server.userId('alice')),
    });
  });

  test('testBuildJsonSchemaIsSingleMap: lists are found in all parts of a schema', async () => {
    const list = { $ref: '#/definitions/list' };
    const single = { $ref: '#/definitions/single' };
    const keys = ['single', 'list', 'items', 'constant', 'choice', 'inIf', 'inThen', 'inElse'];
    await follow({
      properties: {
        single,
        list,
        items: { type: 'array', items: single },
        constant: { $ref: '#/definitions/constant' },
        choice: { $ref: '#/definitions/choice' },
      },
      allOf: [
        {
          if: { properties: { inIf: { $ref: '#/definitions/constant' } } },
          then: { properties: { inThen: list } },
          else: { properties: { inElse: single } },
        },
      ],
      definitions: {
        single: { type: 'string' },
        list: { type: 'array', items: { type: 'boolean' } },
        constant: { const: 'red' },
        choice: { enum: ['red', 'blue'] },
      },
    });
    await annotate(
      server.alice,
      project.id,
      Object.fromEntries(keys.map((key) => [key, { type: 'STRING', value: ['red'] }])),
    );
    expect(await readJson(server.alice, project.id)).toMatchObject({
      single: 'red',
      list: ['red'],
      items: ['red'],
      constant: 'red',
      choice: 'red',
      inIf: 'red',
      inThen: ['red'],
      inElse: 'red',
    });
  });

  test.each<[string, M.AnnotationsValue, string]>([
    [
      'testWriteAnnotationsToJSONObjectWithNullWithEmptyListValue: no value is an empty text',
      { type: 'STRING', value: [] },
      '""',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithString: a STRING is a text',
      { type: 'STRING', value: ['someString'] },
      '"someString"',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithLong: a LONG is a whole number',
      { type: 'LONG', value: ['123'] },
      '123',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithTimeStamp: a TIMESTAMP_MS is a date with time',
      { type: 'TIMESTAMP_MS', value: ['12345'] },
      '"1970-01-01T00:00:12.345Z"',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithDouble: a DOUBLE is a number with a point',
      { type: 'DOUBLE', value: ['3.14'] },
      '3.14',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithBoolean: a BOOLEAN is true or false',
      { type: 'BOOLEAN', value: ['true'] },
      'true',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithListOfStrings: several STRING are a list',
      { type: 'STRING', value: ['one', 'two'] },
      '["one","two"]',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithListOfLongs: several LONG are a list',
      { type: 'LONG', value: ['222', '333'] },
      '[222,333]',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithListOfDoubles: 1.0 is written with its point',
      { type: 'DOUBLE', value: ['1.22', '2.33', '1.0'] },
      '[1.22,2.33,1.0]',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithListOfTimeStamps: several TIMESTAMP_MS are a list',
      { type: 'TIMESTAMP_MS', value: ['222', '333'] },
      `["${first}","${second}"]`,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithListOfBooleans: several BOOLEAN are a list',
      { type: 'BOOLEAN', value: ['true', 'false'] },
      '[true,false]',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithNaNValue: NaN is a text, as JSON has none',
      { type: 'DOUBLE', value: ['1.22', 'NaN', 'nan'] },
      '[1.22,"NaN","NaN"]',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithInfinityValue: infinities are texts with one spelling',
      {
        type: 'DOUBLE',
        value: ['infinity', 'Infinity', 'Inf', '+Inf', '-Infinity', '-infinity', '-Inf'],
      },
      '["Infinity","Infinity","Infinity","Infinity","-Infinity","-Infinity","-Infinity"]',
    ],
  ])('%s', async (_, annotation, json) => {
    expect(await shown(annotation)).toBe(json);
  });

  const one = '"foo"';
  const both = '["foo","bar"]';
  const list: M.JsonSchema = { type: 'array' };
  const word: M.JsonSchema = { type: 'string' };
  const constant: M.JsonSchema = { const: 'some value' };
  const choice: M.JsonSchema = { enum: ['enum1', 'enum2'] };

  test.each<[string, M.JsonSchema, string[], string]>([
    [
      'testWriteAnnotationsToJSONObjectWithSchemaArrayAndAnnotationArray: a list stays a list',
      list,
      ['foo', 'bar'],
      both,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithSchemaSingleAndAnnotationArray: several values are a list whatever the schema says',
      word,
      ['foo', 'bar'],
      both,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithSchemaSingleAndAnnotationSingle: one value is no list',
      word,
      ['foo'],
      one,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithSchemaArrayAndAnnotationSingle: one value is a list where the schema has one',
      list,
      ['foo'],
      '["foo"]',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithSchemaConstAndAnnotationSingle: a const is no list',
      constant,
      ['foo'],
      one,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithSchemaConstAndAnnotationArray: several values are a list beside a const',
      constant,
      ['foo', 'bar'],
      both,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithSchemaEnumAndAnnotationSingle: an enum is no list',
      choice,
      ['foo'],
      one,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithSchemaEnumAndAnnotationArray: several values are a list beside an enum',
      choice,
      ['foo', 'bar'],
      both,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithAllNullSchemaTypeAndAnnotationSingle: a property without a type is no list',
      {},
      ['foo'],
      one,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithAllNullSchemaTypeAndAnnotationArray: several values are a list without a type',
      {},
      ['foo', 'bar'],
      both,
    ],
  ])('%s', async (_, property, value, json) => {
    await follow({ properties: { theKey: property } });
    expect(await shown({ type: 'STRING', value })).toBe(json);
  });

  test.each<[string, M.JsonSchema, string]>([
    [
      'testWriteAnnotationsToJSONObjectWithReferencedSchemaAndSingleDefined: a reference to a text is no list',
      word,
      one,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithReferencedSchemaAndArrayDefined: a reference to a list is a list',
      list,
      '["foo"]',
    ],
    [
      'testWriteAnnotationsToJSONObjectWithReferencedSchemaAndConstDefined: a reference to a const is no list',
      constant,
      one,
    ],
    [
      'testWriteAnnotationsToJSONObjectWithReferencedSchemaAndEnumDefined: a reference to an enum is no list',
      choice,
      one,
    ],
  ])('%s', async (_, referred, json) => {
    count += 1;
    const $id = `${organization}-referred${count}`;
    await registered(server.alice, { $id, ...referred });
    await follow({ properties: { theKey: { $ref: $id } } });
    expect(await shown({ type: 'STRING', value: ['foo'] })).toBe(json);
  });
});
