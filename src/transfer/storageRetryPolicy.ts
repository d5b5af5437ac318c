import type { AttemptDecision } from '../net/attempt.js';
import type { Verdict } from '../net/storageError.js';

/** Milliseconds of the first pause between attempts; the next ones double. */
const firstPause = 100;
const longestPause = 10_000;

/** Milliseconds that a store may ask to wait. */
const longestAskedPause = 60_000;

/** However long the trouble lasts, this many attempts are made. */
const minimumAttempts = 5;

/** A new presigned URL that is refused this often in a row is not refused because it expired. */
const maximumRefusals = 3;

/** What a read or write of a store has met since bytes last moved. */
export interface RetryState {
  /** Attempts that failed. */
  readonly failures: number;
  /** Addresses that were refused. */
  readonly refusals: number;
  /** When bytes last moved, in milliseconds of the clock. */
  readonly since: number;
}

/** An attempt that failed. */
export interface StorageFailure {
  verdict: Verdict;
  /** Whether the next attempt can use another address. */
  canRenew: boolean;
  /** Milliseconds that the store asks to wait. */
  retryAfter: number;
  /** Milliseconds of the clock. */
  now: number;
  /** From 0 up to, not including, 1. */
  random: number;
}

/** The state of a read or write before its first attempt, and again whenever bytes move. */
export function freshRetryState(now: number): RetryState {
  return { failures: 0, refusals: 0, since: now };
}

/**
 * Decides whether a read or write that failed is tried again. What counts is progress: a long transfer over a bad line may
 * fail any number of times as long as bytes move in between.
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
    // The first refusal is most likely the expiry of the URL: there is nothing to wait for.
    const delay = state.refusals > 1 ? pauseBefore(state.refusals, random) : 0;
    return { state, retry: state.refusals <= maximumRefusals, delay };
  }
  const state = { failures: failures + 1, refusals, since };
  const isOver = state.failures >= minimumAttempts && now - since >= retryFor;
  const asked = Math.min(retryAfter, longestAskedPause);
  return {
    state,
    retry: verdict === 'retry' && !isOver,
    delay: Math.max(pauseBefore(state.failures, random), asked),
  };
}

/** Half of it is random: transfers that failed together do not come back together. */
function pauseBefore(count: number, random: number): number {
  return Math.min(longestPause, firstPause * 2 ** (count - 1)) * (0.5 + random / 2);
}
