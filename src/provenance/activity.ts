import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { isSynapseId, parseSynapseId } from '../values/ids.js';
import { isUrl } from '../values/urls.js';

/** The concrete types of all kinds of used items begin with this. */
const usedTypes = 'org.sagebionetworks.repo.model.provenance.';
export const usedEntity = 'org.sagebionetworks.repo.model.provenance.UsedEntity';
export const usedUrl = 'org.sagebionetworks.repo.model.provenance.UsedURL';

/** An entity or a URL that an activity used, with details. */
export interface UsedItem {
  /** An entity id (`syn1`, `syn1.4`), a stored entity, or a URL. */
  target?: UsedTarget;
  /** Version of the entity. @default the one in `target`, else the current version */
  targetVersion?: number;
  url?: string;
  /** The display name of the URL. @default the URL itself */
  name?: string;
  /** @default true in `executed`, else false */
  wasExecuted?: boolean;
}

type StoredEntity = {
  id?: string | undefined;
  versionNumber?: number | undefined;
  concreteType?: string;
};
/** What an activity used: an entity id (`syn1`, `syn1.4`), a stored entity, or a URL. */
export type UsedTarget = string | StoredEntity;

/** Something that an activity used: an entity, an id, a URL, or an item in the form of the API. */
export type UsedInput =
  | string
  | StoredEntity
  | UsedItem
  | { reference: M.Reference; wasExecuted?: boolean; concreteType?: string };

/** The activity that generated an entity: what it used and executed. */
export interface ActivityInput {
  /** The id of an existing activity, to update it. */
  id?: string;
  etag?: string;
  name?: string;
  description?: string;
  used?: UsedInput | readonly UsedInput[];
  executed?: UsedInput | readonly UsedInput[];
}

/** An object for an activity, which follows what Synapse has: an {@link Activity}. */
export interface ActivityObject {
  readonly id?: string;
  /** Whether Synapse has it as it is. */
  readonly isStored: boolean;
  /** In the form of the API. */
  toJSON(): M.Activity;
  /** Takes over what Synapse has now. */
  remember(stored: M.Activity): void;
}

/** An activity in any of its forms: a plain object, an answer of the API, or an {@link Activity}. */
export type AnyActivity = ActivityInput | M.Activity | ActivityObject;

/** Whether an activity is an {@link Activity}. */
export function isActivityObject(activity: AnyActivity): activity is ActivityObject {
  return 'toJSON' in activity;
}

/**
 * Converts an activity to the form of the API.
 *
 * @throws {@link ArgumentError} for a used item that is neither an entity nor a URL.
 */
export function toActivity(input: AnyActivity): M.Activity {
  if (isActivityObject(input)) return input.toJSON();
  const { used, executed, ...members }: ActivityInput = input;
  const given = Object.entries(members).filter(([, value]) => (value as unknown) != null);
  return {
    ...Object.fromEntries(given),
    used: [...usedList(used, false), ...usedList(executed, true)],
  };
}

/** Whether an activity is in the form of the API, which has one list for used and executed items. */
export function isWireActivity(activity: AnyActivity): activity is M.Activity {
  const used: unknown = 'used' in activity ? activity.used : undefined;
  return !('executed' in activity) && Array.isArray(used) && used.every(isWireItem);
}

// Entities have a concreteType too.
function isWireItem(item: unknown): boolean {
  if (typeof item !== 'object' || item === null || !('concreteType' in item)) return false;
  return typeof item.concreteType === 'string' && item.concreteType.startsWith(usedTypes);
}

/** Converts used items to the form of the API. Nested lists are flattened. */
export function usedList(
  items: UsedInput | readonly UsedInput[] | null | undefined,
  wasExecuted: boolean,
): M.Used[] {
  if (items === undefined || items === null) return [];
  return (Array.isArray(items) ? items : [items]).flatMap((item: unknown) =>
    Array.isArray(item) ? usedList(item, wasExecuted) : toUsed(item, wasExecuted),
  );
}

function toUsed(item: unknown, executed: boolean): M.Used | M.Used[] {
  if (typeof item === 'string') return usedText({ target: item }, item, executed);
  if (typeof item !== 'object' || item === null) throw notUsable(item);
  const given = withoutAbsent(item);
  if ('reference' in given) return usedReference(given, executed);
  if ('target' in given) return usedTarget(given, executed);
  if ('url' in given) return usedAddress(given, executed);
  if ('id' in given) return usedTarget({ target: given }, executed);
  throw notUsable(item);
}

