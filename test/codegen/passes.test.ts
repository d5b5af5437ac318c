import { describe, expect, test } from '@jest/globals';
import { refTo } from '../../codegen/description.js';
import type { Description, Schema } from '../../codegen/description.js';
import { dropDiscriminators } from '../../codegen/passes/dropDiscriminators.js';
import { errorResponses } from '../../codegen/passes/errorResponses.js';
import { flattenUnions } from '../../codegen/passes/flattenUnions.js';
import { freeObjects } from '../../codegen/passes/freeObjects.js';
import { applyPasses } from '../../codegen/passes/index.js';
import { internalHeaders } from '../../codegen/passes/internalHeaders.js';
import { namedEnums } from '../../codegen/passes/namedEnums.js';
import { numericPathParameters } from '../../codegen/passes/numericPathParameters.js';
import { pendingJobs } from '../../codegen/passes/pendingJobs.js';
import { redirectsAsText } from '../../codegen/passes/redirectsAsText.js';
import { requiredLists } from '../../codegen/passes/requiredLists.js';
import { wholeNumbers } from '../../codegen/passes/wholeNumbers.js';
import { wideIntegers } from '../../codegen/passes/wideIntegers.js';
import { answering, describing, operation, parameter } from './tiny.js';

const pet: Schema = {
  type: 'object',
  properties: { concreteType: { type: 'string' } },
  required: ['concreteType'],
  oneOf: [refTo('a.Cat'), refTo('a.Dog')],
  discriminator: { propertyName: 'concreteType' },
};

function schemaAfter(
  pass: (draft: Description) => number,
  schema: Schema,
): [hits: number, schema: Schema | undefined] {
  const draft = describing({}, { 'a.Pet': structuredClone(schema) });
  return [pass(draft), draft.components.schemas['a.Pet']];
}

describe('types', () => {
  test('a union is nothing but its members', () => {
    const [hits, schema] = schemaAfter(flattenUnions, pet);
    expect(hits).toBe(1);
    expect(schema).toEqual({ oneOf: pet.oneOf, discriminator: pet.discriminator });
    expect(schemaAfter(flattenUnions, { type: 'object', properties: {} })[0]).toBe(0);
  });

  test('a discriminator is removed wherever it is nested', () => {
    const { discriminator, ...rest } = pet;
    expect(discriminator).toBeDefined();
    const nested = { type: 'array', items: pet };
    expect(schemaAfter(dropDiscriminators, nested)).toEqual([1, { type: 'array', items: rest }]);
  });

  test('integers are wide wherever they are nested', () => {
    const narrow = (): Schema => ({ type: 'integer', format: 'int32' });
    const holder = {
      type: 'object',
      properties: { a: narrow(), b: { type: 'array', items: narrow() } },
      additionalProperties: narrow(),
    };
    const [hits, schema] = schemaAfter(wideIntegers, holder);
    expect(hits).toBe(3);
    expect(JSON.stringify(schema)).not.toContain('int32');
  });

  test('a property called $ref is no reference', () => {
    const draft = describing(
      {},
      {
        JsonSchema: {
          type: 'object',
          properties: { $ref: { type: 'string' }, if: refTo('JsonSchema') },
        },
      },
    );
    expect(flattenUnions(draft)).toBe(0);
    expect(draft.components.schemas.JsonSchema?.properties?.$ref).toEqual({ type: 'string' });
  });
});

describe('enums of properties become the named enum', () => {
  const values: Schema = { type: 'string', enum: ['ASC', 'DESC'] };
  const owner = (property: string, schema: Schema): Schema => ({
    type: 'object',
    properties: { [property]: schema },
  });

  function refAfter(
    name: string,
    schemas: Record<string, Schema>,
    property: string,
  ): Schema | undefined {
    const draft = describing({}, structuredClone({ ...schemas, [name]: owner(property, values) }));
    namedEnums(draft);
    return draft.components.schemas[name]?.properties?.[property];
  }

  test('of the same package first', () => {
    expect(refAfter('a.Sort', { 'a.Order': values, 'b.Order': values }, 'by')).toEqual(
      refTo('a.Order'),
    );
  });

  test('then the only one', () => {
    expect(refAfter('c.Sort', { 'b.Order': values }, 'by')).toEqual(refTo('b.Order'));
  });

  test('then the one called like the property', () => {
    expect(refAfter('a.Sort', { 'a.Order': values, 'a.Direction': values }, 'direction')).toEqual(
      refTo('a.Direction'),
    );
  });

  test('a choice that nothing decides stops the build', () => {
    expect(() => refAfter('c.Sort', { 'a.Order': values, 'b.Order': values }, 'by')).toThrow(
      /c\.Sort\.by: a\.Order, b\.Order/,
    );
    expect(() => refAfter('c.Sort', {}, 'by')).toThrow(/none/);
  });

  test('with the same values in another order it is another enum', () => {
    const reversed = { type: 'string', enum: ['DESC', 'ASC'] };
    expect(refAfter('a.Sort', { 'a.Order': reversed, 'b.Order': values }, 'by')).toEqual(
      refTo('b.Order'),
    );
  });

  test('a literal concreteType stays', () => {
    const cat: Schema = {
      type: 'object',
      properties: {
        concreteType: { type: 'string', enum: ['a.Cat'] },
        sorts: { type: 'array', items: structuredClone(values) },
      },
    };
    const draft = describing({}, { 'a.Cat': cat, 'a.Order': values });
    expect(namedEnums(draft)).toBe(1);
    expect(cat.properties).toEqual({
      concreteType: { type: 'string', enum: ['a.Cat'] },
      sorts: { type: 'array', items: refTo('a.Order') },
    });
  });
});

