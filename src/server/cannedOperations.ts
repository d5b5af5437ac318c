/**
 * Operations whose answer has the right shape, follows the rules about who may ask and keeps its
 * state, but whose substance is made up; with what is made up.
 */
export const cannedOperations: Readonly<Record<string, string>> = {
  'agent.startAgentChat': 'no language model is asked: every reply is the same',
  'agent.getAgentChatResult': 'no language model is asked: every reply is the same',
  'agent.listAgentChatTraceEvents': 'there is never anything to trace',
  'accessApproval.listAccessApprovalNotifications': 'no mail is sent, so no reminder was',
  'certifiedUser.getCertificationQuiz': 'the questions are not those of the service',
  'dockerAuthorization.getDockerBearerToken': 'no registry knows the token',
  'grid.createGridPresignedUrl': 'no web socket is behind the address',
  'grid.startGridSynchronization': 'a grid is taken to agree with its source',
  'grid.getGridSynchronizationResult': 'a grid is taken to agree with its source',
  'log.createLogEntry': 'entries are not kept',
  'statistics.getObjectStatistics': 'nothing is counted',
  'webhook.sendWebhookVerificationCode': 'the code is shown instead of being sent',
};
