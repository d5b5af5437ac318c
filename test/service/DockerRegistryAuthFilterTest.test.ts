import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { basicHeader, registryHeader, sendEvents } from './dockerRegistry.js';

const server = withSessions();
const challenge = 'Bearer realm="Synapse Repository Services"';

describe('DockerRegistryAuthFilterTest', () => {
  test('testDoFilterWithoutBasicAuth: events without credentials are refused', async () => {
    expect(await sendEvents(server, { events: [] })).toEqual({
      status: 401,
      challenge,
      body: {
        concreteType: 'org.sagebionetworks.repo.model.ErrorResponse',
        reason: 'Missing required credentials in the authorization header.',
      },
    });
  });

  test('testDoFilterWithWrongUsernameAndPassword: events with wrong credentials are refused', async () => {
    const authorization = basicHeader('wrongRegistryUserName', 'wrongRegistryPassword');
    expect(await sendEvents(server, { events: [] }, authorization)).toEqual({
      status: 401,
      challenge,
      body: {
        concreteType: 'org.sagebionetworks.repo.model.ErrorResponse',
        reason: 'Invalid credentials.',
      },
    });
  });

  test('testDoFilterAuthenticateSuccess: events of the registry are accepted', async () => {
    expect(await sendEvents(server, { events: [] }, registryHeader)).toMatchObject({
      status: 204,
    });
  });
});