describe('operations', () => {
  test('a job that is not done answers its status', () => {
    const draft = describing({
      '/a/async/get/{asyncToken}': { get: operation(answering(refTo('Result'), '201')) },
      '/a/async/start': { post: operation(answering(refTo('Id'), '202')) },
    });
    expect(pendingJobs(draft)).toBe(1);
    expect(Object.keys(draft.paths['/a/async/get/{asyncToken}']?.get?.responses ?? {})).toEqual([
      '201',
      '202',
    ]);
  });

  test('every operation has an error', () => {
    const draft = describing({ '/a': { get: operation(), put: operation() } });
    expect(errorResponses(draft)).toBe(2);
    expect(draft.paths['/a']?.put?.responses.default).toEqual({
      $ref: '#/components/responses/Error',
    });
    expect(draft.components.responses?.Error?.content?.['application/json']?.schema).toEqual(
      refTo('org.sagebionetworks.repo.model.ErrorResponse'),
    );
  });

  test('only what redirects gives a URL', () => {
    const redirecting = operation(answering({}, '200', 'text/plain'));
    redirecting.responses['307'] = {};
    const draft = describing({
      '/a': { get: redirecting },
      '/b': { get: operation(answering({}, '200', 'text/plain')) },
    });
    expect(redirectsAsText(draft)).toBe(1);
    expect(draft.paths['/a']?.get?.responses['200']?.content?.['text/plain']?.schema).toEqual({
      type: 'string',
    });
  });

  test('an object without properties is any object', () => {
    const draft = describing({
      '/a': { get: operation(answering({ type: 'object' })) },
      '/b': { get: operation(answering(refTo('B'))) },
    });
    expect(freeObjects(draft)).toBe(1);
    expect(
      draft.paths['/a']?.get?.responses['200']?.content?.['application/json']?.schema
        .additionalProperties,
    ).toBe(true);
  });

  test('headers are nobody else’s business', () => {
    const draft = describing({
      '/a': {
        get: operation({
          parameters: [parameter('header', 'string'), parameter('query', 'string')],
        }),
      },
    });
    expect(internalHeaders(draft)).toBe(1);
    expect(draft.paths['/a']?.get?.parameters).toEqual([parameter('query', 'string')]);
  });

  test('numbers are whole', () => {
    const draft = describing({
      '/a/{id}': {
        get: operation({
          parameters: [parameter('path', 'number'), parameter('query', 'number', 'limit')],
        }),
      },
    });
    expect(wholeNumbers(draft)).toBe(2);
    expect(numericPathParameters(draft)).toBe(1);
    expect(draft.paths['/a/{id}']?.get?.parameters.map(({ schema }) => schema)).toEqual([
      { oneOf: [{ type: 'integer' }, { type: 'string' }] },
      { type: 'integer' },
    ]);
  });

  test('a list that is the whole answer is required unless a request has it too', () => {
    const list: Schema = {
      type: 'object',
      properties: { results: { type: 'array', items: {} }, nextPageToken: { type: 'string' } },
    };
    const mixed: Schema = {
      type: 'object',
      properties: { ...list.properties, name: { type: 'string' } },
    };
    const draft = describing(
      {
        '/a': {
          get: operation(answering(refTo('Page'))),
          put: operation(answering(refTo('Mixed'))),
        },
        '/b': {
          post: operation({
            ...answering(refTo('Both')),
            requestBody: { content: { 'application/json': { schema: refTo('Holder') } } },
          }),
        },
      },
      {
        Page: structuredClone(list),
        Mixed: mixed,
        Both: structuredClone(list),
        Holder: { type: 'object', properties: { both: refTo('Both') } },
      },
    );
    expect(requiredLists(draft)).toBe(1);
    expect(draft.components.schemas.Page?.required).toEqual(['results']);
    expect(draft.components.schemas.Both?.required).toBeUndefined();
  });
});

test('a description that the passes were not written for is refused', () => {
  const tiny = describing({ '/a': { get: operation() } });
  const before = structuredClone(tiny);
  expect(() => applyPasses(tiny)).toThrow(/dropDiscriminators changed 0 places, expected 77/);
  expect(tiny).toEqual(before);
});
