import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { TreeGuard } from '../entities/endlessTree.js';
import { entityTypeOf } from '../entities/entityTypeOf.js';
import { getChildren } from '../entities/getChildren.js';
import { isContainer } from '../entities/isContainer.js';
import { ArgumentError } from '../errors.js';
import { pool } from '../transfer/pool.js';
import type { TargetId } from './accessTarget.js';
import { benefactorOf } from './aclInEffect.js';

/** An entity of a tree, and whose list applies to it. */
export interface AclNode {
  id: string;
  name: string;
  type: M.EntityType;
  /** The container that it was listed in. The target itself has none. */
  parentId?: string;
  /** The entity whose list applies: itself, or the container that it inherits from. */
  benefactor: string;
}

/** The entity at the top of a tree. */
export interface AclTop extends AclNode {
  /** The list that applies to it. */
  acl: M.AccessControlList;
  /** The container that it is in. A project is in none. */
  above?: string;
  isContainer: boolean;
}

/** How much of a tree is read. */
export interface AclTreeOptions extends CallOptions {
  /** `content`: what is directly in the container; `all`: also what is in its folders. */
  depth: 'content' | 'all';
  concurrency: number;
}

/** Reads the entity at the top of a tree, with one request. */
export async function readTop(
  ctx: Context,
  target: TargetId,
  options: CallOptions,
): Promise<AclTop> {
  const { id } = target;
  const body = { includeEntity: true, includeBenefactorACL: true, includeEntityPath: true };
  const bundle = await ctx.services.entityBundle.getEntityBundle({ id, body }, options);
  const { acl, holder } = benefactorOf(target, bundle.benefactorAcl);
  const path = bundle.path?.path ?? [];
  const header = path.at(-1);
  // The first one is the root of all projects.
  const parent = path.length > 2 ? path.at(-2) : undefined;
  const type = bundle.entity?.concreteType ?? header?.type ?? '';
  return {
    id,
    name: bundle.entity?.name ?? header?.name ?? id,
    type: entityTypeOf(type),
    benefactor: holder.id,
    ...(parent && { above: parent.id }),
    acl,
    isContainer: isContainer({ type }),
  };
}

/** Lists what is in a container. Each list of children follows the lists of the level above. */
export async function* listBelow(
  ctx: Context,
  top: Pick<AclNode, 'id'>,
  { depth, concurrency, ...call }: AclTreeOptions,
): AsyncGenerator<AclNode> {
  if (!(concurrency >= 1)) {
    throw new ArgumentError(`concurrency is ${concurrency}, and should be 1 or more.`);
  }
  const guard = new TreeGuard(top.id);
  let level: string[] = [top.id];
  for (let folders = 1; level.length > 0; folders += 1) {
    const next: string[] = [];
    const { signal } = call;
    const lists = pool(level, { limit: concurrency, signal }, (parentId, each) =>
      childrenOf(ctx, parentId, { ...call, signal: each }),
    );
    for await (const children of lists) {
      for (const { header, node } of children) {
        if (depth === 'all' && isContainer(header)) {
          guard.enter(header, folders);
          next.push(header.id);
        }
        yield node;
      }
    }
    level = next;
  }
}

async function childrenOf(
  ctx: Context,
  parentId: string,
  options: CallOptions,
): Promise<{ header: M.EntityHeader; node: AclNode }[]> {
  const children: { header: M.EntityHeader; node: AclNode }[] = [];
  for await (const header of getChildren(ctx, parentId, options)) {
    const { id, name, type } = header;
    const benefactor = await benefactorOfHeader(ctx, header, options);
    children.push({ header, node: { id, name, type: entityTypeOf(type), parentId, benefactor } });
  }
  return children;
}

/** Headers name the benefactor by its number, so no request is needed. */
async function benefactorOfHeader(
  { services }: Context,
  { id, benefactorId }: M.EntityHeader,
  options: CallOptions,
): Promise<string> {
  if (benefactorId !== undefined) return `syn${benefactorId}`;
  return (await services.entity.getEntityBenefactor({ id }, options)).id;
}
