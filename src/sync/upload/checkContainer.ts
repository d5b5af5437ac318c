import type { Context } from '../../context.js';
import { withEntity } from '../../entities/entityBundle.js';
import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { shortName } from '../../values/shortName.js';
import type { PlanData } from '../plan/planData.js';
import type { UploadItem } from './uploadItem.js';

/** What the caller may do in a container. */
export interface ContainerAccess {
  canAddChild: boolean;
}

/**
 * Checks that an entity is a project or folder, and whether the caller may add something to it.
 *
 * @throws {@link ArgumentError} when it is something else.
 * @throws {@link NotFoundError} when it does not exist.
 */
export async function checkContainer(
  ctx: Context,
  id: string,
  { signal }: CommonOptions,
): Promise<ContainerAccess> {
  const body = { includeEntity: true, includePermissions: true };
  const bundle = await ctx.services.entityBundle.getEntityBundle({ id, body }, { signal });
  const { concreteType, name = '' } = withEntity(bundle, id).entity;
  const type = shortName(concreteType);
  if (type !== 'Project' && type !== 'Folder') {
    throw new ArgumentError(
      `${id} (${name}) is a ${type}: files are stored in a project or folder.`,
    );
  }
  return { canAddChild: bundle.permissions?.canAddChild !== false };
}

/** The plan without what would be added to a container that the caller may not add anything to. */
export function withoutAdditions(plan: PlanData<UploadItem>, id: string): PlanData<UploadItem> {
  const refused = new Set<string>();
  const items: UploadItem[] = [];
  const problems = [...plan.problems];
  for (const item of plan.items) {
    const { action, parentId, parentPath, path, localPath = path } = item;
    const isRefused = parentPath === undefined ? parentId === id : refused.has(parentPath);
    if (action !== 'create' || !isRefused) {
      items.push(item);
      continue;
    }
    if (item.kind === 'folder') refused.add(path);
    const message = `you may not add anything to ${id}: ask its owner for the permission to edit`;
    problems.push({ path: localPath, message });
  }
  return { ...plan, items, problems };
}
