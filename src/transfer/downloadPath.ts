import { join, resolve } from 'node:path';
import { ArgumentError } from '../errors.js';
import { uniquePath, type Collision } from './collision.js';
import { expandPath, type ExpandEnvironment } from '../files/expandPath.js';
import { safeName } from '../files/safeName.js';
import { longestName, withSuffix } from '../files/temporaryPath.js';

/** The inputs for the path of a download. */
export interface DownloadPathOptions {
  /** The requested folder. Default: the folder of the cached copy, otherwise the cache. */
  location?: string | undefined;
  /** The file name from the server, which is sanitized here. */
  fileName: string;
  /** @default 'keep.both' */
  ifCollision?: Collision | undefined;
  /** An unmodified copy that is recorded in the cache. */
  cachedPath?: string | undefined;
  /** The folder of this file in the cache. Files in it may be replaced. */
  cacheDirectory: string;
  exists: (path: string) => boolean | Promise<boolean>;
}

/** Reserved names of cache files. */
const cacheOwn = /^\.cacheMap/i;

/**
 * Chooses the path of a download.
 * @returns `undefined` when an existing file is kept and nothing is downloaded; the path of the cached copy when
 * it is used in place
 */
export async function chooseDownloadPath(
  options: DownloadPathOptions,
): Promise<string | undefined> {
  const { cachedPath, exists, ifCollision = 'keep.both' } = options;
  const cacheDirectory = resolve(options.cacheDirectory);
  const cachedFolder = cachedPath === undefined ? undefined : resolve(cachedPath, '..');
  const folder = resolve(options.location ?? cachedFolder ?? cacheDirectory);
  const isInCache = folder === cacheDirectory;
  const name = safeName(options.fileName);
  const path = join(folder, isInCache && cacheOwn.test(name) ? notReserved(name) : name);
  if (isInCache || !(await exists(path))) return path;
  switch (ifCollision) {
    case 'overwrite.local':
      return path;
    case 'keep.local':
      return undefined;
    case 'keep.both':
      // The unmodified copy itself is not a collision, even if it has a number.
      return uniquePath(path, (each) => each !== cachedPath && exists(each));
    default:
      throw new ArgumentError(
        `Unknown ifCollision ${JSON.stringify(ifCollision)}. Use keep.both, keep.local or overwrite.local.`,
      );
  }
}

function notReserved(name: string): string {
  const longer = `_${name}`;
  return Buffer.byteLength(longer) > longestName ? `_${name.slice(1)}` : longer;
}

/**
 * Expands `~` and variables in the path of a download folder.
 * @throws ArgumentError when it is a file
 */
export async function downloadFolder(
  location: string,
  isFile: (path: string) => boolean | Promise<boolean>,
  environment?: ExpandEnvironment,
): Promise<string> {
  const folder = expandPath(location, environment);
  if (await isFile(folder)) {
    throw new ArgumentError(`The download location ${folder} is a file; give a folder.`);
  }
  return folder;
}

/** Bytes of the suffixes that are added to these names. */
const longestSuffix = 48;

/** The temporary files of a download, which are in the folder of its destination. */
export interface PartialPaths {
  /** The file with the bytes so far. */
  part: string;
  /** The file that records the complete parts and the process that downloads. */
  journal: string;
}

/**
 * Names the temporary files of a download. The names differ from the Python client's
 * (`<file>.synapse_download_<id>`), which would take such a file for the beginning of the content.
 */
export function partialPaths(destination: string, fileHandleId: string): PartialPaths {
  const base = withSuffix(destination, `.synapse_download_${fileHandleId}`, longestSuffix);
  return { part: `${base}.part`, journal: `${base}.journal` };
}
