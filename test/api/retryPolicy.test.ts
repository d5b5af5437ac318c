import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { operations } from '../../generated/operations.js';
import { classifyFault, type Outlook } from '../../src/net/faults.js';
import { requireOperation } from '../../src/api/operation.js';
import { idempotencyOf, namedPaths } from '../../src/api/idempotency.js';
import { decideRetry, defaultRetryOptions, parseRetryAfter } from '../../src/api/retryPolicy.js';
import type { FailedAttempt, Idempotency, RetryState } from '../../src/api/retryPolicy.js';

const first: Omit<RetryState, 'idempotency' | 'failure'> = {
  attempt: 1,
  elapsed: 0,
  answeredBefore: true,
  random: 0.5,
};
const status = (code: number): FailedAttempt => ({ kind: 'answer', status: code });
const fault = (sent: 'no' | 'maybe', outlook: Outlook = 'temporary'): FailedAttempt => ({
  kind: 'fault',
  code: 'ECONNRESET',
  sent,
  outlook,
});

function retries(idempotency: Idempotency, failure: FailedAttempt, more: Partial<RetryState> = {}) {
  return decideRetry({ ...first, idempotency, failure, ...more }, defaultRetryOptions).retry;
}

describe('what is sent again', () => {
  const all: Idempotency[] = ['read', 'poll', 'replace', 'create'];
  const repeatable: Idempotency[] = ['read', 'poll', 'replace'];
  test.each<[string, FailedAttempt, Idempotency[]]>([
    ['429', status(429), all],
    ['503', status(503), all],
    ['502', status(502), repeatable],
    ['504', status(504), repeatable],
    ['a fault before sending', fault('no'), all],
    ['a fault that may have come after sending', fault('maybe'), repeatable],
    ['a fault that stays', fault('no', 'permanent'), []],
    ['500', status(500), []],
    ...[400, 401, 403, 404, 408, 409, 412, 413, 423, 501].map(
      (code): [string, FailedAttempt, Idempotency[]] => [String(code), status(code), []],
    ),
  ])('%s', (_name, failure, expected) => {
    expect(all.filter((idempotency) => retries(idempotency, failure))).toEqual(expected);
  });

  test('a 503 of a job is asked three times only', () => {
    const failed: FailedAttempt = { kind: 'answer', status: 503, explained: true };
    expect(retries('poll', failed, { attempt: 2 })).toBe(true);
    expect(retries('poll', failed, { attempt: 3 })).toBe(false);
    expect(retries('poll', status(503), { attempt: 3 })).toBe(true);
    expect(retries('poll', { ...failed, status: 429 }, { attempt: 3 })).toBe(true);
  });

  test('a host that never answered is given up soon', () => {
    expect(retries('read', fault('no'), { attempt: 4, answeredBefore: false })).toBe(false);
    expect(retries('read', fault('no'), { attempt: 4, answeredBefore: true })).toBe(true);
    expect(retries('read', fault('maybe'), { attempt: 4, answeredBefore: false })).toBe(true);
  });

  test('the decision says why', () => {
    const decide = (idempotency: Idempotency, failure: FailedAttempt) =>
      decideRetry({ ...first, idempotency, failure }, defaultRetryOptions).reason;
    expect(decide('create', status(502))).toBe('it may have been applied');
    expect(decide('read', status(503))).toBe('503');
    expect(decide('read', status(404))).toBe('404 is final');
  });
});

const anyFailure: fc.Arbitrary<FailedAttempt> = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    status: fc.oneof(fc.constantFrom(429, 502, 503, 504), fc.integer({ min: 300, max: 599 })),
    retryAfter: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
    explained: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('fault' as const),
    code: fc.constantFrom('ECONNRESET', 'ENOTFOUND', 'EPROTO'),
    sent: fc.constantFrom('no' as const, 'maybe' as const),
    outlook: fc.constantFrom<Outlook>('temporary', 'doubtful', 'permanent'),
  }),
);
const anyState: fc.Arbitrary<RetryState> = fc.record({
  attempt: fc.integer({ min: 1, max: 30 }),
  elapsed: fc.integer({ min: 0, max: 100_000 }),
  idempotency: fc.constantFrom('read', 'poll', 'replace', 'create'),
  failure: anyFailure,
  answeredBefore: fc.boolean(),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});
