import type { Context } from '../context.js';
import { entityVersionOf } from '../values/ids.js';
import type { EntityRef } from '../values/ids.js';

/**
 * The URL of an entity's page on the web site.
 *
 * @param subpageId - The id of a page of the entity's wiki.
 */
export function webAddress(ctx: Context, entity: EntityRef, subpageId?: string): string {
  const { id } = entityVersionOf(entity);
  return subpageId === undefined
    ? `${ctx.portal}Synapse:${id}`
    : `${ctx.portal}Wiki:${id}/ENTITY/${subpageId}`;
}
