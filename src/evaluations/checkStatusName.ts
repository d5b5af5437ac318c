import { ArgumentError } from '../errors.js';
import { nearestName } from '../values/nearestName.js';
import { quoted } from '../values/quoted.js';
import { statusNames } from './statusNames.js';

/** @throws {@link ArgumentError} for what is not the name of a status. */
export function checkStatusName(name: string | undefined): void {
  if (name === undefined || statusNames.some((known) => known === name)) return;
  const nearest = nearestName(name, statusNames);
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new ArgumentError(
    `${quoted(name)} is not the status of a submission: expected ${statusNames.join(', ')}.${hint}`,
  );
}
