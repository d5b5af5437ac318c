import type { Failure } from '../index.js';

/** What `--json` prints of a result with failures. */
export function withMessages<T extends { failures: readonly Failure[] }>({
  failures,
  ...result
}: T): Omit<T, 'failures'> & { failures: { path: string; message: string }[] } {
  return {
    ...result,
    failures: failures.map(({ path, error }) => ({ path, message: error.message })),
  };
}
