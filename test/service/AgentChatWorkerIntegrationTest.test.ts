import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { chat, createSession } from './agentCalls.js';

const server = withSessions();

describe('AgentChatWorkerIntegrationTest', () => {
  test.each([[''], [' '], [undefined]])(
    'testChatWithEmptyRequest: the text %j gets an empty reply',
    async (chatText) => {
      const { alice } = server;
      const { sessionId } = await createSession(alice);
      expect((await chat(alice, { sessionId, chatText })).body).toMatchObject({
        sessionId,
        responseText: '',
      });
    },
  );
});
