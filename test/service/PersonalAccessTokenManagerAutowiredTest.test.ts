import { afterEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';

import type * as M from '../../generated/models.js';
import { withSessions, type Session } from '../server/entitySession.js';
import { newAccount } from './accounts.js';

let ahead = 0;
const server = withSessions({ now: () => new Date(Date.now() + ahead) });
const path = '/auth/v1/personalAccessToken';

afterEach(() => {
  ahead = 0;
});

async function create(owner: Session, fields: object): Promise<{ token: string; id: string }> {
  const made = await owner.post(path, fields);
  expect(made).toMatchObject({ status: 200 });
  const { token } = made.body as M.AccessTokenGenerationResponse;
  return { token, id: decodeJwt(token).jti ?? '' };
}

describe('PersonalAccessTokenManagerAutowiredTest', () => {
  test('testIssueAndRevokeToken: a token works until it is revoked', async () => {
    const { session } = await newAccount(server);
    const { token, id } = await create(session, { scope: ['view'] });
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 200 });
    expect(await session.delete(`${path}/${id}`)).toMatchObject({ status: 200 });
    expect(await server.session(token).get('/userProfile')).toMatchObject({ status: 401 });
    expect(await session.get(`${path}/${id}`)).toMatchObject({ status: 404 });
  });

  test('testIssueTokenWithDuplicateName: the same name is refused until its token is revoked', async () => {
    const { session } = await newAccount(server);
    const { id } = await create(session, { name: 'name' });
    expect(await session.post(path, { name: 'name' })).toMatchObject({ status: 400 });
    await session.delete(`${path}/${id}`);
    await create(session, { name: 'name' });
  });

  test('testGetListOfTokens: users list their own tokens', async () => {
    const { session } = await newAccount(server);
    const other = await newAccount(server);
    await create(other.session, { name: 'of another user' });
    await create(session, { name: 'own' });
    const { results } = (await session.get(path)).body as M.AccessTokenRecordList;
    expect(results.map(({ name }) => name)).toEqual(['own']);
  });

  test('testUpdateLastUsedTime: the use of a token is recorded', async () => {
    const { session } = await newAccount(server);
    const { token, id } = await create(session, { scope: ['view'] });
    const read = async () => (await session.get(`${path}/${id}`)).body as M.AccessTokenRecord;
    const { lastUsed } = await read();
    ahead = 120_000;
    await server.session(token).get('/userProfile');
    expect((await read()).lastUsed).not.toBe(lastUsed);
  });
});
