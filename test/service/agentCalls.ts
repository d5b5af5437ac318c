import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import type { Session } from '../server/entitySession.js';
import { ok } from './teamCalls.js';

export type StoredSession = Required<Omit<M.AgentSession, 'sessionContext'>>;

export function createSession(session: Session, fields: object = {}): Promise<StoredSession> {
  const request = { agentAccessLevel: 'PUBLICLY_ACCESSIBLE', ...fields };
  return ok(session.post('/agent/session', request));
}

/** Asks the agent of a session something. */
export function chat(session: Session, request: object): Promise<Answer> {
  return session.run('/agent/chat', {
    concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatRequest',
    ...request,
  });
}
