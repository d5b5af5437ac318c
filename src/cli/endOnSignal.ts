const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Milliseconds that a command has for ending in order. */
const grace = 900;

interface EndOptions {
  /** Called at the first signal. */
  abort: () => void;
  /** Called before the process ends although the command has not. */
  beforeEnd: () => void;
}

/**
 * Ends the process at a signal: the command is aborted, and when that takes too long, or at a second signal, the signal
 * takes its usual effect. `process.exit()` would not do: it waits for system calls, such as opening a pipe that nobody
 * writes to.
 */
export function endOnSignal({ abort, beforeEnd }: EndOptions): void {
  let isFirst = true;
  const end = (signal: NodeJS.Signals): void => {
    beforeEnd();
    if (process.stdin.isTTY && process.stdin.isRaw) process.stdin.setRawMode(false);
    for (const name of signals) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  };
  const receive = (signal: NodeJS.Signals): void => {
    if (!isFirst) {
      end(signal);
      return;
    }
    isFirst = false;
    setTimeout(() => end(signal), grace).unref();
    abort();
  };
  for (const signal of signals) process.on(signal, receive);
}
