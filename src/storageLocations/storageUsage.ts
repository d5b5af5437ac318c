import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { containerOf, type EntityRef } from '../values/ids.js';

/** Implements {@link StorageLocations.usage}. */
export async function storageUsage(
  ctx: Context,
  project: EntityRef,
  options: CallOptions = {},
): Promise<M.ProjectStorageUsage> {
  const projectId = containerOf(project);
  return ctx.services.projectStorage.getProjectStorageUsage({ projectId }, callOptions(options));
}
