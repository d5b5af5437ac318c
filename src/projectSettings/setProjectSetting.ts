import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, PreconditionFailedError } from '../errors.js';
import { callOptions } from '../options.js';
import {
  nameMissingPermission,
  readUploadSetting,
  uploadSetting,
} from '../storageLocations/uploadSetting.js';
import { readLocations } from '../storageLocations/useStorageLocation.js';
import { containerOf, type EntityRef } from '../values/ids.js';

/** A new setting; or one that was read, with changed locations. */
export interface ProjectSettingInput {
  /** Present for a setting that was read. */
  id?: string | undefined;
  /** Present for a setting that was read: the change is refused when the setting has changed since. */
  etag?: string | undefined;
  /** The project or folder. */
  projectId?: EntityRef | undefined;
  /** 1 to 10 ids of storage locations; uploads go to the first one. */
  locations?: readonly number[] | undefined;
}

/** Implements {@link ProjectSettings.set}. */
export async function setProjectSetting(
  ctx: Context,
  { id, etag, projectId: project, locations: given = [] }: ProjectSettingInput,
  options: CallOptions = {},
): Promise<M.ProjectSetting> {
  const { projectSettings } = ctx.services;
  const call = callOptions(options);
  const projectId = containerOf(project);
  const locations = readLocations(given);
  const body = uploadSetting(projectId, locations);
  if (id === undefined) return create(ctx, body, call);
  if (etag === undefined) {
    throw new ArgumentError(
      `Setting ${id} of ${projectId} has no etag: read it with syn.projectSettings.get, and change that.`,
    );
  }
  try {
    await projectSettings.updateProjectSetting({ body: { ...body, id, etag } }, call);
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) {
      throw await nameMissingPermission(ctx, error, projectId, 'UPDATE');
    }
    const now = await projectSettings.getProjectSetting({ id }, call);
    // The answer to this change was lost, and the change was sent again.
    if (isSame(now, body)) return now;
    error.message += ` Read the setting of ${projectId} again with syn.projectSettings.get, and repeat the change.`;
    throw error;
  }
  // The answer to the change is empty, and the etag is needed for the next one.
  return projectSettings.getProjectSetting({ id }, call);
}

function isSame(one: M.ProjectSetting, other: M.ProjectSetting): boolean {
  return String(one.locations) === String(other.locations);
}

/** Creates a setting. After a lost answer, it is the one that is there by then, if it is as wanted. */
async function create(
  ctx: Context,
  body: M.ProjectSetting,
  call: CallOptions,
): Promise<M.ProjectSetting> {
  const { projectSettings } = ctx.services;
  try {
    return await projectSettings.createProjectSetting({ body }, call);
  } catch (error) {
    call.signal?.throwIfAborted();
    if (!isLostAnswer(error)) {
      throw await nameMissingPermission(ctx, error, body.projectId ?? '', 'CREATE');
    }
    const there = await readUploadSetting(ctx, body.projectId ?? '', call);
    if (there === undefined) return projectSettings.createProjectSetting({ body }, call);
    if (!isSame(there, body)) throw error;
    return there;
  }
}
