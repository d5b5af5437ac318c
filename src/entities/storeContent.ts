import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as M from '../../generated/models.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import { fileMd5 } from '../files/fileMd5.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { isSftpUrl } from '../storages/sftp/sftpAddress.js';
import { uploadToDestination } from '../storages/uploadToDestination.js';
import { guessContentType } from '../transfer/contentType.js';
import { spoolStream } from '../transfer/spoolStream.js';
import { asUrl, guessFileName } from '../values/urls.js';
import type { File, StreamOfBytes } from './entityClasses.js';
import { isEntityName, safeEntityName } from './entityName.js';
import { keepFileName } from './keepFileName.js';
import { requireUpload } from './requireUpload.js';
import {
  isUntouched,
  localState,
  storedState,
  type LocalState,
  type StoredState,
} from './storedState.js';
import type { StoreOptions } from './storeOptions.js';
import { uploadDestination } from './uploadDestination.js';

/** The result of storing the content; empty when nothing had to be done. */
export interface StoredContent {
  members?: { dataFileHandleId: string };
  fileHandle?: M.FileHandle;
  /** The local file whose content Synapse has now. */
  path?: string;
  /** The state of that file before it was read. */
  local?: LocalState;
}

/** How content is stored. */
export type ContentOptions = CommonOptions & Pick<StoreOptions, 'safeNames'>;

/**
 * Uploads the content of a file entity, unless Synapse has it.
 *
 * @param state.local - The local file, as `checkLocalContent` has found it.
 */
export async function storeContent(
  ctx: Context,
  file: File,
  { existing, local: there }: { existing: StoredState | undefined; local: LocalState | undefined },
  options: ContentOptions,
): Promise<StoredContent> {
  const { path, stream, externalUrl, synapseStore } = file;
  if (stream !== undefined) {
    // A stream can be read once: storing the object again must not read it again.
    delete file.stream;
    return storeStream(ctx, { file, stream, existing }, options);
  }
  const local = there?.path;
  if (there !== undefined && (await isUntouched(existing, there, options.signal))) return {};
  const url = externalUrl ?? (local === undefined ? path : undefined);
  if (url !== undefined) {
    const isHere = local !== undefined && url === fileUrl(local);
    return storeAddress(ctx, file, url, existing, options, isHere ? local : undefined);
  }
  if (there === undefined || local === undefined) return {};
  if (synapseStore === false)
    return storeAddress(ctx, file, fileUrl(local), existing, options, local);
  // A multipart upload accepts only names that an entity can have (POST /file/v1/file/multipart).
  const ownName = basename(local);
  const similarName = options.safeNames ? safeEntityName(ownName) : (file.name ?? ownName);
  const fileName = isEntityName(ownName) ? ownName : similarName;
  const contentType = await guessContentType(ownName);
  const upload = { file, existing, local: there, fileName, contentType };
  const content = await uploadUnlessThere(ctx, upload, options);
  const { fileHandle } = content;
  if (fileHandle === undefined || !options.safeNames) return { path: local, ...content };
  const associateObjectId = existing?.entity.id ?? file.parentId ?? '';
  const own = { fileName: ownName, associateObjectId };
  const named = await keepFileName(ctx, fileHandle, own, options);
  return {
    ...content,
    members: { dataFileHandleId: named.id ?? '' },
    fileHandle: named,
    path: local,
  };
}

/** Uploads a stream. It is copied to a temporary file first, because Synapse needs the MD5 before the first byte. */
async function storeStream(
  ctx: Context,
  { file, stream, existing }: Pick<Upload, 'file' | 'existing'> & { stream: StreamOfBytes },
  options: CommonOptions,
): Promise<StoredContent> {
  const { signal, onProgress } = options;
  const fileName = file.name ?? existing?.entity.name ?? '';
  const contentType = await guessContentType(fileName);
  const { path, remove } = await spoolStream(stream, signal);
  try {
    const local = await localState(path);
    if (local.size === 0) {
      throw new ArgumentError(
        `The stream for ${fileName} is empty, and Synapse does not accept empty files.`,
      );
    }
    return await uploadUnlessThere(
      ctx,
      { file, existing, local, fileName, contentType },
      // The caller does not know the temporary file.
      { signal, onProgress: onProgress && ((event) => onProgress({ ...event, path: fileName })) },
    );
  } finally {
    await remove();
  }
}

