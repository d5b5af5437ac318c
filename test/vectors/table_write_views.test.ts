import { describe, expect } from '@jest/globals';
import { legacyViewTypeMask, viewTypeMask } from '../../src/columns/viewTypes.js';
import { ArgumentError } from '../../src/errors.js';
import { outcomeOf, readVectors, testEach } from './readVectors.js';

interface Input {
  fn: string;
  args: readonly unknown[];
}

const functions: Readonly<Record<string, (input: Input) => unknown>> = {
  view_type_mask: ({ args: [types] }) => viewTypeMask((types ?? []) as string[]),
  view_type_mask_for_type: ({ args: [type] }) => legacyViewTypeMask((type ?? '') as string),
};

describe('the types of entities in a view', () => {
  const cases = readVectors<Input>('table_write').filter(({ input: { fn } }) => fn in functions);
  testEach(cases, async ({ input, expected }) => {
    const { value, error } = await outcomeOf(() => functions[input.fn]?.(input));
    if (expected.error === undefined) expect(value).toEqual(expected.value);
    else expect(error).toBeInstanceOf(ArgumentError);
  });
});