const anyOptions = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 50 }),
  maxFirstContactAttempts: fc.integer({ min: 1, max: 10 }),
  maxElapsed: fc.integer({ min: 0, max: 200_000 }),
  baseDelay: fc.integer({ min: 0, max: 10_000 }),
  maxDelay: fc.integer({ min: 0, max: 60_000 }),
  maxFirstContactElapsed: fc.integer({ min: 0, max: 10_000 }),
  attemptTimeout: fc.constant(70_000),
});

describe('bounds, whatever happens', () => {
  test('time and attempts are never exceeded', () => {
    fc.assert(
      fc.property(anyState, anyOptions, (state, options) => {
        const { retry, delay } = decideRetry(state, options);
        if (!retry) return delay === 0;
        return state.attempt < options.maxAttempts && state.elapsed + delay <= options.maxElapsed;
      }),
    );
  });

  test('a pause is never shorter than the server asks', () => {
    fc.assert(
      fc.property(anyState, anyOptions, (state, options) => {
        const { retry, delay } = decideRetry(state, options);
        fc.pre(retry);
        const { failure } = state;
        const asked = failure.kind === 'answer' ? failure.retryAfter : undefined;
        if (asked !== undefined) return delay >= asked && delay <= asked + options.baseDelay;
        return (
          delay >= 0 &&
          delay <= Math.min(options.maxDelay, options.baseDelay * 2 ** (state.attempt - 1))
        );
      }),
    );
  });

  test('a create is never sent again after it may have been applied', () => {
    fc.assert(
      fc.property(anyState, anyOptions, ({ failure, ...state }, options) => {
        const uncertain =
          failure.kind === 'fault'
            ? failure.sent === 'maybe'
            : ![429, 503].includes(failure.status);
        fc.pre(uncertain);
        return !decideRetry({ ...state, failure, idempotency: 'create' }, options).retry;
      }),
    );
  });

  test('what is retried for a create is retried for everything else', () => {
    fc.assert(
      fc.property(anyState, anyOptions, (state, options) => {
        fc.pre(decideRetry({ ...state, idempotency: 'create' }, options).retry);
        return (
          decideRetry({ ...state, idempotency: 'read' }, options).retry &&
          decideRetry({ ...state, idempotency: 'replace' }, options).retry
        );
      }),
    );
  });

  test('an outage of minutes is sat out', () => {
    let elapsed = 0;
    let attempt = 0;
    for (;;) {
      attempt += 1;
      const state = {
        ...first,
        attempt,
        elapsed,
        idempotency: 'create' as const,
        failure: status(503),
      };
      const { retry, delay } = decideRetry(state, defaultRetryOptions);
      if (!retry) break;
      elapsed += delay;
    }
    expect(attempt).toBe(20);
    expect(elapsed).toBeGreaterThan(180_000);
  });
});

describe('Retry-After', () => {
  const epoch = Date.UTC(2026, 0, 1, 12, 0, 0);
  test.each<[string | null, number | undefined]>([
    ['120', 120_000],
    [' 7 ', 7000],
    ['1.5', 1500],
    ['0', 0],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thursday, 01-Jan-26 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%p', (value, expected) => {
    expect(parseRetryAfter(value, epoch)).toBe(expected);
  });
});

