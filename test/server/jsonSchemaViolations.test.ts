import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Stored } from './entitySession.js';
import { annotate, follow, registeredBase, results } from './schemaSession.js';

const server = withSessions();
const organizationName = 'violated.rules';
let project: Stored;
let count = 0;

beforeAll(async () => {
  const answer = await server.alice.post('/schema/organization', { organizationName });
  expect(answer.status).toBe(201);
  project = await server.alice.create('project', { name: 'Violations' });
});

/** A folder with annotations that follows a schema. */
async function folder(schema: object, annotations: object): Promise<Stored> {
  count += 1;
  const { alice } = server;
  const made = await alice.create('folder', { name: `folder ${count}`, parentId: project.id });
  await annotate(alice, made.id, annotations);
  await follow(alice, made.id, { $id: `${organizationName}-rule${count}`, ...schema });
  return made;
}

const text = (...value: string[]) => ({ type: 'STRING', value });
const double = (...value: string[]) => ({ type: 'DOUBLE', value });
const long = (...value: string[]) => ({ type: 'LONG', value });

describe('what breaks one rule', () => {
  test.each<[string, object, object]>([
    ['expected type: String, found: Long', { type: 'string' }, long('7')],
    ['expected type: String, found: Double', { type: 'string' }, double('7')],
    ['expected type: Integer, found: Double', { type: 'integer' }, double('7')],
    ['expected type: Integer, found: String', { type: 'integer' }, text('seven')],
    ['expected type: Number, found: JSONArray', { type: 'number' }, long('7', '8')],
    ['expected type: Boolean, found: String', { type: 'boolean' }, text('yes')],
    ['expected: null, found: Long', { type: 'null' }, long('7')],
    ['expected type: JSONObject, found: Long', { type: 'object' }, long('7')],
    ['expected minLength: 3, actual: 2', { type: 'string', minLength: 3 }, text('ab')],
    ['expected maxLength: 1, actual: 2', { type: 'string', maxLength: 1 }, text('🐁🐀')],
    ['string [ab] does not match pattern ^c', { type: 'string', pattern: '^c' }, text('ab')],
    ['string [a_b] does not match pattern ^a\\-b$', { pattern: '^a\\-b$' }, text('a_b')],
    ['[ab] is not a valid email address', { type: 'string', format: 'email' }, text('ab')],
    [
      '[2020-1-1] is not a valid date. Expected [yyyy-MM-dd]',
      { type: 'string', format: 'date' },
      text('2020-1-1'),
    ],
    ['-50.0 is not greater or equal to 0', { type: 'number', minimum: 0 }, double('-50')],
    ['1500 is not less or equal to 1000', { type: 'number', maximum: 1000 }, long('1500')],
    ['red is not a valid enum value', { enum: ['green', 'blue'] }, text('red')],
    ['', { const: 'green' }, text('red')],
    [
      'subject must not be valid against schema {"type":"string"}',
      { not: { type: 'string' } },
      text('red'),
    ],
    ['#: no subschema matched out of the total 1 subschemas', { anyOf: [{ const: 1 }] }, long('2')],
    ['#: 2 subschemas matched instead of one', { oneOf: [{}, {}] }, long('2')],
    ['expected minimum item count: 3, found: 2', { type: 'array', minItems: 3 }, text('a', 'b')],
    ['expected maximum item count: 1, found: 2', { type: 'array', maxItems: 1 }, text('a', 'b')],
    ['array items are not unique', { type: 'array', uniqueItems: true }, text('a', 'a')],
    [
      "expected at least one array item to match 'contains' schema",
      { type: 'array', contains: { const: 'c' } },
      text('a', 'b'),
    ],
  ])('is told with %j', async (message, rule, annotation) => {
    const schema = { properties: { value: rule } };
    const { id } = await folder(schema, { value: annotation });
    expect(await results(server.alice, id)).toMatchObject({
      isValid: false,
      validationErrorMessage: message,
      validationException: { message, pointerToViolation: '#/value' },
    });
  });

  test('is told with the place of the item that breaks it', async () => {
    const schema = { properties: { value: { type: 'array', items: { enum: ['a'] } } } };
    const { id } = await folder(schema, { value: text('a', 'b') });
    expect(await results(server.alice, id)).toMatchObject({
      allValidationMessages: ['#/value/1: b is not a valid enum value'],
    });
  });
});

