import { placeContent } from '../entities/fetchFile.js';
import { recordCopy } from '../entities/storedState.js';
import type { Context } from '../context.js';
import { AuthenticationError, PreconditionFailedError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { openAssociation } from '../storages/openAssociation.js';
import type { ListedFile } from './listedFiles.js';
import { keyOf } from './listItem.js';
import type { MatchedRow } from './listManifest.js';
import type { KnownHandle, LocalPlaces } from './localPlaces.js';
import { associationOf, readHandleId, type UrlGroup } from './urlGroups.js';

/** A file of the list, with what is needed to download it. */
export interface FileToFetch {
  file: ListedFile;
  row: MatchedRow;
  /** The size that the manifest has for the file, in bytes. */
  size: number | undefined;
  group: UrlGroup;
}

/** How the download of a file ended. */
export type FetchOutcome = { row: MatchedRow; file: ListedFile } & (
  { state: 'done' | 'skipped'; path: string; bytes: number } | { state: 'failed'; error: Error }
);

interface FetchRun extends Pick<CommonOptions, 'onProgress'> {
  ctx: Context;
  places: LocalPlaces;
}

/** Downloads a file of the list. Failures are outcomes; only what no file could succeed with is thrown. */
export async function fetchListed(
  run: FetchRun,
  { file, row, size, group }: FileToFetch,
  signal: AbortSignal,
): Promise<FetchOutcome> {
  try {
    const handle = await readHandle(run.ctx, file, group, signal);
    requireSameSize(file, handle, size);
    return { row, file, ...(await place(run, file, handle, signal)) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AuthenticationError) throw error;
    return { row, file, state: 'failed', error: error as Error };
  }
}

async function readHandle(
  ctx: Context,
  file: ListedFile,
  group: UrlGroup,
  signal: AbortSignal,
): Promise<KnownHandle> {
  const handle = await group.handleOf(file, signal);
  if (handle !== undefined) return handle;
  // Says why the service refuses the file.
  const handleId = file.fileHandleId ?? (await readHandleId(ctx, file, signal));
  const opened = await openAssociation(ctx, associationOf(file, handleId), { signal });
  await opened.close?.();
  throw new Error(`Synapse returned no file handle for ${keyOf(file)}. Try again later.`);
}

/** The list and the manifest are read one after the other. In between, a file without a version can get a new one. */
function requireSameSize(
  file: ListedFile,
  { contentSize }: KnownHandle,
  size: number | undefined,
): void {
  const isSame = !size || !contentSize || size === contentSize;
  if (isSame) return;
  const reason = `${keyOf(file)} has got a new version in Synapse while the list was read: download the list again.`;
  throw new PreconditionFailedError(reason, {
    status: 412,
    reason,
    method: 'POST',
    url: '/repo/v1/download/list/query/async/start',
  });
}

async function place(
  { ctx, places, onProgress }: FetchRun,
  file: ListedFile,
  handle: KnownHandle,
  signal: AbortSignal,
): Promise<{ state: 'done' | 'skipped'; path: string; bytes: number }> {
  const name = handle.fileName ?? file.fileName ?? handle.id;
  const owner = keyOf(file);
  const { path, isPresent, cached } = await places.choose(handle, { owner, name, signal });
  if (isPresent) {
    await recordCopy(ctx, handle.id, path, handle.contentMd5?.toLowerCase());
    const message = 'already exists';
    onProgress?.({ kind: 'download', path, transferredBytes: 0, state: 'skipped', message });
    return { state: 'skipped', path, bytes: 0 };
  }
  const placed = await placeContent(
    ctx,
    { id: file.fileEntityId, handle },
    {
      path,
      cached,
      overwrite: false,
      elsewhere: () => places.next(name, owner),
      signal,
      onProgress,
    },
  );
  return { state: 'done', path: placed.path, bytes: placed.bytes };
}
