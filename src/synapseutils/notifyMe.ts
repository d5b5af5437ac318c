import { ArgumentError } from '../errors.js';
import type { Synapse } from '../synapse.js';

/** The messages of {@link notifyMe}, and how often the work is tried. */
export interface NotifyMeOptions {
  /** The subject of the messages. @default the name of the work */
  subject?: string;
  /** How often the work is tried again after it fails. @default 0 */
  retries?: number;
  /** What the work is called in the messages. @default the name of the function */
  name?: string;
  /** Called when a message cannot be sent. The outcome of the work stays. @default a warning of the process */
  onUnsent?: (error: Error) => void;
}

/**
 * Runs a piece of work, and sends a message to the user who is logged in when it succeeds, and each time that it fails.
 *
 * @example
 * const rows = await notifyMe(syn, () => longRunningWork(), { subject: 'My work', retries: 2 });
 *
 * @param work - A function, or a promise of work that runs already, which cannot be tried again.
 * @returns The result of the work.
 * @throws The error of the work, when no retry succeeds.
 * @throws {@link ArgumentError} for a promise with retries.
 */
export async function notifyMe<T>(
  syn: Pick<Synapse, 'getUserProfile' | 'messages'>,
  work: Promise<T> | (() => Promise<T> | T),
  options: NotifyMeOptions = {},
): Promise<T> {
  const { retries = 0 } = options;
  if (typeof work !== 'function' && retries > 0) {
    // The work runs already: its failure has no other handler.
    work.catch(() => undefined);
    throw new ArgumentError('A promise cannot be run again: pass a function for retries.');
  }
  const run = typeof work === 'function' ? work : () => work;
  const name = options.name ?? (typeof work === 'function' && work.name ? work.name : 'your work');
  const { subject = name, onUnsent = warn } = options;
  const tell = async (body: string): Promise<void> => {
    try {
      const { ownerId = '' } = await syn.getUserProfile();
      await syn.messages.send({ recipients: [ownerId], subject, body });
    } catch (error) {
      onUnsent(asError(error));
    }
  };
  for (let left = retries; ; left -= 1) {
    let result: T;
    try {
      result = await run();
    } catch (error) {
      await tell(failureText(name, error, left));
      if (left > 0) continue;
      throw error;
    }
    await tell(`Call to ${name} completed successfully!`);
    return result;
  }
}

function failureText(name: string, error: unknown, left: number): string {
  const next = left > 0 ? `It will be tried ${left} more times.` : 'It will not be tried again.';
  const { message, stack = '' } = asError(error);
  return `Call to ${name} failed. ${next}\n\nError message was:\n${message}\n\n${stack}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function warn(error: Error): void {
  process.emitWarning(`The message could not be sent: ${error.message}`);
}