describe('a schema with several rules in one place', () => {
  test('is a combination of them', async () => {
    const schema = {
      type: 'object',
      properties: { color: { type: 'string', enum: ['green'] } },
      required: ['color'],
    };
    const { id } = await folder(schema, { color: long('7') });
    expect(await results(server.alice, id)).toMatchObject({
      schema$id: `${registeredBase}${organizationName}-rule${count}`,
      validationErrorMessage: '#: only 0 subschema matches out of 2',
      allValidationMessages: [
        '#/color: 7 is not a valid enum value',
        '#/color: expected type: String, found: Long',
      ],
      validationException: {
        keyword: 'allOf',
        pointerToViolation: '#/color',
        schemaLocation: '#/properties/color',
        causingExceptions: [
          { keyword: 'enum', pointerToViolation: '#/color', causingExceptions: [] },
          { keyword: 'type', pointerToViolation: '#/color', causingExceptions: [] },
        ],
      },
    });
  });

  test('tells which rules are broken at any depth', async () => {
    const schema = {
      properties: { size: { type: 'number', minimum: 10 }, names: { $ref: '#/definitions/names' } },
      required: ['owner'],
      definitions: { names: { type: 'array', items: { type: 'string', minLength: 2 } } },
    };
    const { id } = await folder(schema, { size: long('3'), names: text('a', 'bc', 'd') });
    expect(await results(server.alice, id)).toMatchObject({
      validationErrorMessage: '4 schema violations found',
      allValidationMessages: [
        '#: required key [owner] not found',
        '#/size: 3 is not greater or equal to 10',
        '#/names/0: expected minLength: 2, actual: 1',
        '#/names/2: expected minLength: 2, actual: 1',
      ],
      validationException: {
        causingExceptions: [
          { message: 'required key [owner] not found' },
          { message: '3 is not greater or equal to 10' },
          { message: '2 schema violations found', pointerToViolation: '#/names' },
        ],
      },
    });
  });

  test('follows the branch of its condition', async () => {
    const schema = {
      if: { properties: { kind: { const: 'mouse' } }, required: ['kind'] },
      then: { required: ['cage'] },
    };
    const { id } = await folder(schema, { kind: text('mouse') });
    expect(await results(server.alice, id)).toMatchObject({
      validationErrorMessage: 'input is invalid against the "then" schema',
      allValidationMessages: ['#: required key [cage] not found'],
    });
    await annotate(server.alice, id, { kind: text('man') });
    expect(await results(server.alice, id)).toMatchObject({ isValid: true });
  });
});

describe('derived annotations', () => {
  const derived = async (schema: object, annotations: object) => {
    const { alice } = server;
    const { id } = await folder(schema, annotations);
    const body = { schema$id: `${organizationName}-rule${count}`, enableDerivedAnnotations: true };
    expect((await alice.put(`/entity/${id}/schema/binding`, body)).status).toBe(200);
    const path = `/entity/${id}/annotations2?includeDerived=true`;
    return { id, annotations: ((await alice.get(path)).body as M.Annotations).annotations };
  };

  test('do not make an entity follow its schema that does not by itself', async () => {
    const schema = { properties: { license: { const: 'CC-BY' } }, required: ['license'] };
    const { id } = await derived(schema, {});
    expect(await results(server.alice, id)).toMatchObject({
      isValid: false,
      validationErrorMessage: 'required key [license] not found',
    });
  });

  test('are not made for what breaks the schema', async () => {
    const schema = {
      properties: { license: { const: 'CC-BY' }, age: { type: 'integer' } },
    };
    const { annotations } = await derived(schema, { age: text('old') });
    expect(annotations).toEqual({ age: text('old') });
  });

  test('take in every alternative', async () => {
    const schema = {
      properties: { tags: { type: 'array', contains: { const: 'new' } } },
      anyOf: [
        { properties: { legs: { const: 2 } } },
        { properties: { legs: { const: 4 } }, required: ['tail'] },
      ],
    };
    const { annotations } = await derived(schema, {});
    expect(annotations).toMatchObject({ legs: long('2', '4'), tags: text('new') });
  });
});
