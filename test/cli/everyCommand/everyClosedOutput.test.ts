import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Ended } from '../runSynapse.js';
import { rowOf } from './rows.js';
import { runRow } from './runRow.js';
import { shownCommands } from './shownCommands.js';
import { startAll } from './startAll.js';
import { withSeed } from './withSeed.js';

const { commands, seed } = withSeed();
const ids = shownCommands
  .map(({ id }) => id)
  // It would run on.
  .filter((id) => rowOf(id).endless !== true);

let ended: ReadonlyMap<string, Promise<Ended>>;
beforeAll(() => {
  ended = startAll(ids, (id) => runRow(id, { commands, seed: seed(), closed: true }));
});

describe('a reader that has ended is no error', () => {
  test.each(ids)('%s', async (id) => {
    const { status: wanted = 0 } = rowOf(id);
    const { status, stderr } = (await ended.get(id)) ?? {};
    // 141 is the status of a program that the system ends.
    expect([wanted, 141]).toContain(status);
    expect(stderr).not.toMatch(/^\s+at |EPIPE|Unhandled/m);
  });
});
