import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from './entitySession.js';

const server = withSessions();

describe('agents', () => {
  test('reply with a canned answer in their sessions', async () => {
    const { alice, bob, anonymous } = server;
    const registration = await alice.put('/agent/registration', { awsAgentId: 'AGENT' });
    expect(registration).toMatchObject({ status: 201, body: { type: 'CUSTOM' } });
    expect((await bob.put('/agent/registration', { awsAgentId: 'AGENT' })).body).toEqual(
      registration.body,
    );
    expect(await alice.put('/agent/registration', {})).toMatchObject({ status: 400 });
    const { agentRegistrationId = '' } = registration.body as M.AgentRegistration;
    expect(await bob.get(`/agent/registration/${agentRegistrationId}`)).toMatchObject({
      body: { awsAgentId: 'AGENT' },
    });
    expect(await bob.get('/agent/registration/1')).toMatchObject({ body: { type: 'BASELINE' } });
    expect(await bob.get('/agent/registration/99')).toMatchObject({ status: 404 });
    const body = { agentAccessLevel: 'PUBLICLY_ACCESSIBLE', agentRegistrationId };
    const made = await alice.post('/agent/session', body);
    expect(made).toMatchObject({ status: 201, body: { startedBy: server.userId('alice') } });
    expect(await alice.post('/agent/session', {})).toMatchObject({ status: 400 });
    expect(
      await alice.post('/agent/session', { ...body, agentRegistrationId: '99' }),
    ).toMatchObject({ status: 404 });
    expect(await anonymous.post('/agent/session', body)).toMatchObject({ status: 403 });
    const { sessionId = '' } = made.body as M.AgentSession;
    const path = `/agent/session/${sessionId}`;
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    const level = { sessionId, agentAccessLevel: 'READ_YOUR_PRIVATE_DATA' };
    expect(await bob.put(path, level)).toMatchObject({ status: 403 });
    expect(await alice.put(path, level)).toMatchObject({ status: 200, body: level });
    expect(await alice.get(path)).toMatchObject({ body: level });
    const chat = (session: Session, fields: object) =>
      session.run('/agent/chat', {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatRequest',
        sessionId,
        ...fields,
      });
    expect(await chat(alice, { chatText: 'Hello' })).toMatchObject({
      status: 201,
      body: { sessionId, responseText: expect.stringContaining('local Synapse') },
    });
    expect(await chat(alice, {})).toMatchObject({ status: 201, body: { responseText: '' } });
    expect(await chat(bob, { chatText: 'Hello' })).toMatchObject({ status: 403 });
    expect(await alice.post('/agent/chat/trace/1', {})).toMatchObject({ body: { page: [] } });
  });

  test('tell how they came to a reply when they are asked to', async () => {
    const { alice, bob } = server;
    // The agent that the service has for clients to try it, and the tests of the Python client do.
    const registration = await bob.put('/agent/registration', {
      awsAgentId: 'QOTV3KQM1X',
      awsAliasId: 'TSTALIASID',
    });
    expect(registration.body).toEqual({
      agentRegistrationId: '29',
      awsAgentId: 'QOTV3KQM1X',
      awsAliasId: 'TSTALIASID',
      registeredOn: '2025-01-16T18:57:35.680Z',
      type: 'CUSTOM',
    });
    const session = await alice.post('/agent/session', {
      agentAccessLevel: 'PUBLICLY_ACCESSIBLE',
      agentRegistrationId: '29',
    });
    const { sessionId } = session.body as M.AgentSession;
    const ask = async (enableTrace: boolean): Promise<string> => {
      const started = await alice.post('/agent/chat/async/start', {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatRequest',
        sessionId,
        chatText: 'hello',
        enableTrace,
      });
      return `/agent/chat/trace/${(started.body as { token: string }).token}`;
    };
    const path = await ask(true);
    const { page = [] } = (await alice.post(path, { newerThanTimestamp: null }))
      .body as M.TraceEventsResponse;
    expect(page).toEqual([
      { timestamp: expect.any(Number), message: expect.stringContaining('Agent 29') },
    ]);
    const newerThanTimestamp = page[0]?.timestamp;
    expect(await alice.post(path, { newerThanTimestamp })).toMatchObject({ body: { page: [] } });
    expect(await bob.post(path, {})).toMatchObject({ status: 403 });
    expect(await alice.post(await ask(false), {})).toMatchObject({ body: { page: [] } });
  });

  test('work on a grid of the user with a replica of their own', async () => {
    const { alice, bob } = server;
    const made = await alice.run('/grid/session', {
      concreteType: 'org.sagebionetworks.repo.model.grid.CreateGridRequest',
    });
    const { gridSession } = made.body as Required<M.CreateGridResponse>;
    const grid = `/grid/session/${gridSession.sessionId ?? ''}`;
    expect((await alice.post(`${grid}/replica`, {})).status).toBe(201);
    const context = {
      concreteType: 'org.sagebionetworks.repo.model.agent.GridAgentSessionContext',
      gridSessionId: gridSession.sessionId,
      usersReplicaId: 1,
    };
    const start = (fields: object, session = alice) =>
      session.post('/agent/session', {
        agentAccessLevel: 'PUBLICLY_ACCESSIBLE',
        sessionContext: { ...context, ...fields },
      });
    expect(await start({})).toMatchObject({
      status: 201,
      body: { sessionContext: { ...context, agentsReplicaId: 2 } },
    });
    expect(await alice.get(`${grid}/replica/2`)).toMatchObject({
      body: { isAgentReplica: true, createdBy: String(server.userId('alice')) },
    });
    expect(await start({ agentsReplicaId: 2 })).toEqual(
      refusal(400, 'The agentsReplicaId must be null'),
    );
    expect(await start({ usersReplicaId: 9 })).toMatchObject({ status: 404 });
    expect(await start({ gridSessionId: 'none' })).toMatchObject({ status: 404 });
    expect(await start({}, bob)).toMatchObject({ status: 403 });
  });
});
