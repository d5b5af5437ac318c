import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import type * as M from '../../generated/models.js';
import { schemas } from '../../generated/schemas.js';
import { annotationsV1, readAnnotationsV1 } from '../../src/server/entities/annotationsV1.js';
import { checkAnnotations, isValidValue } from '../../src/server/entities/annotationValues.js';
import { checkRepositoryName } from '../../src/server/entities/dockerNames.js';
import {
  numericId,
  parseEntityId,
  parseEntityReference,
  parseVersionNumber,
} from '../../src/server/entities/entityIds.js';
import { annotationsFromJson } from '../../src/server/entities/entityJson.js';
import { checkAlias, checkDescription, checkName } from '../../src/server/entities/entityNames.js';
import { entityTypeOf, entityTypes, isValidParent } from '../../src/server/entities/entityTypes.js';
import { viewTypeMaskOf } from '../../src/server/entities/typeRules.js';

fc.configureGlobal({ seed: 20_260_105 });

describe('ids', () => {
  test.each([
    ['syn123', { id: 'syn123' }],
    ['123', { id: 'syn123' }],
    ['SYN123', { id: 'syn123' }],
    [' Syn00123 ', { id: 'syn123' }],
    ['syn123.4', { id: 'syn123', version: 4 }],
    ['9223372036854775807', { id: 'syn9223372036854775807' }],
  ])('reads %j', (text, reference) => {
    expect(parseEntityReference(text)).toEqual(reference);
  });

  test.each([
    '',
    'syn',
    'abc',
    'syn12x',
    'syn-1',
    'syn1.',
    'syn1.2.3',
    '9223372036854775808',
    '1e3',
  ])('refuses %j', (text) => {
    expect(() => parseEntityReference(text)).toThrow(
      expect.objectContaining({ status: 400, message: `${text} is not a valid Synapse ID.` }),
    );
  });

  test('takes no version where the whole entity is meant', () => {
    expect(parseEntityId('syn1')).toBe('syn1');
    expect(() => parseEntityId('syn1.2')).toThrow('syn1.2 is not a valid Synapse ID.');
  });

  test('shows the number alone where the API does', () => {
    expect(numericId('syn4489')).toBe(4489);
  });

  test('never answers anything but a 400 to other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(parseEntityReference(text).id).toMatch(/^syn\d+$/);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
    );
  });

  test('reads version numbers', () => {
    expect(parseVersionNumber('12')).toBe(12);
    for (const bad of ['0', '-1', '1.5', 'x', '', 1e20]) {
      expect(() => parseVersionNumber(bad)).toThrow(expect.objectContaining({ status: 400 }));
    }
  });
});

describe('names', () => {
  test.each(['a', 'A b_c-d.e+f(g)', "it's, fine", 'x'.repeat(256)])('takes %j', (name) => {
    expect(checkName(name)).toBe(name);
  });

  test('trims', () => {
    expect(checkName('  a b \n')).toBe('a b');
  });

  test.each([
    ['', 'Entity name cannot be blank.'],
    ['   ', 'Entity name cannot be blank.'],
    ['x'.repeat(257), 'Name must be 256 characters or less'],
    [
      'a/b',
      "Invalid Name: 'a/b'. Names may only contain: letters, numbers, spaces, underscores, hyphens, periods, plus signs, apostrophes, and parentheses",
    ],
  ])('refuses %j', (name, reason) => {
    expect(() => checkName(name)).toThrow(
      expect.objectContaining({ status: 400, message: reason }),
    );
  });

  test.each(['tab\there', 'naïve', 'a:b', 'a"b', '日本', 'a&b', 'a\nb'])(
    'refuses %j too',
    (name) => {
      expect(() => checkName(name)).toThrow(`Invalid Name: '${name}'`);
    },
  );

  test('limits the length of descriptions and aliases', () => {
    expect(() => checkDescription('x'.repeat(1000))).not.toThrow();
    expect(() => checkDescription('x'.repeat(1001))).toThrow(
      expect.objectContaining({ status: 400 }),
    );
    expect(checkAlias('My_Project1')).toBe('My_Project1');
    expect(checkAlias('')).toBeUndefined();
    expect(() => checkAlias('my-project')).toThrow(
      'Aliases can only have letters (a-z and A-Z), digits (0-9) and underscores (_)',
    );
  });
});

