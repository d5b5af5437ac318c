import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { requireSession } from './agentRecords.js';
import { traceChat } from './chatTraces.js';

/** Registers the chat job. */
export function registerAgents(world: World): void {
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
}
