import { isList } from '../values/isList.js';
import { ArgumentError } from '../errors.js';
import { quoted } from '../values/quoted.js';

/** An access requirement: its id, or an object that has one. */
export type RequirementRef = number | string | { id?: number | string | undefined };

/**
 * The id of an access requirement.
 *
 * @throws {@link ArgumentError} for what is no id.
 */
export function requirementId(requirement: RequirementRef): number {
  const id: unknown = typeof requirement === 'object' ? requirement.id : requirement;
  const text = typeof id === 'number' || typeof id === 'string' ? String(id).trim() : '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ArgumentError(
    `${quoted(requirement)} is not the id of an access requirement: ids are digits.`,
  );
}

/**
 * The ids of some access requirements, each once.
 *
 * @throws {@link ArgumentError} for what is no id, and when there is none.
 */
export function requirementIds(requirements: RequirementRef | readonly RequirementRef[]): number[] {
  const list = isList(requirements) ? requirements : [requirements];
  if (list.length === 0) throw new ArgumentError('Name the access requirements, by their ids.');
  return [...new Set(list.map(requirementId))];
}
