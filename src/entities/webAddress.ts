import type { Context } from '../context.js';
import { versionOf } from '../values/ids.js';
import type { EntityRef } from '../values/ids.js';

/**
 * The URL of an entity's page on the web site.
 *
 * @param subpageId - The id of a page of the entity's wiki.
 */
export function webAddress(ctx: Context, entity: EntityRef, subpageId?: string): string {
  const { id, version } = versionOf(entity, undefined);
  if (subpageId !== undefined) {
    // All versions have one wiki.
    return `${ctx.portal}Wiki:${id}/ENTITY/${subpageId}`;
  }
  return `${ctx.portal}Synapse:${id}${version === undefined ? '' : `.${version}`}`;
}
