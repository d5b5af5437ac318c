import type * as M from '../../../generated/models.js';
import { hasAccess } from '../access/requireAccess.js';
import { parseEntityReference } from '../entities/entityIds.js';
import {
  entityTables,
  findEntityRecord,
  versionKey,
  type VersionRecord,
} from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound, staleEtag } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** A step of an analysis, with the entities and code that it used. */
export interface ActivityRecord {
  readonly id: string;
  readonly etag: string;
  readonly name?: string;
  readonly description?: string;
  readonly createdBy: number;
  readonly createdOn: string;
  readonly modifiedBy: number;
  readonly modifiedOn: string;
  readonly used: readonly M.Used[];
}

const maxTextLength = limits.activityText;

function activities(world: World): Collection<ActivityRecord> {
  return world.store.collection<ActivityRecord>('activities');
}

/** @throws 404 */
export function getActivityRecord(world: World, id: string): ActivityRecord {
  const record = activities(world).get(id);
  if (record === undefined) {
    throw notFound(`Activity: '${id}' does not exist`);
  }
  return record;
}

/**
 * Creates an activity.
 *
 * @throws 403 for the anonymous user, 400 for an invalid `used` item
 * @see https://rest-docs.synapse.org/rest/POST/activity.html
 */
export function createActivity(world: World, caller: Caller, body: M.Activity): ActivityRecord {
  if (caller.isAnonymous) {
    throw forbidden('Anonymous users may not create activities.');
  }
  const content = activityContent(world, body);
  const now = world.timestamp();
  const record: ActivityRecord = {
    id: String(world.store.sequence('activities')()),
    etag: world.uuid(),
    createdBy: caller.userId,
    createdOn: now,
    modifiedBy: caller.userId,
    modifiedOn: now,
    ...content,
  };
  activities(world).put(record.id, record);
  return record;
}

/**
 * Replaces an activity.
 *
 * @throws 404, 403 when it belongs to another user, 412 for a stale etag, 400 for an invalid `used`
 * item
 * @see https://rest-docs.synapse.org/rest/PUT/activity/id.html
 */
export function updateActivity(
  world: World,
  caller: Caller,
  id: string,
  body: M.Activity,
): ActivityRecord {
  const current = requireOwnActivity(world, caller, id);
  if (body.etag === undefined) {
    throw badRequest('The etag of the activity is required.');
  }
  if (body.etag !== current.etag) {
    throw staleEtag(`activity ${id}`);
  }
  const record: ActivityRecord = {
    id,
    etag: world.uuid(),
    createdBy: current.createdBy,
    createdOn: current.createdOn,
    modifiedBy: caller.userId,
    modifiedOn: world.timestamp(),
    ...activityContent(world, body),
  };
  activities(world).put(id, record);
  return record;
}

/**
 * Deletes an activity and removes it from the entities that it generated.
 *
 * @throws 404, 403 when it belongs to another user
 * @see https://rest-docs.synapse.org/rest/DELETE/activity/id.html
 */
export function deleteActivity(world: World, caller: Caller, id: string): void {
  requireOwnActivity(world, caller, id);
  const { versions, versionsByActivity } = entityTables(world);
  for (const version of versionsByActivity.find(id)) {
    const key = versionKey(version.entityId, version.number);
    versions.put(key, { ...version, activityId: undefined });
  }
  activities(world).delete(id);
}

/**
 * @throws 404, or 403 when the caller did not create it and may not read any entity that it
 * generated
 */
export function requireReadableActivity(world: World, caller: Caller, id: string): ActivityRecord {
  const record = getActivityRecord(world, id);
  if (!isOwn(caller, record) && readableGenerated(world, caller, id).length === 0) {
    throw forbidden(`You lack READ access to activity ${id}.`);
  }
  return record;
}

/** The versions that an activity generated and that the caller may read, oldest entity first. */
export function readableGenerated(world: World, caller: Caller, id: string): VersionRecord[] {
  return entityTables(world)
    .versionsByActivity.find(id)
    .filter(({ entityId }) => hasAccess(world, caller, entityId, 'READ'));
}

/**
 * Checks that the caller may connect entities to an activity: only its creator may.
 *
 * @throws 404, 403
 */
export function requireConnectable(
  world: World,
  caller: Caller,
  activityId: string | undefined,
): void {
  if (activityId === undefined) {
    return;
  }
  if (!isOwn(caller, getActivityRecord(world, activityId))) {
    throw forbidden(`User: ${caller.userId} not authorized to connect to activity: ${activityId}`);
  }
}

function requireOwnActivity(world: World, caller: Caller, id: string): ActivityRecord {
  const record = getActivityRecord(world, id);
  if (!isOwn(caller, record)) {
    throw forbidden(`User ${caller.userId} lacks change access to the requested object.`);
  }
  return record;
}

function isOwn(caller: Caller, record: ActivityRecord): boolean {
  return caller.isAdmin || (!caller.isAnonymous && record.createdBy === caller.userId);
}

function activityContent(
  world: World,
  body: M.Activity,
): Pick<ActivityRecord, 'description' | 'name' | 'used'> {
  for (const property of ['name', 'description'] as const) {
    if ((body[property]?.length ?? 0) > maxTextLength) {
      throw badRequest(
        `The ${property} of an activity must be ${maxTextLength} characters or less`,
      );
    }
  }
  return {
    name: body.name,
    description: body.description,
    used: (body.used ?? []).map((used) => completeUsed(world, used)),
  };
}

/** A used entity without a version refers to its current version. */
function completeUsed(world: World, used: M.Used): M.Used {
  if (!('reference' in used) || used.reference === undefined) {
    return used;
  }
  const { targetId, targetVersionNumber } = used.reference;
  if (targetId === undefined) {
    throw badRequest('The targetId of a used entity cannot be null');
  }
  const { id, version } = parseEntityReference(targetId);
  const number = targetVersionNumber ?? version ?? findEntityRecord(world, id)?.currentVersion;
  return {
    ...used,
    reference: { targetId: id, targetVersionNumber: number },
  };
}

/** The activity as the API shows it. */
export function activityModel(record: ActivityRecord): M.Activity {
  return {
    ...record,
    createdBy: String(record.createdBy),
    modifiedBy: String(record.modifiedBy),
    used: [...record.used],
  };
}
