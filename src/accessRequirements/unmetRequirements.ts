import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { listBelow, readTop } from '../access/aclTree.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, type EntityRef } from '../values/ids.js';
import { stateOf, type RequirementState } from './listRequirements.js';
import { restrictionsOf } from './restrictions.js';

/** An access requirement that the caller does not meet, and what it keeps the caller from. */
export interface UnmetRequirement extends RequirementState {
  /** The entities that it applies to, folders before their content. */
  entities: { id: string; name: string; type: M.EntityType }[];
}

/** Options of {@link AccessRequirements.unmet}. */
export interface UnmetOptions extends CallOptions {
  /** Whether everything in a project or folder counts. @default false */
  recursive?: boolean;
  /** Folders that are listed at the same time. @default 8 */
  concurrency?: number;
}

/** Entities that are asked about together. */
const atOnce = 50;

/** Implements {@link AccessRequirements.unmet}. */
export async function unmetRequirements(
  ctx: Context,
  entity: EntityRef,
  options: UnmetOptions = {},
): Promise<UnmetRequirement[]> {
  const id = currentOf(entity, 'requirements are those of all versions');
  const call = callOptions(options);
  const { recursive = false, concurrency = 8 } = options;
  const top = await readTop(ctx, { kind: 'entity', id }, call);
  const found = new Map<number, UnmetRequirement>();
  let pending: UnmetRequirement['entities'] = [];
  const flush = async (): Promise<void> => {
    const batch = pending;
    pending = [];
    await addUnmet(ctx, batch, { found, call });
  };
  pending.push({ id, name: top.name, type: top.type });
  if (recursive && top.isContainer) {
    const below = listBelow(ctx, top, { depth: 'all', concurrency, ...call });
    for await (const { id, name, type } of below) {
      pending.push({ id, name, type });
      if (pending.length === atOnce) await flush();
    }
  }
  await flush();
  return [...found.values()].sort((a, b) => a.id - b.id);
}

/** Adds the unmet requirements of some entities. A requirement is read once. */
async function addUnmet(
  ctx: Context,
  entities: UnmetRequirement['entities'],
  { found, call }: { found: Map<number, UnmetRequirement>; call: CallOptions },
): Promise<void> {
  const restrictions = await restrictionsOf(
    ctx,
    entities.map(({ id }) => id),
    call,
  );
  for (const entity of entities) {
    const { restrictionDetails = [], hasUnmetAccessRequirement } =
      restrictions.get(entity.id) ?? {};
    if (hasUnmetAccessRequirement !== true) continue;
    for (const detail of restrictionDetails) {
      const { accessRequirementId: number, isApproved = false, isMet = isApproved } = detail;
      if (isMet || number === undefined) continue;
      let requirement = found.get(number);
      if (requirement === undefined) {
        const { accessRequirement } = ctx.services;
        const args = { requirementId: String(number) };
        const read = await accessRequirement.getAccessRequirement(args, call);
        requirement = { ...stateOf(ctx, read, detail), entities: [] };
        found.set(number, requirement);
      }
      requirement.entities.push(entity);
    }
  }
}
