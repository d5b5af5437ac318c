import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { EntityTarget } from '../entities/findTarget.js';
import type { StsTokenOptions } from '../storages/s3/getStsStorageToken.js';
import type { StsFormat, StsOutputs } from '../storages/s3/stsFormats.js';
import type { EntityRef } from '../values/ids.js';
import type { CopyToStorageOptions } from './copyToStorageLocation.js';
import type { S3Folder, S3FolderInput } from './createS3Folder.js';
import type { UploadLocations } from './destinationsOf.js';
import type { StorageLocationRef } from './locationIdOf.js';
import type { StorageLocation, StorageLocationInput } from './storageLocation.js';
import type { UseLocationOptions } from './useStorageLocation.js';

/** The storage locations that files are kept in: `syn.storageLocations`. */
export class StorageLocations {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Creates a storage location. Locations never change, and cannot be deleted: the same settings give the same location, except those
   * of Synapse's own bucket with temporary credentials. For other settings, create another one, and {@link use} it.
   *
   * @param input - The `kind`, and the settings that belong to it.
   * @returns The location. The `secretKey` of a proxy is not enumerable, so that it is not printed.
   * @throws {@link ArgumentError} for settings that are missing, wrong, or of another kind; before anything is sent.
   * @throws {@link SynapseHttpError} when Synapse cannot use the bucket, such as one without the file `owner.txt`.
   * @see https://rest-docs.synapse.org/rest/POST/storageLocation.html
   *
   * @example
   * const location = await syn.storageLocations.create({ kind: 'externalS3', bucket: 'lab-data', baseKey: 'mice' });
   * await syn.storageLocations.use('syn123', location);
   */
  async create(input: StorageLocationInput, options: CallOptions = {}): Promise<StorageLocation> {
    const { createStorageLocation } = await import('./createStorageLocation.js');
    return createStorageLocation(this.#ctx, input, options);
  }

  /**
   * Reads a storage location that the caller has created.
   *
   * @throws {@link AuthorizationError} when another user has created it, and for that of Synapse itself.
   * @throws {@link NotFoundError} when there is no such location.
   * @see https://rest-docs.synapse.org/rest/GET/storageLocation/id.html
   */
  async get(location: StorageLocationRef, options: CallOptions = {}): Promise<StorageLocation> {
    const { getStorageLocation } = await import('./getStorageLocation.js');
    return getStorageLocation(this.#ctx, location, options);
  }

  /**
   * Sets where the files of a project or folder, and of the folders in it, are stored from now on. Files that are there already stay
   * where they are; `syn.migrate` moves them.
   *
   * @param location - A location, or up to 10: uploads go to the first one, and users of the website can choose. `null` is the storage
   * of Synapse, also where a container above has another setting.
   * @returns The setting. Nothing is sent when it is as wanted. After a change it has no etag, because Synapse does not tell it.
   * @throws {@link ArgumentError} for what is not a location, or for more than 10; before anything is sent.
   * @throws {@link AuthorizationError} when the caller lacks the permission `CREATE` (or `UPDATE`, if there is a setting), or has not
   * created the bucket's location.
   * @throws {@link SynapseHttpError} for unknown locations; and with temporary credentials, when the container is not an empty folder.
   * @see https://rest-docs.synapse.org/rest/POST/projectSettings.html
   */
  async use(
    container: EntityRef,
    location: StorageLocationRef | readonly StorageLocationRef[] | null,
    options: UseLocationOptions = {},
  ): Promise<M.ProjectSetting> {
    const { useStorageLocation } = await import('./useStorageLocation.js');
    return useStorageLocation(this.#ctx, container, location, options);
  }

  /**
   * Removes the setting of a project or folder, so that it uses the storage of the container above.
   *
   * @returns Whether there was a setting.
   * @throws {@link AuthorizationError} when the caller lacks the permission `DELETE`.
   * @see https://rest-docs.synapse.org/rest/DELETE/projectSettings/id.html
   */
  async reset(container: EntityRef, options: CallOptions = {}): Promise<boolean> {
    const { resetStorageLocation } = await import('./resetStorageLocation.js');
    return resetStorageLocation(this.#ctx, container, options);
  }

  /**
   * Reads where uploads to a project or folder go: the locations with their buckets or addresses, and the container whose setting
   * applies.
   *
   * @throws {@link NotFoundError} when there is no such entity.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/uploadDestinationLocations.html
   */
  async of(container: EntityRef, options: CallOptions = {}): Promise<UploadLocations> {
    const { destinationsOf } = await import('./destinationsOf.js');
    return destinationsOf(this.#ctx, container, options);
  }

  /**
   * Reads how many bytes the files of a project take in each storage location, all versions included, and how many they may take.
   *
   * @throws {@link SynapseHttpError} when the entity is not a project.
   * @see https://rest-docs.synapse.org/rest/GET/project/projectId/storage/usage.html
   */
  async usage(project: EntityRef, options: CallOptions = {}): Promise<M.ProjectStorageUsage> {
    const { storageUsage } = await import('./storageUsage.js');
    return storageUsage(this.#ctx, project, options);
  }

  /**
   * Creates a location in S3 and has a folder use it: in Synapse's own bucket, or in `bucket`.
   *
   * @param input - An existing `folder`; or a `folderName` and its `parent`.
   * @throws {@link ArgumentError} for an incomplete or contradictory input, before anything is sent.
   * @throws The errors of {@link create} and {@link use}.
   *
   * @example
   * const { folderId } = await syn.storageLocations.createS3Folder({ parent: 'syn123', folderName: 'raw', stsEnabled: true });
   */
  async createS3Folder(input: S3FolderInput, options: CallOptions = {}): Promise<S3Folder> {
    const { createS3Folder } = await import('./createS3Folder.js');
    return createS3Folder(this.#ctx, input, options);
  }

  /**
   * Gets temporary credentials for the bucket that holds the files of a folder, for use with other tools.
   *
   * @returns In the form `outputFormat`: as Synapse gives them (`json`), for `boto`, for the AWS configuration file
   * (`credential_process`), or as shell commands.
   * @throws {@link SynapseHttpError} when the storage location of the folder does not issue temporary credentials.
   * @throws {@link AuthorizationError} when the caller may not read, or write, everything in the folder.
   * @see https://rest-docs.synapse.org/rest/GET/entity/id/sts.html
   */
  async getStsToken<F extends StsFormat = 'json'>(
    folder: EntityRef,
    options: StsTokenOptions<F>,
  ): Promise<StsOutputs[F]> {
    const { getStsStorageToken } = await import('../storages/s3/getStsStorageToken.js');
    return getStsStorageToken(this.#ctx, folder, options);
  }

  /**
   * Copies the content of a file to another storage location without downloading it. The entity does not change; to move
   * it, store it with the new file handle id as `dataFileHandleId`.
   *
   * @returns The id of the new file handle, which the caller owns.
   * @throws {@link ArgumentError} when the target is not a file, or its storage does not support copying.
   * @throws {@link UploadError} when parts cannot be copied. Call again to resume.
   * @see https://rest-docs.synapse.org/rest/POST/file/multipart.html
   */
  async copyFile(target: EntityTarget, options: CopyToStorageOptions): Promise<string> {
    const { copyToStorageLocation } = await import('./copyToStorageLocation.js');
    return copyToStorageLocation(this.#ctx, target, options);
  }
}
