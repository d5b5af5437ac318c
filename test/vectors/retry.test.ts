import { describe, expect } from '@jest/globals';
import { attemptTimedOut, classifyFault } from '../../src/http/faults.js';
import { decideRetry, defaultRetryOptions } from '../../src/http/retryPolicy.js';
import type { FailedAttempt, RetryState } from '../../src/http/retryPolicy.js';
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

describe('which answers are retried', () => {
  testEach(ofKind('sync_retryable', 'async_retryable'), ({ input, expected }) => {
    const { status = 0, body = '' } = input;
    const ours = isRetried({ kind: 'answer', status });
    if (status === 500) expect(ours).toBe(false);
    else if (phrases.test(body)) expect(ours).toBe([429, 502, 503, 504].includes(status));
    // Half of the cases ended in an error of the recording; they have no value to compare with.
    else if (expected.error === undefined) expect(ours).toBe(expected.value);
    else expect(ours).toBe([429, 502, 503, 504].includes(status));
  });
});

/** What a class of Python's requests or httpx is here. */
function faultOf(name: string): FailedAttempt {
  const failed = (code: string) =>
    classifyFault(new TypeError('fetch failed', { cause: Object.assign(new Error(), { code }) }));
  if (/SSL/.test(name)) return failed('SELF_SIGNED_CERT_IN_CHAIN');
  if (/^Connect(Timeout|Error)$/.test(name)) return failed('UND_ERR_CONNECT_TIMEOUT');
  if (/^Pool/.test(name)) return classifyFault(new RangeError(name));
  if (/Timeout/.test(name)) return attemptTimedOut;
  if (/Connection|Chunked|RemoteProtocol|ReadError|WriteError/.test(name))
    return failed('UND_ERR_SOCKET');
  return classifyFault(new RangeError(name));
}

describe('which faults are retried', () => {
  testEach(ofKind('exception_retryable'), ({ input, expected }) => {
    const fault = faultOf(input.class ?? '');
    const isDefect = fault.kind === 'fault' && fault.code === 'FETCH_FAILED';
    const departs = isDefect && phrases.test(input.text ?? '');
    expect(isRetried(fault)).toBe(departs ? false : expected.value);
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
    const retries = input.policy?.retries;
    const limit = retries === undefined ? defaultRetryOptions.maxAttempts : retries + 1;
    const ours = play(responses, limit);
    const firstFinal = responses.findIndex(
      ({ status, body }) => status === 500 || (status >= 400 && phrases.test(body)),
    );
    if (firstFinal >= 0 && firstFinal < ours.calls) {
      expect(ours.outcome).toBe(responses[Math.min(ours.calls, responses.length) - 1]?.status);
    } else if (expected.error === undefined) {
      const { calls, outcome } = expected.value as { calls: number; outcome: number };
      expect(ours).toEqual({ calls: Math.min(calls, limit), outcome });
    } else {
      expect(ours.outcome).toBe(responses.at(-1)?.status);
    }
  });
});

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
