import type { Router } from '../kernel/router.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import {
  createSession,
  getRegistration,
  registerAgent,
  requireSession,
  updateSession,
} from './agentRecords.js';
import { readTrace } from './chatTraces.js';

/** Serves agents. There is no language model: chat replies are canned. */
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
  router.post('/repo/v1/agent/chat/trace/{jobId}', ({ caller, path, body }) => {
    requireLogin(caller);
    return { jobId: path.jobId, page: readTrace(world, caller, path.jobId, body) };
  });
}
