import { createHash } from 'node:crypto';
import { basename, dirname, join, resolve } from 'node:path';
import { ArgumentError } from '../errors.js';
import { uniquePath, type Collision } from './collision.js';
import { expandPath, type ExpandEnvironment } from '../files/expandPath.js';
import { safeName } from '../files/safeName.js';

/** What decides where a download goes. */
export interface DownloadPathOptions {
  /** The folder asked for; without one, the folder of the cached copy, else the cache. */
  location?: string | undefined;
  /** The name that the server gives the file; made safe here. */
  fileName: string;
  /** @default 'keep.both' */
  ifCollision?: Collision | undefined;
  /** An unmodified copy that the cache knows of. */
  cachedPath?: string | undefined;
  /** The folder of this file in the cache; nothing there is the user's own. */
  cacheDirectory: string;
  exists: (path: string) => boolean | Promise<boolean>;
}

/** In a folder of the cache, files of these names are the cache's own. */
const cacheOwn = /^\.cacheMap/i;

/**
 * Decides under which path a file is to be stored.
 * @returns `undefined` when the file that is there is to be kept and nothing is to be done. The
 * path of the cached copy means that the copy is used where it is.
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
      // The unmodified copy is in nobody's way, also where it once got a number.
      return uniquePath(path, (each) => each !== cachedPath && exists(each));
    default:
      throw new ArgumentError(
        `Unknown way to treat a file that is already there: ${JSON.stringify(ifCollision)}. Use keep.both, keep.local or overwrite.local.`,
      );
  }
}

/**
 * Reads a download folder as a user writes it.
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

/** Bytes of a file name on common file systems; what `.journal` and a random word may add. */
const longestName = 255;
const longestSuffix = 48;

/** The files that stand beside a download while it runs. */
export interface PartialPaths {
  /** The bytes so far. */
  part: string;
  /** Which parts of them are whole, and whose download it is. */
  journal: string;
}

/**
 * Names the temporary files of a download. They differ from the Python client's
 * (`<file>.synapse_download_<id>`), which would take parts that came out of order for a prefix.
 */
export function partialPaths(destination: string, fileHandleId: string): PartialPaths {
  const name = basename(destination);
  const suffix = `.synapse_download_${fileHandleId}`;
  const fits = Buffer.byteLength(name + suffix) + longestSuffix <= longestName;
  const shortName = createHash('md5').update(name).digest('hex').slice(0, 16);
  const base = join(dirname(destination), `${fits ? name : shortName}${suffix}`);
  return { part: `${base}.part`, journal: `${base}.journal` };
}