describe('faults', () => {
  const wrapped = (code: string, more: object = {}): Error =>
    new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code, ...more }) });
  test.each<[string, unknown, Partial<ReturnType<typeof classifyFault>>]>([
    ['refused', wrapped('ECONNREFUSED'), { sent: 'no', outlook: 'doubtful' }],
    ['no such host', wrapped('ENOTFOUND'), { sent: 'no', outlook: 'doubtful' }],
    ['reset', wrapped('ECONNRESET'), { sent: 'maybe', outlook: 'temporary' }],
    [
      'undici: other side closed',
      wrapped('UND_ERR_SOCKET'),
      { sent: 'maybe', outlook: 'temporary' },
    ],
    ['undici: no connection in time', wrapped('UND_ERR_CONNECT_TIMEOUT'), { sent: 'no' }],
    ['timed out while connecting', wrapped('ETIMEDOUT', { syscall: 'connect' }), { sent: 'no' }],
    ['timed out later', wrapped('ETIMEDOUT', { syscall: 'read' }), { sent: 'maybe' }],
    ['untrusted', wrapped('SELF_SIGNED_CERT_IN_CHAIN'), { sent: 'no', outlook: 'permanent' }],
    ['wrong host', wrapped('ERR_TLS_CERT_ALTNAME_INVALID'), { sent: 'no', outlook: 'permanent' }],
    [
      'all addresses refused',
      new TypeError('fetch failed', {
        cause: new AggregateError([Object.assign(new Error(), { code: 'ECONNREFUSED' })]),
      }),
      { code: 'ECONNREFUSED', sent: 'no' },
    ],
    [
      'the proxy wants a password',
      new TypeError('fetch failed', {
        cause: Object.assign(new Error('Proxy response (407) !== 200 when HTTP Tunneling'), {
          code: 'UND_ERR_ABORTED',
        }),
      }),
      { code: 'PROXY_407', sent: 'no', outlook: 'permanent' },
    ],
    [
      'the proxy cannot connect now',
      new TypeError('fetch failed', {
        cause: new Error('Proxy response (503) !== 200 when HTTP Tunneling'),
      }),
      { code: 'PROXY_503', sent: 'no', outlook: 'doubtful' },
    ],
    ['a browser', new TypeError('Failed to fetch'), { sent: 'maybe', outlook: 'temporary' }],
    ['a defect', new RangeError('x'), { sent: 'maybe', outlook: 'permanent' }],
    [
      'an answer that is not HTTP',
      wrapped('HPE_INVALID_CONSTANT'),
      { sent: 'maybe', outlook: 'doubtful' },
    ],
    ['nothing', undefined, { outlook: 'permanent' }],
  ])('%s', (_name, error, expected) => {
    expect(classifyFault(error)).toMatchObject(expected);
  });
});

describe('which operations are what', () => {
  const of = (id: string): Idempotency => idempotencyOf(requireOperation(id));

  test.each<[Idempotency, string[]]>([
    ['read', ['entity.getEntity', 'entity.listEntityChildren', 'entityBundle.getEntityBundle']],
    ['read', ['file.getFileHandleBatch', 'search.searchEntities', 'table.startTableQuery']],
    ['poll', ['table.getTableQueryResult']],
    ['replace', ['entity.updateEntity', 'entity.deleteEntity', 'table.createColumn']],
    ['replace', ['file.createMultipartUpload']],
    ['create', ['entity.createEntity', 'activity.createActivity', 'message.sendMessage']],
    ['create', ['table.startTableTransaction', 'table.createTableSnapshot']],
    ['create', ['wiki.restoreEntityWikiPageVersion', 'webhook.sendWebhookVerificationCode']],
  ])('%s: %p', (expected, ids) => {
    expect(ids.map(of)).toEqual(ids.map(() => expected));
  });

  test('every path of the tables is an operation of its method', () => {
    const known = new Set(Object.values(operations).map(([method, path]) => `${method} ${path}`));
    const named = Object.entries(namedPaths).flatMap(([method, paths]) =>
      paths.map((path) => `${method} ${path}`),
    );
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });
});
