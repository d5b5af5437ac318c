import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { versionOf } from '../values/ids.js';
import { callOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';

/** Options for deleting an entity. */
export interface DeleteOptions extends CallOptions {
  /** Deletes only this version. @default the version in the id, else the whole entity */
  version?: number;
  /** Whether to delete the entity permanently, instead of moving it to the trash can for 30 days. @default false */
  skipTrashCan?: boolean;
}

/**
 * Moves an entity and its content to the trash can; or, with a version, deletes that version permanently. For an object, the
 * whole entity is deleted, regardless of its version.
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
  const { id, version: versionNumber } = versionOf(entity, version);
  const call = callOptions(options);
  if (versionNumber !== undefined) {
    await ctx.services.entity.deleteEntityVersion({ id, versionNumber }, call);
  } else {
    await ctx.services.entity.deleteEntity({ id, skipTrashCan: skipTrashCan || undefined }, call);
  }
}