describe('types', () => {
  const union = (schemas['Entity']?.oneOf ?? []).map(({ $ref }) => $ref?.split('/').pop() ?? '');

  test('every entity of the description is known', () => {
    const unknown = union.filter((name) => {
      const concreteType = schemas[name]?.properties?.['concreteType']?.enum?.[0];
      return entityTypeOf(concreteType ?? '') === undefined;
    });
    expect(unknown.sort()).toEqual(['ExampleEntity', 'Preview']);
    expect(Object.keys(entityTypes).sort()).toEqual(
      [...(schemas['EntityType']?.enum ?? [])].sort(),
    );
  });

  test('stores no field that the description lacks', () => {
    for (const { concreteType, fields } of Object.values(entityTypes)) {
      const name = concreteType.slice(concreteType.lastIndexOf('.') + 1);
      expect(Object.keys(schemas[name]?.properties ?? {})).toEqual(
        expect.arrayContaining([...fields]),
      );
    }
  });

  test('knows where each type may be', () => {
    const allowed = (type: M.EntityType) =>
      (['root', 'project', 'folder', 'file', 'table'] as const).filter((parent) =>
        isValidParent(entityTypes[type], parent),
      );
    expect(allowed('project')).toEqual(['root']);
    expect(allowed('dockerrepo')).toEqual(['project']);
    for (const type of ['folder', 'file', 'link', 'table', 'dataset', 'recordset'] as const) {
      expect(allowed(type)).toEqual(['project', 'folder']);
    }
  });

  test('reads the mask of older views', () => {
    expect(viewTypeMaskOf({ viewTypeMask: 9 })).toBe(9);
    expect(viewTypeMaskOf({ type: 'file' })).toBe(1);
    expect(viewTypeMaskOf({ type: 'project' })).toBe(2);
    expect(viewTypeMaskOf({ type: 'file_and_table' })).toBe(5);
    expect(viewTypeMaskOf({})).toBe(0);
  });
});

describe('annotation values', () => {
  test.each<[M.AnnotationsValueType, string[], string[]]>([
    ['STRING', ['', 'anything'], []],
    ['BOOLEAN', ['true', 'false', 'TRUE'], ['1', 'yes', '']],
    ['LONG', ['0', '-5', '9223372036854775807'], ['9223372036854775808', '1.5', 'x', '']],
    ['TIMESTAMP_MS', ['1700000000000'], ['2024-01-01', '']],
    ['DOUBLE', ['1', '-1.5e10', '.5', 'NaN', 'Infinity', '-Infinity'], ['x', '', '1,5', 'e5']],
  ])('%s', (type, good, bad) => {
    expect(good.filter((text) => !isValidValue(type, text))).toEqual([]);
    expect(bad.filter((text) => isValidValue(type, text))).toEqual([]);
  });

  const string = (value: string[]): M.AnnotationsValue => ({ type: 'STRING', value });

  test.each<[string, Record<string, M.AnnotationsValue>, string]>([
    [
      'a bad key',
      { 'a b': string(['x']) },
      "Invalid annotation name: 'a b'. Annotation names may only contain; letters, numbers, '_' and '.'",
    ],
    ['an empty key', { '': string(['x']) }, 'Annotation names cannot be empty strings'],
    [
      'a reserved key',
      { _accessRequirementIds: string(['1']) },
      "Invalid annotation name: '_accessRequirementIds'. The annotation name is a system reserved annotation.",
    ],
    [
      'too many values',
      { a: string(Array.from({ length: 101 }, String)) },
      'key=a has exceeded the maximum number of values allowed: 100',
    ],
    [
      'too many keys',
      Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, string([])])),
      'Exceeded maximum number of annotation keys: 100',
    ],
    [
      'no type',
      { a: { value: ['1'] } },
      'a value or a value type must be set for values associated with key=a',
    ],
    [
      'texts of more than 500 characters together',
      { a: string(['x'.repeat(250), 'x'.repeat(251)]) },
      'Total String value too long. Can be at most 500 characters.',
    ],
    [
      'a value of another type',
      { a: { type: 'LONG', value: ['1', 'x'] } },
      'Value associated with key=a is not valid for type=LONG: x',
    ],
  ])('refuses %s', (_name, map, reason) => {
    expect(() => checkAnnotations(map)).toThrow(
      expect.objectContaining({ status: 400, message: reason }),
    );
  });

  test('keeps a key without values', () => {
    expect(checkAnnotations({ a: string([]) })).toEqual({ a: string([]) });
  });

  test('takes a hundred keys with a hundred values each', () => {
    const full = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [
        `k.${index}`,
        string(Array.from({ length: 100 }, (_value, digit) => String(digit))),
      ]),
    );
    expect(Object.keys(checkAnnotations(full))).toHaveLength(100);
    expect(checkAnnotations(undefined)).toEqual({});
  });
});

