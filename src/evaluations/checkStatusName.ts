import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { nearestName } from '../values/nearestName.js';
import { quoted } from '../values/quoted.js';

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

/** @throws {@link ArgumentError} for what is not the name of a status. */
export function checkStatusName(name: string | undefined): void {
  if (name === undefined || statusNames.some((known) => known === name)) return;
  const nearest = nearestName(name, statusNames);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new ArgumentError(
    `${quoted(name)} is not the status of a submission: expected ${statusNames.join(', ')}.${hint}`,
  );
}
