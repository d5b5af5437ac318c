import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { uploadContent } from '../fileHandles/uploadContent.js';
import type { TeamIcon } from './team.js';

/** @returns The file handle of an icon; a local file is uploaded. `undefined` and `null` stay as they are. */
export async function uploadIcon<T extends null | undefined>(
  ctx: Context,
  icon: TeamIcon | T,
  options: CommonOptions,
): Promise<string | T> {
  if (typeof icon !== 'object' || icon === null) return icon;
  return (await uploadContent(ctx, icon.path, options)).fileHandleId;
}
