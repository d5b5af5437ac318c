import { exitCodeFor, exitCodes } from './exitCodes.js';

/** A failure as the command line reports it: one line of text, or a JSON object. */
export interface ErrorReport {
  message: string;
  exitCode: number;
  /** Only these properties: an error may also contain a request, a response or a secret. */
  json: { error: { code: string; message: string; status?: number; reason?: string } };
}

/** Reads the properties of an error, not its class, so that the library is not loaded to report a usage error. */
export function describeError(error: unknown): ErrorReport {
  if (isAbort(error)) return report('INTERRUPTED', 'Interrupted.', exitCodes.interrupted);
  if (!(error instanceof Error)) return report('FAILURE', String(error), exitCodes.failure);
  const { code, status, reason, oclif } = error as Error & {
    code?: unknown;
    status?: unknown;
    reason?: unknown;
    oclif?: { exit?: number };
  };
  // oclif's parser errors have an exit status and a readable message.
  if (oclif?.exit !== undefined) return report('USAGE', usageLine(error), oclif.exit);
  const name = typeof code === 'string' ? code : 'FAILURE';
  return report(name, error.message, exitCodeOf(error), {
    ...(typeof status === 'number' && { status }),
    ...(typeof reason === 'string' && { reason }),
  });
}

function report(
  code: string,
  message: string,
  exitCode: number,
  more: { status?: number; reason?: string } = {},
): ErrorReport {
  return { message, exitCode, json: { error: { code, message, ...more } } };
}

/** A failed job exits with the status of its cause. */
function exitCodeOf(error: Error): number {
  const { code, cause } = error as Error & { code?: string };
  return code === 'ASYNC_JOB' && cause instanceof Error ? exitCodeOf(cause) : exitCodeFor(code);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Formats an error message of oclif on one line, without its headline and its reference to the help. */
function usageLine(error: Error): string {
  const { message } = error;
  if (isMissingArguments(error)) {
    const names = error.args.map(({ name, options }) =>
      options === undefined
        ? name.toUpperCase()
        : `${name.toUpperCase()} (${options.join(' or ')})`,
    );
    return `Missing ${names.join(' and ')}`;
  }
  return message
    .replace(/\nSee more help[^]*$/, '')
    .replace(/^The following errors? occurred:\n/, '')
    .replace(/Missing required flag /g, 'Missing required flag --')
    .replace(/Parsing (--\S+)\s+/g, '$1: ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
}

// oclif formats them as a table of several lines.
function isMissingArguments(
  error: Error,
): error is Error & { args: { name: string; options?: string[] }[] } {
  return error.message.startsWith('Missing ') && 'args' in error && Array.isArray(error.args);
}
