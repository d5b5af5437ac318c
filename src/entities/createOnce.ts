import { createNamed } from '../api/createOrFind.js';
import { isSince } from '../api/isSince.js';
import type { Context } from '../context.js';
import { fetchBundle } from './entityBundle.js';
import { findEntityId } from './findEntity.js';
import { stateOfBundle, type StoredState } from './storedState.js';
import { createEntity, differs, type Change } from './writeEntity.js';
import { ownUserId } from '../users/ownUserId.js';

/**
 * Creates an entity, also when the answer gets lost. The entity is then looked up by its name, which is unique in its container.
 * If it is not there, it is created again: the name keeps it from being created twice.
 *
 * @throws {@link ConflictError} when the name belongs to an entity that this call has not created.
 */
export async function createOnce(ctx: Context, change: Change): Promise<StoredState> {
  const begun = ctx.storage.clock.epoch();
  return createNamed({
    create: () => createEntity(ctx, change),
    find: () => findCreated(ctx, change, begun),
    signal: change.options.signal,
  });
}

/** The entity that a request created whose answer was lost: of that content, by this user, since the request. */
async function findCreated(
  ctx: Context,
  { entity, wire, options }: Change,
  begun: number,
): Promise<StoredState | undefined> {
  const call = { signal: options.signal };
  const { name, parentId } = entity;
  if (name === undefined) return undefined;
  const id = await findEntityId(ctx, name, parentId, call);
  if (id === undefined) return undefined;
  const [bundle, me] = await Promise.all([fetchBundle(ctx, { id }, call), ownUserId(ctx, call)]);
  const found = bundle.entity;
  const isMine =
    found.createdBy === me &&
    isSince(found.createdOn, begun) &&
    !differs(found, { ...found, ...wire });
  return isMine ? stateOfBundle(bundle) : undefined;
}
