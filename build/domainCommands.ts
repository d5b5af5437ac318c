/** What reaches a domain of the library from the command line. */
export interface DomainCommands {
  /** Commands, or topics with several. */
  commands: readonly string[];
  /** Operations for `synapse api`, where there is no command. */
  operations: readonly string[];
}

/** The domains of the library, `syn.<name>`, and what reaches each from the command line. */
export const domainCommands: Readonly<Record<string, DomainCommands>> = {
  access: { commands: ['access'], operations: [] },
  accessRequirements: {
    commands: ['access requirements', 'access why'],
    operations: [
      'accessRequirement.createAccessRequirement',
      'accessRequirement.searchAccessRequirements',
      'accessApproval.searchAccessApprovals',
    ],
  },
  challenges: {
    commands: [],
    operations: [
      'challenge.getEntityChallenge',
      'challenge.listChallenges',
      'challenge.createChallenge',
      'challenge.listChallengeTeams',
      'challenge.createChallengeTeam',
    ],
  },
  discussions: {
    commands: ['discussion'],
    operations: ['discussion.searchForum', 'discussion.pinThread', 'discussion.deleteThread'],
  },
  docker: { commands: ['show'], operations: ['dockerCommit.listDockerTags'] },
  dois: { commands: ['doi'], operations: [] },
  downloadList: { commands: ['download-list', 'get-download-list'], operations: [] },
  evaluations: {
    commands: ['evaluation', 'access grant'],
    operations: ['evaluation.updateEvaluation', 'evaluation.createEvaluationRound'],
  },
  favorites: { commands: ['favorite'], operations: [] },
  fileHandles: {
    commands: ['associate', 'cat'],
    operations: ['file.getFileHandle', 'file.copyFileHandleBatch', 'file.deleteFileHandle'],
  },
  messages: { commands: ['message'], operations: [] },
  migrate: { commands: ['migrate'], operations: [] },
  projectSettings: {
    commands: ['storage set', 'storage reset'],
    operations: ['projectSettings.getProjectSettingByType', 'projectSettings.createProjectSetting'],
  },
  provenance: { commands: ['get-provenance', 'set-provenance', 'provenance'], operations: [] },
  storageLocations: { commands: ['storage', 'get-sts-token'], operations: [] },
  submissions: {
    commands: ['submit', 'evaluation submissions', 'evaluation score', 'evaluation download'],
    operations: ['evaluation.cancelEvaluationSubmission', 'evaluation.deleteEvaluationSubmission'],
  },
  subscriptions: {
    commands: [],
    operations: [
      'subscription.listSubscriptions',
      'subscription.createSubscription',
      'subscription.deleteSubscription',
    ],
  },
  sync: {
    commands: ['get', 'store', 'sync', 'manifest', 'diff', 'lock', 'restore', 'tree'],
    operations: [],
  },
  tables: { commands: ['query', 'table', 'store-table', 'view', 'dataset'], operations: [] },
  teams: { commands: ['team', 'user search'], operations: ['team.updateTeam'] },
  users: { commands: ['user'], operations: ['userProfile.updateMyUserProfile'] },
  versions: { commands: ['version', 'delete'], operations: ['entity.updateEntity'] },
  wiki: { commands: ['wiki'], operations: ['wiki.updateEntityWikiOrderHint'] },
};
