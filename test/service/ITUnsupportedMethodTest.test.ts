import { describe, expect, test } from '@jest/globals';

import { api } from '../helpers/api.js';
import { withServer } from '../helpers/withServer.js';

const handle = withServer();

describe('ITUnsupportedMethodTest', () => {
  test('testUnsupportedMethodWrongVerb: a path with another method is a 405', async () => {
    expect(await api(handle.synapse).post('/repo/v1/version', 'body')).toMatchObject({
      status: 405,
      body: { reason: "Request method 'POST' not supported" },
    });
  });

  test('testUnsupportedMethodCallUnknownUri: a path that does not exist is a 404', async () => {
    expect(await api(handle.synapse).get('/repo/v1nonsenserequest')).toMatchObject({ status: 404 });
    expect(await api(handle.synapse).get('/repo/v1/nonsenserequest')).toMatchObject({
      status: 404,
    });
  });
});
