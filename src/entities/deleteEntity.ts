import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError, AuthorizationError, NotFoundError } from '../errors.js';
import { versionOf, type EntityVersion } from '../values/ids.js';
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
 * @throws {@link ArgumentError} when the id and the options name different versions, and for the only version.
 * @throws {@link NotFoundError} when there is no such entity or version, or the entity is already in the trash can.
 * @throws {@link AuthorizationError} when the caller may not delete it.
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/id.html
 */
export async function deleteEntity(
  ctx: Context,
  entity: EntityRef,
  { version, skipTrashCan, ...options }: DeleteOptions = {},
): Promise<void> {
  const target = versionOf(entity, version);
  const { id } = target;
  const call = callOptions(options);
  const existing = await requireExisting(ctx, target, call);
  if (target.version === undefined) {
    await ctx.services.entity.deleteEntity({ id, skipTrashCan: skipTrashCan || undefined }, call);
  } else {
    if (isCurrent(existing)) await requireOthers(ctx, id, target.version, call);
    await deleteVersion(ctx, { id, versionNumber: target.version }, call);
  }
}

/** DELETE succeeds for an entity that does not exist or is in the trash can, so only reading it tells. */
async function requireExisting(
  ctx: Context,
  { id, version }: EntityVersion,
  call: CallOptions,
): Promise<M.Entity | undefined> {
  const { entity } = ctx.services;
  try {
    if (version !== undefined) {
      return await entity.getEntityVersion({ id, versionNumber: version }, call);
    }
    await entity.getEntityHeader({ id }, call);
  } catch (error) {
    // A user without READ can still have DELETE.
    if (!(error instanceof AuthorizationError)) throw error;
  }
  return undefined;
}

function isCurrent(version: M.Entity | undefined): boolean {
  if (version === undefined) return false;
  return !('isLatestVersion' in version) || version.isLatestVersion !== false;
}

/** The only version is the current one. Synapse does not delete it. */
async function requireOthers(
  ctx: Context,
  id: string,
  version: number,
  call: CallOptions,
): Promise<void> {
  const page = { id, limit: 2 };
  const { results } = await ctx.services.entity.listEntityVersions(page, call);
  if (results.length > 1) return;
  throw new ArgumentError(
    `${id}.${version} is the only version of ${id}, and cannot be deleted alone: delete ${id} as a whole.`,
  );
}

async function deleteVersion(
  ctx: Context,
  version: { id: string; versionNumber: number },
  call: CallOptions,
): Promise<void> {
  try {
    await ctx.services.entity.deleteEntityVersion(version, call);
  } catch (error) {
    // It existed just before, so an earlier attempt has deleted it, and its answer was lost.
    if (!(error instanceof NotFoundError)) throw error;
  }
}
