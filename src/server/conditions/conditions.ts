import type * as M from '../../../generated/models.js';
import { limits } from '../limits.js';
import {
  effectsOf,
  ruleMatches,
  type Effects,
  type FaultRule,
  type RequestTraits,
} from './faultRule.js';
import { createRandom } from './random.js';

/** Limits on the requests of one user, as each machine of the service has them. */
export interface RequestLimits {
  /** Requests served at the same time by one machine. @default 3 */
  readonly concurrent?: number;
  /** Requests served in a minute by one machine. @default 600 */
  readonly perMinute?: number;
  /** Machines behind the load balancer, which spreads the requests at random. @default 1 */
  readonly machines?: number;
}

/** Simulated conditions that clients must handle. Everything is off by default. */
export interface ConditionSettings {
  /** Delay of every request in milliseconds, or a range to choose from at random. @default 0 */
  readonly latency?: number | readonly [min: number, max: number];
  /**
   * `true` for the limits of the service; requests beyond them are answered with 429. @default
   * false
   */
  readonly limits?: boolean | RequestLimits;
  /** Lifetime of presigned URLs in milliseconds. @default 900000 */
  readonly urlLifetime?: number;
  /** @default [] */
  readonly faults?: readonly FaultRule[];
  /** Number of times that an asynchronous job answers 202 before its result. @default 0 */
  readonly jobRounds?: number;
  /** Milliseconds that views lag behind their scope. @default 0 */
  readonly viewLag?: number;
  /** Answers 503 to everything that changes state. @default false */
  readonly readOnly?: boolean;
  /** Fails every write as if the disk were full (503). @default false */
  readonly diskFull?: boolean;
  /** Seed of the generator behind every random choice. @default 1 */
  readonly seed?: number;
}

const defaults: Required<ConditionSettings> = {
  latency: 0,
  limits: false,
  urlLifetime: 900_000,
  faults: [],
  jobRounds: 0,
  viewLag: 0,
  readOnly: false,
  diskFull: false,
  seed: 1,
};

interface RuleState {
  readonly rule: FaultRule;
  /** Requests that matched so far. */
  matched: number;
  /** Requests that the rule applied to so far. */
  hit: number;
}

/**
 * The current conditions. Random choices come from one seeded generator, so that the same requests
 * in the same order get the same faults.
 */
export class Conditions {
  readonly #initial: Required<ConditionSettings>;
  #settings: Required<ConditionSettings>;
  #limits: Required<RequestLimits> | undefined;
  #rules: RuleState[] = [];
  #random: () => number = createRandom(defaults.seed);
  /** What administrators set for everybody, which outlasts a reset. */
  stackStatus: M.StackStatus = { status: 'READ_WRITE' };

  constructor(settings: ConditionSettings = {}) {
    this.#initial = { ...defaults, ...settings };
    this.#settings = this.#initial;
    this.reset();
  }

  /** The current settings. */
  get settings(): Required<ConditionSettings> {
    return this.#settings;
  }

  get urlLifetime(): number {
    return this.#settings.urlLifetime;
  }

  get jobRounds(): number {
    return this.#settings.jobRounds;
  }

  get viewLag(): number {
    return this.#settings.viewLag;
  }

  get readOnly(): boolean {
    return this.#settings.readOnly;
  }

  get diskFull(): boolean {
    return this.#settings.diskFull;
  }

  /** The current limits, or `undefined`. */
  get limits(): Required<RequestLimits> | undefined {
    return this.#limits;
  }

  /**
   * Changes the settings given and leaves the others. New `faults` reset their counters; a new
   * `seed` restarts the generator.
   */
  set(settings: ConditionSettings): void {
    this.#settings = { ...this.#settings, ...settings };
    if (settings.limits !== undefined) {
      this.#limits = limitsOf(settings.limits);
    }
    if (settings.faults !== undefined) {
      this.#rules = settings.faults.map((rule) => ({ rule, matched: 0, hit: 0 }));
    }
    if (settings.seed !== undefined) {
      this.#random = createRandom(settings.seed);
    }
  }

  /** Restores the settings that the server was started with. */
  reset(): void {
    this.set(this.#initial);
  }

  /** A number from 0 (inclusive) to 1 (exclusive), determined by the seed. */
  random(): number {
    return this.#random();
  }

  /** Number of requests that each current fault rule applied to. */
  faultHits(): number[] {
    return this.#rules.map(({ hit }) => hit);
  }

  /** Decides which faults apply to one request. */
  effects(request: RequestTraits): Effects {
    const rules: FaultRule[] = [];
    for (const state of this.#rules) {
      if (ruleMatches(state.rule, request) && this.#draws(state)) {
        rules.push(state.rule);
      }
    }
    const { latency } = this.#settings;
    const base =
      typeof latency === 'number'
        ? latency
        : latency[0] + (latency[1] - latency[0]) * this.#random();
    return effectsOf(rules, base);
  }

  #draws(state: RuleState): boolean {
    const { skip = 0, times = Infinity, probability = 1 } = state.rule;
    state.matched += 1;
    if (state.matched <= skip || state.hit >= times) {
      return false;
    }
    const hit = probability >= 1 || this.#random() < probability;
    state.hit += hit ? 1 : 0;
    return hit;
  }
}

function limitsOf(given: boolean | RequestLimits): Required<RequestLimits> | undefined {
  if (given === false) return undefined;
  const { concurrentRequests, requestRate } = limits;
  const ofService = { concurrent: concurrentRequests, perMinute: requestRate, machines: 1 };
  return given === true ? ofService : { ...ofService, ...given };
}
