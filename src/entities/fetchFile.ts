import { copyFile, rm, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Context } from '../context.js';
import { fileSystemError, SynapseError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type * as M from '../../generated/models.js';
import { downloadStored } from '../storages/downloadStored.js';
import type { Collision } from '../transfer/collision.js';
import {
  chooseDownloadPath,
  downloadFolder,
  type DownloadPathOptions,
} from '../transfer/downloadPath.js';
import type { DownloadQueue } from '../storages/synapse/downloadQueue.js';
import { PathClaims } from '../transfer/pathClaims.js';
import { lookIfThere } from '../files/look.js';
import { isTaken, placeFile, prepareDestination } from '../files/placeFile.js';
import { temporaryPath } from '../files/temporaryPath.js';
import type { File } from './entityClasses.js';
import { recordCopy, type LocalState } from './storedState.js';

/** How the downloads of a bulk work together. */
export interface BulkDownload {
  /**
   * The folder for the file, in place of `downloadLocation`. It is used as it is: names in it come from Synapse, and a server
   * must not have variables of this machine expanded.
   */
  folder?: string;
  /** The paths of all of them: no download takes the path of another. */
  pathClaims?: PathClaims;
  /** Limits how many of them run at a time. */
  queue?: DownloadQueue;
}

/** The destination of the content of a file. */
export interface FetchOptions extends CommonOptions, BulkDownload {
  downloadLocation?: string;
  ifCollision?: Collision;
  verify?: boolean;
  /** What lets the caller download it. @default the entity */
  association?: FileOwner;
}

/** An object that has a file, other than its entity. */
export interface FileOwner {
  associateObjectId: string;
  associateObjectType: M.FileHandleAssociateType;
}

/** The content of a file on this machine. */
export interface LocalCopy {
  path: string;
  /** Its state, if it is known. */
  local?: LocalState | undefined;
}

/** Maximum number of times that another path is chosen because another program created a file at the chosen one. */
const maximumMeetings = 10;

/**
 * Downloads the content of a file entity, or copies it from the cache if the cache has an unmodified copy.
 *
 * @returns Where it is; `undefined` when an existing file is kept.
 */
export async function fetchFile(
  ctx: Context,
  file: File,
  options: FetchOptions,
): Promise<LocalCopy | undefined> {
  for (let meetings = 0; ; meetings += 1) {
    try {
      return await fetchOnce(ctx, file, options);
    } catch (error) {
      // Another program has created a file there since the path was chosen: choose again.
      if (!isTaken(error) || meetings === maximumMeetings) throw error;
    }
  }
}

async function fetchOnce(
  ctx: Context,
  file: File,
  options: FetchOptions,
): Promise<LocalCopy | undefined> {
  const { fileHandle } = file;
  const handleId = fileHandle?.id;
  if (fileHandle === undefined || handleId === undefined) {
    throw new SynapseError(`${file.id ?? ''} has no file handle.`, { code: 'NOT_FOUND' });
  }
  const chosen = await choosePath(ctx, file, handleId, options);
  const { path, cached, overwrite, elsewhere, fileName } = chosen;
  if (path === undefined) {
    if (options.onProgress) report(options, fileName, 'an existing file of that name is kept');
    else {
      ctx.log(
        `[${file.id ?? ''}:${fileName}]: an existing file of that name is kept, nothing is downloaded.`,
      );
    }
    return undefined;
  }
  if (path === cached) {
    report(options, path, 'already exists');
    return { path };
  }
  const placed = await placeContent(
    ctx,
    { handle: { ...fileHandle, id: handleId }, id: file.id },
    {
      ...options,
      path,
      cached,
      overwrite,
      elsewhere,
      isInCache: chosen.isInCache,
    },
  );
  return { path: placed.path, local: placed.local };
}

/** The content of a file in Synapse. */
export interface RemoteContent {
  /** The entity. */
  id?: string | undefined;
  handle: M.FileHandle & { id: string };
}

/** Where {@link placeContent} puts content. */
export interface Destination
  extends CommonOptions, Pick<BulkDownload, 'queue'>, Pick<FetchOptions, 'association'> {
  path: string;
  /** An unmodified copy on this machine. */
  cached?: string | undefined;
  overwrite: boolean;
  /** Returns the next free path, when another program has created a file at `path`. */
  elsewhere?: (() => Promise<string>) | undefined;
  /** Called when the content is complete, before it replaces what is at `path`. What it throws keeps that. */
  beforePlacing?: (() => Promise<void>) | undefined;
  isInCache?: boolean;
  verify?: boolean | undefined;
}

type Placing = Pick<Destination, 'overwrite' | 'elsewhere' | 'beforePlacing'>;

/** Content that was put at a path. */
export interface PlacedContent extends LocalCopy {
  /** Bytes that were transferred; 0 for a copy of a local file. */
  bytes: number;
}

/** Puts content at a path: a copy of an unmodified local copy, or a download. It is recorded in the cache. */
export async function placeContent(
  ctx: Context,
  { id = '', handle }: RemoteContent,
  destination: Destination,
): Promise<PlacedContent> {
  const { path, cached, overwrite, elsewhere, signal, onProgress, verify = true } = destination;
  if (cached !== undefined) {
    const copy = await copyInto(cached, path, destination);
    // Otherwise the next download to this place would make another copy, with a number in its name.
    await recordCopy(ctx, handle.id, copy, handle.contentMd5?.toLowerCase());
    report(destination, copy, `copied from ${cached}`);
    return { path: copy, bytes: 0 };
  }
  if (destination.isInCache === true) await ctx.cache.makeDirectory(handle.id);
  const entity = { associateObjectId: id, associateObjectType: 'FileEntity' } as const;
  const association = { fileHandleId: handle.id, ...(destination.association ?? entity) };
  const expected = handle.contentMd5?.toLowerCase();
  const leaveQueue = await destination.queue?.enter(ctx.state.fileHandles, association, signal);
  const downloaded = await downloadStored(
    ctx,
    { handle, association },
    {
      destination: path,
      overwrite,
      elsewhere,
      beforePlacing: destination.beforePlacing,
      verify,
      record: expected === undefined ? undefined : ctx.cache.firstRecord(handle.id, path, expected),
      signal,
      onProgress,
    },
  ).finally(leaveQueue);
  // Without verification, the expected MD5 is recorded: the cache then notices a wrong copy when it is used next.
  const md5 = downloaded.md5 ?? expected;
  const { look, isRecorded = false, bytes } = downloaded;
  if (!isRecorded) await recordCopy(ctx, handle.id, downloaded.path, md5);
  const local = look && { path: downloaded.path, readAt: Date.now(), ...look };
  return { path: downloaded.path, local, bytes };
}

interface ChosenPath {
  /** Absent when an existing file is kept. */
  path?: string;
  /** An unmodified copy on this machine. */
  cached?: string;
  overwrite: boolean;
  isInCache: boolean;
  /** Returns the next free path; absent unless both files are kept. */
  elsewhere?: () => Promise<string>;
  fileName: string;
}

async function choosePath(
  ctx: Context,
  file: File,
  handleId: string,
  { downloadLocation, folder, ifCollision = 'keep.both', pathClaims: shared }: FetchOptions,
): Promise<ChosenPath> {
  const location = folder ?? (downloadLocation && (await downloadFolder(downloadLocation, isFile)));
  const md5 = file.fileHandle?.contentMd5?.toLowerCase();
  const cached = await ctx.cache.get(handleId, location, { md5 });
  const fileName =
    file.fileHandle?.fileName ?? (cached && basename(cached)) ?? file.name ?? handleId;
  const cacheDirectory = resolve(ctx.cache.directory(handleId));
  const wanted: DownloadPathOptions = {
    location,
    fileName,
    cachedPath: cached,
    cacheDirectory,
    ifCollision,
    exists: isThere,
  };
  const chosen = await chooseDownloadPath(wanted);
  const isOwn = location !== undefined && cached && resolve(cached, '..') === resolve(location);
  const claims = shared ?? new PathClaims();
  const elsewhere = (): Promise<string> => nextFree(claims, wanted, handleId);
  const first = chosen && resolve(shared && isOwn ? cached : chosen);
  // A path of another download of the bulk is never overwritten: the second file of a name gets a number.
  const path = first && (claims.take(first, handleId) ? first : await elsewhere());
  const isInCache = path !== undefined && resolve(path, '..') === cacheDirectory;
  return {
    fileName,
    isInCache,
    // Files in the cache may be replaced.
    overwrite: ifCollision === 'overwrite.local' || isInCache,
    elsewhere: ifCollision === 'keep.both' ? elsewhere : undefined,
    path,
    cached: cached === undefined ? undefined : resolve(cached),
  };
}

/** Counts from the name without a number, because another download may have reserved the next number. */
async function nextFree(
  claims: PathClaims,
  wanted: DownloadPathOptions,
  owner: string,
): Promise<string> {
  const free: DownloadPathOptions = {
    ...wanted,
    cachedPath: undefined,
    ifCollision: 'keep.both',
    exists: async (each) => claims.isTaken(each, owner) || isThere(each),
  };
  for (;;) {
    const path = resolve((await chooseDownloadPath(free)) ?? wanted.fileName);
    if (claims.take(path, owner)) return path;
  }
}

async function copyInto(
  source: string,
  path: string,
  { overwrite, elsewhere, beforePlacing }: Placing,
): Promise<string> {
  await prepareDestination(path, overwrite);
  const temporary = temporaryPath(path);
  try {
    await copyFile(source, temporary);
    const { size } = await stat(temporary);
    await beforePlacing?.();
    return await placeFile(temporary, path, { overwrite, elsewhere, size });
  } catch (cause) {
    throw cause instanceof SynapseError ? cause : fileSystemError('Cannot copy to', path, cause);
  } finally {
    await rm(temporary, { force: true });
  }
}

function report({ onProgress }: CommonOptions, path: string, message: string): void {
  onProgress?.({ kind: 'download', path, transferredBytes: 0, state: 'skipped', message });
}

async function isFile(path: string): Promise<boolean> {
  return (await lookIfThere(path))?.kind === 'file';
}

/** Also true for a dangling link, which must not be written through. */
async function isThere(path: string): Promise<boolean> {
  return (await lookIfThere(path, { link: true })) !== undefined;
}
