import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFinalURL, createQuerySerializer, defaultPathSerializer } from 'openapi-fetch';
import {
  operationIds,
  requireOperation,
  type OperationParameter,
} from '../../src/api/operation.js';
import { splitArguments } from '../../src/api/operationArguments.js';

type Value = string | number | bigint | boolean | string[];

/** A value that a parameter takes: never a dot segment in a path. */
function valueOf({ kind, in: place }: OperationParameter): fc.Arbitrary<Value> {
  const text =
    place === 'path'
      ? fc.string({ unit: 'grapheme' }).filter((each) => !/^\.{0,2}$/.test(each))
      : fc.string({ unit: 'grapheme' });
  const number = fc.oneof(fc.maxSafeInteger(), fc.bigInt());
  if (kind === 'boolean') return fc.boolean();
  if (kind === 'integer') return fc.oneof(number, number.map(String));
  if (kind === 'number') return fc.oneof(number, fc.double({ min: -1e9, max: 1e9, noNaN: true }));
  const lists = fc.array(text, { minLength: place === 'path' ? 1 : 0 });
  return fc.oneof(text, number, fc.boolean(), lists);
}

/** The URL that openapi-fetch writes. */
function writtenByLibrary(id: string, args: Readonly<Record<string, Value | undefined>>): string {
  const { path: template, parameters, parse } = requireOperation(id);
  const parts = { path: {}, query: {} } as Record<'path' | 'query', Record<string, unknown>>;
  for (const { name, in: place } of parameters) {
    const value = args[name];
    parts[place][name] = Array.isArray(value) || value === undefined ? value : String(value);
  }
  if (parse === 'redirect') parts.query['redirect'] = 'false';
  return createFinalURL(template, {
    baseUrl: '',
    params: parts,
    pathSerializer: defaultPathSerializer,
    querySerializer: createQuerySerializer({ array: { style: 'form', explode: false } }),
  });
}

test('the target of every operation is the one that openapi-fetch writes', () => {
  for (const id of operationIds()) {
    const { parameters, body } = requireOperation(id);
    const values = parameters.map((parameter): [string, fc.Arbitrary<Value | undefined>] => {
      const value = valueOf(parameter);
      return [parameter.name, parameter.required ? value : fc.option(value, { nil: undefined })];
    });
    const property = fc.property(fc.record(Object.fromEntries(values)), (args) => {
      const given = body === '' ? args : { ...args, body: {} };
      expect(splitArguments(requireOperation(id), given).target).toBe(writtenByLibrary(id, args));
    });
    fc.assert(property, { numRuns: 20 });
  }
});
