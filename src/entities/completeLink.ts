import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { Link } from './entityClasses.js';

/**
 * Completes a link from its target, unless it has that target already: the class of the target, and its name for a new link without one.
 *
 * @throws {@link ArgumentError} when the target is in the same container as the link.
 */
export async function completeLink(
  ctx: Context,
  link: Link,
  existing: M.Entity | undefined,
  { signal }: CommonOptions,
): Promise<void> {
  const { targetId: id, targetVersionNumber: versionNumber } = link.linksTo ?? {};
  if (existing !== undefined && (id === undefined || isSameTarget(link, existing))) return;
  if (id === undefined) {
    throw new ArgumentError('The link has no target: pass target, the id of an entity.');
  }
  const call = { signal };
  const target =
    versionNumber === undefined
      ? await ctx.services.entity.getEntity({ id }, call)
      : await ctx.services.entity.getEntityVersion({ id, versionNumber }, call);
  const parentId = link.parentId ?? existing?.parentId;
  if (target.parentId === parentId) {
    throw new ArgumentError(
      `The link to ${id} cannot be in ${parentId ?? ''}, because ${id} is in the same container.`,
    );
  }
  link.linksToClassName = target.concreteType;
  if (existing === undefined) link.name ??= target.name;
}

function isSameTarget({ linksTo }: Link, existing: M.Entity): boolean {
  const old = 'linksTo' in existing ? existing.linksTo : undefined;
  return (
    old?.targetId === linksTo?.targetId && old?.targetVersionNumber === linksTo?.targetVersionNumber
  );
}
