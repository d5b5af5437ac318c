import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('ITUserInfoRemoval', () => {
  test('testRemoveUserInfo: what a user said of themselves is gone, and nobody can log in', async () => {
    const password = 'a long password';
    const { userId, authToken } = await server.synapse.createUser({ username: 'leaver', password });
    const user = server.session(authToken);
    const before = (await user.get('/userProfile')).body as M.UserProfile;
    const said = { firstName: 'First', lastName: 'Last', position: 'Job', company: 'Organization' };
    await user.put('/userProfile', { ...before, ...said, location: 'Seattle' });
    const path = `/admin/redact/user/${userId}`;
    expect(await server.alice.post(path, undefined)).toMatchObject({ status: 403 });
    expect(await server.admin.post(path, undefined)).toMatchObject({ status: 200 });
    const email = `gdpr-synapse+${userId}@sagebase.org`;
    expect((await user.get('/userProfile')).body).toMatchObject({
      ownerId: userId,
      userName: userId,
      email,
      firstName: '',
      lastName: '',
      openIds: [],
      notificationSettings: { sendEmailNotifications: false },
    });
    for (const name of ['position', 'company', 'location', 'displayName', 'industry']) {
      expect((await user.get('/userProfile')).body).not.toHaveProperty(name);
    }
    for (const username of ['leaver', userId, email]) {
      expect(await server.anonymous.post('/auth/v1/login2', { username, password })).toMatchObject({
        status: 401,
      });
    }
  });
});
