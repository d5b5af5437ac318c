import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { File, type Parent, type Stored } from '../entities/entityClasses.js';
import { getEntity } from '../entities/getEntity.js';
import { PartialFailureError, type Failure } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { Collision } from '../transfer/collision.js';
import { DownloadQueue } from '../storages/synapse/downloadQueue.js';
import { PathClaims } from '../transfer/pathClaims.js';
import { expandPath } from '../files/expandPath.js';
import { shortened } from '../files/safeName.js';
import { idOf, parseSynapseId } from '../values/ids.js';
import { pool } from '../transfer/pool.js';
import { filesAtOnce } from './filesAtOnce.js';
import { aType, FileSearch, type LeftOut, type WantedFile } from './findFiles.js';

/** How {@link Sync.getDirectory} downloads. */
export interface GetDirectoryOptions extends CommonOptions {
  /** Files to download at the same time. @default 16 */
  concurrency?: number;
  /** What to do when there is a different local file of the same name. @default 'keep.both' */
  ifCollision?: Collision;
  /** Whether to compare the MD5 of each download with the one that Synapse has. @default true */
  verify?: boolean;
  /**
   * Whether to download the targets of links: a file into the directory of the link, a project or folder into a directory with
   * the name of the link. A link to a container that it is in is a failure.
   * @default false
   */
  followLink?: boolean;
  /** Called for each entity that is not downloaded because it is not a file. @default the client logs it */
  onLeftOut?: (item: LeftOut) => void;
}

/** Files whose metadata is read ahead, so that many of them share one call for their URLs. */
const lookAhead = 60;

/** Implements {@link Sync.getDirectory}. */
export async function* getDirectory(
  ctx: Context,
  parent: Parent,
  directory: string,
  options: GetDirectoryOptions = {},
): AsyncGenerator<File & Stored> {
  const {
    concurrency = filesAtOnce,
    ifCollision = 'keep.both',
    followLink = false,
    ...rest
  } = options;
  const { onLeftOut = (item: LeftOut) => ctx.log(leftOutLine(item)), ...common } = rest;
  const failures: Failure[] = [];
  const pathClaims = new PathClaims();
  const queue = new DownloadQueue(concurrency);
  const search = new FileSearch(ctx, {
    directory: resolve(expandPath(directory)),
    followLink,
    signal: common.signal,
    pathClaims,
    onFailure: (failure) => failures.push(failure),
    onLeftOut,
  });
  const getOptions = { ...common, ifCollision, pathClaims, queue };
  const getOne = async (wanted: WantedFile): Promise<(File & Stored) | undefined> => {
    const { id, version: versionNumber, name, path, into } = wanted;
    try {
      const entity = await getEntity(ctx, { id, versionNumber }, { ...getOptions, folder: into });
      if (entity instanceof File) return entity;
      const type = entity.concreteType;
      onLeftOut({ id, name, path, type, reason: `it is ${aType(type)}, not a file` });
    } catch (error) {
      common.signal?.throwIfAborted();
      failures.push({ path: `${shortened(path)} (${id})`, error: error as Error });
    }
    return undefined;
  };
  const { id, version } = parseSynapseId(idOf(parent));
  const wanted = search.find(id, version);
  for await (const file of pool(wanted, { limit: concurrency + lookAhead }, getOne)) {
    if (file) yield file;
  }
  if (failures.length > 0) throw new PartialFailureError('downloaded', failures);
}

/** One line about an entity that is not downloaded. */
export function leftOutLine({ id, path, reason }: LeftOut): string {
  return `not downloaded: ${shortened(path)} (${id}): ${reason}`;
}
