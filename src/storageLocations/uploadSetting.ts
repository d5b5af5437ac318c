import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import {
  AuthorizationError,
  ConflictError,
  NotFoundError,
  PreconditionFailedError,
  SynapseHttpError,
} from '../errors.js';

/** The setting of a project or folder itself. @returns `undefined` when it has none */
export async function readUploadSetting(
  ctx: Context,
  projectId: string,
  call: CallOptions,
): Promise<M.ProjectSetting | undefined> {
  const { projectSettings } = ctx.services;
  // The answer is empty for a container without a setting.
  const setting = await projectSettings.getProjectSettingByType(
    { projectId, type: 'upload' },
    call,
  );
  return setting || undefined;
}

/**
 * {@link readUploadSetting} for a container that the caller has named.
 *
 * @throws {@link AuthorizationError} that names the missing permission; {@link NotFoundError} when there is no such container.
 */
export async function requireUploadSetting(
  ctx: Context,
  projectId: string,
  call: CallOptions,
): Promise<M.ProjectSetting | undefined> {
  try {
    return await readUploadSetting(ctx, projectId, call);
  } catch (error) {
    throw await nameMissingPermission(ctx, error, projectId, 'READ');
  }
}

/** How often a setting is written while others change it at the same time. */
const maximumAttempts = 4;

/**
 * Writes the setting of a project or folder: creates it, or changes the one that is there. Nothing is sent when it is as wanted. If
 * another client changes the setting in the meantime, or an answer is lost, the setting is read again.
 *
 * @param wanted - The locations, given the current setting.
 * @param read - How to find the current setting first. Something that has just been created has none.
 * @returns The setting; without an etag after a change, because Synapse does not tell it.
 */
export async function writeUploadSetting(
  ctx: Context,
  projectId: string,
  wanted: (current: M.ProjectSetting | undefined) => Promise<number[]> | number[],
  call: CallOptions,
  read = requireUploadSetting,
): Promise<M.ProjectSetting> {
  let current = await read(ctx, projectId, call);
  for (let attempt = 1; ; attempt += 1) {
    const locations = await wanted(current);
    if (current !== undefined && isSame(current.locations, locations)) return current;
    try {
      return await write(ctx, { projectId, locations }, current, call);
    } catch (error) {
      call.signal?.throwIfAborted();
      if (attempt === maximumAttempts || !mayBeOutdated(error, current)) {
        throw await explained(ctx, error, { projectId, locations, current });
      }
      const now = await readUploadSetting(ctx, projectId, call);
      const isUnchanged = now?.id === current?.id && now?.etag === current?.etag;
      if (isUnchanged && !isLostAnswer(error)) {
        throw await explained(ctx, error, { projectId, locations, current });
      }
      current = now;
    }
  }
}

async function write(
  { services: { projectSettings } }: Context,
  { projectId, locations }: { projectId: string; locations: number[] },
  current: M.ProjectSetting | undefined,
  call: CallOptions,
): Promise<M.ProjectSetting> {
  if (current === undefined) {
    const body = uploadSetting(projectId, locations);
    return projectSettings.createProjectSetting({ body }, call);
  }
  await projectSettings.updateProjectSetting({ body: { ...current, locations } }, call);
  const changed = { ...current, locations };
  delete changed.etag;
  return changed;
}

/** The request that creates a setting. */
export function uploadSetting(projectId: string, locations: number[]): M.ProjectSetting {
  return {
    concreteType: 'org.sagebionetworks.repo.model.project.UploadDestinationListSetting',
    projectId,
    settingsType: 'upload',
    locations,
  };
}

function isSame(some: readonly number[] = [], others: readonly number[]): boolean {
  return some.length === others.length && some.every((id, index) => id === others[index]);
}

/** Whether another setting than the one that was read may be the reason for an error. */
function mayBeOutdated(error: unknown, current: M.ProjectSetting | undefined): boolean {
  if (isLostAnswer(error) || error instanceof PreconditionFailedError) return true;
  if (current !== undefined) return error instanceof NotFoundError;
  // A setting that was created in the meantime is refused as 400 or 409.
  return (
    error instanceof ConflictError || (error instanceof SynapseHttpError && error.status === 400)
  );
}

interface Refused {
  projectId: string;
  locations: readonly number[];
  current: M.ProjectSetting | undefined;
}

/** Adds to the words of the service what was asked for, and which permission is missing. */
async function explained(
  ctx: Context,
  error: unknown,
  { projectId, locations, current }: Refused,
): Promise<unknown> {
  const isRefused = error instanceof SynapseHttpError && error.status < 500;
  if (isRefused && !(error instanceof AuthorizationError)) {
    error.message += ` Nothing was changed: ${projectId} was to use storage location ${locations.join(', ')}.`;
  }
  return nameMissingPermission(ctx, error, projectId, current === undefined ? 'CREATE' : 'UPDATE');
}

const flags = {
  READ: 'canView',
  CREATE: 'canAddChild',
  UPDATE: 'canEdit',
  DELETE: 'canDelete',
} as const;

/**
 * Adds to an error which permission the caller lacks, and who can give it. When the caller has the permission, the service has refused
 * something else, and its words tell what.
 *
 * @returns The error; that the entity does not exist, if so.
 */
export async function nameMissingPermission(
  ctx: Context,
  error: unknown,
  id: string,
  needed: keyof typeof flags,
): Promise<unknown> {
  if (!(error instanceof AuthorizationError)) return error;
  const can = await ctx.services.entity
    .getEntityPermissions({ id })
    .catch((reason: unknown) => reason);
  // The service refuses access also to what does not exist.
  if (can instanceof NotFoundError) return can;
  if (can instanceof Error || (can as M.UserEntityPermissions)[flags[needed]]) return error;
  error.message += ` You lack the ${needed} permission on ${id}. Its page, ${ctx.portal}Synapse:${id}, shows who created it: ask them for the permission.`;
  return error;
}
