/**
 * Operations whose answers are partly made up, with a description of that part. They still check
 * permissions, keep state and return the documented models.
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
