import { describe, expect } from '@jest/globals';
import type * as M from '../../generated/models.js';
import {
  activityText,
  toActivity,
  usedList,
  usedTexts,
  type UsedInput,
} from '../../src/entities/activity.js';
import { ArgumentError } from '../../src/errors.js';
import { outcomeOf, readVectors, testEach } from './readVectors.js';

interface Input {
  fn: string;
  kwargs: Record<string, unknown>;
  args: unknown[];
}
interface OopItem {
  id?: string;
  version?: number;
  url?: string;
  name?: string;
}
interface OopActivity {
  id?: string;
  etag?: string;
  name?: string;
  description?: string;
  created_on?: string;
  used?: OopItem[];
  executed?: OopItem[];
}

const itemOf = ({ id, version, url, name }: OopItem): UsedInput =>
  url === undefined
    ? { target: id ?? '', ...(version !== undefined && { targetVersion: version }) }
    : { url, ...(name !== undefined && { name }) };

const functions: Record<string, (input: Input) => unknown> = {
  legacy_activity: ({ kwargs }) => {
    const json = toActivity(kwargs);
    return { json, text: activityText(json) };
  },
  legacy_used: ({ kwargs }) => usedList(kwargs, false),
  activity_text: ({ args: [record] }) => activityText(record as M.Activity),
  legacy_string_lists: ({ args: [record] }) => {
    const { used, executed } = usedTexts(record as M.Activity);
    return [used, executed];
  },
  oop_fill: ({ args: [record] }) => {
    const { name = null, description = null } = (record ?? {}) as M.Activity;
    return { name, description, ...usedTexts(record ?? {}) };
  },
  oop_request: ({ args: [model] }) => {
    const { used = [], executed = [], created_on, ...rest } = model as OopActivity;
    return toActivity({
      ...rest,
      ...(created_on !== undefined && { createdOn: created_on }),
      used: used.map(itemOf),
      executed: executed.map(itemOf),
    });
  },
};

/**
 * Departures: null-valued members are left out, which is the same to Synapse; so is version 0, which does
 * not exist (versions begin at 1).
 */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== null && !(key === 'targetVersionNumber' && item === 0))
      .map(([key, item]) => [key, withoutNulls(item)]),
  );
}

describe('provenance', () => {
  testEach(readVectors<Input>('provenance'), async ({ input, expected }) => {
    const got = await outcomeOf(() => functions[input.fn]?.(input));
    if (expected.error) expect(got.error).toEqual(expect.any(ArgumentError));
    else if (input.fn === 'oop_fill') expect(got).toEqual(expected);
    else expect(got).toEqual(withoutNulls(expected));
  });
});
