import { describe, expect, test } from '@jest/globals';

import { api, type Api, type Sent } from '../helpers/api.js';
import { withServer } from '../helpers/withServer.js';

const handle = withServer();
const anonymous = (): Api => api(handle.synapse);
const accept = (value: string): Sent => ({ headers: { accept: value } });
const version = '/repo/v1/version';

describe('ITContentNegotiationTest', () => {
  test('testUnsupportedAcceptHeader: XML is not acceptable, and the error is JSON', async () => {
    const answer = await anonymous().get(version, accept('application/xml'));
    expect(answer).toMatchObject({
      status: 406,
      body: { reason: 'Could not find acceptable representation' },
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test.each([
    ['malformed', `Invalid mime type "malformed": does not contain '/'`],
    ['text/', `Invalid mime type "text/": does not contain subtype after '/'`],
    ['*/json', `Invalid mime type "*/json": wildcard type is legal only in '*/*' (all mime types)`],
  ])(
    'testMalformedAcceptHeader: %s is not acceptable, and the reason says why',
    async (header, problem) => {
      const answer = await anonymous().get(version, accept(header));
      expect(answer).toMatchObject({
        status: 406,
        body: { reason: `Could not parse 'Accept' header [${header}]: ${problem}` },
      });
      expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    },
  );

  test('testUnsupportedAcceptHeaderOnException: another error is not replaced by a 406', async () => {
    const answer = await anonymous().post(version, undefined, accept('application/xml'));
    expect(answer).toMatchObject({
      status: 405,
      body: { reason: "Request method 'POST' not supported" },
    });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  });

  test('testSupportedAcceptHeaderOnException: a plain text is the reason of the error', async () => {
    const answer = await anonymous().post(version, undefined, accept('text/plain'));
    expect(answer).toMatchObject({ status: 405, body: "Request method 'POST' not supported" });
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
  });

  test.each([
    ['application/json', 'application/json'],
    ['application/json; charset=UTF-8', 'application/json'],
    ['*/*', 'application/json'],
    ['*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/hal+json', 'application/json'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'application/json'],
    ['text/plain', 'text/plain'],
    ['text/*', 'text/plain'],
    ['text/plain;q=0.5, application/json', 'application/json'],
    ['application/json;q=0.5, text/plain', 'text/plain'],
  ])('testUnsupportedAcceptHeader: %s is answered as %s', async (header, type) => {
    const answer = await anonymous().get(version, accept(header));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(new RegExp(`^${type}`));
    const { body } = answer;
    expect(typeof body === 'string' ? JSON.parse(body) : body).toHaveProperty('version');
  });

  test('testUnsupportedAcceptHeader: what has no body is not refused', async () => {
    const user = api(handle.synapse, handle.synapse.users.alice.authToken);
    expect(
      await user.send('DELETE', '/repo/v1/favorite/syn1', accept('application/xml')),
    ).toMatchObject({ status: 204 });
  });

  test('testUnsupportedAcceptHeaderOnException: what the login refuses is JSON for any header', async () => {
    const answer = await api(handle.synapse, 'no token').get(version, accept('text/plain'));
    expect(answer).toMatchObject({ status: 401, body: { reason: expect.any(String) } });
  });
});
