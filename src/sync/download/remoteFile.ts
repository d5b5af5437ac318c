import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { entityParts, fetchBundle } from '../../entities/entityBundle.js';
import { File, type Stored } from '../../entities/entityClasses.js';
import { requireDownload } from '../../entities/requireDownload.js';
import { entityOfBundle, storedState } from '../../entities/storedState.js';
import type { CallOptions } from '../../../generated/services.js';

/** A file in Synapse, as far as a download and its manifest need it. */
export interface RemoteFile {
  id: string;
  name: string;
  parentId?: string;
  versionNumber?: number;
  etag?: string;
  createdOn?: string;
  createdBy?: string;
  modifiedOn?: string;
  modifiedBy?: string;
  annotations: Readonly<Record<string, M.AnnotationsValue>>;
  /** How the version was made; null when that is not recorded. Absent when it was not read, as in a view. */
  activity?: M.Activity | null;
  handle: M.FileHandle & { id: string };
  /** Whether the handle has only what a view shows. */
  isPartial?: boolean;
  /** The entity that was read, where the caller gets it. */
  entity?: File & Stored;
}

const parts: M.EntityBundleRequest = { ...entityParts, includeActivity: true };

/**
 * Reads a file with one request.
 *
 * @returns The file; the concrete type when it is something else.
 * @throws {@link UnmetAccessRestrictionError}, {@link AuthorizationError} when the content cannot be downloaded.
 */
export async function readRemoteFile(
  ctx: Context,
  target: { id: string; version?: number | undefined },
  options: CallOptions,
): Promise<RemoteFile | string> {
  const { id, version } = target;
  const bundle = await fetchBundle(ctx, { id, version }, options, parts);
  const entity = entityOfBundle(bundle);
  if (!(entity instanceof File)) return entity.concreteType;
  const handle = requireDownload(ctx, entity, bundle.restrictionInformation);
  return {
    id: entity.id,
    name: entity.name,
    parentId: entity.parentId,
    versionNumber: entity.versionNumber,
    etag: entity.etag,
    createdOn: bundle.entity.createdOn,
    createdBy: bundle.entity.createdBy,
    modifiedOn: bundle.entity.modifiedOn,
    modifiedBy: bundle.entity.modifiedBy,
    annotations: storedState(entity)?.annotations ?? {},
    activity: bundle.activity ?? null,
    handle: { ...handle, id: entity.dataFileHandleId ?? handle.id ?? '' },
    entity,
  };
}
