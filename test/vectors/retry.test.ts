import { describe, expect, test } from '@jest/globals';
import { attemptTimedOut, classifyFault } from '../../src/net/faults.js';
import { decideRetry, defaultRetryOptions } from '../../src/api/retryPolicy.js';
import type { FailedAttempt, RetryState } from '../../src/api/retryPolicy.js';
import { numberOf, readVectors, tagOf, testEach } from './readVectors.js';

/*
 * Where this client departs from the Python client, on purpose:
 * - 500 is an answer: a request that makes the server fail once makes it fail again.
 * - The text of an answer or of an error never decides: "try again" in the name of a file is no reason to.
 * - At most 20 attempts in 10 minutes, not 60 in 30; the pauses are random below a bound, not around a value.
 * - A POST that creates is sent again only when it cannot have been applied (retryPolicy.ts); these cases are reads.
 */
interface Answer {
  status: number;
  body: string;
}
interface Input extends Partial<Answer> {
  fn: string;
  responses?: Answer[];
  policy?: { retries?: number };
  class?: string;
  text?: string;
  retries?: number;
}

const cases = readVectors<Input>('retry');
const ofKind = (...kinds: string[]) => cases.filter(({ input }) => kinds.includes(input.fn));
const read: Omit<RetryState, 'failure'> = {
  attempt: 1,
  elapsed: 0,
  idempotency: 'read',
  answeredBefore: true,
  random: 0.999,
};

function isRetried(failure: FailedAttempt): boolean {
  return decideRetry({ ...read, failure }, defaultRetryOptions).retry;
}

const phrases =
  /proxy error|slow ?down|timeout|timed out|connection reset by peer|unknown ssl protocol error|couldn't connect to host|try again|is not a table or view/i;

/** What a read is tried again after, whatever the answer says. */
const retried: readonly number[] = [429, 502, 503, 504];

/** Whether the Python client decides by what is not looked at here: the text, or a 500. */
const departsFor = ({ status, body = '' }: Partial<Answer>): boolean =>
  status === 500 || phrases.test(body);

describe('which answers are retried', () => {
  testEach(ofKind('sync_retryable', 'async_retryable'), ({ input, expected }) => {
    const { status = 0 } = input;
    const ours = isRetried({ kind: 'answer', status });
    expect(ours).toBe(retried.includes(status));
    // Half of the cases ended in an error of the recording; they have no value to compare with.
    if (!departsFor(input) && expected.error === undefined) expect(ours).toBe(expected.value);
  });
});

/** What a class of Python, requests or httpx is here. */
function faultOf(name: string): FailedAttempt {
  const failed = (code: string) =>
    classifyFault(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }));
  if (/SSL/.test(name)) return failed('SELF_SIGNED_CERT_IN_CHAIN');
  if (/^Connect(Timeout|Error)$/.test(name)) return failed('UND_ERR_CONNECT_TIMEOUT');
  if (/^Pool/.test(name)) return classifyFault(new RangeError(name));
  if (/timeout/i.test(name)) return attemptTimedOut;
  if (/^Connection|Chunked|RemoteProtocol|ReadError|WriteError|BrokenPipe/.test(name))
    return failed('UND_ERR_SOCKET');
  return classifyFault(new RangeError(name));
}

describe('which faults are retried', () => {
  testEach(ofKind('exception_retryable'), ({ input, expected }) => {
    const fault = faultOf(input.class ?? '');
    const isNetwork = fault.kind === 'fault' && fault.outlook !== 'permanent';
    expect(isRetried(fault)).toBe(isNetwork);
    // Departure: the Python client lists some classes of network faults, and not their like; and it reads texts.
    if (!isNetwork && !phrases.test(input.text ?? '')) expect(expected.value).toBe(false);
  });
});

/** Plays a sequence of answers, of which the last repeats. */
function play(
  responses: readonly Answer[],
  maxAttempts: number,
): { calls: number; outcome: number } {
  let elapsed = 0;
  for (let attempt = 1; ; attempt += 1) {
    const status = responses[Math.min(attempt, responses.length) - 1]?.status ?? 0;
    if (status < 400) return { calls: attempt, outcome: status };
    const failure: FailedAttempt = { kind: 'answer', status };
    const options = { ...defaultRetryOptions, maxAttempts };
    const { retry, delay } = decideRetry({ ...read, attempt, elapsed, failure }, options);
    if (!retry) return { calls: attempt, outcome: status };
    elapsed += delay;
  }
}

describe('sequences of answers', () => {
  testEach(ofKind('sync_waits', 'async_waits'), ({ input, expected }) => {
    const responses = input.responses ?? [{ status: input.status ?? 0, body: '' }];
    const wanted = (input.policy?.retries ?? Infinity) + 1;
    const limit = Math.min(wanted, defaultRetryOptions.maxAttempts);
    const { calls, outcome } = play(responses, limit);
    const seen = Array.from(
      { length: calls },
      (_, index) => responses[Math.min(index, responses.length - 1)] ?? { status: 0, body: '' },
    );
    expect(outcome).toBe(seen.at(-1)?.status);
    expect(seen.slice(0, -1).every(({ status }) => retried.includes(status))).toBe(true);
    expect(calls === limit || !retried.includes(outcome)).toBe(true);
    if (seen.some(departsFor) || expected.error !== undefined) return;
    const theirs = expected.value as { calls: number; outcome: number };
    if (theirs.calls <= limit) expect({ calls, outcome }).toEqual(pick(theirs));
    else expect(calls).toBe(limit);
  });
});

const pick = ({ calls, outcome }: { calls: number; outcome: number }) => ({ calls, outcome });

describe('the bound of a pause', () => {
  testEach(ofKind('backoff'), ({ input, expected }) => {
    const attempt = (input.retries ?? 0) + 1;
    const options = { ...defaultRetryOptions, maxAttempts: Infinity };
    const failure: FailedAttempt = { kind: 'answer', status: 503 };
    const { delay } = decideRetry({ ...read, attempt, failure }, options);
    const tag = tagOf(expected.value);
    const theirs = Number(tag === undefined ? expected.value : numberOf(tag)) * 1000;
    // Longer than theirs, who begin with milliseconds: a server that is down is not helped by being asked at once.
    expect(delay).toBeGreaterThanOrEqual(theirs);
    expect(delay).toBeLessThanOrEqual(defaultRetryOptions.maxDelay);
  });
});

test('every kind of case is known', () => {
  const kinds = ['sync_waits', 'async_waits', 'sync_retryable', 'async_retryable'];
  const others = ofKind(...kinds, 'exception_retryable', 'backoff');
  expect(cases.filter((vector) => !others.includes(vector))).toEqual([]);
});
