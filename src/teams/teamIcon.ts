import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import {
  downloadFileHandle,
  type DownloadFileHandleOptions,
} from '../fileHandles/downloadFileHandle.js';
import {
  uploadContent,
  type FileContent,
  type UploadFileHandleOptions,
} from '../fileHandles/uploadContent.js';
import { getTeam } from './getTeam.js';
import type { Team } from './team.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';
import { updateTeam } from './updateTeam.js';

/** Which image of an icon is meant. */
export interface IconUrlOptions extends CallOptions {
  /** Whether to give the small preview that Synapse makes of the icon. @default false */
  preview?: boolean;
}

/** Implements {@link Teams.setIcon}. */
export async function setIcon(
  ctx: Context,
  team: TeamRef,
  content: FileContent,
  options: UploadFileHandleOptions = {},
): Promise<Team> {
  const { signal } = options;
  // A name that no team has is an error before the upload.
  const id = await teamIdOf(ctx, team, { signal });
  const { fileHandleId } = await uploadContent(ctx, content, options);
  return updateTeam(ctx, id, { icon: fileHandleId }, { signal });
}

/** Implements {@link Teams.iconUrl}. */
export async function iconUrl(
  ctx: Context,
  team: TeamRef,
  { preview = false, ...options }: IconUrlOptions = {},
): Promise<string> {
  const id = await teamIdOf(ctx, team, options);
  const service = ctx.services.team;
  return preview
    ? service.getTeamIconPreviewUrl({ id }, options)
    : service.getTeamIconUrl({ id }, options);
}

/** Implements {@link Teams.downloadIcon}. */
export async function downloadIcon(
  ctx: Context,
  team: TeamRef,
  options: DownloadFileHandleOptions,
): Promise<string> {
  const { id, name, icon } = await getTeam(ctx, team, { signal: options.signal });
  if (icon === undefined) throw new ArgumentError(`The team ${name} (${id}) has no icon.`);
  const association = {
    fileHandleId: icon,
    associateObjectId: id,
    associateObjectType: 'TeamAttachment',
  } as const;
  return downloadFileHandle(ctx, association, options);
}
