import { attemptTransfer, type TransferAttempt } from './attemptTransfer.js';
import type { Download } from './download.js';

/** Reads the object of a download in one go, and begins again after a failure for as long as that may help. */
export function readObject<T>(
  { storage, object, signal, progress }: Download,
  read: (attempt: TransferAttempt) => Promise<T>,
): Promise<T> {
  return attemptTransfer(read, {
    storage,
    canRenew: object.canRenew,
    signal,
    onRetry: (error) => progress.retry(error),
  });
}
