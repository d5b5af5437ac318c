import { problem, type Check, type Finding } from './check.js';
import type { Subject } from './subject.js';

/** The findings of one check. */
export interface CheckResult {
  check: Check;
  findings: readonly Finding[];
  /** Whether it did not end in time. It may still be running. */
  timedOut: boolean;
}

const defaultTimeout = 10_000;

/**
 * Runs all checks at the same time and yields their results in the order of the list. A check that throws, or that does not end,
 * does not disturb the others.
 *
 * @throws the reason of the signal of the subject when it aborts
 */
export async function* runChecks(
  checks: readonly Check[],
  subject: Subject,
): AsyncGenerator<CheckResult> {
  const { signal } = subject;
  signal.throwIfAborted();
  const { promise: aborted, stop } = rejectionOf(signal);
  const controllers: AbortController[] = [];
  const running = checks.map((check) => {
    const controller = new AbortController();
    controllers.push(controller);
    return runCheck(check, subject, controller);
  });
  try {
    for (const one of running) yield await Promise.race([aborted, one]);
  } finally {
    stop();
    for (const controller of controllers) controller.abort();
  }
}

function rejectionOf(signal: AbortSignal): { promise: Promise<never>; stop: () => void } {
  let stop: () => void = () => undefined;
  const promise = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    stop = () => signal.removeEventListener('abort', onAbort);
  });
  // It is also awaited in each race.
  promise.catch(() => undefined);
  return { promise, stop };
}

/** Never rejects, and ends within the time limit of the check. */
async function runCheck(
  check: Check,
  subject: Subject,
  controller: AbortController,
): Promise<CheckResult> {
  const { timeout = defaultTimeout, onTimeout } = check;
  const late = new Promise<CheckResult>((resolve) => {
    const timer = setTimeout(() => {
      const found = onTimeout ?? problem(`No answer within ${timeout / 1000} s.`, 'Try again.');
      resolve({ check, findings: [found], timedOut: true });
    }, timeout);
    // Otherwise the timer would keep the process alive.
    controller.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
  try {
    return await Promise.race([late, examine(check, subject, controller.signal)]);
  } finally {
    controller.abort();
  }
}

async function examine(check: Check, subject: Subject, signal: AbortSignal): Promise<CheckResult> {
  try {
    return { check, findings: await check.run(subject, signal), timedOut: false };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const found = problem(
      `This check failed: ${message}`,
      'Run it again. If that does not help, report it as a fault of this program.',
    );
    return { check, findings: [found], timedOut: false };
  }
}
