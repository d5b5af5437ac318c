import type { Download } from './download.js';
import { RetryBudget } from './retryBudget.js';

/**
 * Makes a request to a file store, and makes it again from the start for as long as that may help.
 * @param attempt gets a URL that is good now
 */
export async function withRetries<T>(
  download: Download,
  attempt: (url: string) => Promise<T>,
): Promise<T> {
  const { storage, source, signal, progress } = download;
  const budget = new RetryBudget(storage, signal);
  for (;;) {
    const url = await source.url();
    const leaveGate = await storage.slots.enter(signal);
    try {
      return await attempt(url);
    } catch (error) {
      leaveGate();
      signal?.throwIfAborted();
      const next = await budget.afterFailure(error, source);
      if (next === 'refresh') source.refused(url);
      progress.retry(error);
    } finally {
      leaveGate();
    }
  }
}
