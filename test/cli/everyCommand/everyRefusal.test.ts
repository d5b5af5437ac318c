import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ended } from '../runSynapse.js';
import { rowOf, wordsOf } from './rows.js';
import { runRow } from './runRow.js';
import { shownCommands } from './shownCommands.js';
import { startAll } from './startAll.js';
import { isEntity, withSeed, type Seed } from './withSeed.js';

const { commands, seed } = withSeed();
const ids = shownCommands.map(({ id }) => id);

/** A command line that is refused, and its exit status. */
interface Refusal {
  id: string;
  words(seed: Seed): string[];
  status: number;
}

const unknownFlags = ids.map((id): [string, Refusal] => [
  id,
  { id, words: (): string[] => [...id.split(' '), '--no-such-flag'], status: 2 },
]);

const missing = shownCommands
  .filter(({ args, flags }) => [...args, ...flags].some(({ required }) => required))
  .map(({ id }): [string, Refusal] => [id, { id, words: () => id.split(' '), status: 2 }]);

/** The places of a row where an id stands. */
const places = ids.flatMap((id) => {
  const { line, unknown = {}, malformed = {} } = rowOf(id);
  const names = new Set([...line.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name));
  return [...names].map((name) => ({
    id,
    name,
    unknown: unknown[name] ?? 4,
    malformed: malformed[name] ?? 2,
  }));
});

/** The words of a row with another value in the place of an id. */
function replaced(id: string, name: string, toOther: (value: string) => string) {
  return (known: Seed): string[] =>
    wordsOf(id, rowOf(id).line, { ...known, [name]: toOther(known[name] ?? '') });
}

const unknownIds = places.map(({ id, name, unknown: status }): [string, Refusal] => {
  const unknown = (value: string): string => value.replace(/\d+$/, '999999999');
  return [`${id}: ${name}`, { id, words: replaced(id, name, unknown), status }];
});

const malformedIds = places
  .filter(({ name }) => isEntity(name))
  .map(({ id, name, malformed: status }): [string, Refusal] => {
    return [`${id}: ${name}`, { id, words: replaced(id, name, (value) => `${value}x`), status }];
  });

let ended: ReadonlyMap<string, Promise<Ended>>;
const groups = { unknownFlags, missing, unknownIds, malformedIds };
beforeAll(() => {
  const all = new Map<string, Refusal>(
    Object.entries(groups).flatMap(([group, refusals]) =>
      refusals.map(([title, refusal]) => [`${group} ${title}`, refusal] as const),
    ),
  );
  ended = startAll([...all.keys()], async (key) => {
    const refusal = all.get(key);
    if (refusal === undefined) throw new Error(key);
    return runRow(refusal.id, { commands, seed: seed(), words: refusal.words(seed()) });
  });
});

async function expectRefusal(key: string, { id, status: wanted }: Refusal): Promise<void> {
  const { status, stdout = '', stderr = '' } = (await ended.get(key)) ?? {};
  expect({ status, stderr }).toEqual({ status: wanted, stderr });
  expect(stderr).not.toMatch(/^\s+at /m);
  // Some commands answer that there is no such thing.
  if (wanted === 0) return;
  expect(stderr.startsWith(`synapse ${id}: `)).toBe(true);
  if (wanted === 5) return;
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^[^\n]+\n$/);
}

describe('a flag that there is not is refused in one line, with status 2', () => {
  test.each(unknownFlags)('%s', (title, refusal) =>
    expectRefusal(`unknownFlags ${title}`, refusal),
  );
});

describe('what is missing is named in one line, with status 2', () => {
  test.each(missing)('%s', (title, refusal) => expectRefusal(`missing ${title}`, refusal));
});

describe('an id that does not exist is named in one line, with status 4', () => {
  test.each(unknownIds)('%s', (title, refusal) => expectRefusal(`unknownIds ${title}`, refusal));
});

describe('what is no id is refused in one line, with status 2', () => {
  test.each(malformedIds)('%s', (title, refusal) =>
    expectRefusal(`malformedIds ${title}`, refusal),
  );
});
