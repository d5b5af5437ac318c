import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ended } from '../runSynapse.js';
import { runRow } from './runRow.js';
import { rowOf, rows } from './rows.js';
import { shownCommands } from './shownCommands.js';
import { startAll } from './startAll.js';
import { withSeed } from './withSeed.js';

const { commands, seed } = withSeed();
const ids = shownCommands.map(({ id }) => id);

test('every command has a row in rows.ts, and every row is that of a command', () => {
  expect(Object.keys(rows).sort()).toEqual([...ids].sort());
});

let ended: ReadonlyMap<string, Promise<Ended>>;
beforeAll(() => {
  ended = startAll(ids, (id) => runRow(id, { commands, seed: seed(), flags: flagsOf(id) }));
});

function flagsOf(id: string): string[] {
  return rowOf(id).noJson === undefined ? ['--json'] : [];
}

describe('--json prints one JSON value on standard output', () => {
  test.each(ids)('%s', async (id) => {
    const { status: wanted = 0, noJson } = rowOf(id);
    const { status, stdout = '', stderr = '' } = (await ended.get(id)) ?? {};
    expect({ stderr, status }).toEqual({ stderr, status: wanted });
    // An error is JSON on standard error.
    const text = stdout === '' && status !== 0 ? stderr : stdout;
    if (noJson === undefined) expect(() => void JSON.parse(text)).not.toThrow();
  });
});
