import { placeContent } from '../entities/fetchFile.js';
import { recordCopy } from '../entities/storedState.js';
import type { Context } from '../context.js';
import { AuthenticationError, PreconditionFailedError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { openAssociation } from '../storages/openAssociation.js';
import type { ListedFile } from './listedFiles.js';
import { keyOf } from './listItem.js';
import type { KnownHandle, LocalPlaces } from './localPlaces.js';
import { associationOf, readHandleId, type UrlGroup } from './urlGroups.js';

/** A file of the list, with what is needed to download it. */
export interface FileToFetch {
  file: ListedFile;
  group: UrlGroup;
  /** The sizes that the manifest has for the file, in bytes. */
  sizes: ReadonlySet<number> | undefined;
}

/** How the download of a file ended. */
export type FetchOutcome = { file: ListedFile } & (
  { state: 'done' | 'skipped'; path: string; bytes: number } | { state: 'failed'; error: Error }
);

/** What the downloads of a list share. */
export class FetchRun {
  readonly ctx: Context;
  readonly places: LocalPlaces;
  readonly onProgress: CommonOptions['onProgress'];
  /** The content that was read or is being read, by the id of the file handle. */
  readonly #contents = new Map<string, { end: Promise<void>; handle?: KnownHandle }>();

  constructor(ctx: Context, places: LocalPlaces, { onProgress }: CommonOptions) {
    this.ctx = ctx;
    this.places = places;
    this.onProgress = onProgress;
  }

  /**
   * Downloads the content of a file. A list can have the same content twice: as a version, and as the current version. The second
   * waits for the first, and is a copy of it.
   */
  once<T>(file: ListedFile, fetch: (known?: KnownHandle) => Promise<T>): Promise<T> {
    const { fileHandleId } = file;
    if (fileHandleId === undefined) return fetch();
    const content = this.#contents.get(fileHandleId) ?? { end: Promise.resolve() };
    this.#contents.set(fileHandleId, content);
    const result = content.end.then(() => fetch(content.handle));
    content.end = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  /** Remembers a file handle. */
  know(handle: KnownHandle): void {
    const content = this.#contents.get(handle.id);
    if (content !== undefined) content.handle = handle;
  }
}

/** Downloads a file of the list. Failures are outcomes; only what no file could succeed with is thrown. */
export async function fetchListed(
  run: FetchRun,
  { file, group, sizes }: FileToFetch,
  signal: AbortSignal,
): Promise<FetchOutcome> {
  try {
    const placed = await run.once(file, async (known) => {
      const handle = known ?? (await readHandle(run.ctx, file, group, signal));
      run.know(handle);
      requireSameSize(file, handle, sizes);
      return place(run, file, handle, signal);
    });
    return { file, ...placed };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AuthenticationError) throw error;
    return { file, state: 'failed', error: error as Error };
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

/** The list and the manifest are read at different times. In between, a file without a version can get a new one. */
function requireSameSize(
  file: ListedFile,
  { contentSize }: KnownHandle,
  sizes: ReadonlySet<number> = new Set(),
): void {
  // An external file need not have a size.
  const isKnown = contentSize !== undefined && contentSize > 0 && sizes.size > 0 && !sizes.has(0);
  if (!isKnown || sizes.has(contentSize)) return;
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
