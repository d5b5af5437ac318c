import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { logIn, newAccount } from './accounts.js';

// The clock stands, so that an attempt is always within the lock of the one before.
const now = new Date();
const server = withSessions({ now: () => now });

describe('AuthenticationManagerImplAutowiredTest', () => {
  test('testLoginWrongPassword_Lockout: attempts with wrong passwords in quick succession lock an account', async () => {
    const { username } = await newAccount(server);
    const attempt = () => logIn(server, { username, password: 'hunter2' });
    expect(await attempt()).toMatchObject({ status: 401 });
    expect(await attempt()).toMatchObject({
      status: 423,
      body: {
        reason: 'You are locked out from making any additional login attempts for 2 milliseconds',
      },
    });
  });
});
