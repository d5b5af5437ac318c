import type { Context } from '../context.js';
import type { EntityTarget } from '../entities/findTarget.js';
import { getStsStorageToken, type StsTokenOptions } from '../storages/s3/getStsStorageToken.js';
import type { StsFormat, StsOutputs } from '../storages/s3/stsFormats.js';
import type { EntityRef } from '../values/ids.js';
import { copyToStorageLocation, type CopyToStorageOptions } from './copyToStorageLocation.js';

/** The storage locations that files are kept in: `syn.storageLocations`. */
export class StorageLocations {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
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
  getStsToken<F extends StsFormat = 'json'>(
    folder: EntityRef,
    options: StsTokenOptions<F>,
  ): Promise<StsOutputs[F]> {
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
  copyFile(target: EntityTarget, options: CopyToStorageOptions): Promise<string> {
    return copyToStorageLocation(this.#ctx, target, options);
  }
}