describe('annotations as JSON', () => {
  test('reads the types from the values', () => {
    const json = {
      name: 'a field, not an annotation',
      etag: 'e',
      dataFileHandleId: '1',
      text: 'x',
      texts: ['x', 'y'],
      whole: 5,
      wholes: [1, 2],
      real: 1.5,
      mixed: [1, 2.5],
      special: 'NaN',
      yes: true,
      date: '2024-01-02T03:04:05.678Z',
      notDate: '2024-01-02',
      nested: { a: 1 },
    };
    expect(annotationsFromJson('file', json)).toEqual({
      text: { type: 'STRING', value: ['x'] },
      texts: { type: 'STRING', value: ['x', 'y'] },
      whole: { type: 'LONG', value: ['5'] },
      wholes: { type: 'LONG', value: ['1', '2'] },
      real: { type: 'DOUBLE', value: ['1.5'] },
      mixed: { type: 'DOUBLE', value: ['1', '2.5'] },
      special: { type: 'STRING', value: ['NaN'] },
      yes: { type: 'BOOLEAN', value: ['true'] },
      date: { type: 'TIMESTAMP_MS', value: ['1704164645678'] },
      notDate: { type: 'STRING', value: ['2024-01-02'] },
      nested: { type: 'STRING', value: ['{"a":1}'] },
    });
  });

  test.each([
    ['no value', null, "null is not allowed as a value for key: 'key'"],
    [
      'a list with no value',
      [1, null],
      "null is not allowed as a value in the list for key: 'key'",
    ],
    ['a list of several types', ['x', 1], "List of mixed types found for key: 'key'"],
    ['an empty list', [], 'a value or a value type must be set for values associated with key=key'],
  ])('refuses %s', (_, key, reason) => {
    expect(() => annotationsFromJson('file', { key })).toThrow(reason);
  });

  test('a field of another type of entity is an annotation', () => {
    expect(annotationsFromJson('folder', { dataFileHandleId: 'x' })).toHaveProperty(
      'dataFileHandleId',
    );
  });
});

describe('annotations of the first API', () => {
  const record = {
    id: 'syn12',
    type: 'file',
    name: 'a',
    parentId: 'syn1',
    etag: 'e',
    createdBy: 1,
    createdOn: '2024-01-02T03:04:05.678Z',
    currentVersion: 1,
    lastVersion: 1,
  } as const;

  test('go there and back unchanged', () => {
    const annotations = {
      s: { type: 'STRING', value: ['x', 'y'] },
      l: { type: 'LONG', value: ['5'] },
      d: { type: 'DOUBLE', value: ['1.5', 'NaN'] },
      t: { type: 'TIMESTAMP_MS', value: ['1704164645678'] },
      b: { type: 'BOOLEAN', value: ['true'] },
    } as const satisfies Record<string, unknown>;
    const v1 = annotationsV1(record, annotations as unknown as Record<string, M.AnnotationsValue>);
    expect(v1).toEqual({
      id: 'syn12',
      etag: 'e',
      uri: '/entity/12/annotations',
      creationDate: '1704164645678',
      stringAnnotations: { s: ['x', 'y'], b: ['true'] },
      longAnnotations: { l: [5] },
      doubleAnnotations: { d: [1.5, 'NaN'] },
      dateAnnotations: { t: [1704164645678] },
      blobAnnotations: {},
    });
    expect(readAnnotationsV1(v1)).toEqual({
      id: 'syn12',
      etag: 'e',
      annotations: { ...annotations, b: { type: 'STRING', value: ['true'] } },
    });
  });

  test.each([
    [undefined],
    ['x'],
    [[]],
    [{ stringAnnotations: [] }],
    [{ longAnnotations: { a: [{}] } }],
  ])('refuses %j', (body) => {
    expect(() => readAnnotationsV1(body)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('names of Docker repositories', () => {
  test.each(['ubuntu', 'library/ubuntu', 'quay.io/a/b_c', 'localhost:5000/x', 'a/b__c/d--e'])(
    'takes %s',
    (name) => {
      expect(checkRepositoryName(name)).toEqual({ repositoryName: name, isManaged: false });
    },
  );

  test.each([undefined, '', 'Upper', 'a//b', '/a', 'a/', 'a b', 'quay.io/A', 'a'.repeat(256)])(
    'refuses %j',
    (name) => {
      expect(() => checkRepositoryName(name)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  test('leaves the registry of the service to the service', () => {
    expect(() => checkRepositoryName('docker.synapse.org/syn1/a')).toThrow(
      'Cannot create or update a managed Docker repository.',
    );
    expect(() => checkRepositoryName('other.synapse.org/a')).toThrow('reserved registry host');
    expect(() => checkRepositoryName('docker.synapse.org:443/syn1/a')).toThrow('managed');
  });
});
