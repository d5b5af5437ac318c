import type { AttemptDecision } from '../net/attempt.js';
import type { Verdict } from '../net/storageError.js';

/** Milliseconds of the first pause between attempts. It doubles with each attempt. */
const firstPause = 100;
const longestPause = 10_000;

/** Maximum milliseconds that a store may ask to wait. */
const longestAskedPause = 60_000;

/** Minimum number of attempts, regardless of the time limit. */
const minimumAttempts = 5;

/** Maximum number of attempts, and milliseconds for them, when a setting is most likely wrong. */
const doubtfulAttempts = 4;
const doubtfulFor = 3_000;

/** After this many consecutive refusals of new presigned URLs, expiry is not the reason. */
const maximumRefusals = 3;

/** The failures of a read or write since the last progress. */
export interface RetryState {
  /** Attempts that failed. */
  readonly failures: number;
  /** Refused URLs. */
  readonly refusals: number;
  /** The time of the last progress, in milliseconds of the clock. */
  readonly since: number;
}

/** A failed attempt. */
export interface StorageFailure {
  verdict: Verdict;
  /** Whether the next attempt can use another URL. */
  canRenew: boolean;
  /** Milliseconds that the store asks to wait. */
  retryAfter: number;
  /** Milliseconds of the clock. */
  now: number;
  /** A random number from 0 (inclusive) to 1 (exclusive). */
  random: number;
}

/** The state of a read or write before its first attempt, and after each progress. */
export function freshRetryState(now: number): RetryState {
  return { failures: 0, refusals: 0, since: now };
}

/**
 * Decides whether to retry a failed read or write. The decision depends on progress: a long transfer over a bad connection may
 * fail any number of times as long as bytes are transferred in between.
 *
 * @param retryFor - Milliseconds without progress after which to give up.
 * @returns The decision, and the state after the failure.
 */
export function decideStorageRetry(
  { failures, refusals, since }: RetryState,
  failure: StorageFailure,
  retryFor: number,
): AttemptDecision & { state: RetryState } {
  const { verdict, canRenew, retryAfter, now, random } = failure;
  if (verdict === 'refresh' && canRenew) {
    const state = { failures, refusals: refusals + 1, since };
    // The first refusal is most likely the expiry of the URL, so there is no pause.
    const delay = state.refusals > 1 ? pauseBefore(state.refusals, random) : 0;
    return { state, retry: state.refusals <= maximumRefusals, delay };
  }
  const state = { failures: failures + 1, refusals, since };
  const isOver =
    verdict === 'doubtful'
      ? state.failures >= doubtfulAttempts || now - since >= doubtfulFor
      : state.failures >= minimumAttempts && now - since >= retryFor;
  const asked = Math.min(retryAfter, longestAskedPause);
  return {
    state,
    retry: (verdict === 'retry' || verdict === 'doubtful') && !isOver,
    delay: Math.max(pauseBefore(state.failures, random), asked),
  };
}

/** Half of the pause is random, so that transfers that failed at the same time do not retry at the same time. */
function pauseBefore(count: number, random: number): number {
  return Math.min(longestPause, firstPause * 2 ** (count - 1)) * (0.5 + random / 2);
}
