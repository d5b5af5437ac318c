import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import { prepareContext } from './sessionContexts.js';

type SessionRecord = Required<Omit<M.AgentSession, 'sessionContext'>> &
  Pick<M.AgentSession, 'sessionContext'>;

/** The default agent. */
const defaultRegistrationId = '1';
/** The built-in agents. */
const fixedRegistrations: readonly M.AgentRegistration[] = [
  {
    agentRegistrationId: defaultRegistrationId,
    awsAgentId: 'BASELINE',
    awsAliasId: 'TSTALIASID',
    registeredOn: '2024-01-01T00:00:00.000Z',
    type: 'BASELINE',
  },
  // The agent that the service offers for testing chats.
  {
    agentRegistrationId: '29',
    awsAgentId: 'QOTV3KQM1X',
    awsAliasId: 'TSTALIASID',
    registeredOn: '2025-01-16T18:57:35.680Z',
    type: 'CUSTOM',
  },
];
/** Ids of agents that users register. */
const firstOwnId = 101;

function registrations(world: World): Collection<M.AgentRegistration> {
  return world.store.collection<M.AgentRegistration>('agentRegistrations');
}

function sessions(world: World): Collection<SessionRecord> {
  return world.store.collection<SessionRecord>('agentSessions');
}

/** @throws 404 */
export function getRegistration(world: World, id: string): M.AgentRegistration {
  const found =
    fixedRegistrations.find(({ agentRegistrationId }) => agentRegistrationId === id) ??
    registrations(world).get(id);
  if (found === undefined) {
    throw notFound(`The agent registration ${id.slice(0, 100)} does not exist.`);
  }
  return found;
}

/**
 * Registers an agent. Registering the same agent and alias again returns the same registration.
 *
 * @throws 403, 400
 */
export function registerAgent(
  world: World,
  caller: Caller,
  { awsAgentId, awsAliasId = 'TSTALIASID' }: M.AgentRegistrationRequest,
): M.AgentRegistration {
  requireLogin(caller);
  if (awsAgentId === undefined || awsAgentId.trim() === '') {
    throw badRequest('The awsAgentId is required.');
  }
  const known = [...fixedRegistrations, ...registrations(world).values()].find(
    (other) => other.awsAgentId === awsAgentId && other.awsAliasId === awsAliasId,
  );
  if (known !== undefined) {
    return known;
  }
  const agentRegistrationId = String(world.store.sequence('agentRegistrations', firstOwnId)());
  const registration: M.AgentRegistration = {
    agentRegistrationId,
    awsAgentId,
    awsAliasId,
    registeredOn: world.timestamp(),
    type: 'CUSTOM',
  };
  registrations(world).put(agentRegistrationId, registration);
  return registration;
}

/** @throws 403 for anonymous callers, 400, 404 for an agent or a grid that does not exist */
export function createSession(
  world: World,
  caller: Caller,
  {
    agentAccessLevel,
    agentRegistrationId = defaultRegistrationId,
    sessionContext,
  }: M.CreateAgentSessionRequest,
): SessionRecord {
  requireLogin(caller);
  if (agentAccessLevel === undefined) {
    throw badRequest('request.agentAccessLevel is required.');
  }
  getRegistration(world, agentRegistrationId);
  const now = world.timestamp();
  const session = {
    sessionId: world.uuid(),
    agentAccessLevel,
    startedOn: now,
    startedBy: caller.userId,
    modifiedOn: now,
    agentRegistrationId,
    etag: world.uuid(),
    ...(sessionContext && { sessionContext: prepareContext(world, caller, sessionContext) }),
  };
  sessions(world).put(session.sessionId, session);
  return session;
}

/** @throws 404, 403 for the session of another user */
export function requireSession(
  world: World,
  caller: Caller,
  id: string | undefined,
): SessionRecord {
  const session = sessions(world).get(id ?? '');
  if (session === undefined) {
    throw notFound('Agent session does not exist');
  }
  if (session.startedBy !== caller.userId) {
    throw forbidden('Only the user that started a session may access it');
  }
  return session;
}

/** @throws 404, 403 for the session of another user, 400 */
export function updateSession(
  world: World,
  caller: Caller,
  id: string,
  { agentAccessLevel }: M.UpdateAgentSessionRequest,
): SessionRecord {
  if (agentAccessLevel === undefined) {
    throw badRequest('request.agentAccessLevel is required.');
  }
  const session = requireSession(world, caller, id);
  if (agentAccessLevel === session.agentAccessLevel) {
    return session;
  }
  const changed = {
    ...session,
    agentAccessLevel,
    modifiedOn: world.timestamp(),
    etag: world.uuid(),
  };
  sessions(world).put(id, changed);
  return changed;
}
