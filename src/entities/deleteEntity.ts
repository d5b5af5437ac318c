import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { entityVersionOf, parseSynapseId } from '../values/ids.js';
import { callOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';

/** What is deleted. */
export interface DeleteOptions extends CallOptions {
  /** This version only; the others stay. @default the version in the id, else the whole entity */
  version?: number;
  /** Whether the entity is gone at once, rather than in the trash can for 30 days. @default false */
  skipTrashCan?: boolean;
}

/**
 * Moves an entity and its content to the trash can; or, with a version, deletes that version permanently. For an object, the
 * whole entity is deleted, whatever its version.
 *
 * @throws {@link ArgumentError} when the id and the options name different versions.
 * @throws {@link AuthorizationError} when the caller may not delete it.
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/id.html
 */
export async function deleteEntity(
  ctx: Context,
  entity: EntityRef,
  { version, skipTrashCan, ...options }: DeleteOptions = {},
): Promise<void> {
  const { id, version: inId } =
    typeof entity === 'string' ? parseSynapseId(entity) : { id: entityVersionOf(entity).id };
  if (version !== undefined && inId !== undefined && version !== inId) {
    throw new ArgumentError(`Which version of ${id} is deleted, ${inId} or ${version}?`);
  }
  const versionNumber = version ?? inId;
  const call = callOptions(options);
  if (versionNumber !== undefined) {
    await ctx.services.entity.deleteEntityVersion({ id, versionNumber }, call);
  } else {
    await ctx.services.entity.deleteEntity({ id, skipTrashCan: skipTrashCan || undefined }, call);
  }
}
