import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions, type Session } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import { auditPath, readyClient, refresh, tokensOf, type ReadyClient } from './oauthFlow.js';

const server = withSessions();
const scope = 'openid offline_access';
let user: Session;
let client: ReadyClient;

beforeAll(async () => {
  user = await loggedIn(server, 'alice');
  client = await readyClient(server, user);
});

async function active(id: string): Promise<M.OAuthRefreshTokenInformation[]> {
  const { body } = await user.get(`${auditPath}/grantedClients/${id}/tokens`);
  return (body as M.OAuthRefreshTokenInformationList).results;
}

describe('OAuthRefreshTokenManagerAutowiredTest', () => {
  test('testRefreshTokenRoundTrip: a token is used, renamed and revoked', async () => {
    const tokens = await tokensOf(server, user, { client, scope });
    expect(await refresh(server, client.login, tokens.refresh_token)).toMatchObject({
      status: 200,
    });
    const [info = {}] = await active(client.id);
    const path = `${auditPath}/tokens/${info.tokenId ?? ''}`;
    expect(await user.put(`${path}/metadata`, { ...info, name: 'renamed' })).toMatchObject({
      status: 200,
      body: { name: 'renamed' },
    });
    expect(await user.post(`${path}/revoke`, undefined)).toMatchObject({ status: 204 });
    expect(await user.get(`${path}/metadata`)).toMatchObject({ status: 404 });
  });

  test('testAuditAndRevokeTokensForUserClientPair: the tokens of one client are revoked together', async () => {
    const other = await readyClient(server, user);
    for (const one of [client, client, other]) await tokensOf(server, user, { client: one, scope });
    expect(await active(client.id)).toHaveLength(2);
    const revoke = `${auditPath}/grantedClients/${client.id}/revoke`;
    expect(await user.post(revoke, undefined)).toMatchObject({ status: 204 });
    expect(await active(client.id)).toEqual([]);
    expect(await active(other.id)).toHaveLength(1);
  });

  test('testIsRefreshTokenActive: a token is active until it is revoked', async () => {
    const tokens = await tokensOf(server, user, { client, scope });
    const answer = await refresh(server, client.login, tokens.refresh_token);
    const { refresh_token: next } = answer.body as Required<M.OIDCTokenResponse>;
    const [info = {}] = await active(client.id);
    await user.post(`${auditPath}/tokens/${info.tokenId ?? ''}/revoke`, undefined);
    expect(await refresh(server, client.login, next)).toMatchObject({ status: 400 });
  });
});
