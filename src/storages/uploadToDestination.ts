import type * as M from '../../generated/models.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import { UploadError } from '../errors.js';
import type { FileToPut } from './storage.js';
import type { StorageContext } from './storageContext.js';
import { storageOfDestination } from './storageOf.js';

/**
 * Uploads a file to the storage of a container, and creates its file handle.
 *
 * @throws {@link UploadError} when the client does not support uploads to this kind of storage.
 * @throws The errors of {@link Storage.put}.
 */
export async function uploadToDestination(
  ctx: StorageContext,
  destination: M.UploadDestination,
  file: FileToPut,
): Promise<M.FileHandle & { id: string }> {
  const storage = storageOfDestination(destination);
  if (storage.put === undefined) throw cannotUpload(destination, file);
  const handle = await storage.put(ctx, destination, file);
  const { id } = handle;
  return id === undefined ? register(ctx, handle, file) : { ...handle, id };
}

/** Creates the file handle for a file in a storage that Synapse does not write to. */
async function register(
  { services }: StorageContext,
  body: M.FileHandle,
  { signal }: FileToPut,
): Promise<M.FileHandle & { id: string }> {
  const isS3 = body.concreteType === 'org.sagebionetworks.repo.model.file.S3FileHandle';
  const made = await againAfterLostAnswer<M.FileHandle>(() =>
    isS3
      ? services.file.createExternalS3FileHandle({ body }, { signal })
      : services.file.createExternalFileHandle(
          { body: body as M.ExternalFileHandleInterface },
          { signal },
        ),
  );
  if (made.id === undefined) throw new UploadError('Synapse returned a file handle without an id.');
  return { ...body, ...made, id: made.id };
}

function cannotUpload(destination: M.UploadDestination, { parentId }: FileToPut): UploadError {
  const kind = (destination.concreteType.split('.').at(-1) ?? '').replace(/UploadDestination$/, '');
  return new UploadError(
    `Files in ${parentId} are in a storage of the type ${kind} (storage location ${String(destination.storageLocationId)}), which this client cannot upload to. Put the file there yourself, register it with syn.fileHandles.createExternal, and store a file with its dataFileHandleId.`,
  );
}
