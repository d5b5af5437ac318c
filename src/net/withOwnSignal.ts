import { openScope } from './clock.js';

/**
 * Runs a piece of work under a signal of its own that aborts with `parent`. It is for functions of other packages, which
 * add a listener for each call: Node.js warns of a leak from the eleventh listener of one signal on.
 */
export async function withOwnSignal<T>(
  parent: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const scope = openScope(parent);
  try {
    return await run(scope.signal);
  } finally {
    scope.end();
  }
}
