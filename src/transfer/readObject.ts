import { attemptTransfer, type TransferAttempt } from './attemptTransfer.js';
import type { Download } from './download.js';

/** Reads the object of a download with one request, and starts again after a failure as long as a retry may help. */
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
