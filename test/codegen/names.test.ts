import { describe, expect, test } from '@jest/globals';
import { refTo } from '../../codegen/description.js';
import { acceptNames, namingFaults, proposeNames, renameAll } from '../../codegen/names.js';
import type { NamesLock } from '../../codegen/names.js';
import { proposeOperationName, proposeTypeName, serviceOf } from '../../codegen/propose.js';
import { answering, describing, operation } from './tiny.js';

const description = describing(
  { '/repo/v1/thing/{id}': { get: operation(answering(refTo('a.b.Thing'))) } },
  { 'a.b.Thing': { type: 'object' }, 'c.d.Thing': { type: 'array', items: refTo('a.b.Thing') } },
);

const lock: NamesLock = {
  operations: { 'GET /repo/v1/thing/{id}': 'thing.getThing' },
  types: { 'a.b.Thing': 'Thing', 'c.d.Thing': 'OtherThing' },
};

describe('the lock', () => {
  test('of this description needs no proposals', () => {
    expect(namingFaults(description, lock)).toEqual([]);
    expect(proposeNames(description, lock)).toEqual(lock);
  });

  test('gets proposals for what is new', () => {
    const empty = { operations: {}, types: { 'a.b.Thing': 'Thing' } };
    const proposed = proposeNames(description, empty);
    expect(proposed.proposed).toEqual({
      operations: { 'GET /repo/v1/thing/{id}': 'thing.getThing' },
      types: { 'c.d.Thing': 'DThing' },
    });
    expect(namingFaults(description, proposed)).toEqual([
      'operation GET /repo/v1/thing/{id} has no accepted name',
      'type c.d.Thing has no accepted name',
    ]);
    const accepted = acceptNames(proposed);
    expect(namingFaults(description, accepted)).toEqual([]);
    expect(accepted.types['a.b.Thing']).toBe('Thing');
    expect(accepted.proposed).toBeUndefined();
  });

  test('puts a new operation into the service of its tag', () => {
    const elsewhere = { ...lock, operations: { 'GET /repo/v1/thing/{id}': 'stuff.getThing' } };
    const grown = structuredClone(description);
    grown.paths['/repo/v1/thing'] = { post: operation() };
    expect(proposeNames(grown, elsewhere).proposed?.operations).toEqual({
      'POST /repo/v1/thing': 'stuff.createThing',
    });
  });

  test('keeps a proposal that a person has bettered', () => {
    const bettered = {
      operations: lock.operations,
      types: { 'a.b.Thing': 'Thing' },
      proposed: { operations: {}, types: { 'c.d.Thing': 'DeeThing' } },
    };
    expect(acceptNames(proposeNames(description, bettered)).types['c.d.Thing']).toBe('DeeThing');
  });

  test('has one valid name for each thing that exists', () => {
    const bad = {
      operations: { ...lock.operations, 'GET /repo/v1/gone': 'thing.getThing' },
      types: { 'a.b.Thing': 'thing', 'c.d.Thing': 'Other-Thing' },
    };
    expect(namingFaults(description, bad)).toEqual([
      'operation GET /repo/v1/gone is named but not described',
      'thing.getThing is a duplicate',
      'thing is not a type name',
      'Other-Thing is not a type name',
    ]);
  });

  test('gives every schema its short name in references too', () => {
    const named = renameAll(description, lock);
    expect(named.components.schemas).toEqual({
      OtherThing: { type: 'array', items: refTo('Thing') },
      Thing: { type: 'object' },
    });
    expect(named.paths['/repo/v1/thing/{id}']?.get?.operationId).toBe('thing.getThing');
    expect(
      named.paths['/repo/v1/thing/{id}']?.get?.responses['200']?.content?.['application/json']
        ?.schema,
    ).toEqual(refTo('Thing'));
    expect(description.components.schemas['a.b.Thing']).toBeDefined();
  });
});

describe('proposals', () => {
  test.each([
    ['Certified User Services', 'certifiedUser'],
    ['Authentication Services (2FA)', 'authentication2FA'],
    ['Log Service', 'log'],
    ['OpenID Connect Services', 'openIDConnect'],
  ])('the service of %s', (tag, service) => {
    expect(serviceOf(tag)).toBe(service);
  });

  test.each([
    ['get', '/repo/v1/thing/{id}/part', 'thing.getThingPart'],
    ['post', '/repo/v1/thing', 'thing.createThing'],
    ['put', '/auth/v1/thing/{id}', 'thing.updateThing'],
    ['delete', '/file/v1/thing/{id}', 'thing.deleteThing'],
    ['post', '/repo/v1/thing/async/start', 'thing.startThing'],
    ['get', '/repo/v1/thing/async/get/{asyncToken}', 'thing.getThingResult'],
  ] as const)('%s %s', (method, path, name) => {
    expect(proposeOperationName({ method, path }, 'thing', new Set())).toBe(name);
  });

  test('a name that is taken says what it is by', () => {
    const located = { method: 'get', path: '/repo/v1/thing/{id}' } as const;
    expect(proposeOperationName(located, 'thing', new Set(['thing.getThing']))).toBe(
      'thing.getThingById',
    );
  });

  test('a type takes as much of its package as it needs', () => {
    expect(proposeTypeName('a.b.c.Thing', new Set())).toBe('Thing');
    expect(proposeTypeName('a.b.c.Thing', new Set(['Thing', 'CThing']))).toBe('BCThing');
    expect(() => proposeTypeName('Thing', new Set(['Thing']))).toThrow(/by hand/);
  });
});
