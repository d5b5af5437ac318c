import { describe, expect, test } from '@jest/globals';
import { operations } from '../../generated/operations.js';
import { ArgumentError } from '../../src/errors.js';
import {
  operationAt,
  operationById,
  operationIds,
  requireOperation,
} from '../../src/api/operation.js';

describe('an operation', () => {
  test('is read from its row, with its parameters', () => {
    expect(requireOperation('entity.updateEntity')).toEqual({
      id: 'entity.updateEntity',
      method: 'PUT',
      path: '/repo/v1/entity/{id}',
      parameters: [
        { name: 'id', in: 'path', required: true, kind: 'string', valuesOf: undefined },
        { name: 'generatedBy', in: 'query', required: false, kind: 'string', valuesOf: undefined },
        { name: 'newVersion', in: 'query', required: false, kind: 'boolean', valuesOf: undefined },
      ],
      body: 'Entity',
      parse: 'json',
      response: 'Entity',
      status: 200,
      page: '',
    });
  });

  test('names the type that the values of a parameter have', () => {
    const { parameters } = requireOperation('entity.hasEntityAccess');
    expect(parameters).toContainEqual(
      expect.objectContaining({ name: 'accessType', valuesOf: 'ACCESS_TYPE' }),
    );
  });

  test('never answers a bare boolean, because the service has none', () => {
    const bare = Object.entries(operations).filter(([, row]) => row[5] === 'boolean');
    expect(bare).toEqual([]);
    expect(requireOperation('entity.hasEntityAccess').response).toBe('BooleanResult');
    expect(requireOperation('evaluation.hasEvaluationAccess').response).toBe('BooleanResult');
  });

  test('that redirects has no parameter for it', () => {
    const { parameters, parse } = requireOperation('file.getFileHandleUrl');
    expect(parse).toBe('redirect');
    expect(parameters.map(({ name }) => name)).toEqual(['handleId']);
  });

  test('is read once', () => {
    expect(operationById('entity.getEntity')).toBe(operationById('entity.getEntity'));
  });

  test('can be read from every row', () => {
    expect(operationIds().filter((id) => operationById(id) === undefined)).toEqual([]);
    expect(operationIds()).toEqual(Object.keys(operations));
  });

  test('is found by its method and path', () => {
    expect(operationAt('GET', '/repo/v1/entity/{id}')?.id).toBe('entity.getEntity');
    expect(operationAt('POST', '/repo/v1/entity/{id}')).toBeUndefined();
  });

  test('that is not there is an error for the caller', () => {
    expect(operationById('toString')).toBeUndefined();
    expect(() => requireOperation('entity.getEntty')).toThrow(ArgumentError);
  });
});
