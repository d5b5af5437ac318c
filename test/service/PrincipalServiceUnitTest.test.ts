import { describe, expect, test } from '@jest/globals';

import { refusal, withSessions } from '../server/entitySession.js';

const server = withSessions();

function check(body: object) {
  return server.alice.post('/principal/available', body);
}

describe('PrincipalServiceUnitTest', () => {
  test('testcheckAliasNotValid: a name that is not valid is not available', async () => {
    expect(await check({ alias: 'not valid!', type: 'USER_NAME' })).toMatchObject({
      status: 201,
      body: { valid: false, available: false },
    });
  });

  test('testcheckAliasValidNotAvaiable: a valid name may be taken', async () => {
    expect(await check({ alias: 'bob', type: 'USER_NAME' })).toMatchObject({
      body: { valid: true, available: false },
    });
  });

  test('testcheckAliasValid: a valid name may be free', async () => {
    expect(await check({ alias: 'free-name', type: 'USER_NAME' })).toMatchObject({
      body: { valid: true, available: true },
    });
  });

  test.each([
    [{ type: 'USER_NAME' }, 'Alias cannot be null'],
    [{ alias: 'free-name' }, 'AliasType cannot be null'],
  ])('testcheckAliasNotValid: %j is refused', async (body, reason) => {
    expect(await check(body)).toEqual(refusal(400, reason));
  });
});
