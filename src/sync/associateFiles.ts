import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { getEntity } from '../entities/getEntity.js';
import type { Parent } from '../entities/entityClasses.js';
import {
  ArgumentError,
  AuthenticationError,
  FileSystemError,
  fileSystemError,
  NotFoundError,
  PartialFailureError,
  SynapseHttpError,
  type Failure,
} from '../errors.js';
import type { CommonOptions, Progress } from '../options.js';
import { containerOf } from '../values/ids.js';
import { mapInOrder } from './download/mapInOrder.js';
import { localFilesBelow, type FoundFile } from './localFilesBelow.js';

/** Options of {@link Sync.associate}. */
export interface AssociateOptions extends CommonOptions {
  /** Whether a directory stands for all files in it and below it. @default false */
  recursive?: boolean;
  /** Searches only this project or folder, and what is in it. */
  limitSearch?: Parent;
  /** Files at the same time. @default 16 */
  concurrency?: number;
}

/** A local file, and what it is in Synapse. */
export interface AssociatedFile {
  path: string;
  /** Absent when Synapse does not have the content. */
  id?: string;
  /** Absent when Synapse does not have the content. */
  versionNumber?: number;
}

/** Implements {@link Sync.associate}. */
export async function* associateFiles(
  ctx: Context,
  path: string,
  { recursive = false, limitSearch, concurrency = 16, signal, onProgress }: AssociateOptions = {},
): AsyncGenerator<AssociatedFile> {
  const container = limitSearch === undefined ? undefined : containerOf(limitSearch);
  const files = await filesAt(path, recursive);
  // Nothing is ever found in a container that does not exist.
  if (container !== undefined) {
    await ctx.services.entity.getEntityHeader({ id: container }, { signal });
  }
  const failures: Failure[] = [];
  const results = mapInOrder(files, { limit: concurrency, signal }, async (file, taskSignal) => {
    const report = (state: Progress['state'], message?: string): void =>
      onProgress?.({ kind: 'hash', path: file.path, transferredBytes: 0, state, message });
    report('start');
    try {
      if (file.error !== undefined) throw file.error;
      const options = { limitSearch: container, signal: taskSignal };
      const found = await associate(ctx, file.path, options);
      if (found.id === undefined) report('skipped', 'Synapse does not have it');
      else report('done');
      return found;
    } catch (error) {
      report('error', (error as Error).message);
      if (file.error === undefined && !isOfThisFile(error)) throw error;
      failures.push({ path: file.path, error: error as Error });
      return undefined;
    }
  });
  for await (const result of results) if (result !== undefined) yield result;
  if (failures.length > 0) throw new PartialFailureError('looked up', failures);
}

async function filesAt(
  path: string,
  recursive: boolean,
): Promise<Iterable<FoundFile> | AsyncIterable<FoundFile>> {
  const target = await stat(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', path, cause);
  });
  if (target.isFile()) return [{ path }];
  if (!target.isDirectory()) throw new ArgumentError(`${path} is neither a file nor a directory.`);
  if (recursive) return localFilesBelow(path);
  throw new ArgumentError(
    `${path} is a directory: use recursive (--recursive) to look up the files in it.`,
  );
}

async function associate(
  ctx: Context,
  path: string,
  options: { limitSearch: string | undefined; signal: AbortSignal },
): Promise<AssociatedFile> {
  try {
    // A relative path can look like an id.
    const { id, ...entity } = await getEntity(ctx, resolve(path), {
      ...options,
      downloadFile: false,
    });
    const version = 'versionNumber' in entity ? entity.versionNumber : undefined;
    return { path, id, versionNumber: version };
  } catch (error) {
    if (error instanceof NotFoundError) return { path };
    throw error;
  }
}

/** Other errors, such as of the network, would meet the other files too. */
function isOfThisFile(error: unknown): boolean {
  if (error instanceof FileSystemError) return true;
  return error instanceof SynapseHttpError && !(error instanceof AuthenticationError);
}
