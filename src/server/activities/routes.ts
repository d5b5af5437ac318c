import { requireAccess } from '../access/requireAccess.js';
import { entityHooks } from '../entities/entityHooks.js';
import { parseEntityId, parseVersionNumber } from '../entities/entityIds.js';
import { getVersionRecord, type EntityRecord } from '../entities/entityRecords.js';
import { putEntity, refuseBuiltIn, stamped } from '../entities/entityWrites.js';
import type { Caller } from '../kernel/caller.js';
import { paginated, pageWindow } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { notFound } from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import type { World } from '../world.js';
import {
  activityModel,
  createActivity,
  deleteActivity,
  getActivityRecord,
  readableGenerated,
  requireConnectable,
  requireReadableActivity,
  updateActivity,
  type ActivityRecord,
} from './activityRecords.js';

/** Serves activities and their connections to entities. */
export function activityRoutes(router: Router, world: World): void {
  router.post('/repo/v1/activity', ({ caller, body }) =>
    activityModel(createActivity(world, caller, body)),
  );
  router.get('/repo/v1/activity/{id}', ({ path, caller }) =>
    activityModel(requireReadableActivity(world, caller, path.id)),
  );
  router.put('/repo/v1/activity/{id}', ({ path, caller, body }) =>
    activityModel(updateActivity(world, caller, path.id, body)),
  );
  router.delete('/repo/v1/activity/{id}', ({ path, caller }) =>
    deleteActivity(world, caller, path.id),
  );
  router.get('/repo/v1/activity/{id}/generated', ({ path, query, caller }) => {
    requireReadableActivity(world, caller, path.id);
    const references = readableGenerated(world, caller, path.id).map(({ entityId, number }) => ({
      targetId: entityId,
      targetVersionNumber: number,
    }));
    return paginated(references, pageWindow(query, pageLimits.generated));
  });
  connectionRoutes(router, world);
}

function connectionRoutes(router: Router, world: World): void {
  router.get('/repo/v1/entity/{id}/generatedBy', ({ path, caller }) =>
    activityModel(generatedBy(world, caller, parseEntityId(path.id))),
  );
  router.get('/repo/v1/entity/{id}/version/{versionNumber}/generatedBy', ({ path, caller }) =>
    activityModel(
      generatedBy(world, caller, parseEntityId(path.id), parseVersionNumber(path.versionNumber)),
    ),
  );
  router.put('/repo/v1/entity/{id}/generatedBy', ({ path, query, caller }) => {
    const record = requireAccess(world, caller, parseEntityId(path.id), 'UPDATE');
    requireConnectable(world, caller, query.generatedBy);
    connect(world, caller, record, query.generatedBy);
    return activityModel(getActivityRecord(world, query.generatedBy));
  });
  router.delete('/repo/v1/entity/{id}/generatedBy', ({ path, caller }) => {
    connect(world, caller, requireAccess(world, caller, parseEntityId(path.id), 'UPDATE'));
  });
}

function generatedBy(world: World, caller: Caller, id: string, number?: number): ActivityRecord {
  const record = requireAccess(world, caller, id, 'READ');
  const { activityId } = getVersionRecord(world, record, number);
  if (activityId === undefined) {
    throw notFound('No activity');
  }
  return getActivityRecord(world, activityId);
}

/** Connects the current version to an activity, or to none. */
function connect(world: World, caller: Caller, record: EntityRecord, activityId?: string): void {
  refuseBuiltIn(record.id);
  const previous = { record, version: getVersionRecord(world, record) };
  const touched = stamped(world, caller, record);
  const entity = { record: touched.record, version: { ...touched.version, activityId } };
  putEntity(world, entity);
  entityHooks(world).emit({ kind: 'update', caller, entity, previous });
}
