import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { containerOf, currentOf } from '../values/ids.js';
import { newEntityFor, type Entity, type Parent, type Stored } from './entityClasses.js';
import { callOptions } from '../options.js';
import { forgetDestinations } from '../storages/storageState.js';
import type { EntityRef } from '../values/ids.js';
import { fetchBundle } from './entityBundle.js';
import { remember, stateOfBundle } from './storedState.js';

/**
 * Moves an entity into another container. It keeps its id, its versions and its annotations.
 *
 * @returns The entity.
 * @throws {@link ArgumentError} for an id with a version.
 * @throws {@link ConflictError} when the container already has an entity of that name.
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id.html
 */
export async function moveEntity(
  ctx: Context,
  entity: EntityRef,
  newParent: Parent,
  options: CallOptions = {},
): Promise<Entity & Stored> {
  const id = currentOf(entity, 'all versions of an entity are moved');
  const parentId = containerOf(newParent);
  const call = callOptions(options);
  // Uses the current state in Synapse, not the caller's object, so that moving stores no other changes.
  const bundle = await fetchBundle(ctx, { id }, call);
  const body = { ...bundle.entity, parentId };
  const moved = await ctx.services.entity.updateEntity({ id, body }, call);
  forgetDestinations(ctx.state);
  const result = newEntityFor(moved);
  remember(result, { ...stateOfBundle(bundle), entity: moved });
  return result as Entity & Stored;
}
