import { attemptTimedOut, type Fault } from '../net/faults.js';
import type { Throttle } from './throttle.js';

/**
 * Decides when a request is sent again:
 *
 * | What happened                                   | read | poll | replace | create |
 * | ----------------------------------------------- | ---- | ---- | ------- | ------ |
 * | 429                                             | yes  | yes  | yes     | yes    |
 * | 503                                             | yes  | yes¹ | yes     | yes    |
 * | 502, 504                                        | yes  | yes¹ | yes     | no²    |
 * | fault before the request left (refused, no DNS) | yes³ | yes³ | yes³    | yes³   |
 * | fault after it may have left (reset, time-out)  | yes⁴ | yes⁴ | yes⁴    | no²    |
 * | the answer is not HTTP                          | yes⁵ | yes⁵ | yes⁵    | no²    |
 * | untrusted certificate, refusing proxy           | no   | no   | no      | no     |
 * | any other answer, 500 included                  | no   | no   | no      | no     |
 *
 * `read` is GET, HEAD and the POSTs that only read; `poll` reads the state of a job; `replace` is PUT, DELETE and the
 * POSTs that have the same effect when sent twice; `create` is every other POST (see idempotency.ts).
 *
 * 1. At most twice when the response has a reason in JSON: a failed job always responds with the status of its failure.
 * 2. The request may have been applied; sending it again may apply it twice.
 * 3. Only a few times, within seconds, while the host has never responded to this client: its name is probably wrong.
 * 4. Only a few times while the host has never responded to this client: another service is probably at its port.
 * 5. Only a few times, within seconds. See the table of `Outlook` in net/faults.ts.
 */
export type Idempotency = 'read' | 'poll' | 'replace' | 'create';

/** Limits for the retries of one call. Retries end at the first limit that is reached. */
export interface RetryOptions {
  /** Attempts in all, the first included. @default 20 */
  maxAttempts: number;
  /** Attempts in all while the host has never answered, and for answers that are not HTTP. @default 4 */
  maxFirstContactAttempts: number;
  /** Milliseconds after which the host is given up if it cannot be reached and has never answered. @default 3000 */
  maxFirstContactElapsed: number;
  /** Milliseconds spent on attempts and pauses; time in the queue does not count. @default 600000 */
  maxElapsed: number;
  /** Maximum length of the first pause, in milliseconds. It doubles with each attempt. @default 500 */
  baseDelay: number;
  /** Maximum length of a pause in milliseconds, unless the server asks for more. @default 30000 */
  maxDelay: number;
  /** Milliseconds for one attempt, including the response body. @default 70000 */
  attemptTimeout: number;
}

export const defaultRetryOptions: Readonly<RetryOptions> = {
  maxAttempts: 20,
  maxFirstContactAttempts: 4,
  maxFirstContactElapsed: 3_000,
  maxElapsed: 600_000,
  baseDelay: 500,
  maxDelay: 30_000,
  attemptTimeout: 70_000,
};

/** A failed attempt. */
export type FailedAttempt =
  | {
      kind: 'answer';
      status: number;
      /** Milliseconds that the server asked to wait. */
      retryAfter?: number | undefined;
      /** Whether the body is JSON with a reason: it then comes from Synapse and not from a proxy. */
      explained?: boolean;
      /** The limit that a 429 reports. */
      throttle?: Throttle | undefined;
    }
  | Fault;

export interface RetryState {
  /** Attempts made so far, the failed one included. */
  attempt: number;
  /** Milliseconds spent on attempts and pauses so far. */
  elapsed: number;
  idempotency: Idempotency;
  failure: FailedAttempt;
  /** Whether the host has responded to this client before. */
  answeredBefore: boolean;
  /** A random number from 0 (inclusive) to 1 (exclusive). */
  random: number;
}

export interface RetryDecision {
  retry: boolean;
  /** Milliseconds to wait before the next attempt; 0 when there is none. */
  delay: number;
  /** The reason, readable. */
  reason: string;
}

