import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { SynapseHttpError } from '../errors.js';
import { callOptions } from '../options.js';
import { containerOf, type EntityRef } from '../values/ids.js';

/** Implements {@link StorageLocations.usage}. */
export async function storageUsage(
  ctx: Context,
  project: EntityRef,
  options: CallOptions = {},
): Promise<M.ProjectStorageUsage> {
  const projectId = containerOf(project);
  const call = callOptions(options);
  try {
    return await ctx.services.projectStorage.getProjectStorageUsage({ projectId }, call);
  } catch (error) {
    if (error instanceof SynapseHttpError && error.status === 400) {
      error.message += await projectHint(ctx, projectId, call);
    }
    throw error;
  }
}

/** The project that a folder or file is in. */
async function projectHint(ctx: Context, id: string, call: CallOptions): Promise<string> {
  const { path } = await ctx.services.entity
    .getEntityPath({ id }, call)
    .catch(() => ({ path: [] }));
  // The first one is the root of all projects.
  const project = path[1];
  return project === undefined || project.id === id
    ? ''
    : ` What is stored is counted for whole projects: ${id} is in ${project.id} (${project.name}).`;
}
