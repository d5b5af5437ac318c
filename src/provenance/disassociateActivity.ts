import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { getProvenance } from './getProvenance.js';

/** Implements {@link Provenance.disassociate}. */
export async function disassociateActivity(
  ctx: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<M.Activity | undefined> {
  const id = currentOf(entity, 'provenance is removed from the current version');
  const activity = await getProvenance(ctx, id, options);
  if (activity === undefined) return undefined;
  await ctx.services.entity.removeEntityActivity({ id }, callOptions(options));
  return activity;
}
