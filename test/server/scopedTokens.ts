import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { api } from '../helpers/api.js';
import type { TestServer } from './entitySession.js';

const redirectUri = 'https://portal.example.org/back';

/** Gives access tokens of alice with exactly the scopes asked for, through a verified OAuth client. */
export class ScopedTokens {
  readonly #server: TestServer;
  readonly #tokens = new Map<string, Promise<string>>();
  #client: Promise<{ readonly id: string; readonly login: string }> | undefined;

  constructor(server: TestServer) {
    this.#server = server;
  }

  get(scopes: readonly string[]): Promise<string> {
    const scope = scopes.join(' ');
    const token = this.#tokens.get(scope) ?? this.#create(scope);
    this.#tokens.set(scope, token);
    return token;
  }

  async #create(scope: string): Promise<string> {
    const client = await (this.#client ??= this.#register());
    const { alice } = await this.#logins();
    const consent = { clientId: client.id, redirectUri, responseType: 'code', scope };
    const given = await alice.post('/auth/v1/oauth2/consent', consent);
    const code = (given.body as M.OAuthAuthorizationResponse).access_code ?? '';
    const query = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    const path = `/auth/v1/oauth2/token?${new URLSearchParams(query).toString()}`;
    const headers = { authorization: client.login };
    const answer = await api(this.#server.synapse).send('POST', path, { headers });
    expect(answer).toMatchObject({ status: 200 });
    return (answer.body as Required<M.OIDCTokenResponse>).access_token;
  }

  async #register(): Promise<{ id: string; login: string }> {
    const { alice, admin } = await this.#logins();
    const client = { client_name: 'Scopes', redirect_uris: [redirectUri] };
    const made = await alice.post('/auth/v1/oauth2/client', client);
    const { client_id: id = '' } = made.body as M.OAuthClient;
    const { body } = await alice.post(`/auth/v1/oauth2/client/secret/${id}`, undefined);
    const { client_secret: secret = '' } = body as M.OAuthClientIdAndSecret;
    await admin.put(`/admin/oauth2/client/${id}/verified`);
    return { id, login: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
  }

  /** Sessions have all scopes; the tokens that users start with have not. */
  async #logins() {
    const { synapse } = this.#server;
    const password = { username: 'alice', password: 'alice-password' };
    const login = await api(synapse).post('/auth/v1/login2', password);
    const { accessToken } = login.body as M.LoginResponse;
    return { alice: api(synapse, accessToken), admin: api(synapse, synapse.users.admin.authToken) };
  }
}
