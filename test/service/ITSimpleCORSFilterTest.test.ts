import { describe, expect, test } from '@jest/globals';

import { api } from '../helpers/api.js';
import { withServer } from '../helpers/withServer.js';

const handle = withServer({ conditions: { limits: { perMinute: 5 } } });

describe('ITSimpleCORSFilterTest', () => {
  test('testResponseHasCORSOnThrottle: a page may read that it asks too often', async () => {
    const user = api(handle.synapse, handle.synapse.users.alice.authToken);
    let answer = await user.get('/repo/v1/version');
    expect(answer.status).toBe(200);
    for (let count = 0; count < 5; count += 1) {
      answer = await user.get('/repo/v1/version');
    }
    expect(answer.status).toBe(429);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('testNotAuthorizationOnCORSRequest: a preflight request needs no valid token', async () => {
    const stranger = api(handle.synapse, 'not-a-valid-access-token');
    const headers = { 'access-control-request-method': 'GET' };
    const answer = await stranger.send('OPTIONS', '/repo/v1/version', { headers });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')).toBe('POST, GET, PUT, DELETE');
    expect(await stranger.get('/repo/v1/version', { headers })).toMatchObject({ status: 401 });
  });

  test('testNotAuthorizationOnCORSRequest: every answer may be read by a page, also without Origin', async () => {
    const anonymous = api(handle.synapse);
    for (const path of ['/repo/v1/version', '/repo/v1/nothing', '/auth/v1/oauth2/jwks']) {
      const answer = await anonymous.get(path);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-allow-methods')).toBeNull();
    }
  });
});
