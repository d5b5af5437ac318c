import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import {
  createSession,
  getRegistration,
  registerAgent,
  requireSession,
  updateSession,
} from './agentRecords.js';
import { readTrace, traceChat } from './chatTraces.js';

/** Serves agents. No language model is asked: the replies in a chat are canned. */
export function agentRoutes(router: Router, world: World): void {
  router.put('/repo/v1/agent/registration', ({ caller, body }) =>
    registerAgent(world, caller, body),
  );
  router.get('/repo/v1/agent/registration/{agentRegistrationId}', ({ caller, path }) => {
    requireLogin(caller);
    return getRegistration(world, path.agentRegistrationId);
  });
  router.post('/repo/v1/agent/session', ({ caller, body }) => createSession(world, caller, body));
  router.get('/repo/v1/agent/session/{sessionId}', ({ caller, path }) =>
    requireSession(world, caller, path.sessionId),
  );
  router.put('/repo/v1/agent/session/{sessionId}', ({ caller, path, body }) =>
    updateSession(world, caller, path.sessionId, body),
  );
  world.jobs.define(
    'org.sagebionetworks.repo.model.agent.AgentChatRequest',
    ({ sessionId, chatText, enableTrace }, { caller, jobId }) => {
      const session = requireSession(world, caller, sessionId);
      if (chatText === undefined || chatText.trim() === '') {
        throw badRequest('The chatText is required.');
      }
      if (enableTrace === true && jobId !== undefined) {
        traceChat(world, caller, jobId, session);
      }
      return {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatResponse',
        sessionId: session.sessionId,
        responseText: 'This is a local Synapse without a language model; this is its only answer.',
      };
    },
  );
  router.post('/repo/v1/agent/chat/trace/{jobId}', ({ caller, path, body }) => {
    requireLogin(caller);
    return { jobId: path.jobId, page: readTrace(world, caller, path.jobId, body) };
  });
}
