import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** A trace of how an agent produced a reply. */
interface TraceRecord {
  readonly userId: number;
  readonly events: readonly Required<M.TraceEvent>[];
}

function traces(world: World): Collection<TraceRecord> {
  return world.store.collection<TraceRecord>('agentTraces');
}

/** Records the trace of a reply: a chat with a trace has at least one event. */
export function traceChat(
  world: World,
  caller: Caller,
  jobId: string,
  session: Pick<M.AgentSession, 'agentAccessLevel' | 'agentRegistrationId'>,
): void {
  const { agentAccessLevel = '', agentRegistrationId = '' } = session;
  const message = `Agent ${agentRegistrationId} was asked with the access level ${agentAccessLevel}; no language model took part.`;
  const events = [{ timestamp: world.now().getTime(), message }];
  traces(world).put(jobId, { userId: caller.userId, events });
}

/**
 * The events of a chat that are newer than a time, oldest first.
 *
 * @throws 403 for the chat of another user
 */
export function readTrace(
  world: World,
  caller: Caller,
  jobId: string,
  { newerThanTimestamp = 0 }: M.TraceEventsRequest,
): M.TraceEvent[] {
  const trace = traces(world).get(jobId);
  if (trace === undefined) {
    return [];
  }
  if (trace.userId !== caller.userId) {
    throw forbidden('Only the user that started a chat may read its trace.');
  }
  return trace.events.filter(({ timestamp }) => timestamp > newerThanTimestamp);
}
