import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { getProvenance } from './getProvenance.js';

/** Implements {@link Provenance.delete}. */
export async function deleteProvenance(
  ctx: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<void> {
  const id = currentOf(entity, 'provenance is deleted from the current version');
  const activity = await getProvenance(ctx, id, options);
  if (activity?.id === undefined) return;
  await ctx.services.entity.removeEntityActivity({ id }, callOptions(options));
  await ctx.services.activity.deleteActivity({ id: activity.id }, callOptions(options));
}