/** Maximum number of responses that are read from a failed job: the first one and two more. */
const maxExplainedPollAttempts = 3;

/** A connection that breaks on first contact gets this many attempts more than one that is not established. */
const moreForBroken = 2;

/** Decides whether and when to send a request again. A pure function of what happened so far. */
export function decideRetry(state: RetryState, options: RetryOptions): RetryDecision {
  const { attempt, elapsed, failure } = state;
  const refusal = reasonAgainst(state);
  if (refusal !== undefined) return stop(refusal);
  const limit = attemptLimit(state, options);
  if (attempt >= limit) return stop(`${attempt} of ${limit} attempts failed`);
  const delay = delayBefore(state, options);
  const maxElapsed = isDoubtful(state)
    ? Math.min(options.maxFirstContactElapsed, options.maxElapsed)
    : options.maxElapsed;
  if (elapsed + delay > maxElapsed) {
    return stop(`waiting ${delay} ms more would exceed ${maxElapsed} ms`);
  }
  return { retry: true, delay, reason: describeFailure(failure) };
}

function stop(reason: string): RetryDecision {
  return { retry: false, delay: 0, reason };
}

function reasonAgainst({ idempotency, failure }: RetryState): string | undefined {
  if (failure.kind === 'fault') {
    if (failure.outlook === 'permanent') return `${failure.code} is a permanent error`;
    if (failure.sent === 'maybe' && idempotency === 'create') return 'it may have been applied';
    return undefined;
  }
  if (failure.status === 429 || failure.status === 503) return undefined;
  if (failure.status !== 502 && failure.status !== 504) return `${failure.status} is final`;
  return idempotency === 'create' ? 'it may have been applied' : undefined;
}

function attemptLimit(state: RetryState, options: RetryOptions): number {
  const { failure, idempotency, answeredBefore } = state;
  if (failure.kind === 'fault') {
    const { maxFirstContactAttempts: few, maxAttempts } = options;
    if (isDoubtful(state)) return Math.min(few, maxAttempts);
    const isFirstContact = !answeredBefore && failure.code !== attemptTimedOut.code;
    if (!isFirstContact) return maxAttempts;
    return Math.min(failure.sent === 'no' ? few : few + moreForBroken, maxAttempts);
  }
  const final = idempotency === 'poll' && failure.explained === true && failure.status !== 429;
  return final ? Math.min(maxExplainedPollAttempts, options.maxAttempts) : options.maxAttempts;
}

/** Whether a wrong setting is the likely cause. A host that has responded before has the right name and port. */
function isDoubtful({ failure, answeredBefore }: RetryState): boolean {
  if (failure.kind !== 'fault' || failure.outlook !== 'doubtful') return false;
  return failure.sent === 'maybe' || !answeredBefore;
}

/** Full jitter, so that clients that failed at the same time do not retry at the same time. The pause is at least as long as the
 * server asks for. */
function delayBefore({ attempt, failure, random }: RetryState, options: RetryOptions): number {
  const bound = Math.min(options.maxDelay, options.baseDelay * 2 ** (attempt - 1));
  const jitter = Math.round(random * bound);
  if (failure.kind === 'fault' || failure.retryAfter === undefined) return jitter;
  return failure.retryAfter + Math.round(random * Math.min(bound, options.baseDelay));
}

/** A short name of the failure: `503`, `ECONNRESET`. */
export function describeFailure(failure: FailedAttempt): string {
  return failure.kind === 'fault' ? failure.code : String(failure.status);
}

/**
 * Reads a `Retry-After` header: seconds, or a date.
 *
 * @returns Milliseconds from `epoch` on, never negative; `undefined` when the header is missing or invalid.
 */
export function parseRetryAfter(
  value: string | null | undefined,
  epoch: number,
): number | undefined {
  const text = value?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  // Date.parse accepts texts that are not HTTP dates, such as "-5".
  if (!/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - epoch);
}
