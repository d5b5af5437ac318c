import { expect, test } from '@jest/globals';

import { api } from '../helpers/api.js';
import { refusal, withSessions } from './entitySession.js';

const server = withSessions();

interface Session {
  readonly sessionToken: string;
}

test.each([
  ['/auth/v1/login', { username: 'alice' }],
  ['/auth/v1/session', { email: 'alice' }],
])('%s gives a session token for a header of its own', async (path, user) => {
  const { anonymous, synapse } = server;
  const answer = await anonymous.post(path, { ...user, password: 'alice-password' });
  expect(answer).toMatchObject({
    status: 201,
    body: { sessionToken: expect.any(String), acceptsTermsOfUse: true },
  });
  expect(answer.body).not.toHaveProperty('accessToken');
  const headers = { sessionToken: (answer.body as Session).sessionToken };
  expect(await api(synapse).get('/repo/v1/userProfile', { headers })).toMatchObject({
    status: 200,
    body: { userName: 'alice' },
  });
  expect(await anonymous.post(path, { ...user, password: 'wrong' })).toEqual(
    refusal(401, 'The provided username/password combination is incorrect'),
  );
  for (const body of [{}, { ...user, password: [] }, { email: {}, username: [], password: 'x' }]) {
    expect(await anonymous.post(path, body)).toMatchObject({ status: 400 });
  }
});

test('an API key stays the same until it is thrown away', async () => {
  const { anonymous } = server;
  const login = { username: 'alice', password: 'alice-password' };
  const { body } = await anonymous.post('/auth/v1/login', login);
  const session = server.session((body as Session).sessionToken);
  const path = '/auth/v1/secretKey';
  const first = await session.get(path);
  expect(first).toMatchObject({ status: 200, body: { secretKey: expect.any(String) } });
  expect((await session.get(path)).body).toEqual(first.body);
  expect(await session.delete(path)).toMatchObject({ status: 204 });
  expect((await session.get(path)).body).not.toEqual(first.body);
  // A personal access token may not have the scope for this, and nobody has no key.
  const pat = server.session(server.synapse.users.alice.authToken);
  expect(await pat.get(path)).toMatchObject({ status: 403 });
  expect((await anonymous.get(path)).status).toBeGreaterThanOrEqual(401);
});

test('default columns are found by the view types there were before the mask', async () => {
  const { alice } = server;
  for (const [type, mask] of Object.entries({ file: 1, project: 2, file_and_table: 5 })) {
    const byType = await alice.get(`/column/tableview/defaults/${type}`);
    const byMask = await alice.get(`/column/tableview/defaults?viewTypeMask=${mask}`);
    expect(byType.status).toBe(200);
    expect(byType.body).toEqual(byMask.body);
  }
  expect(await alice.get('/column/tableview/defaults/__proto__')).toMatchObject({ status: 400 });
});
