import { describe, expect, test } from '@jest/globals';
import {
  decideStorageRetry,
  freshRetryState,
  type RetryState,
  type StorageFailure,
} from '../../src/transfer/storageRetryPolicy.js';

const broken: StorageFailure = {
  verdict: 'retry',
  canRenew: true,
  retryAfter: 0,
  now: 0,
  random: 1,
};
const refused: StorageFailure = { ...broken, verdict: 'refresh' };

/** Decides on failures one after the other. */
function decideAll(failures: StorageFailure[], retryFor = 1000): [retry: boolean, delay: number][] {
  let state: RetryState = freshRetryState(0);
  return failures.map((failure) => {
    const { retry, delay, state: next } = decideStorageRetry(state, failure, retryFor);
    state = next;
    return [retry, delay];
  });
}

describe('what is tried again', () => {
  test('a broken connection, after pauses that double', () => {
    const decisions = decideAll([broken, broken, broken]);
    expect(decisions).toEqual([
      [true, 100],
      [true, 200],
      [true, 400],
    ]);
  });

  test('a broken connection five times at least, however long that takes', () => {
    const late = { ...broken, now: 5000 };
    const decisions = decideAll([late, late, late, late, late]);
    expect(decisions.map(([retry]) => retry)).toEqual([true, true, true, true, false]);
  });

  test('a broken connection any number of times before the time is over', () => {
    const early = { ...broken, now: 999 };
    expect(decideAll(new Array<StorageFailure>(20).fill(early)).at(-1)).toEqual([true, 10_000]);
  });

  test('a refused address at once, and no more than three times', () => {
    expect(decideAll([refused, refused, refused, refused])).toMatchObject([
      [true, 0],
      [true, 200],
      [true, 400],
      [false, 800],
    ]);
  });

  test('a refused address not at all where there is no other one', () => {
    expect(decideAll([{ ...refused, canRenew: false }])[0]?.[0]).toBe(false);
  });

  test.each(['changed', 'fatal'] as const)('not what is %s', (verdict) => {
    expect(decideAll([{ ...broken, verdict }])[0]?.[0]).toBe(false);
  });

  test('no earlier than the store asks, up to a minute', () => {
    expect(decideAll([{ ...broken, retryAfter: 5000 }])).toEqual([[true, 5000]]);
    expect(decideAll([{ ...broken, retryAfter: 3_600_000 }])).toEqual([[true, 60_000]]);
  });
});
