import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { ArgumentError } from '../errors.js';
import { uniquePath, type Collision } from './collision.js';
import { expandPath, type ExpandEnvironment } from '../files/expandPath.js';
import { safeName } from '../files/safeName.js';

/** What the path of a download depends on. */
export interface DownloadPathOptions {
  /** The folder asked for; without one, the folder of the cached copy, else the cache. */
  location?: string | undefined;
  /** The name that the server gives the file; made safe here. */
  fileName: string;
  /** @default 'keep.both' */
  ifCollision?: Collision | undefined;
  /** An unmodified copy that the cache knows of. */
  cachedPath?: string | undefined;
  /** The folder of this file in the cache. Files in it may be replaced. */
  cacheDirectory: string;
  exists: (path: string) => boolean | Promise<boolean>;
}

/** Names that the cache uses for its own files. */
const cacheOwn = /^\.cacheMap/i;

/**
 * Chooses the path of a download.
 * @returns `undefined` when an existing file is kept and nothing is downloaded; the path of the cached copy when
 * that copy is used where it is
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
  const path = join(folder, isInCache && cacheOwn.test(name) ? `_${name}` : name);
  if (isInCache || !(await exists(path))) return path;
  switch (ifCollision) {
    case 'overwrite.local':
      return path;
    case 'keep.local':
      return undefined;
    case 'keep.both':
      // The unmodified copy itself is no collision, even if it got a number once.
      return uniquePath(path, (each) => each !== cachedPath && exists(each));
    default:
      throw new ArgumentError(
        `Unknown way to treat a file that is already there: ${JSON.stringify(ifCollision)}. Use keep.both, keep.local or overwrite.local.`,
      );
  }
}

/**
 * Expands the path of a download folder that a user wrote.
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

/** Bytes that common file systems allow in a file name, and bytes that a random suffix takes. */
const longestName = 255;
const longestSuffix = 48;

/** The temporary files of a download, which are in the folder of its destination. */
export interface PartialPaths {
  /** The bytes so far. */
  part: string;
  /** Which parts are complete, and which process downloads. */
  journal: string;
}

/**
 * Names the temporary files of a download. The names differ from the Python client's
 * (`<file>.synapse_download_<id>`), which would take such a file for the beginning of the content.
 */
export function partialPaths(destination: string, fileHandleId: string): PartialPaths {
  const name = basename(destination);
  const suffix = `.synapse_download_${fileHandleId}`;
  const fits = Buffer.byteLength(name + suffix) + longestSuffix <= longestName;
  const shortName = createHash('md5').update(name).digest('hex').slice(0, 16);
  const base = join(dirname(destination), `${fits ? name : shortName}${suffix}`);
  return { part: `${base}.part`, journal: `${base}.journal` };
}
