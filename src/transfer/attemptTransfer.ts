import { SynapseHttpError } from '../errors.js';
import { attempt } from '../net/attempt.js';
import type { Clock } from '../net/clock.js';
import { judgeStorageError } from '../net/storageError.js';
import type { Gate } from './gate.js';
import { decideStorageRetry, freshRetryState } from './storageRetryPolicy.js';

/** The part of the wire that attempts use. */
export interface AttemptSettings {
  readonly clock: Clock;
  /** Limits the connections. */
  readonly slots: Gate;
  /** Milliseconds without progress after which to give up. */
  readonly retryFor: number;
  /** Whether the host of a URL has responded before. */
  hasAnswered(url: string): boolean;
}

/** Options of {@link attemptTransfer}. */
export interface TransferAttemptOptions {
  storage: AttemptSettings;
  /** Whether another attempt can use another URL. */
  canRenew: boolean;
  signal?: AbortSignal | undefined;
  /** Called before another attempt. */
  onRetry?: ((error: unknown) => void) | undefined;
}

/** The state of an attempt, and its progress callback. */
export interface TransferAttempt {
  /** Failed attempts since the last progress. */
  readonly failures: number;
  /** Reports progress. */
  progress(): void;
}

/**
 * Reads from or writes to a store, with retries as long as they may help. Each attempt takes a slot for a
 * connection and always releases it.
 *
 * @throws The error of the last attempt, or the reason of the signal.
 */
export function attemptTransfer<T>(
  work: (attempt: TransferAttempt) => Promise<T>,
  { storage, canRenew, signal, onRetry }: TransferAttemptOptions,
): Promise<T> {
  const { clock, slots, retryFor } = storage;
  let state = freshRetryState(clock.now());
  let hasMoved = false;
  const current: TransferAttempt = {
    get failures() {
      return state.failures;
    },
    progress: () => {
      hasMoved = true;
      state = freshRetryState(clock.now());
    },
  };
  const inSlot = async (): Promise<T> => {
    const leave = await slots.enter(signal);
    // The time in the queue does not count.
    if (state.failures + state.refusals === 0) state = freshRetryState(clock.now());
    try {
      return await work(current);
    } finally {
      leave();
    }
  };
  return attempt(inSlot, {
    clock,
    signal,
    onRetry,
    decide: (error) => {
      const failure = {
        verdict: judgeStorageError(error, (url) => hasMoved || storage.hasAnswered(url)),
        canRenew,
        retryAfter: retryAfterOf(error),
        now: clock.now(),
        random: clock.random(),
      };
      const decision = decideStorageRetry(state, failure, retryFor);
      state = decision.state;
      return decision;
    },
  });
}

function retryAfterOf(error: unknown): number {
  if (!(error instanceof SynapseHttpError) || !('retryAfter' in error)) return 0;
  return typeof error.retryAfter === 'number' ? error.retryAfter : 0;
}
