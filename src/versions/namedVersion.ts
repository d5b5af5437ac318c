import { ArgumentError } from '../errors.js';
import { versionOf, type EntityRef } from '../values/ids.js';

/**
 * The version that a call names: in the id, as a number, or in an object that has one.
 *
 * @param todo - What is done with the version, such as `restored`.
 * @throws {@link ArgumentError} when none is named, or two different ones.
 */
export function namedVersion(
  entity: EntityRef,
  version: number | undefined,
  todo: string,
): { id: string; versionNumber: number } {
  const { id, version: versionNumber } = versionOf(entity, version, { ownVersion: true });
  if (versionNumber !== undefined) return { id, versionNumber };
  throw new ArgumentError(
    `Which version of ${id} is to be ${todo}? Name it: ${id}.1 is the first.`,
  );
}
