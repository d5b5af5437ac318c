import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import type { AnyActivity } from './activity.js';
import { storeActivity } from './storeActivity.js';

/** Implements {@link Provenance.set}. */
export async function setProvenance(
  ctx: Context,
  entity: EntityRef,
  activity: AnyActivity,
  options: CallOptions = {},
): Promise<M.Activity> {
  const id = currentOf(entity, 'provenance is set on the current version');
  const generatedBy = await storeActivity(ctx, activity, options);
  return ctx.services.entity.setEntityActivity({ id, generatedBy }, callOptions(options));
}
