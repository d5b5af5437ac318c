import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import { someClaims, userInfoPath } from './oauthFlow.js';

const server = withSessions();
const path = '/auth/v1/personalAccessToken';
const asked = { name: 'This is my token name', scope: ['view', 'openid'] };

async function newToken(fields: object): Promise<{ token: string; record: M.AccessTokenRecord }> {
  const owner = await loggedIn(server, 'alice');
  const made = await owner.post(path, fields);
  expect(made).toMatchObject({ status: 200, body: { token: expect.stringMatching(/.+/) } });
  const { results } = (await owner.get(path)).body as M.AccessTokenRecordList;
  const { token } = made.body as M.AccessTokenGenerationResponse;
  return { token, record: results[0] ?? {} };
}

describe('ITPersonalAccessTokenTest', () => {
  test('testRoundTrip: the claims that are requested with null reach the user information', async () => {
    const { token } = await newToken({ ...asked, userInfoClaims: someClaims });
    const byToken = server.session(token);
    expect((await byToken.get(userInfoPath)).body).toEqual({
      sub: String(server.userId('alice')),
      userid: String(server.userId('alice')),
      email: 'alice@example.org',
      is_certified: true,
      team: [],
    });
    expect(await byToken.post(path, {})).toMatchObject({ status: 403 });
  });

  test('testRoundTrip: the record has the name, the scopes and the claims as requested', async () => {
    const owner = await loggedIn(server, 'alice');
    const { record } = await newToken({
      ...asked,
      name: 'A second one',
      userInfoClaims: someClaims,
    });
    expect(record).toMatchObject({ name: 'A second one', scopes: asked.scope, state: 'ACTIVE' });
    expect(record.userInfoClaims).toEqual(someClaims);
    expect(await owner.get(`${path}/${record.id}`)).toMatchObject({ status: 200, body: record });
  });

  test('testRoundTrip: a revoked token is gone and no longer works', async () => {
    const owner = await loggedIn(server, 'alice');
    const { token, record } = await newToken({ ...asked, name: 'A third one' });
    expect(await owner.delete(`${path}/${record.id}`)).toMatchObject({ status: 200 });
    expect(await owner.get(`${path}/${record.id}`)).toEqual(
      refusal(404, `Access token '${record.id}' does not exist`),
    );
    expect(await server.session(token).get(userInfoPath)).toEqual(
      refusal(401, 'Invalid access token'),
    );
  });
});
