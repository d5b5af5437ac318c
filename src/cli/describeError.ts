import { nearestFlag, type FlagSpelling } from './checkFlags.js';
import { withAdvice } from './errorAdvice.js';
import { exitCodeFor, exitCodes } from './exitCodes.js';
import { nearestName } from '../values/nearestName.js';

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
  const cause = causeCode(error);
  return report(name, withAdvice(cause ?? name, error.message), exitCodeFor(cause), {
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
  const words = forCommands(message);
  return { message: words, exitCode, json: { error: { code, message: words, ...more } } };
}

/** The library names its own methods; the users of the command line have a command for it. */
function forCommands(message: string): string {
  return message
    .replaceAll('call `syn.login()`', 'run `synapse login`')
    .replaceAll('Call `syn.login()`', 'Run `synapse login`');
}

/** What `--debug` prints: where an error comes from, and the requests of it and its causes. */
export function debugText(error: Error): string {
  const requests: string[] = [];
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 10; depth += 1) {
    const { method, url } = each as Error & { method?: unknown; url?: unknown };
    if (typeof url === 'string') {
      requests.push(`${typeof method === 'string' ? method : 'Request to'} ${url}`);
    }
    each = each.cause;
  }
  return [...requests, error.stack ?? ''].join('\n');
}

/** The code of an error. A failed job has that of its cause. */
function causeCode(error: Error): string | undefined {
  const { code, cause } = error as Error & { code?: string };
  return code === 'ASYNC_JOB' && cause instanceof Error ? causeCode(cause) : code;
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Formats an error message of oclif on one line, without its headline and its reference to the help. */
function usageLine(error: Error): string {
  const { message } = error;
  if (isMissingArguments(error)) {
    const names = error.args.map(({ name, values, options = values }) =>
      options === undefined
        ? name.toUpperCase()
        : `${name.toUpperCase()} (${options.join(' or ')})`,
    );
    return `Missing ${names.join(' and ')}`;
  }
  if (isUnexpected(error)) return unexpectedLine(error);
  return withNearestValue(
    message
      .replace(/\nSee more help[^]*$/, '')
      .replace(/^The following errors? occurred:\n/, '')
      .replace(/Missing required flag /g, 'Missing required flag --')
      .replace(/Parsing (--\S+)\s+/g, '$1: ')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('; '),
  );
}

/** oclif's error for words that the command does not take. */
interface UnexpectedWords extends Error {
  args?: string[];
  flags?: string[];
  parse: { input: { flags: Readonly<Record<string, FlagSpelling>> } };
}

function isUnexpected(error: Error): error is UnexpectedWords {
  return /^(?:Unexpected argument|Nonexistent flag)/.test(error.message) && 'parse' in error;
}

function unexpectedLine({ message, args, flags = args ?? [], parse }: UnexpectedWords): string {
  const [what = ''] = message.split('\n', 1);
  const nearest = flags.map((word) => nearestFlag(word, parse.input.flags)).find(Boolean);
  return nearest === undefined ? what : `${what}. Did you mean --${nearest}?`;
}

/** Adds the most similar value to oclif's message about a value that is not in a list. */
function withNearestValue(message: string): string {
  const [, typed, values] = /^Expected (?:--[\w-]+=)?(.*) to be one of: (.*)$/s.exec(message) ?? [];
  const nearest = typed && values && nearestName(typed, values.split(', '));
  return nearest ? `${message}. Did you mean ${nearest}?` : message;
}

// oclif formats them as a table of several lines.
function isMissingArguments(
  error: Error,
): error is Error & { args: { name: string; options?: string[]; values?: string[] }[] } {
  return error.message.startsWith('Missing ') && 'args' in error && Array.isArray(error.args);
}
