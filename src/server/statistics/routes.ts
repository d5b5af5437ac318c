import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Router } from '../kernel/router.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';

const months = 12;

/** Serves statistics about projects. The numbers are canned: neither reads nor writes are counted. */
export function statisticsRoutes(router: Router, world: World): void {
  router.post('/repo/v1/statistics', ({ caller, body }) => {
    const { objectId, fileDownloads = true, fileUploads = true } = body;
    if (objectId === undefined) {
      throw badRequest('The objectId is required.');
    }
    const { id, type } = requireAccess(world, caller, parseEntityId(objectId), 'READ');
    if (type !== 'project') {
      throw badRequest(`${id} is not a project.`);
    }
    return {
      concreteType: 'org.sagebionetworks.repo.model.statistics.ProjectFilesStatisticsResponse',
      objectId: id,
      ...(fileDownloads && { fileDownloads: emptyMonths(world) }),
      ...(fileUploads && { fileUploads: emptyMonths(world) }),
    };
  });
}

/** Empty statistics of the last twelve full months. */
function emptyMonths(world: World): M.MonthlyFilesStatistics {
  const now = world.now();
  const monthStart = (ago: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago, 1)).toISOString();
  return {
    lastUpdatedOn: world.timestamp(),
    months: Array.from({ length: months }, (_, index) => ({
      rangeStart: monthStart(months - index),
      rangeEnd: monthStart(months - index - 1),
      filesCount: 0,
      usersCount: 0,
    })),
  };
}
