import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError, SynapseError } from '../errors.js';
import { callOptions } from '../options.js';
import { runPool } from '../transfer/pool.js';
import { targetId, type AccessTarget, type TargetId } from './accessTarget.js';
import { entriesOf, idsOf } from './aclEntries.js';
import { readOwnAcl } from './aclInEffect.js';
import { AclListing, type InheritingEntity, type ListedAcl, type UnreadAcl } from './aclListing.js';
import { listBelow, readTop, type AclNode, type AclTop } from './aclTree.js';
import { depthOf, readEntityTypes, type ContentOptions } from './contentOptions.js';
import { inTreeOrder } from './drawTree.js';
import { inherits } from './getAcl.js';
import { principalNames } from './principalNames.js';

/** Options of {@link Access.list}. `recursive` includes the content of the container, and by default all types are listed. */
export type ListAclOptions = CallOptions & ContentOptions;

/** Lists that are read at the same time. */
const defaultConcurrency = 8;

/** Implements {@link Access.list}. */
export async function listAcl(
  ctx: Context,
  target: AccessTarget,
  options: ListAclOptions = {},
): Promise<AclListing> {
  const what = targetId(target);
  const types = options.entityTypes && readEntityTypes(options.entityTypes);
  const call = callOptions(options);
  if (what.kind !== 'entity') return listOther(ctx, what, call);
  const top = await readTop(ctx, what, call);
  const nodes = await nodesOf(ctx, top, options);
  const wanted = nodes.slice(1).filter(({ type }) => types?.has(type) ?? true);
  const own = wanted.filter(isOwn);
  const { lists, failed } = await readLists(ctx, own, options);
  const first = top.benefactor === top.id ? {} : { inheritedFrom: top.benefactor };
  const all = [{ node: { ...nodeOf(top), ...first }, acl: top.acl }, ...lists];
  const names = await principalNames(
    ctx,
    all.flatMap(({ acl }) => idsOf(acl)),
    call,
  );
  return new AclListing({
    lists: all.map(({ node, acl }) => ({ ...node, entries: entriesOf(acl, names) })),
    inheriting: wanted.filter((node) => !isOwn(node)).map(inheriting),
    failed,
    folders: nodes,
  });
}

/** The top of a tree and what is in it, as far as it is asked for, each before what is in it. */
export async function nodesOf(
  ctx: Context,
  top: AclTop,
  options: CallOptions & ContentOptions,
): Promise<AclNode[]> {
  const nodes: AclNode[] = [top];
  const depth = depthOf(options);
  if (depth === undefined || !top.isContainer) return nodes;
  const { concurrency = defaultConcurrency } = options;
  const below = listBelow(ctx, top, { depth, concurrency, ...callOptions(options) });
  for await (const node of below) nodes.push(node);
  return inTreeOrder(nodes);
}

/** Whether an entity has a list of its own. */
export function isOwn({ id, benefactor }: AclNode): boolean {
  return id === benefactor;
}

function inheriting({ id, name, type, parentId = '', benefactor }: AclNode): InheritingEntity {
  return { id, name, type, parentId, inheritedFrom: benefactor };
}

function nodeOf({ id, name, type, parentId }: AclNode): Omit<ListedAcl, 'entries'> {
  return { id, name, type, ...(parentId !== undefined && { parentId }) };
}

/** A list that was read. */
interface ReadAcl {
  node: Omit<ListedAcl, 'entries'>;
  acl: M.AccessControlList;
}

/** Reads the own lists of entities, in the order of the entities. One that is gone by now is left out. */
export async function readLists(
  ctx: Context,
  own: readonly AclNode[],
  { concurrency = defaultConcurrency, ...options }: CallOptions & ContentOptions,
): Promise<{ lists: ReadAcl[]; failed: UnreadAcl[] }> {
  const call = callOptions(options);
  const found = new Map<AclNode, M.AccessControlList>();
  const failures = new Map<AclNode, Error>();
  const limit = { limit: concurrency, signal: call.signal };
  await runPool(own, limit, async (node, signal) => {
    try {
      const acl = await readOwnAcl(ctx, { kind: 'entity', id: node.id }, { ...call, signal });
      found.set(node, acl);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SynapseError)) throw error;
      if (!inherits(error)) failures.set(node, error);
    }
  });

  return {
    lists: own.flatMap((node) => {
      const acl = found.get(node);
      return acl === undefined ? [] : [{ node: nodeOf(node), acl }];
    }),
    failed: own.flatMap((node) => {
      const error = failures.get(node);
      const { id, name, type } = node;
      return error === undefined ? [] : [{ id, name, type, error }];
    }),
  };
}

/** The list of what is no entity. */
async function listOther(
  ctx: Context,
  { kind, id }: TargetId,
  call: CallOptions,
): Promise<AclListing> {
  if (kind === 'entity') throw new ArgumentError(`${id} is an entity.`);
  const acl = await readOwnAcl(ctx, { kind, id }, call);
  const names = await principalNames(ctx, idsOf(acl), call);
  const lists = [{ id, type: kind, entries: entriesOf(acl, names) }];
  return new AclListing({ lists, inheriting: [], failed: [], folders: [] });
}
