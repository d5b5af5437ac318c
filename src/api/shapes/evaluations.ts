import {
  anything,
  count,
  flag,
  listOf,
  mapOf,
  members,
  number,
  scalar,
  text,
  type Shape,
} from '../shape.js';
import { annotation, page } from './common.js';

const evaluation = members(
  { id: text, etag: text, name: text },
  {
    description: text,
    ownerId: text,
    createdOn: text,
    contentSource: text,
    submissionInstructionsMessage: text,
    submissionReceiptMessage: text,
  },
);

const round = members(
  { id: text, etag: text, evaluationId: text, roundStart: text, roundEnd: text },
  { limits: listOf(members({ limitType: text, maximumSubmissions: count })) },
);

const submission = members(
  { id: text, evaluationId: text, entityId: text },
  {
    userId: text,
    submitterAlias: text,
    evaluationRoundId: text,
    entityBundleJSON: text,
    versionNumber: count,
    dockerRepositoryName: text,
    dockerDigest: text,
    name: text,
    createdOn: text,
    teamId: text,
    contributors: listOf(members({ principalId: text }, { createdOn: text })),
  },
);

const ownAnnotations = listOf(members({ key: text }, { value: scalar, isPrivate: flag }));

const status = members(
  { id: text, etag: text, status: text, statusVersion: count },
  {
    modifiedOn: text,
    score: number,
    report: text,
    entityId: text,
    versionNumber: count,
    canCancel: flag,
    cancelRequested: flag,
    annotations: members(
      {},
      { stringAnnos: ownAnnotations, longAnnos: ownAnnotations, doubleAnnos: ownAnnotations },
    ),
    submissionAnnotations: members({}, { annotations: mapOf(annotation) }),
  },
);

const bundle = members({ submission, submissionStatus: status });

const eligibility = { isEligible: flag, isRegistered: flag, isQuotaFilled: flag };

export const evaluationsShapes: readonly (readonly [string, Shape])[] = [
  ['evaluation.cancelEvaluationSubmission', anything],
  ['evaluation.createEvaluation', evaluation],
  ['evaluation.createEvaluationRound', round],
  ['evaluation.createEvaluationSubmission', submission],
  ['evaluation.deleteEvaluation', anything],
  ['evaluation.deleteEvaluationRound', anything],
  ['evaluation.deleteEvaluationSubmission', anything],
  ['evaluation.getEvaluation', evaluation],
  ['evaluation.getEvaluationByName', evaluation],
  ['evaluation.getEvaluationPermissions', members({}, { ownerPrincipalId: count })],
  ['evaluation.getEvaluationRound', round],
  ['evaluation.getEvaluationSubmission', submission],
  ['evaluation.getEvaluationSubmissionCount', count],
  ['evaluation.getEvaluationSubmissionStatus', status],
  [
    'evaluation.getTeamSubmissionEligibility',
    members(
      { teamEligibility: members({}, eligibility), eligibilityStateHash: number },
      {
        membersEligibility: listOf(
          members({ principalId: count }, { ...eligibility, hasConflictingSubmission: flag }),
        ),
      },
    ),
  ],
  ['evaluation.listAllEvaluationSubmissionBundles', page(bundle)],
  ['evaluation.listAllEvaluationSubmissionStatuses', page(status)],
  ['evaluation.listAllEvaluationSubmissions', page(submission)],
  ['evaluation.listAvailableEvaluations', page(evaluation)],
  ['evaluation.listEntityEvaluations', page(evaluation)],
  ['evaluation.listEvaluationRounds', members({}, { page: listOf(round), nextPageToken: text })],
  ['evaluation.listEvaluations', page(evaluation)],
  ['evaluation.listMyEvaluationSubmissionBundles', page(bundle)],
  ['evaluation.listMyEvaluationSubmissions', page(submission)],
  ['evaluation.migrateEvaluationQuota', anything],
  ['evaluation.updateEvaluation', evaluation],
  ['evaluation.updateEvaluationRound', round],
  ['evaluation.updateEvaluationSubmissionStatus', status],
  ['evaluation.updateEvaluationSubmissionStatusBatch', members({}, { nextUploadToken: text })],
  ['dockerCommit.listDockerTags', page(members({}, { tag: text, digest: text, createdOn: text }))],
];
