import { ServiceError } from '../kernel/serviceError.js';
import type { RequestLimits } from './conditions.js';

const minute = 60_000;

interface Usage {
  running: number;
  /** Times of the requests of the last minute, oldest first. */
  times: number[];
}

/** Counts the requests of each user on each machine. */
export class RequestLimiter {
  /** By user and machine. */
  readonly #usages = new Map<string, Usage>();

  /**
   * Admits a request, to a machine that the load balancer chooses at random.
   *
   * @param options.random a number from 0 (inclusive) to 1 (exclusive)
   * @returns a function to call when the request has been answered
   * @throws 429 with the same body as the throttled service
   */
  enter(
    userId: number,
    limits: Required<RequestLimits>,
    { now, random }: { now: number; random: () => number },
  ): () => void {
    const machine = limits.machines === 1 ? 0 : Math.floor(random() * limits.machines);
    const key = `${userId} ${machine}`;
    const usage = this.#usages.get(key) ?? { running: 0, times: [] };
    this.#usages.set(key, usage);
    while (usage.times[0] !== undefined && usage.times[0] <= now - minute) {
      usage.times.shift();
    }
    if (usage.running >= limits.concurrent) {
      throw tooMany(
        `Too many concurrent requests. Allowed ${limits.concurrent} concurrent connections at any time.`,
      );
    }
    if (usage.times.length >= limits.perMinute) {
      throw tooMany(
        `Requests are too frequent. Allowed ${limits.perMinute} requests every 60 seconds.`,
      );
    }
    usage.running += 1;
    usage.times.push(now);
    return () => {
      usage.running -= 1;
    };
  }
}

function tooMany(reason: string): ServiceError {
  return new ServiceError(429, reason, { body: { reason } });
}
