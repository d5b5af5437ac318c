import type * as M from '../../generated/models.js';

/** What a submission can be. */
export const statusNames: readonly M.SubmissionStatusEnum[] = [
  'OPEN',
  'CLOSED',
  'SCORED',
  'INVALID',
  'VALIDATED',
  'EVALUATION_IN_PROGRESS',
  'RECEIVED',
  'REJECTED',
  'ACCEPTED',
];
