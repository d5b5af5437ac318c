import { SynapseHttpError } from '../errors.js';
import { attempt } from '../net/attempt.js';
import type { Clock } from '../net/clock.js';
import { judgeStorageError } from '../net/storageError.js';
import type { Gate } from './gate.js';
import { decideStorageRetry, freshRetryState } from './storageRetryPolicy.js';

/** What is needed of the wire to make attempts. */
export interface AttemptSettings {
  readonly clock: Clock;
  /** Places for connections. */
  readonly slots: Gate;
  /** Milliseconds without progress after which to give up. */
  readonly retryFor: number;
}

/** How to make attempts. */
export interface TransferAttemptOptions {
  storage: AttemptSettings;
  /** Whether another attempt can use another address. */
  canRenew: boolean;
  signal?: AbortSignal | undefined;
  /** Called when there will be another attempt. */
  onRetry?: ((error: unknown) => void) | undefined;
}

/** What an attempt is told, and tells. */
export interface TransferAttempt {
  /** Attempts that have failed since bytes last moved. */
  readonly failures: number;
  /** Says that bytes moved. */
  progress(): void;
}

/**
 * Reads from or writes to a store, and does so again for as long as that may help. Each attempt holds a place for a
 * connection, and gives it back however it ends.
 *
 * @throws What the last attempt failed with, or the reason of the signal.
 */
export function attemptTransfer<T>(
  work: (attempt: TransferAttempt) => Promise<T>,
  { storage, canRenew, signal, onRetry }: TransferAttemptOptions,
): Promise<T> {
  const { clock, slots, retryFor } = storage;
  let state = freshRetryState(clock.now());
  const current: TransferAttempt = {
    get failures() {
      return state.failures;
    },
    progress: () => (state = freshRetryState(clock.now())),
  };
  const inSlot = async (): Promise<T> => {
    const leave = await slots.enter(signal);
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
        verdict: judgeStorageError(error),
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
