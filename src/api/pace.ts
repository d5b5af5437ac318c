import type { Throttle } from './throttle.js';

/** Bounds that the user of a client sets; what is not set is learned. */
export interface PaceOptions {
  maxConcurrent?: number | undefined;
  requestsPerMinute?: number | undefined;
}

/** What a client did when the service refused one of its requests. */
export interface Refusal {
  throttle: Throttle;
  /** Requests of this client that the service accepted in the last window. */
  accepted: number;
  /** Milliseconds of the clock. */
  now: number;
}

/** Enough to hide the latency of the network; the real service serves 3 at a time on each of its machines. */
const fairConcurrency = 8;

/** Answers without a refusal before one more request at a time is tried. */
const firstProbe = 100;
const longestProbe = 6_400;

/** The share of a limit that is kept to: the machines of the service are not loaded evenly. */
const margin = 0.98;
/** The first step of the rate, as a share of what one machine allows. */
const firstStep = 0.01;
/** Windows between two steps, at most. */
const longestPatience = 16;

/**
 * The limits that a client keeps to. The service limits each user on each of its machines, and says how much a machine
 * allows, but not how many machines there are. So a client starts without a limit on the rate, learns from each 429, and
 * tries a little more as long as nothing is refused (additive increase, multiplicative decrease). A step that was refused
 * is tried again after twice the time.
 */
export class Pace {
  readonly #mostConcurrent: number;
  readonly #mostPerWindow: number;
  #concurrent: number;
  #answers = 0;
  #probeAfter = firstProbe;
  #hasProbed = false;
  #perWindow: number;
  #windowMs = 60_000;
  #allowed = 0;
  #step = 0;
  /** Windows until the rate is raised. */
  #patience = 1;
  #hasRaised = false;
  #isBinding = false;
  #changedAt = 0;

  constructor({ maxConcurrent = fairConcurrency, requestsPerMinute = Infinity }: PaceOptions) {
    this.#mostConcurrent = maxConcurrent;
    this.#mostPerWindow = requestsPerMinute;
    this.#concurrent = maxConcurrent;
    this.#perWindow = requestsPerMinute;
  }

  /** Requests under way at a time. */
  get concurrent(): number {
    return Math.max(1, Math.floor(this.#concurrent));
  }

  /** Requests that may start in a window of {@link windowMs}. */
  get perWindow(): number {
    return Math.max(1, Math.floor(this.#perWindow));
  }

  get windowMs(): number {
    return this.#windowMs;
  }

  /** Whether the rate is the one that the user set, and not a learned one. */
  get isRateSet(): boolean {
    return this.#perWindow === this.#mostPerWindow;
  }

  /** Notes an answer that is no 429. @param isFull whether as many requests ran as are allowed */
  answered(now: number, isFull: boolean): void {
    if (isFull && this.#concurrent < this.#mostConcurrent) this.#probe();
    const isDue = now - this.#changedAt >= this.#patience * this.#windowMs;
    if (isDue && this.#isBinding && this.#perWindow < this.#mostPerWindow) this.#raise(now);
  }

  /** Notes that a request waits for the window to move on: only a limit that holds something up is worth raising. */
  heldBack(): void {
    this.#isBinding = true;
  }

  /** Notes a 429. Requests that were under way together are refused together: call it for the first of them alone. */
  refused({ throttle, accepted, now }: Refusal): void {
    if (throttle.kind === 'frequency') {
      this.#slowDown(throttle, accepted, now);
      return;
    }
    const least = throttle.kind === 'concurrency' ? throttle.allowed : 1;
    const share = throttle.kind === 'concurrency' ? 0.75 : 0.5;
    this.#concurrent = Math.min(this.#concurrent, Math.max(least, this.#concurrent * share));
    this.#answers = 0;
    if (this.#hasProbed) this.#probeAfter = Math.min(longestProbe, this.#probeAfter * 2);
    this.#hasProbed = false;
  }

  #probe(): void {
    this.#answers += 1;
    if (this.#answers < this.#probeAfter) return;
    this.#answers = 0;
    if (this.#hasProbed) this.#probeAfter = Math.max(firstProbe, this.#probeAfter / 2);
    this.#hasProbed = true;
    this.#concurrent = Math.min(this.#mostConcurrent, this.#concurrent + 1);
  }

  #slowDown(
    { allowed, windowMs }: Extract<Throttle, { kind: 'frequency' }>,
    accepted: number,
    now: number,
  ): void {
    const reached = Math.min(this.#perWindow, accepted) * margin;
    this.#perWindow = Math.min(this.#mostPerWindow, Math.max(allowed, reached));
    this.#windowMs = windowMs;
    this.#allowed = allowed;
    this.#step = allowed * firstStep;
    if (this.#hasRaised) this.#patience = Math.min(longestPatience, this.#patience * 2);
    this.#hasRaised = false;
    this.#isBinding = false;
    this.#changedAt = now;
  }

  #raise(now: number): void {
    if (this.#hasRaised) this.#patience = Math.max(1, this.#patience / 2);
    this.#hasRaised = true;
    this.#perWindow = Math.min(this.#mostPerWindow, this.#perWindow + this.#step);
    this.#step = Math.min(this.#allowed, this.#step * 2);
    this.#isBinding = false;
    this.#changedAt = now;
  }
}
