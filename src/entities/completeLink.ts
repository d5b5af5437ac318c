import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { Link } from './entityClasses.js';

/**
 * Completes a new link from its target: the class of the target, and its name if the link has none.
 *
 * @throws {@link ArgumentError} when the target is in the same container as the link.
 */
export async function completeLink(
  ctx: Context,
  link: Link,
  { signal }: CommonOptions,
): Promise<void> {
  const { targetId: id, targetVersionNumber: versionNumber } = link.linksTo ?? {};
  if (id === undefined) {
    throw new ArgumentError('The link has no target: pass target, the id of an entity.');
  }
  const call = { signal };
  const target =
    versionNumber === undefined
      ? await ctx.services.entity.getEntity({ id }, call)
      : await ctx.services.entity.getEntityVersion({ id, versionNumber }, call);
  if (target.parentId === link.parentId) {
    throw new ArgumentError(
      `The link to ${id} cannot be in ${link.parentId ?? ''}, because ${id} is in the same container.`,
    );
  }
  link.linksToClassName = target.concreteType;
  link.name ??= target.name;
}
