import { join, resolve } from 'node:path';
import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { File, type Parent, type Stored } from '../entities/entityClasses.js';
import { getEntity } from '../entities/getEntity.js';
import { PartialFailureError, type Failure } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { Collision } from '../transfer/collision.js';
import { DownloadQueue } from '../storages/synapse/downloadQueue.js';
import { PathClaims } from '../transfer/pathClaims.js';
import { expandPath } from '../files/expandPath.js';
import { prepareFolder } from '../files/placeFile.js';
import { safeName } from '../files/safeName.js';
import { containerOf } from '../values/ids.js';
import { pool } from '../transfer/pool.js';
import { walk } from './walk.js';

/** How {@link Sync.getDirectory} downloads. */
export interface GetDirectoryOptions extends CommonOptions {
  /** Files to download at the same time. @default 8 */
  concurrency?: number;
  /** What to do when there is a different local file of the same name. @default 'keep.both' */
  ifCollision?: Collision;
  /** Whether to compare the MD5 of each download with the one that Synapse has. @default true */
  verify?: boolean;
}

/** Files whose metadata is read ahead, so that many of them share one call for their URLs. */
const lookAhead = 60;

const fileType = 'org.sagebionetworks.repo.model.FileEntity';

/** Implements {@link Sync.getDirectory}. */
export async function* getDirectory(
  ctx: Context,
  parent: Parent,
  directory: string,
  options: GetDirectoryOptions = {},
): AsyncGenerator<File & Stored> {
  const { concurrency = 8, ifCollision = 'keep.both', ...common } = options;
  const failures: Failure[] = [];
  const pathClaims = new PathClaims();
  const queue = new DownloadQueue(concurrency);
  const getOne = async ({ header, into }: Wanted): Promise<(File & Stored) | undefined> => {
    try {
      const target = { folder: into, ifCollision, pathClaims, queue };
      const entity = await getEntity(ctx, header.id, { ...common, ...target });
      return entity instanceof File ? entity : undefined;
    } catch (error) {
      common.signal?.throwIfAborted();
      failures.push({ path: `${header.name} (${header.id})`, error: error as Error });
      return undefined;
    }
  };
  const wanted = findFiles(ctx, containerOf(parent), resolve(expandPath(directory)), common);
  for await (const file of pool(wanted, { limit: concurrency + lookAhead }, getOne)) {
    if (file) yield file;
  }
  if (failures.length > 0) throw new PartialFailureError('downloaded', failures);
}

interface Wanted {
  header: M.EntityHeader;
  /** The local directory to download into. It exists. */
  into: string;
}

async function* findFiles(
  ctx: Context,
  id: string,
  directory: string,
  options: CommonOptions,
): AsyncGenerator<Wanted> {
  for await (const { path, files } of walk(ctx, id, options)) {
    const names = path === '' ? [] : path.split('/');
    const into = join(directory, ...names.map((name) => safeName(name)));
    await prepareFolder(into);
    for (const header of files) {
      if (header.type === fileType) yield { header, into };
    }
  }
}
