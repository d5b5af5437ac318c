import { describe, expect, test } from '@jest/globals';
import { RateLimit } from '../../src/transfer/rateLimit.js';
import { FakeClock } from '../api/fakeClock.js';

describe('a limit of the rate', () => {
  test('makes each piece wait for those before it', async () => {
    const clock = new FakeClock();
    await clock.advance(1_000);
    const limit = new RateLimit(1_000, clock);
    expect(limit.take(1_200)).toBe(0);
    expect(limit.take(500)).toBe(1_000);
    expect(limit.take(1)).toBe(1_500);
  });

  test('asks for nothing after the last piece', async () => {
    const clock = new FakeClock();
    await clock.advance(1_000);
    const limit = new RateLimit(1_000, clock);
    limit.take(1_200);
    await clock.advance(1_000);
    expect(limit.take(1)).toBe(0);
  });
});
