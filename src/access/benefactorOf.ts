import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** The entity whose access control list applies: the entity itself, or the container that it inherits from. */
export async function benefactorOf(
  ctx: Context,
  id: string,
  options: CallOptions,
): Promise<string> {
  return (await ctx.services.entity.getEntityBenefactor({ id }, options)).id;
}
