import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError } from '../errors.js';
import { isActivityObject, type ActivityObject, type AnyActivity } from '../provenance/activity.js';
import { Activity } from '../provenance/activityClass.js';
import { getProvenance } from '../provenance/getProvenance.js';
import { storeActivity } from '../provenance/storeActivity.js';
import type { Entity } from './entityClasses.js';
import { storedState, type StoredState } from './storedState.js';

/** The activity that an entity carries. A plain object becomes an {@link Activity}, which is not created twice. */
function ownActivity(entity: { activity?: AnyActivity | null }): ActivityObject | undefined {
  const { activity } = entity;
  if (activity === undefined || activity === null) return undefined;
  if (isActivityObject(activity)) return activity;
  const own = new Activity(activity);
  entity.activity = own;
  return own;
}

/** The activity that an entity carries, unless Synapse has it as it is and knows that it generated the entity. */
export function newActivity(entity: Entity): ActivityObject | undefined {
  const activity = ownActivity(entity);
  if (activity === undefined) return undefined;
  const isConnected = activity.isStored && storedState(entity)?.generatedBy === activity.id;
  return isConnected ? undefined : activity;
}

/**
 * The id of the activity that generated what is in Synapse now, as far as it is known.
 *
 * @param generatedBy - The activity that was given.
 */
export function activityNow(
  { before, now }: { before: StoredState | undefined; now: StoredState },
  generatedBy: string | undefined,
): string | undefined {
  const given = generatedBy ?? now.generatedBy;
  if (given !== undefined) return given;
  // A new version has no activity by itself.
  return versionOf(before) === versionOf(now) ? before?.generatedBy : undefined;
}

function versionOf(state: StoredState | undefined): number | undefined {
  return state !== undefined && 'versionNumber' in state.entity
    ? state.entity.versionNumber
    : undefined;
}

/**
 * Writes a new version that keeps the activity of the version before.
 *
 * @param write - Writes the version with an activity, or with none.
 * @returns What was written, and the activity that it has.
 */
export async function writeWithActivity<T>(
  ctx: Context,
  entity: { id: string; activity?: AnyActivity },
  write: (generatedBy: string | undefined) => Promise<T>,
  call: CallOptions,
): Promise<{ written: T; generatedBy: string | undefined }> {
  const own = ownActivity(entity);
  const activity =
    own?.isStored === true ? own.toJSON() : await getProvenance(ctx, entity.id, call);
  const { id, name, description, used } = activity ?? {};
  try {
    return { written: await write(id), generatedBy: id };
  } catch (error) {
    // Only its creator may connect an activity; a copy of it says the same.
    const isOthers =
      error instanceof AuthorizationError && id !== undefined && /activity/i.test(error.reason);
    if (!isOthers) throw error;
    const copy = await storeActivity(ctx, { name, description, used: used ?? [] }, call);
    return { written: await write(copy), generatedBy: copy };
  }
}
