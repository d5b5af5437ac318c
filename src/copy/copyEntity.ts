import type { Context } from '../context.js';
import type { EntityRef } from '../values/ids.js';
import type { CopyOptions, CopyReport } from './copyData.js';
import { planCopy } from './planCopy.js';

/** Implements {@link Synapse.copy}. */
export async function copyEntity(
  ctx: Context,
  entity: EntityRef,
  options: CopyOptions = {},
): Promise<CopyReport> {
  const plan = await planCopy(ctx, entity, options);
  return plan.apply(options);
}
