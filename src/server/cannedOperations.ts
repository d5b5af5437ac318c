/**
 * Operations whose answer has the right shape, follows the rules about who may ask and keeps its
 * state, but whose substance is made up; with what is made up.
 */
export const cannedOperations: Readonly<Record<string, string>> = {
  'agent.startAgentChat': 'no language model is asked: every reply is the same',
  'agent.getAgentChatResult': 'no language model is asked: every reply is the same',
  'agent.listAgentChatTraceEvents': 'the events say that no language model was asked',
  'accessApproval.listAccessApprovalNotifications': 'nobody is reminded of approvals that expire',
  'certifiedUser.getCertificationQuiz': 'the questions are not those of the service',
  'dockerAuthorization.getDockerBearerToken': 'no registry knows the token',
  'grid.createGridPresignedUrl': 'no web socket is behind the address',
  'log.createLogEntry': 'entries are not kept',
  'statistics.getObjectStatistics': 'nothing is counted',
  'webhook.sendWebhookVerificationCode': 'the code is shown instead of being sent',
};

/** Why operations of a service are not modelled. */
export const missingReasons: Readonly<Record<string, string>> = {
  authentication: 'needs the log-in page of another provider',
  table: 'PFB, a format of its own on top of Avro, is not written',
};
