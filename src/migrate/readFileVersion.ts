import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { File } from '../entities/entityClasses.js';
import { withEntity } from '../entities/entityBundle.js';
import { requireDownload } from '../entities/requireDownload.js';
import { fileHandleIdOf } from '../entities/storedState.js';
import type { EntityVersion } from '../values/ids.js';

/** A version of a file, and its file handle. */
export interface FileVersion {
  entity: M.Entity;
  versionNumber: number;
  handle: M.FileHandle;
}

const parts: M.EntityBundleRequest = {
  includeEntity: true,
  includeFileHandles: true,
  includeRestrictionInformation: true,
};

/**
 * Reads a version of a file, without its content. Without a version, the latest one.
 *
 * @throws {@link UnmetAccessRestrictionError}, {@link AuthorizationError} when the caller may not download it: it cannot be copied.
 */
export async function readFileVersion(
  ctx: Context,
  { id, version }: EntityVersion,
  options: CallOptions,
): Promise<FileVersion> {
  const { entityBundle } = ctx.services;
  const bundle =
    version === undefined
      ? await entityBundle.getEntityBundle({ id, body: parts }, options)
      : await entityBundle.getEntityVersionBundle(
          { id, versionNumber: version, body: parts },
          options,
        );
  const { entity } = withEntity(bundle, id);
  const dataFileHandleId = fileHandleIdOf(entity);
  const file = new File({ id, name: entity.name });
  const handle = bundle.fileHandles?.find((each) => each.id === dataFileHandleId);
  if (handle !== undefined) file.fileHandle = handle;
  const versionNumber = 'versionNumber' in entity ? (entity.versionNumber ?? 1) : 1;
  return {
    entity,
    versionNumber,
    handle: requireDownload(ctx, file, bundle.restrictionInformation),
  };
}
