import type { LocalSynapse } from '../../src/server/index.js';

/**
 * Runs a piece of work, and gives how often it called each operation of the service, as the server has received it. Parts of files that
 * go to a storage are counted by `METHOD /path`.
 */
export async function callsOf<T>(
  { requests }: Pick<LocalSynapse, 'requests'>,
  run: () => Promise<T>,
): Promise<{ result: T; calls: Record<string, number> }> {
  requests.clear();
  const result = await run();
  return { result, calls: requests.counts() };
}
