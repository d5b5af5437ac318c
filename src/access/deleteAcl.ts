import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError, AuthorizationError, NotFoundError, SynapseError } from '../errors.js';
import { callOptions, type CommonOptions } from '../options.js';
import { runPool } from '../transfer/pool.js';
import { targetId, targetText, type AccessTarget } from './accessTarget.js';
import { AclDeletion, type AclDeletionItem } from './aclDeletion.js';
import { entriesOf, idsOf } from './aclEntries.js';
import { readTop, type AclNode, type AclTop } from './aclTree.js';
import { depthOf, readEntityTypes, type ContentOptions } from './contentOptions.js';
import { isOwn, nodesOf, readLists } from './listAcl.js';
import { principalNames } from './principalNames.js';
import { whoMayGrant } from './whoMayGrant.js';

/** Options of {@link Access.delete}. `recursive` needs `includeContainerContent`; `entityTypes` are by default folders and files. */
export interface DeleteAclOptions extends CallOptions, ContentOptions, CommonOptions {
  /** Whether the list of the entity itself is deleted. That of a project never is. @default true */
  includeSelf?: boolean;
  /** Whether to find out only what would be deleted. @default false */
  dryRun?: boolean;
  /** Whether a dry run reads the lists that would be deleted, with one request each. @default true */
  showAclDetails?: boolean;
  /** Whether the picture shows files that only inherit from another container. @default true */
  showFilesInContainers?: boolean;
}

const defaultTypes = ['folder', 'file'];

/** Implements {@link Access.delete}. */
export async function deleteAcl(
  ctx: Context,
  target: AccessTarget,
  options: DeleteAclOptions = {},
): Promise<AclDeletion> {
  const what = targetId(target);
  const { dryRun = false, showFilesInContainers = true, showAclDetails = true } = options;
  const types = readEntityTypes(options.entityTypes ?? defaultTypes);
  if (options.recursive === true && options.includeContainerContent !== true) {
    throw new ArgumentError(
      'recursive has no effect without includeContainerContent: set both to delete the lists of everything in the container.',
    );
  }
  if (what.kind !== 'entity') {
    throw new ArgumentError(
      `Only entities inherit permissions, so the list of ${targetText(what)} cannot be deleted: remove its entries (access.remove).`,
    );
  }
  const call = callOptions(options);
  const top = await readTop(ctx, what, call);
  const nodes = await nodesOf(ctx, top, options);
  const plan = planDeletion(top, nodes, { ...options, types });
  if (dryRun) {
    if (showAclDetails) await addEntries(ctx, plan, { top, options });
  } else {
    await deleteAll(ctx, plan, { top, options });
  }
  const above = await benefactorAbove(ctx, top, { dryRun, call });
  return new AclDeletion(withNewBenefactors(plan, above), dryRun, { showFilesInContainers });
}

/** An entity with what is to be done. */
type Planned = Omit<AclDeletionItem, 'newBenefactor'>;

function planDeletion(
  top: AclTop,
  nodes: readonly AclNode[],
  { types, includeSelf = true }: DeleteAclOptions & { types: ReadonlySet<M.EntityType> },
): Planned[] {
  return nodes.map(({ id, name, type, parentId, benefactor }): Planned => {
    const node = { id, name, type, benefactor, ...(parentId !== undefined && { parentId }) };
    if (benefactor !== id) return { ...node, action: 'none' };
    const reason =
      id === top.id
        ? reasonOfTop(top, includeSelf)
        : types.has(type)
          ? undefined
          : `because ${type} is not among the types to delete`;
    return reason === undefined
      ? { ...node, action: 'delete' }
      : { ...node, action: 'keep', reason };
  });
}

/** Why the list of the target is kept. */
function reasonOfTop({ type }: AclTop, includeSelf: boolean): string | undefined {
  if (type === 'project') return 'because a project inherits from nothing';
  return includeSelf ? undefined : 'because only its content is meant';
}

interface Run {
  top: AclTop;
  options: DeleteAclOptions;
}

/** Adds the lists that would be deleted. */
async function addEntries(ctx: Context, plan: Planned[], { top, options }: Run): Promise<void> {
  const chosen = plan.filter(({ action }) => action === 'delete');
  const { lists } = await readLists(
    ctx,
    chosen.filter(({ id }) => id !== top.id),
    options,
  );
  const acls = new Map(lists.map(({ node, acl }) => [node.id, acl]));
  acls.set(top.id, top.acl);
  const names = await principalNames(
    ctx,
    chosen.flatMap(({ id }) => idsOf(acls.get(id) ?? {})),
    callOptions(options),
  );
  for (const item of chosen) {
    const acl = acls.get(item.id);
    if (acl !== undefined) item.entries = entriesOf(acl, names);
  }
}

/** Deletes the lists. What fails is marked, and the rest goes on. */
async function deleteAll(ctx: Context, plan: Planned[], { top, options }: Run): Promise<void> {
  const { concurrency = 8, onProgress, signal } = options;
  const call = callOptions(options);
  const chosen = plan.filter(({ action }) => action === 'delete');
  const isOnly = depthOf(options) === undefined;
  await runPool(chosen, { limit: concurrency, signal }, async (item, each) => {
    const progress = { kind: 'sync', path: item.id, transferredBytes: 0 } as const;
    try {
      await deleteOne(ctx, item.id, { ...call, signal: each });
      onProgress?.({ ...progress, state: 'done', message: 'Deleted its list' });
    } catch (error) {
      each.throwIfAborted();
      if (!(error instanceof SynapseError)) throw error;
      if (isOnly) {
        const found = { acl: top.acl, holder: { kind: 'entity', id: top.id } } as const;
        throw await whoMayGrant(ctx, error, found, call);
      }
      item.action = 'fail';
      item.error = error;
      onProgress?.({ ...progress, state: 'error', message: error.message });
    }
  });
}

async function deleteOne({ services }: Context, id: string, call: CallOptions): Promise<void> {
  try {
    await services.entity.deleteEntityAcl({ id }, call);
  } catch (error) {
    // Another user, or an earlier attempt of this request, has already deleted the list.
    const isDone =
      error instanceof AuthorizationError &&
      error.reason.includes('already inherits its permissions');
    if (!isDone) throw error;
  }
}

/** Whose list applies to the target without its own; `undefined` when that is not known. */
async function benefactorAbove(
  { services }: Context,
  { id, benefactor, above }: AclTop,
  { dryRun, call }: { dryRun: boolean; call: CallOptions },
): Promise<string | undefined> {
  if (above === undefined || id !== benefactor) return benefactor;
  if (!dryRun) return undefined;
  try {
    return (await services.entity.getEntityBenefactor({ id: above }, call)).id;
  } catch (error) {
    if (error instanceof AuthorizationError || error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/**
 * Adds whose lists apply afterwards. Each entity follows the container that it is in.
 *
 * @param above - Whose list applies to the first one without its own.
 */
function withNewBenefactors(
  plan: readonly Planned[],
  above: string | undefined,
): AclDeletionItem[] {
  const after = new Map<string, string | undefined>();
  return plan.map((item) => {
    const { id, action, benefactor, parentId } = item;
    const inherited = parentId === undefined ? above : after.get(parentId);
    const newBenefactor = isOwn(item) && action !== 'delete' ? id : inherited;
    after.set(id, newBenefactor);
    const changed = { ...item, ...(newBenefactor !== undefined && { newBenefactor }) };
    if (action !== 'none' || newBenefactor === benefactor) return changed;
    return { ...changed, action: 'inherit' };
  });
}
