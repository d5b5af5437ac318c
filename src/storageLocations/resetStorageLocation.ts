import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { callOptions } from '../options.js';
import { containerOf, type EntityRef } from '../values/ids.js';
import { nameMissingPermission, requireUploadSetting } from './uploadSetting.js';

/** Implements {@link StorageLocations.reset}. */
export async function resetStorageLocation(
  ctx: Context,
  container: EntityRef,
  options: CallOptions = {},
): Promise<boolean> {
  const call = callOptions(options);
  const id = containerOf(container);
  const setting = await requireUploadSetting(ctx, id, call);
  if (setting?.id === undefined) return false;
  try {
    await ctx.services.projectSettings.deleteProjectSetting({ id: setting.id }, call);
  } catch (error) {
    // Deleted in the meantime, by another client or by this request, whose answer was lost.
    if (error instanceof NotFoundError) return true;
    throw await nameMissingPermission(ctx, error, id, 'DELETE');
  }
  return true;
}
