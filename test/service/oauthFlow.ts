import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api, type Answer } from '../helpers/api.js';
import type { Session, TestServer } from '../server/entitySession.js';

export const clientPath = '/auth/v1/oauth2/client';
export const consentPath = '/auth/v1/oauth2/consent';
export const consentCheckPath = '/auth/v1/oauth2/consentcheck';
export const descriptionPath = '/auth/v1/oauth2/description';
export const tokenPath = '/auth/v1/oauth2/token';
export const userInfoPath = '/auth/v1/oauth2/userinfo';
export const auditPath = '/auth/v1/oauth2/audit';
export const redirectUri = 'https://foo.bar.com';

/** The claims that the service's tests ask for: three as they are, and membership of a team. */
export const someClaims = {
  userid: null,
  email: null,
  is_certified: null,
  team: { values: ['2'] },
};

let count = 0;

/** A client as its owner sees it. */
export type Client = Required<Pick<M.OAuthClient, 'client_id' | 'client_name' | 'etag'>> &
  M.OAuthClient;

/** Registers a client with a name of its own. */
export async function createClient(owner: Session, fields: object = {}): Promise<Client> {
  count += 1;
  const made = await owner.post(clientPath, {
    client_name: `some client ${count}`,
    redirect_uris: [redirectUri],
    ...fields,
  });
  expect(made).toMatchObject({ status: 201, body: { verified: false } });
  return made.body as Client;
}

/** The current state of a client. */
export async function readClient(owner: Session, id: string): Promise<Client> {
  const answer = await owner.get(`${clientPath}/${id}`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Client;
}

/** Sets whether a client is verified, with its current etag. */
export async function verify(server: TestServer, id: string, verified = true): Promise<Client> {
  const { etag } = await readClient(server.admin, id);
  const answer = await sendVerification(server.admin, id, { etag, status: String(verified) });
  expect(answer).toMatchObject({ status: 200, body: { client_id: id, verified } });
  return answer.body as Client;
}

export function sendVerification(
  session: Session,
  id: string,
  query: Record<string, string>,
): Promise<Answer> {
  const text = new URLSearchParams(query).toString();
  return session.put(`/admin/oauth2/client/${id}/verified?${text}`);
}

/** Creates the secret of a client. */
export async function createSecret(owner: Session, id: string): Promise<string> {
  const answer = await owner.post(`${clientPath}/secret/${id}`, undefined);
  expect(answer).toMatchObject({ status: 201, body: { client_id: id } });
  return (answer.body as Required<M.OAuthClientIdAndSecret>).client_secret;
}

/** A client that can log in. */
export interface ReadyClient {
  readonly id: string;
  readonly secret: string;
  /** Value of the header `Authorization`. */
  readonly login: string;
}

export function basicLogin(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

/** Registers a verified client with a secret. */
export async function readyClient(
  server: TestServer,
  owner: Session,
  fields: object = {},
): Promise<ReadyClient> {
  const { client_id: id } = await createClient(owner, fields);
  await verify(server, id);
  const secret = await createSecret(owner, id);
  return { id, secret, login: basicLogin(id, secret) };
}

/** An authorization request of a client. */
export function authorizationRequest(
  clientId: string,
  fields: object = {},
): M.OIDCAuthorizationRequest {
  return { clientId, redirectUri, responseType: 'code', scope: 'openid', ...fields };
}

/** Consents as a user and returns the code. */
export async function consent(user: Session, request: M.OIDCAuthorizationRequest): Promise<string> {
  const answer = await user.post(consentPath, request);
  expect(answer).toMatchObject({ status: 201, body: { access_code: expect.any(String) } });
  return (answer.body as Required<M.OAuthAuthorizationResponse>).access_code;
}

/** Sends a token request with the parameters in the query. */
export function tokenRequest(
  server: TestServer,
  login: string | undefined,
  parameters: Record<string, string>,
): Promise<Answer> {
  const query = new URLSearchParams(parameters).toString();
  return api(server.synapse).send('POST', `${tokenPath}?${query}`, {
    ...(login !== undefined && { headers: { authorization: login } }),
  });
}

/** Exchanges a code. */
export function exchange(server: TestServer, login: string, code: string): Promise<Answer> {
  return tokenRequest(server, login, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
  });
}

/** Uses a refresh token. */
export function refresh(
  server: TestServer,
  login: string,
  refreshToken: string,
  fields: Record<string, string> = {},
): Promise<Answer> {
  return tokenRequest(server, login, {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    redirect_uri: redirectUri,
    ...fields,
  });
}

/** Consents as a user and exchanges the code for tokens. */
export async function tokensOf(
  server: TestServer,
  user: Session,
  { client, ...fields }: { readonly client: ReadyClient } & M.OIDCAuthorizationRequest,
): Promise<Required<M.OIDCTokenResponse>> {
  const code = await consent(user, authorizationRequest(client.id, fields));
  const answer = await exchange(server, client.login, code);
  expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 86_400 } });
  return answer.body as Required<M.OIDCTokenResponse>;
}

/** Sends a request of a client that has logged in. */
export function asClient(
  server: TestServer,
  login: string,
  {
    method,
    path,
    body,
  }: { readonly method: string; readonly path: string; readonly body?: object },
): Promise<Answer> {
  return api(server.synapse).send(method, path, { body, headers: { authorization: login } });
}
