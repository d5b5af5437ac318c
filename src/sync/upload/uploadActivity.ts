import type * as M from '../../../generated/models.js';
import { usedList, type ActivityInput } from '../../provenance/activity.js';
import { isSynapseId } from '../../values/ids.js';
import { isUrl } from '../../values/urls.js';
import type { UploadActivity } from './uploadItem.js';

/** The id and version (`syn1.2`) of the file that a local path of an activity stands for; `undefined` while it is not known. */
export type ResolveUse = (path: string) => string | undefined;

/** The local paths that an activity names. */
export function localUses({ used = [], executed = [] }: UploadActivity): string[] {
  return [...used, ...executed].filter((use) => !isSynapseId(use) && !isUrl(use));
}

/** An activity whose local paths are replaced by ids; `undefined` while one of them is not known. */
export function resolveActivity(
  { name, description, used, executed }: UploadActivity,
  resolve: ResolveUse,
): ActivityInput | undefined {
  const resolved = (uses: readonly string[]): string[] =>
    uses.flatMap((use) => (isSynapseId(use) || isUrl(use) ? use : (resolve(use) ?? [])));
  const known = { used: used && resolved(used), executed: executed && resolved(executed) };
  const isComplete =
    known.used?.length === used?.length && known.executed?.length === executed?.length;
  return isComplete ? { name, description, ...known } : undefined;
}

/** Whether an activity in Synapse has what is given. What is not given does not count. */
export function isSameActivity(given: ActivityInput, stored: M.Activity | undefined): boolean {
  if (stored === undefined) return false;
  if (given.name !== undefined && given.name !== (stored.name ?? '')) return false;
  if (given.description !== undefined && given.description !== (stored.description ?? '')) {
    return false;
  }
  return [false, true].every((wasExecuted) => {
    const uses = wasExecuted ? given.executed : given.used;
    return (
      uses === undefined || isSameList(usedList(uses, wasExecuted), usesOf(stored, wasExecuted))
    );
  });
}

/** The activity to write: what is given, and what the one in Synapse has besides. */
export function completeActivity(
  { name, description, used, executed }: ActivityInput,
  stored: M.Activity | undefined,
): M.Activity {
  const lists = [
    ...(used === undefined ? usesOf(stored, false) : usedList(used, false)),
    ...(executed === undefined ? usesOf(stored, true) : usedList(executed, true)),
  ];
  return {
    name: name ?? stored?.name,
    description: description ?? stored?.description,
    used: lists,
  };
}

function usesOf(stored: M.Activity | undefined, wasExecuted: boolean): M.Used[] {
  return (stored?.used ?? []).filter((use) => (use.wasExecuted ?? false) === wasExecuted);
}

/** A use without a version is the same as any version of that entity: Synapse has filled in the current one. */
function isSameList(given: readonly M.Used[], stored: readonly M.Used[]): boolean {
  const givenKeys = new Set(given.flatMap((use) => keysOf(use).slice(0, 1)));
  const storedKeys = new Set(stored.flatMap(keysOf));
  return (
    [...givenKeys].every((key) => storedKeys.has(key)) &&
    stored.every((use) => keysOf(use).some((key) => givenKeys.has(key)))
  );
}

/** What a use can be called: with its version, if it has one, and without. */
function keysOf(use: M.Used): string[] {
  if ('url' in use) return [`url ${use.url ?? ''}`];
  if (!('reference' in use)) return [];
  const { targetId = '', targetVersionNumber } = use.reference ?? {};
  return targetVersionNumber === undefined
    ? [targetId]
    : [`${targetId}.${targetVersionNumber}`, targetId];
}
