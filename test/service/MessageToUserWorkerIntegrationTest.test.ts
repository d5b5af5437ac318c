import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { sendMessage, unread, uploadText } from './messageCalls.js';

const server = withSessions();

describe('MessageToUserWorkerIntegrationTest', () => {
  test('testRoundTrip: a message to a user and to everybody reaches the user', async () => {
    const { alice, bob } = server;
    const fileHandleId = await uploadText(alice, 'my dog has fleas');
    const recipients = [String(server.userId('bob')), '273948'];
    const message = await sendMessage(alice, { fileHandleId, recipients });
    expect(await unread(bob)).toEqual([message]);
  });
});
