interface Registration {
  run: () => void;
}

interface Registry {
  readonly waiting: Set<Registration>;
  readonly listener: () => void;
}

const registries = new WeakMap<AbortSignal, Registry>();

/**
 * Runs a function when a signal aborts. All functions of a signal share one listener: a caller may pass one signal to a
 * hundred calls, and Node.js warns of a leak from the eleventh listener on.
 * @returns a function that cancels this
 */
export function onAbort(signal: AbortSignal | undefined, run: () => void): () => void {
  if (signal === undefined) return () => undefined;
  const { waiting, listener } = registries.get(signal) ?? register(signal);
  const registration = { run };
  waiting.add(registration);
  return () => {
    waiting.delete(registration);
    if (waiting.size > 0) return;
    signal.removeEventListener('abort', listener);
    // Another registry may have replaced an empty one.
    if (registries.get(signal)?.waiting === waiting) registries.delete(signal);
  };
}

/**
 * Like {@link onAbort}, for a signal that may have aborted already: the function is then called at once.
 * @param run receives the reason of the signal
 */
export function onAbortOrAborted(
  signal: AbortSignal | undefined,
  run: (reason: unknown) => void,
): () => void {
  if (signal?.aborted !== true) return onAbort(signal, () => run(signal?.reason));
  run(signal.reason);
  return () => undefined;
}

function register(signal: AbortSignal): Registry {
  const waiting = new Set<Registration>();
  const registry = {
    waiting,
    listener: () => {
      for (const { run } of waiting) run();
    },
  };
  registries.set(signal, registry);
  signal.addEventListener('abort', registry.listener, { once: true });
  return registry;
}
