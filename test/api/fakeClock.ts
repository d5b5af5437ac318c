import type { Clock } from '../../src/net/clock.js';

/** A clock that a test moves. Sleeps that `skip` names, or those of up to that many ms, pass at once and move it. */
export class FakeClock implements Clock {
  /** Every sleep that was asked for, in milliseconds. */
  readonly slept: number[] = [];
  readonly #skip: (ms: number) => boolean;
  readonly #random: () => number;
  readonly #sleepers = new Set<{ until: number; wake: () => void }>();
  #now = 0;

  constructor(options: { skip?: number | ((ms: number) => boolean); random?: () => number } = {}) {
    const { skip = 0 } = options;
    this.#skip = typeof skip === 'function' ? skip : (ms) => ms <= skip;
    this.#random = options.random ?? (() => 0.5);
  }

  now(): number {
    return this.#now;
  }

  epoch(): number {
    return Date.UTC(2026, 0, 1) + this.#now;
  }

  random(): number {
    return this.#random();
  }

  get sleepers(): number {
    return this.#sleepers.size;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.slept.push(ms);
    if (this.#skip(ms)) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      this.#now += ms;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const sleeper = { until: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason as Error);
      });
    });
  }

  after(ms: number, run: () => void): () => void {
    const sleeping = new AbortController();
    this.sleep(ms, sleeping.signal).then(run, () => undefined);
    return () => sleeping.abort();
  }

  /** Moves the time on, waking sleepers in their order, and lets what they do happen. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#sleepers].sort((a, b) => a.until - b.until);
      if (next === undefined || next.until > end) break;
      this.#now = Math.max(this.#now, next.until);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets every promise that is ready run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