/** Removes members that are `null` or `undefined`. */
function withoutAbsent(item: object): object {
  return Object.fromEntries(
    Object.entries(item).filter(([, value]) => (value ?? undefined) !== undefined),
  );
}

function usedReference(item: object, wasExecuted: boolean): M.Used {
  onlyMembers(item, ['reference', 'wasExecuted', 'concreteType']);
  const { reference } = item as { reference?: M.Reference };
  if (typeof reference?.targetId !== 'string') throw notUsable(item);
  onlyMembers(reference, ['targetId', 'targetVersionNumber']);
  return { concreteType: usedEntity, reference, wasExecuted: flag(item, wasExecuted) };
}

function usedAddress(item: object, wasExecuted: boolean): M.Used {
  onlyMembers(item, ['url', 'name', 'wasExecuted', 'concreteType']);
  const { url, name } = item as UsedItem;
  if (typeof url !== 'string') throw notUsable(item);
  return {
    concreteType: usedUrl,
    url,
    ...(typeof name === 'string' && { name }),
    wasExecuted: flag(item, wasExecuted),
  };
}

function usedTarget(item: object, executed: boolean): M.Used | M.Used[] {
  const { target, targetVersion, wasExecuted } = item as UsedItem;
  if (typeof target === 'string') return usedText(item, target, executed);
  if (typeof target !== 'object') throw notUsable(item);
  if (Array.isArray(target)) {
    onlyMembers(item, ['target', 'wasExecuted']);
    return (target as unknown[]).flatMap((each) => toUsed({ target: each, wasExecuted }, executed));
  }
  if ('reference' in target || 'url' in target) {
    onlyMembers(item, ['target', 'wasExecuted']);
    return toUsed(wasExecuted === undefined ? target : { ...target, wasExecuted }, executed);
  }
  if (typeof target.id !== 'string') throw notUsable(item);
  onlyMembers(item, ['target', 'targetVersion', 'wasExecuted']);
  const { id, version } = parseSynapseId(target.id);
  refuseOther(target.id, version, targetVersion);
  return entityUse(id, targetVersion || (target.versionNumber ?? version), flag(item, executed));
}

function usedText(item: object, text: string, executed: boolean): M.Used {
  const { targetVersion, name } = item as UsedItem;
  if (isUrl(text)) {
    onlyMembers(item, ['target', 'name', 'wasExecuted']);
    return {
      concreteType: usedUrl,
      url: text,
      name: name || text,
      wasExecuted: flag(item, executed),
    };
  }
  if (!isSynapseId(text)) throw notUsable(text);
  onlyMembers(item, ['target', 'targetVersion', 'wasExecuted']);
  const { id, version } = parseSynapseId(text);
  refuseOther(text, version, targetVersion);
  return entityUse(id, version ?? targetVersion, flag(item, executed));
}

function refuseOther(
  text: string,
  version: number | undefined,
  targetVersion: UsedItem['targetVersion'],
): void {
  if (version !== undefined && targetVersion && String(targetVersion) !== String(version)) {
    throw new ArgumentError(
      `${text} and version ${String(targetVersion)} are different versions of one entity`,
    );
  }
}

function entityUse(targetId: string, given: unknown, wasExecuted: boolean): M.Used {
  const version = given === undefined || given === null ? undefined : Number(given);
  if (version !== undefined && (!Number.isInteger(version) || given === '')) {
    throw new ArgumentError(`${JSON.stringify(given)} is not a version number of ${targetId}`);
  }
  // Versions begin at 1. Without a version, Synapse uses the current one.
  const reference = version ? { targetId, targetVersionNumber: version } : { targetId };
  return { concreteType: usedEntity, reference, wasExecuted };
}

// Items of `executed` were executed, whatever their own flag says.
function flag(item: object, executed: boolean): boolean {
  return executed || (item as UsedItem).wasExecuted === true;
}

function onlyMembers(item: object, allowed: readonly string[]): void {
  const extra = Object.keys(item).filter(
    (key) => !allowed.includes(key) && (item as Record<string, unknown>)[key] !== undefined,
  );
  if (extra.length > 0) {
    throw new ArgumentError(
      `A used item has ${extra.join(', ')}, which does not go with ${allowed[0] ?? ''}: expected ${allowed.join(', ')}`,
    );
  }
}

function notUsable(item: unknown): ArgumentError {
  return new ArgumentError(
    `${JSON.stringify(item)} cannot be used or executed by an activity: expected an entity, a Synapse id or a URL`,
  );
}
