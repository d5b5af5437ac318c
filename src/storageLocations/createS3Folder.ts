import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { Folder, type Parent } from '../entities/entityClasses.js';
import { storeEntity } from '../entities/storeEntity.js';
import { ArgumentError, ConflictError } from '../errors.js';
import { callOptions } from '../options.js';
import { containerOf, type EntityRef } from '../values/ids.js';
import { createStorageLocation } from './createStorageLocation.js';
import { locationRequest } from './locationRequest.js';
import type { ExternalS3Input, StorageLocation, StorageLocationInput } from './storageLocation.js';
import { writeUploadSetting } from './uploadSetting.js';

/** A folder in S3: an existing `folder`, or a new one of the name `folderName` in `parent`; and where in S3 it is. */
export interface S3FolderInput extends Partial<Omit<ExternalS3Input, 'kind'>> {
  /** An existing project or folder. With `stsEnabled`, it has to be empty. */
  folder?: EntityRef;
  /** The name of the folder. One that is there already is used. */
  folderName?: string;
  /** The project or folder of the folder with the name. */
  parent?: Parent;
}

/** What {@link StorageLocations.createS3Folder} has made. */
export interface S3Folder {
  folderId: string;
  location: StorageLocation;
  setting: M.ProjectSetting;
}

/** Implements {@link StorageLocations.createS3Folder}. */
export async function createS3Folder(
  ctx: Context,
  input: S3FolderInput,
  options: CallOptions = {},
): Promise<S3Folder> {
  const { folder, folderName, parent, bucket, ...settings } = input;
  checkFolder(input);
  const wanted: StorageLocationInput =
    bucket === undefined
      ? { kind: 'synapseS3', ...settings }
      : { kind: 'externalS3', bucket, ...settings };
  locationRequest(wanted);
  const call = callOptions(options);
  // First, because a location that Synapse refuses would leave an empty folder behind.
  const location = await createStorageLocation(ctx, wanted, call);
  const { storageLocationId } = location;
  const created =
    folder === undefined
      ? await storeFolder(ctx, { name: folderName, parent }, call)
      : { id: containerOf(folder), isNew: false };
  const read = created.isNew ? () => Promise.resolve(undefined) : undefined;
  const setting = await writeUploadSetting(ctx, created.id, () => [storageLocationId], call, read);
  return { folderId: created.id, location, setting };
}

/** Creates a folder, or finds the one of that name. */
async function storeFolder(
  ctx: Context,
  init: { name: string | undefined; parent: Parent | undefined },
  call: CallOptions,
): Promise<{ id: string; isNew: boolean }> {
  try {
    const { id } = await storeEntity(ctx, new Folder(init), { ...call, createOrUpdate: false });
    return { id, isNew: true };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const { id } = await storeEntity(ctx, new Folder(init), call);
    return { id, isNew: false };
  }
}

function checkFolder({ folder, folderName, parent }: S3FolderInput): void {
  if (folder !== undefined) {
    containerOf(folder);
    if (folderName === undefined && parent === undefined) return;
    throw new ArgumentError('Give either folder, or folderName and parent, not both.');
  }
  if (folderName !== undefined && parent !== undefined) {
    containerOf(parent);
    return;
  }
  throw new ArgumentError('Give the folder, or folderName and parent for a new one.');
}
