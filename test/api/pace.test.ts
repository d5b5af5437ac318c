import { describe, expect, test } from '@jest/globals';
import { Governor } from '../../src/api/governor.js';
import { readThrottle, type Throttle } from '../../src/api/throttle.js';
import { FakeClock, settle } from './fakeClock.js';

const minute = 60_000;

/** The service as its users meet it: machines behind a load balancer, each with limits of its own. */
class Service {
  answers = 0;
  refusals = 0;
  /** Of the answers after the first minute. */
  late = { answers: 0, refusals: 0 };
  readonly #clock: FakeClock;
  readonly #machines: { running: number; times: number[] }[];
  #state = 7;

  constructor(clock: FakeClock, machines: number) {
    this.#clock = clock;
    this.#machines = Array.from({ length: machines }, () => ({ running: 0, times: [] }));
  }

  async request(latency: number): Promise<Throttle | undefined> {
    await this.#clock.sleep(latency / 2);
    const refusal = await this.#serve(latency / 2);
    this.answers += 1;
    if (refusal !== undefined) this.refusals += 1;
    if (this.#clock.now() > minute) {
      this.late.answers += 1;
      if (refusal !== undefined) this.late.refusals += 1;
    }
    return refusal;
  }

  async #serve(latency: number): Promise<Throttle | undefined> {
    const machine = this.#machines[this.#random() % this.#machines.length];
    if (machine === undefined) throw new Error('No machine.');
    const now = this.#clock.now();
    machine.times = machine.times.filter((time) => time > now - minute);
    if (machine.running >= 3) return { kind: 'concurrency', allowed: 3 };
    if (machine.times.length >= 600) return { kind: 'frequency', allowed: 600, windowMs: minute };
    machine.running += 1;
    machine.times.push(now);
    await this.#clock.sleep(latency);
    machine.running -= 1;
    return undefined;
  }

  #random(): number {
    this.#state = (this.#state * 1_103_515_245 + 12_345) % 2 ** 31;
    return this.#state >> 8;
  }
}

/** Makes requests through a governor until all are served. @returns the milliseconds that it took */
async function run(machines: number, requests: number) {
  const clock = new FakeClock();
  const governor = new Governor({ clock });
  const service = new Service(clock, machines);
  const latency = 20;
  let end = 0;
  const one = async (): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      const slot = await governor.acquire({ front: attempt > 0 });
      const refusal = await service.request(latency);
      if (refusal !== undefined) governor.throttled(slot, refusal, 0);
      slot.release();
      if (refusal === undefined) break;
      await clock.sleep(125 * 2 ** Math.min(attempt, 5));
    }
    end = clock.now();
  };
  const all = Promise.all(Array.from({ length: requests }, one));
  await settle();
  await clock.advance(20 * minute);
  await all;
  return { ms: end, service };
}

describe('a service with a number of machines that nobody tells', () => {
  test.each([
    [1, 1_900],
    [3, 5_000],
    [10, 7_000],
  ])('%i of them: as many requests as they serve, and hardly any 429', async (machines, count) => {
    const { ms, service } = await run(machines, count);
    const least = Math.floor((count - 1) / (600 * machines)) * minute;
    // Besides the windows, the requests of the last one take their time.
    expect(ms).toBeLessThan(least * 1.1 + 15_000);
    expect(service.late.refusals).toBeLessThan(service.late.answers * 0.02);
    expect(service.refusals).toBeLessThan(service.answers * 0.02);
  });

  test('without a limit, nothing is held back', async () => {
    const { ms, service } = await run(100, 2_000);
    expect(ms).toBeLessThan((2_000 / 8) * 20 * 1.2);
    expect(service.refusals).toBeLessThan(20);
  });
});

describe('the text of a 429', () => {
  test.each<[string, Throttle]>([
    [
      '{"reason":"Too many concurrent requests. Allowed 3 concurrent connections at any time."}',
      { kind: 'concurrency', allowed: 3 },
    ],
    [
      '{"reason":"Requests are too frequent. Allowed 600 requests every 60 seconds."}',
      { kind: 'frequency', allowed: 600, windowMs: 60_000 },
    ],
    [
      '{"reason":"Requests are too frequent for API call: /message. Allowed 10 requests every 60 seconds."}',
      { kind: 'other' },
    ],
    [
      '{"reason":"Please slow down.  You may send a maximum of 10 message(s) every 60000 milliseconds"}',
      { kind: 'operation' },
    ],
    ['<html>Slow down</html>', { kind: 'other' }],
    ['', { kind: 'other' }],
  ])('%s', (body, expected) => {
    expect(readThrottle(body)).toEqual(expected);
  });
});
