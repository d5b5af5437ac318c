import type { World } from '../world.js';
import { requireSession } from './agentRecords.js';
import { traceChat } from './chatTraces.js';

/** Registers the chat job. */
export function registerAgents(world: World): void {
  world.jobs.define(
    'org.sagebionetworks.repo.model.agent.AgentChatRequest',
    ({ sessionId, chatText, enableTrace }, { caller, jobId }) => {
      const session = requireSession(world, caller, sessionId);
      const answer = {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatResponse' as const,
        sessionId: session.sessionId,
      };
      if (chatText === undefined || chatText.trim() === '') {
        return { ...answer, responseText: '' };
      }
      if (enableTrace === true && jobId !== undefined) {
        traceChat(world, caller, jobId, session);
      }
      return {
        ...answer,
        responseText: 'This is a local Synapse without a language model; this is its only answer.',
      };
    },
  );
}
