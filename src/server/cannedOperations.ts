const noProvider = 'no provider is asked: every code is refused';

/**
 * Operations whose answers are partly made up, with a description of that part. They still check
 * permissions, keep state and return the documented models.
 */
export const cannedOperations: Readonly<Record<string, string>> = {
  'agent.startAgentChat': 'there is no language model: every reply is the same',
  'agent.getAgentChatResult': 'there is no language model: every reply is the same',
  'agent.listAgentChatTraceEvents': 'the events state that there is no language model',
  'accessApproval.listAccessApprovalNotifications':
    'no reminders are sent for approvals that expire',
  'authentication.getOAuthAuthorizationUrl': 'the provider does not know the client id of the URL',
  'authentication.loginWithOAuth': noProvider,
  'authentication.createAccountWithOAuth': noProvider,
  'authentication.bindOAuthAlias': noProvider,
  'authentication.unbindOAuthAlias': 'no account has an identifier of another provider',
  'certifiedUser.getCertificationQuiz': 'the questions are not those of the service',
  'dockerAuthorization.getDockerBearerToken': 'no registry accepts the token',
  'grid.createGridPresignedUrl': 'there is no web socket at the URL',
  'log.createLogEntry': 'entries are not stored',
  'statistics.getObjectStatistics': 'all counts are zero',
  'webhook.sendWebhookVerificationCode':
    'the code goes to the option `webhookReceiver`; without it the webhook fails',
};

/** Why operations of a service are not modelled. */
export const missingReasons: Readonly<Record<string, string>> = {
  table: 'the PFB format, which is based on Avro, is not supported',
};
