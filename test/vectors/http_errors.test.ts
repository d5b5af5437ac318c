import { describe, expect, test } from '@jest/globals';
import {
  AuthenticationError,
  AuthorizationError,
  redactText,
  SynapseError,
} from '../../src/errors.js';
import { errorFromResponse } from '../../src/api/errorFromResponse.js';
import { readVectors, testEach } from './readVectors.js';

/*
 * The Python client writes "<status> Client Error: <phrase>", a line break, and the reason. Here the reason comes first, then
 * the status, then what to do. Where this client departs in the reason itself:
 * - A body without `reason` is searched for the words of OAuth and DRS before it is shown as it is.
 * - A reason that is no text is shown as JSON, not as Python writes it.
 * - An empty reason or body is replaced by the meaning of the status.
 * - A page of HTML is cut down to its title, or to its text.
 * - Signed parts of URLs and tokens in a reason are masked.
 * - A body is read as JSON whatever its type is said to be.
 * - What is to be done for a machine-readable code comes before whether somebody is logged in.
 * - 401 is an AuthenticationError and 403 an AuthorizationError, logged in or not; the message says whether to log in.
 * - Every status from 400 on is an error, 600 too.
 */
interface Input {
  fn?: string;
  flavour?: 'sync' | 'async';
  status: number;
  contentType?: string | null;
  body: string;
  logged_in: boolean;
  chain?: (string | [name: string, message: string])[];
}

const cases = readVectors<Input>('http_errors');

function make({ status, body, logged_in }: Input): SynapseError & { reason: string } {
  const url = 'https://repo-prod.prod.sagebase.org/repo/v1/entity/syn1';
  return errorFromResponse({ status, text: body, method: 'GET', url, authenticated: logged_in });
}

/** The reason in the recorded text, if it has one. */
function recordedReason({ message }: { message: string }): string | undefined {
  const [, sync] = /^\d+ (?:Client|Server) Error: [^\n]*\n([\s\S]*)$/.exec(message) ?? [];
  const [, async] = /^\d+ (?:Client|Server) Error: ([\s\S]*)$/.exec(message) ?? [];
  return (sync ?? async)?.trim();
}

function departs({ body, contentType }: Input): boolean {
  if (body.trim() === '' || /<(!doctype|html|head|body|title|h1)\b/i.test(body)) return true;
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null) return true;
    const { reason } = parsed as { reason?: unknown };
    const isDeclared = /^\s*application\/json/i.test(contentType ?? '');
    return !isDeclared || typeof reason !== 'string' || reason.trim() === '';
  } catch {
    return false;
  }
}

/** Whether the body names what is to be done by a code. */
const hasCode = ({ body }: Input): boolean => /"(errorCode|error)"/.test(body);

/** A reason in one line, without what would do something on a terminal. */
const lineOf = (reason: string): string =>
  reason
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500);

describe('errors of answers', () => {
  const answers = cases.filter(({ input }) => input.fn === undefined && input.status >= 400);
  testEach(answers, ({ input, expected }) => {
    const error = make(input);
    expect(error).toBeInstanceOf(SynapseError);
    expect(error.message).toContain(`(${input.status}, GET /`);
    expect(error.message).not.toContain('https://repo-prod');
    expect(error.message.startsWith(lineOf(error.reason))).toBe(true);
    expect(error.reason).not.toBe('');
    if (input.status === 401) expect(error).toBeInstanceOf(AuthenticationError);
    if (input.status === 403) expect(error).toBeInstanceOf(AuthorizationError);
    if (expected.error?.type === 'SynapseAuthenticationError' && !hasCode(input)) {
      expect(error.message).toContain('You are not logged in');
    }
    const theirs = expected.error === undefined ? undefined : recordedReason(expected.error);
    if (theirs !== undefined && !departs(input)) {
      expect(error.reason.trim()).toBe(redactText(theirs));
    }
  });
});

describe('an error and what caused it', () => {
  // The Python client prints the classes of a chain, indented; here an error has its own text, and its cause.
  testEach(
    cases.filter(({ input }) => input.fn === 'error_chain_text'),
    ({ input, expected }) => {
      const texts = (input.chain ?? []).map((link) => (typeof link === 'string' ? link : link[1]));
      const outer = texts.reduceRight<SynapseError | undefined>(
        (cause, message) => new SynapseError(message, { code: 'X', cause }),
        undefined,
      );
      let link: unknown = outer;
      for (const text of texts) {
        expect(expected.value).toContain(text);
        expect(link).toBeInstanceOf(SynapseError);
        expect((link as SynapseError).message).toBe(text);
        link = (link as SynapseError).cause;
      }
      expect(link).toBeUndefined();
    },
  );
});

test('every kind of case is known', () => {
  const kinds = [undefined, 'error_chain_text'];
  expect(cases.filter(({ input }) => !kinds.includes(input.fn))).toEqual([]);
});
