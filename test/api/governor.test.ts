import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Governor } from '../../src/api/governor.js';
import type { Throttle } from '../../src/api/throttle.js';
import type { Slot, WaitNotice } from '../../src/api/governor.js';
import { FakeClock, settle } from './fakeClock.js';

function open(options: { maxConcurrent?: number; requestsPerMinute?: number } = {}) {
  const clock = new FakeClock();
  const notices: WaitNotice[] = [];
  const governor = new Governor({
    maxConcurrent: options.maxConcurrent ?? 3,
    requestsPerMinute: options.requestsPerMinute ?? 600,
    clock,
    onWait: (notice) => notices.push(notice),
  });
  const slots: Slot[] = [];
  const order: string[] = [];
  const ask = (name: string, more: { signal?: AbortSignal; front?: boolean } = {}) =>
    governor.acquire(more).then((slot) => {
      slots.push(slot);
      order.push(name);
      return slot;
    });
  /** Asks for a slot and gives it back as soon as it is there. */
  const pass = (name: string) => ask(name).then((slot) => slot.release());
  return { clock, notices, governor, slots, order, ask, pass };
}

describe('how many at a time', () => {
  test('are served in the order in which they came', async () => {
    const { ask, order, slots } = open();
    for (const name of ['a', 'b', 'c', 'd', 'e']) void ask(name);
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
    slots[1]?.release();
    await settle();
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    slots[1]?.release();
    await settle();
    expect(order).toEqual(['a', 'b', 'c', 'd']);
  });

  test('who had a turn before does not queue again', async () => {
    const { ask, order, slots } = open({ maxConcurrent: 1 });
    void ask('a');
    void ask('b');
    void ask('again', { front: true });
    await settle();
    slots[0]?.release();
    await settle();
    expect(order).toEqual(['a', 'again']);
  });
});

describe('how many a minute', () => {
  test('the first wait is over when the oldest start is a minute old', async () => {
    const { clock, pass, order, notices } = open({ requestsPerMinute: 2 });
    void pass('a');
    await settle();
    await clock.advance(10_000);
    for (const name of ['b', 'c', 'd']) void pass(name);
    await settle();
    expect(order).toEqual(['a', 'b']);
    await clock.advance(50_000);
    expect(order).toEqual(['a', 'b']);
    await clock.advance(501);
    expect(order).toEqual(['a', 'b', 'c']);
    await clock.advance(9_000);
    expect(order).toEqual(['a', 'b', 'c']);
    await clock.advance(1_000);
    expect(order).toEqual(['a', 'b', 'c', 'd']);
    expect(notices.map(({ kind, waitMs }) => [kind, waitMs])).toEqual([
      ['rate', 50_500],
      ['rate', 10_000],
    ]);
    expect(notices[0]?.message).toBe('The limit of 2 requests a minute is reached: waiting 51 s');
  });

  test('no 60 s ever see more starts than allowed', async () => {
    const wishes = fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 30_000 }),
        holds: fc.integer({ min: 0, max: 5_000 }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(wishes, fc.integer({ min: 1, max: 8 }), async (list, requestsPerMinute) => {
        const { clock, ask } = open({ maxConcurrent: 3, requestsPerMinute });
        const starts: number[] = [];
        let active = 0;
        let most = 0;
        const all = list.map(async ({ gap, holds }, index) => {
          await clock.sleep(1 + gap * index);
          const slot = await ask('x');
          starts.push(clock.now());
          active += 1;
          most = Math.max(most, active);
          await clock.sleep(1 + holds);
          active -= 1;
          slot.release();
        });
        // Ten hours are more than the slowest list needs.
        await clock.advance(36_000_000);
        await Promise.all(all);
        expect(starts).toHaveLength(list.length);
        expect(most).toBeLessThanOrEqual(3);
        for (const start of starts) {
          const within = starts.filter((other) => other >= start && other <= start + 60_000);
          expect(within.length).toBeLessThanOrEqual(requestsPerMinute);
        }
      }),
      { numRuns: 15 },
    );
  }, 30_000);
});

/** `abc`: three requests, each with a letter for a name. */
const namesOf = (letters: string): string[] => letters.split('');

const tooMany: Throttle = { kind: 'concurrency', allowed: 3 };
const tooFrequent: Throttle = { kind: 'frequency', allowed: 4, windowMs: 60_000 };

