import { afterEach, describe, expect, test } from '@jest/globals';

import { sessionToken } from '../helpers/sessionToken.js';
import { refusal, withSessions } from '../server/entitySession.js';

const server = withSessions();
const path = '/admin/synapse/status';
const down = refusal(503, 'Synapse is down for maintenance.');

afterEach(async () => {
  await server.admin.put(path, { status: 'READ_WRITE' });
});

describe('IT101Administration', () => {
  test.each(['READ_ONLY', 'DOWN'])(
    'testReadOnlyMode: nothing is read or written while the status is %s',
    async (status) => {
      const project = await server.alice.create('project', {});
      expect(await server.admin.get(path)).toMatchObject({ body: { status: 'READ_WRITE' } });
      expect(await server.admin.put(path, { status })).toMatchObject({
        status: 200,
        body: { status },
      });
      expect(await server.alice.get('/version')).toMatchObject({ status: 200 });
      expect(await server.alice.get('/status')).toMatchObject({ status: 200, body: { status } });
      expect(await server.alice.get(`/entity/${project.id}`)).toEqual(down);
      const changed = { ...project, description: 'Updating the description' };
      expect(await server.alice.put(`/entity/${project.id}`, changed)).toEqual(down);
      await server.admin.put(path, { status: 'READ_WRITE' });
      expect(await server.alice.put(`/entity/${project.id}`, changed)).toMatchObject({
        status: 200,
        body: { description: 'Updating the description' },
      });
    },
  );

  test('testReadOnlyMode: users get the message of the administrators', async () => {
    await server.admin.put(path, { status: 'DOWN', currentMessage: 'Back at noon.' });
    expect(await server.anonymous.get('/entity/syn4489')).toEqual(refusal(503, 'Back at noon.'));
  });

  test('testGetAndUpdateStatus: a message of pending maintenance is set and cleared', async () => {
    const status = { status: 'READ_WRITE', pendingMaintenanceMessage: 'Testing the message' };
    expect(await server.admin.put(path, status)).toMatchObject({ body: status });
    expect((await server.anonymous.get('/status')).body).toEqual(status);
    const cleared = { ...status, pendingMaintenanceMessage: null };
    expect((await server.admin.put(path, cleared)).body).toEqual({ status: 'READ_WRITE' });
  });

  test('testGetAndUpdateStatus: only an administrator sets the status', async () => {
    expect(await server.alice.put(path, { status: 'DOWN' })).toMatchObject({ status: 403 });
    expect(await server.admin.put(path, { status: 'CLOSED' })).toMatchObject({ status: 400 });
    expect((await server.anonymous.get('/status')).body).toEqual({ status: 'READ_WRITE' });
  });

  test('testGetUserAccessToken: an administrator acts as a user', async () => {
    const { synapse } = server;
    const project = { concreteType: 'org.sagebionetworks.repo.model.Project', name: 'as alice' };
    expect(await server.anonymous.post('/entity', project)).toMatchObject({ status: 403 });
    const user = server.session(await sessionToken(synapse, synapse.users.alice));
    expect(await user.post('/entity', project)).toMatchObject({
      status: 201,
      body: { createdBy: synapse.users.alice.userId },
    });
  });

  test('testGetUserAccessToken: nobody else gets a token, and no user none', async () => {
    const { userId } = server.synapse.users.alice;
    expect(await server.bob.get(`/admin/user/${userId}/token`)).toMatchObject({ status: 403 });
    expect(await server.admin.get('/admin/user/999/token')).toMatchObject({ status: 404 });
  });
});
