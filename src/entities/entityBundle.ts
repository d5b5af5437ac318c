import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { MalformedResponseError } from '../errors.js';
import type { EntityVersion } from '../values/ids.js';

/** A bundle that contains the entity. */
export type StoredBundle = M.EntityBundle & { entity: M.Entity };

/** What most callers need. */
export const entityParts: M.EntityBundleRequest = {
  includeEntity: true,
  includeAnnotations: true,
  includeFileHandles: true,
  includeRestrictionInformation: true,
  // Only tables and views have it.
  includeTableBundle: true,
};

/**
 * Reads an entity and related objects in one request.
 *
 * @param body - The parts to read, among them the entity.
 */
export async function fetchBundle(
  ctx: Context,
  { id, version }: EntityVersion,
  options: CallOptions = {},
  body: M.EntityBundleRequest = entityParts,
): Promise<StoredBundle> {
  const { entityBundle } = ctx.services;
  const bundle =
    version === undefined
      ? await entityBundle.getEntityBundle({ id, body }, options)
      : await entityBundle.getEntityVersionBundle({ id, versionNumber: version, body }, options);
  return withEntity(bundle, id);
}

/** Checks that the bundle contains the entity. */
export function withEntity(bundle: M.EntityBundle, id: string): StoredBundle {
  const { entity } = bundle;
  if (entity === undefined) {
    throw new MalformedResponseError({
      operation: 'entityBundle.getEntityBundle',
      field: 'entity',
      expected: `the entity ${id}`,
      actual: 'missing',
    });
  }
  return { ...bundle, entity };
}

/** Reads a file handle of an entity; `undefined` when the caller may not download the file. */
export async function fetchFileHandle(
  ctx: Context,
  { id, fileHandleId }: { id: string; fileHandleId: string },
  options: CallOptions,
): Promise<M.FileHandle | undefined> {
  const body: M.EntityBundleRequest = { includeEntity: true, includeFileHandles: true };
  const { fileHandles } = await ctx.services.entityBundle.getEntityBundle({ id, body }, options);
  return fileHandles?.find((handle) => handle.id === fileHandleId);
}
