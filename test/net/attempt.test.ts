import { describe, expect, test } from '@jest/globals';
import { attempt, type AttemptDecision } from '../../src/net/attempt.js';
import { FakeClock } from '../api/fakeClock.js';

const again = (delay = 0) => ({ retry: true, delay });
const never = { retry: false, delay: 0 };

/** Fails with each of the reasons in turn, then succeeds. */
function failing(...reasons: Error[]): (number: number) => Promise<number> {
  return (number) => {
    const reason = reasons[number - 1];
    return reason === undefined ? Promise.resolve(number) : Promise.reject(reason);
  };
}

describe('attempt', () => {
  test('gives the result of the first attempt that succeeds', async () => {
    const clock = new FakeClock();
    const numbers: number[] = [];
    const decide = (_error: unknown, number: number): AttemptDecision => {
      numbers.push(number);
      return again();
    };
    const work = failing(new Error('a'), new Error('b'), new Error('c'));
    await expect(attempt(work, { clock, decide })).resolves.toBe(4);
    expect(numbers).toEqual([1, 2, 3]);
  });

  test('waits as long as was decided, by the clock that it is given', async () => {
    const clock = new FakeClock({ skip: Number.POSITIVE_INFINITY });
    const decide = (_error: unknown, number: number): AttemptDecision => again(number * 1_000_000);
    await attempt(failing(new Error('a'), new Error('b')), { clock, decide });
    expect(clock.slept).toEqual([1_000_000, 2_000_000]);
  });

  test.each([
    ['an error', new Error('last')],
    ['a mistake in the code', new TypeError('undefined is not a function')],
    ['what is no error', 'a text' as unknown as Error],
  ])('throws %s as it is when there is no other attempt', async (_name, reason) => {
    const clock = new FakeClock();
    const decide = (_error: unknown, number: number): AttemptDecision =>
      number < 3 ? again() : never;
    const work = failing(new Error('first'), new TypeError('second'), reason);
    await expect(attempt(work, { clock, decide })).rejects.toBe(reason);
  });

  test('ends with the reason of its signal while it waits', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    const running = attempt(failing(new Error('a'), new Error('b')), {
      clock,
      signal: stop.signal,
      decide: (_error, number) => again(number === 1 ? 0 : 1000),
    });
    while (clock.sleepers === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort('enough');
    await expect(running).rejects.toBe('enough');
  });

  test('ends with the reason of a signal that aborted during an attempt', async () => {
    const stop = new AbortController();
    const running = attempt(
      () => {
        stop.abort('enough');
        return Promise.reject(new Error('a'));
      },
      { clock: new FakeClock(), signal: stop.signal, decide: () => again() },
    );
    await expect(running).rejects.toBe('enough');
  });

  test('tells of each retry before it waits', async () => {
    const clock = new FakeClock({ skip: 50 });
    const told: unknown[] = [];
    await attempt(failing(new Error('a')), {
      clock,
      decide: () => again(50),
      onRetry: (error, delay) => told.push([(error as Error).message, delay, clock.slept.length]),
    });
    expect(told).toEqual([['a', 50, 0]]);
  });
});
