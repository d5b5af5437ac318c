import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { loggedIn } from './accounts.js';
import {
  basicLogin,
  clientPath,
  createClient,
  createSecret,
  exchange,
  readClient,
} from './oauthFlow.js';

const server = withSessions();

describe('OAuthClientManagerImplAutowiredTest', () => {
  test('testRoundTrip: a client is registered, read, listed, changed, given a secret and deleted', async () => {
    const owner = await loggedIn(server, 'alice');
    const client = await createClient(owner);
    const id = client.client_id;
    expect(await readClient(owner, id)).toEqual(client);
    const { results } = (await owner.get(clientPath)).body as M.OAuthClientList;
    expect(results).toEqual([client]);
    const changed = { ...client, client_name: 'some other client' };
    expect(await owner.put(`${clientPath}/${id}`, changed)).toMatchObject({
      status: 200,
      body: { client_name: 'some other client' },
    });
    const secret = await createSecret(owner, id);
    // The credentials are right, but the client is not verified.
    expect(await exchange(server, basicLogin(id, secret), 'code')).toMatchObject({ status: 403 });
    expect(await owner.delete(`${clientPath}/${id}`)).toMatchObject({ status: 200 });
    expect(await owner.get(`${clientPath}/${id}`)).toMatchObject({ status: 404 });
  });
});
