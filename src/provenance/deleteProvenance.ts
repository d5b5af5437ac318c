import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { disassociateActivity } from './disassociateActivity.js';

/** Implements {@link Provenance.delete}. */
export async function deleteProvenance(
  ctx: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<void> {
  currentOf(entity, 'provenance is deleted from the current version');
  const { id } = (await disassociateActivity(ctx, entity, options)) ?? {};
  if (id === undefined) return;
  const call = callOptions(options);
  // Deleting an activity removes it from everything that it generated.
  const page = { id, limit: 1 };
  const { results } = await ctx.services.activity.listEntitiesGeneratedByActivity(page, call);
  if (results.length === 0) await ctx.services.activity.deleteActivity({ id }, call);
}