describe('after a 429', () => {
  test('everything waits as long as the server asked', async () => {
    const { clock, governor, ask, pass, order, notices } = open();
    const slot = await ask('a');
    governor.throttled(slot, { kind: 'other' }, 4_000);
    slot.release();
    void pass('b');
    void pass('c');
    await clock.advance(3_999);
    expect(order).toEqual(['a']);
    await clock.advance(1);
    expect(order).toEqual(['a', 'b', 'c']);
    expect(notices).toEqual([
      { kind: 'throttled', waitMs: 4_000, message: 'Synapse limits the request rate: waiting 4 s' },
    ]);
  });

  test('too many at a time: a quarter fewer, once for all that were under way together', async () => {
    const { governor, ask, order } = open({ maxConcurrent: 8 });
    const slots = await Promise.all(namesOf('abcdefgh').map((name) => ask(name)));
    for (const slot of slots) governor.throttled(slot, tooMany, 0);
    for (const slot of slots) slot.release();
    for (const name of namesOf('ijklmnop')) void ask(name);
    await settle();
    expect(order.slice(8)).toEqual(namesOf('ijklmn'));
  });

  test('too many at a time: never fewer than one machine serves', async () => {
    const { clock, governor, ask, order, slots } = open({ maxConcurrent: 8 });
    for (let n = 0; n < 10; n += 1) {
      await clock.advance(1);
      const slot = await ask('x');
      await clock.advance(1);
      governor.throttled(slot, tooMany, 0);
      slot.release();
    }
    order.splice(0);
    slots.splice(0);
    for (const name of namesOf('abcd')) void ask(name);
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  test('too frequent: what the service accepted in a minute is the limit from then on', async () => {
    const { clock, governor, ask, pass, order, notices } = open({ requestsPerMinute: Infinity });
    for (const name of namesOf('abcd')) void pass(name);
    await settle();
    for (const name of namesOf('vwxyz')) {
      const refused = await ask(name);
      governor.throttled(refused, tooFrequent, 0);
      refused.release();
    }
    for (const name of namesOf('fghij')) void pass(name);
    await clock.advance(60_499);
    expect(order).toEqual(namesOf('abcdvwxyz'));
    await clock.advance(1);
    expect(order).toEqual(namesOf('abcdvwxyzfghi'));
    await clock.advance(60_500);
    expect(order).toEqual(namesOf('abcdvwxyzfghij'));
    expect(notices.map(({ kind, message }) => [kind, message])).toEqual([
      ['rate', 'Synapse allows 4 requests in 60 s: waiting 61 s'],
      ['rate', 'Synapse allows 4 requests in 60 s: waiting 61 s'],
    ]);
  });

  test('too frequent for one machine of several: the others are asked at the same pace', async () => {
    const { governor, ask, pass, order } = open({ requestsPerMinute: Infinity });
    for (const name of namesOf('abcd')) void pass(name);
    await settle();
    const refused = await ask('e');
    governor.throttled(refused, tooFrequent, 0);
    refused.release();
    for (const name of namesOf('fghij')) void pass(name);
    await settle();
    expect(order).toEqual(namesOf('abcdefghij'));
  });

  test('too frequent, but not by our own requests: longer and longer pauses', async () => {
    const { clock, governor, ask, notices } = open({ requestsPerMinute: Infinity });
    let slot = await ask('a');
    for (const pause of [1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) {
      await clock.advance(1);
      governor.throttled(slot, tooFrequent, 0);
      slot.release();
      const next = ask('next');
      await clock.advance(pause);
      slot = await next;
    }
    expect(notices.map(({ waitMs }) => waitMs)).toEqual([
      1_000, 2_000, 4_000, 8_000, 15_000, 15_000,
    ]);
  });
});

describe('aborts', () => {
  test('who is aborted while waiting leaves the queue with the reason of the signal', async () => {
    const { clock, governor, ask, pass, order } = open({ maxConcurrent: 1 });
    const first = await ask('a');
    const controller = new AbortController();
    const waiting = ask('b', { signal: controller.signal });
    void pass('c');
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    first.release();
    await settle();
    expect(order).toEqual(['a', 'c']);
    await expect(governor.acquire({ signal: AbortSignal.abort('late') })).rejects.toBe('late');
    expect(clock.sleepers).toBe(0);
  });

  test('no timer is left when nobody waits any more', async () => {
    const { clock, governor, ask } = open();
    const slot = await ask('a');
    governor.throttled(slot, { kind: 'other' }, 60_000);
    slot.release();
    const controller = new AbortController();
    const waiting = ask('b', { signal: controller.signal });
    expect(clock.sleepers).toBe(1);
    controller.abort('enough');
    await expect(waiting).rejects.toBe('enough');
    expect(clock.sleepers).toBe(0);
  });
});