interface Upload {
  file: File;
  existing: StoredState | undefined;
  local: LocalState;
  fileName: string;
  /** The content type for the file name. */
  contentType: string;
}

async function uploadUnlessThere(
  ctx: Context,
  { file, existing, local, fileName, contentType }: Upload,
  options: CommonOptions,
): Promise<StoredContent> {
  const { path, size } = local;
  if (await hasContent(existing?.fileHandle, local, options)) {
    options.onProgress?.({
      kind: 'upload',
      path,
      transferredBytes: 0,
      state: 'skipped',
      message: 'Synapse already has this content',
    });
    return { local };
  }
  const parentId = file.parentId ?? existing?.entity.parentId ?? '';
  const call = { signal: options.signal };
  await requireUpload(ctx, { fileId: existing?.entity.id, parentId, size }, call);
  const destination = await uploadDestination(ctx, parentId, call);
  const fileHandle = await uploadToDestination(ctx, destination, {
    signal: options.signal,
    onProgress: options.onProgress,
    path,
    fileName,
    contentType: ownContentType(file) ?? contentType,
    parentId,
  });
  return { members: { dataFileHandleId: fileHandle.id }, fileHandle, local };
}

async function hasContent(
  handle: M.FileHandle | undefined,
  { path, size }: LocalState,
  { signal }: CommonOptions,
): Promise<boolean> {
  if (handle?.contentMd5 === undefined || isLink(handle)) return false;
  if (handle.contentSize !== undefined && handle.contentSize !== size) return false;
  return (await fileMd5(path, signal)) === handle.contentMd5.toLowerCase();
}

/** Stores the URL of a file that is not uploaded. */
async function storeAddress(
  ctx: Context,
  file: File,
  externalURL: string,
  existing: StoredState | undefined,
  { signal }: CommonOptions,
  local?: string,
): Promise<StoredContent> {
  const old = existing?.fileHandle;
  const contentMd5 = local === undefined ? undefined : await fileMd5(local, signal);
  const isSame =
    old !== undefined &&
    isExternal(old) &&
    old.externalURL === externalURL &&
    (contentMd5 === undefined || contentMd5 === old.contentMd5);
  if (isSame) return local === undefined ? {} : { path: local };
  const fileName = local === undefined ? guessFileName(externalURL) : basename(local);
  const body: M.ExternalFileHandle = {
    concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
    externalURL,
    fileName,
    contentType: ownContentType(file) ?? (await guessContentType(fileName)),
    contentMd5,
    contentSize: local === undefined ? undefined : (await stat(local)).size,
  };
  const handle = await againAfterLostAnswer(() =>
    ctx.services.file.createExternalFileHandle({ body }, { signal }),
  );
  return {
    members: { dataFileHandleId: handle.id ?? '' },
    fileHandle: { ...body, ...handle } as M.ExternalFileHandle,
    path: local,
  };
}

/** Whether a file handle is a link to content that was not uploaded. Files on SFTP servers were uploaded. */
export function isLink(handle: M.FileHandle): boolean {
  return isExternal(handle) && !isSftpUrl(handle.externalURL);
}

/** Whether a file handle is a URL, under which the content is. */
export function isExternal(handle: M.FileHandle): handle is M.ExternalFileHandle {
  return handle.concreteType === 'org.sagebionetworks.repo.model.file.ExternalFileHandle';
}

/** The type that the caller has set. The type that an object was read with does not apply to other content. */
export function ownContentType(file: File): string | undefined {
  const read = storedState(file)?.fileHandle?.contentType;
  return file.contentType === read ? undefined : file.contentType;
}

/**
 * The URL of a local file that is not uploaded. The Python client neither encodes nor decodes these URLs. Only characters that
 * would change the path are encoded.
 */
export function fileUrl(path: string): string {
  return /[%?#]/.test(path) ? pathToFileURL(path).href : asUrl(path);
}
