import type * as M from '../../generated/models.js';
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
import { getUserProfile } from './getUserProfile.js';
import { updateProfile } from './updateProfile.js';
import { userIdOf, type UserRef } from './userIdOf.js';

/** Which image of a picture is meant. */
export interface PictureUrlOptions extends CallOptions {
  /** Whether to give the small preview that Synapse makes of the picture. @default false */
  preview?: boolean;
}

/** Implements {@link Users.setPicture}. */
export async function setPicture(
  ctx: Context,
  content: FileContent,
  options: UploadFileHandleOptions = {},
): Promise<M.UserProfile> {
  const { fileHandleId } = await uploadContent(ctx, content, options);
  const { signal } = options;
  return updateProfile(ctx, { profilePicureFileHandleId: fileHandleId }, { signal });
}

/** Implements {@link Users.pictureUrl}. */
export async function pictureUrl(
  ctx: Context,
  user: UserRef | undefined,
  { preview = false, ...options }: PictureUrlOptions = {},
): Promise<string> {
  const { userProfile } = ctx.services;
  const args = { profileId: await userIdOf(ctx, user, options) };
  return preview
    ? userProfile.getUserProfileImagePreviewUrl(args, options)
    : userProfile.getUserProfileImageUrl(args, options);
}

/** Implements {@link Users.downloadPicture}. */
export async function downloadPicture(
  ctx: Context,
  user: UserRef | undefined,
  options: DownloadFileHandleOptions,
): Promise<string> {
  const profile = await getUserProfile(ctx, user, { signal: options.signal });
  const { ownerId = '', userName = ownerId, profilePicureFileHandleId: fileHandleId } = profile;
  if (fileHandleId === undefined) throw new ArgumentError(`The user ${userName} has no picture.`);
  const association = {
    fileHandleId,
    associateObjectId: ownerId,
    associateObjectType: 'UserProfileAttachment',
  } as const;
  return downloadFileHandle(ctx, association, options);
}
