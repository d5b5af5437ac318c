import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';
import { chat, createSession } from './agentCalls.js';
import { ok } from './teamCalls.js';

const server = withSessions();

describe('ITAgentControllerTest', () => {
  test('testChat: a session is read and changed, and the agent replies with a trace', async () => {
    const { alice } = server;
    const session = await createSession(alice);
    expect(session.agentAccessLevel).toBe('PUBLICLY_ACCESSIBLE');
    const { sessionId } = session;
    const path = `/agent/session/${sessionId}`;
    expect((await alice.get(path)).body).toEqual(session);
    const level = { sessionId, agentAccessLevel: 'READ_YOUR_PRIVATE_DATA' };
    expect(await alice.put(path, level)).toMatchObject({ status: 200, body: level });
    const started = await ok<{ token: string }>(
      alice.post('/agent/chat/async/start', {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatRequest',
        sessionId,
        chatText: 'hello',
        enableTrace: true,
      }),
    );
    expect(await alice.get(`/agent/chat/async/get/${started.token}`)).toMatchObject({
      body: { sessionId, responseText: expect.stringMatching(/./) },
    });
    const trace = `/agent/chat/trace/${started.token}`;
    expect((await alice.post(trace, {})).body).toMatchObject({ jobId: started.token });
  });

  test('testChatCustomAgent: an agent that is registered replies in its sessions', async () => {
    const { admin, alice } = server;
    const registration = await ok<Required<M.AgentRegistration>>(
      admin.put('/agent/registration', { awsAgentId: 'HELLOWORLD' }),
    );
    expect(registration).toMatchObject({ awsAgentId: 'HELLOWORLD', awsAliasId: 'TSTALIASID' });
    const { agentRegistrationId } = registration;
    const path = `/agent/registration/${agentRegistrationId}`;
    expect((await alice.get(path)).body).toEqual(registration);
    const { sessionId } = await createSession(alice, { agentRegistrationId });
    expect(await chat(alice, { sessionId, chatText: 'hello', enableTrace: true })).toMatchObject({
      body: { sessionId, responseText: expect.stringMatching(/./) },
    });
  });
});
