import { describe, expect, test } from '@jest/globals';
import {
  AuthenticationError,
  AuthorizationError,
  ConflictError,
  NotFoundError,
  PreconditionFailedError,
  RateLimitError,
  ServerError,
  SynapseHttpError,
} from '../../src/errors.js';
import { errorFromResponse } from '../../src/api/errorFromResponse.js';
import type { FailedResponse } from '../../src/api/errorFromResponse.js';

function make(status: number, body: unknown, more: Partial<FailedResponse> = {}): SynapseHttpError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return errorFromResponse({
    status,
    text,
    method: 'GET',
    url: 'https://h/repo/v1/entity/syn1',
    ...more,
  });
}

const page = `<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>b{}</style></head>
<body><center><h1>502 Bad Gateway</h1></center><hr>nginx</body></html>`;

describe('the class tells the status', () => {
  test.each<[number, typeof SynapseHttpError]>([
    [401, AuthenticationError],
    [403, AuthorizationError],
    [404, NotFoundError],
    [409, ConflictError],
    [412, PreconditionFailedError],
    [429, RateLimitError],
    [500, ServerError],
    [503, ServerError],
    [599, ServerError],
    [400, SynapseHttpError],
    [423, SynapseHttpError],
    [301, SynapseHttpError],
  ])('%p', (status, expected) => {
    const error = make(status, { reason: 'why' });
    expect(error.constructor).toBe(expected);
    expect(error).toMatchObject({ status, reason: 'why', method: 'GET' });
  });
});

describe('the reason', () => {
  test.each<[string, unknown, string, string | undefined]>([
    ['Synapse', { reason: 'No such thing', errorCode: 'SOME_CODE' }, 'No such thing', 'SOME_CODE'],
    [
      'OAuth',
      { error: 'invalid_token', error_description: 'It expired' },
      'It expired',
      'invalid_token',
    ],
    [
      'OAuth with a reason',
      { error: 'invalid_token', reason: 'Revoked' },
      'Revoked',
      'invalid_token',
    ],
    ['only an error', { error: 'no reason' }, 'no reason', undefined],
    ['DRS', { msg: 'No such object', status_code: 404 }, 'No such object', undefined],
    ['a reason that is no text', { reason: { a: 1 } }, '{"a":1}', undefined],
    ['an empty reason', { reason: '' }, 'Not found', undefined],
    ['JSON that is no object', '[1]', '[1]', undefined],
    ['JSON without words', { other: 1 }, '{"other":1}', undefined],
    ['empty JSON', {}, 'Not found', undefined],
    ['null', 'null', 'Not found', undefined],
    ['text', 'plain', 'plain', undefined],
    ['nothing', '', 'Not found', undefined],
    ['a page with a title', page, '502 Bad Gateway', undefined],
    ['a page without', '<html><body><h1>Oh</h1>\n<p>no</p></body></html>', 'Oh no', undefined],
    ['a truncated page', '<html><head><titl', 'Not found', undefined],
  ])('%s', (_name, body, reason, errorCode) => {
    expect(make(404, body)).toMatchObject({ reason });
    expect(make(404, body).errorCode).toBe(errorCode);
  });

  test('stands first in the message on one line', () => {
    const reason = 'first line\n  second\u001b[31m line\u0007';
    const error = make(400, { reason });
    expect(error.message).toBe('first line second [31m line (400, GET /repo/v1/entity/syn1)');
    expect(error.reason).toBe(reason);
  });

  test('a novel is cut in the message', () => {
    const error = make(400, { reason: 'x'.repeat(5000) });
    expect(error.message.length).toBeLessThan(700);
    expect(error.reason).toHaveLength(5000);
  });

  test('shows no secret', () => {
    const error = make(
      302,
      { reason: 'see https://b/k?X-Amz-Signature=canary, Bearer canary' },
      {
        url: 'https://user:canary@h/x?token=canary&limit=1',
        headers: new Headers({ location: 'https://elsewhere/?sig=canary' }),
      },
    );
    expect(error.message).not.toContain('canary');
    expect(error.reason).not.toContain('canary');
    expect(error.url).toBe('https://h/x?limit=1');
    expect(error.message).toContain(
      'The server redirects to https://elsewhere/: correct the endpoint.',
    );
  });
});

describe('what to do next', () => {
  const hint = (status: number, body: unknown, more: Partial<FailedResponse> = {}) =>
    make(status, body, more).message.replace(/^.*?syn1\)(?:\. )?/, '');
  test.each<[string, string, RegExp]>([
    ['a bad token', hint(401, { reason: 'x' }), /refused: call `syn.login\(\)` again/],
    [
      'no login',
      hint(401, { reason: 'x' }, { authenticated: false }),
      /not logged in.*SYNAPSE_AUTH_TOKEN/,
    ],
    ['no access', hint(403, { reason: 'x' }), /^Request access from the owner/],
    [
      'no access, no login',
      hint(403, { reason: 'x' }, { authenticated: false }),
      /`syn\.login\(\)`, then/,
    ],
    [
      'certification',
      hint(403, { reason: 'x', errorCode: 'USER_CERTIFICATION_REQUIRED' }),
      /certified/,
    ],
    [
      'scope',
      hint(403, { reason: 'x', error: 'insufficient_scope' }),
      /token with the missing scope/,
    ],
    ['two factors', hint(401, { reason: 'x', errorCode: 'TWO_FA_REQUIRED' }), /two-factor/],
    ['a stale etag', hint(412, { reason: 'x' }), /^Fetch the object again/],
    ['the rate', hint(429, { reason: 'x' }, { retryAfter: 3500 }), /^Wait 4 s/],
    ['the rate, without a time', hint(429, { reason: 'x' }), /^Wait a minute/],
    ['a server', hint(502, page), /^Try again later\.$/],
    [
      'certification, in words alone',
      hint(403, { reason: 'Only certified users may create or update content in Synapse.' }),
      /take the quiz/,
    ],
    ['what is not there', hint(404, { reason: 'x' }), /^$/],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toMatch(expected);
  });

  test('an earlier attempt may explain a conflict', () => {
    const told = { method: 'PUT', mayHaveBeenApplied: true };
    expect(hint(412, { reason: 'x' }, told)).toContain('may have been applied');
    expect(hint(503, { reason: 'x' }, told)).not.toContain('may have been applied');
    expect(hint(404, { reason: 'x' }, { ...told, method: 'GET' })).not.toContain('applied');
  });

  test('the details of the answer are at hand', () => {
    const headers = new Headers({ 'x-amzn-requestid': 'abc' });
    const error = make(429, { reason: 'x' }, { headers, retryAfter: 9 });
    expect(error).toMatchObject({ requestId: 'abc', retryAfter: 9, body: { reason: 'x' } });
  });
});
