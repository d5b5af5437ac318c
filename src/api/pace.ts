import type { Throttle } from './throttle.js';

/** Limits that the user of a client sets. Limits that are not set are learned. */
export interface PaceOptions {
  maxConcurrent?: number | undefined;
  requestsPerMinute?: number | undefined;
}

/** What the client sent before the service refused one of its requests. */
export interface Refusal {
  throttle: Throttle;
  /** Requests of this client that the service accepted in the last window. */
  accepted: number;
  /** Milliseconds of the clock. */
  now: number;
}

/** Enough to hide the network latency. Each machine of the real service serves 3 requests at a time. */
const fairConcurrency = 8;

/** Responses without a refusal before the client tries one more concurrent request. */
const firstProbe = 100;
const longestProbe = 6_400;

/** The fraction of a limit that the client uses: the load is not balanced evenly between the machines of the service. */
const margin = 0.98;
/** The first increase of the rate, as a fraction of the limit of one machine. */
const firstStep = 0.01;
/** Maximum number of windows between two increases. */
const longestPatience = 16;
/** Responses that tell whether the service as a whole is used up, or one of its machines. */
const recentResponses = 8;

/**
 * The limits of a client. The service limits each user on each of its machines, and reports the limit of a machine but not
 * the number of machines. The client therefore starts without a rate limit, reduces the rate after each 429, and raises it
 * slowly while no request is refused (additive increase, multiplicative decrease). After a refused increase, the time until
 * the next increase doubles.
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
  /** Windows until the next increase of the rate. */
  #patience = 1;
  #hasRaised = false;
  /** Whether each of the last responses refused a request as too frequent. */
  readonly #recent: boolean[] = [];
  #isBinding = false;
  #changedAt = 0;

  constructor({ maxConcurrent = fairConcurrency, requestsPerMinute = Infinity }: PaceOptions) {
    this.#mostConcurrent = maxConcurrent;
    this.#mostPerWindow = requestsPerMinute;
    this.#concurrent = maxConcurrent;
    this.#perWindow = requestsPerMinute;
  }

  /** Maximum number of concurrent requests. */
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

  /** Whether the user set the rate. Otherwise it is learned. */
  get isRateSet(): boolean {
    return this.#perWindow === this.#mostPerWindow;
  }

  /** Records whether a response refused a request as too frequent. */
  responded(isTooFrequent: boolean): void {
    this.#recent.push(isTooFrequent);
    if (this.#recent.length > recentResponses) this.#recent.shift();
  }

  /**
   * Whether the service as a whole is used up: most of the last responses refused a request as too frequent. The load
   * balancer chooses a machine for each request, so a few refusals mean that one machine is used up, and a retry is served
   * by another one.
   */
  get isUsedUp(): boolean {
    return this.#recent.filter(Boolean).length * 2 > this.#recent.length;
  }

  /** Records a response other than 429. @param isFull whether as many requests were in progress as are allowed */
  answered(now: number, isFull: boolean): void {
    if (isFull && this.#concurrent < this.#mostConcurrent) this.#probe();
    const isDue = now - this.#changedAt >= this.#patience * this.#windowMs;
    if (isDue && this.#isBinding && this.#perWindow < this.#mostPerWindow) this.#raise(now);
  }

  /** Records that a request waits for the rate limit. The rate is raised only when requests wait for it. */
  heldBack(): void {
    this.#isBinding = true;
  }

  /** Records a 429. Concurrent requests are refused together: call this only for the first of them. */
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
