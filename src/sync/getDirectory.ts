import type { Context } from '../context.js';
import type { File, Parent, Stored } from '../entities/entityClasses.js';
import { rememberLocal } from '../entities/storedState.js';
import { PartialFailureError, type Failure } from '../errors.js';
import { shortened } from '../files/safeName.js';
import type { CommonOptions } from '../options.js';
import type { Collision } from '../transfer/collision.js';
import { applyDownload, failureOf } from './download/applyDownload.js';
import type { DownloadOutcome } from './download/downloadRun.js';
import { openDownload } from './download/openDownload.js';
import type { LeftOut } from './findFiles.js';

/** How {@link Sync.getDirectory} downloads. */
export interface GetDirectoryOptions extends CommonOptions {
  /** Files to download at the same time. @default 16 */
  concurrency?: number;
  /**
   * What to do when there is a different local file of the same name. `overwrite.local` does not replace a file that was changed
   * here: that is a failure, unless `overwriteChanges` is set.
   *
   * @default 'keep.both'
   */
  ifCollision?: Collision;
  /** Whether `overwrite.local` also replaces files that were changed here. They are lost then. @default false */
  overwriteChanges?: boolean;
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

/** Implements {@link Sync.getDirectory}. */
export async function* getDirectory(
  ctx: Context,
  parent: Parent,
  directory: string,
  options: GetDirectoryOptions = {},
): AsyncGenerator<File & Stored> {
  const { concurrency, ifCollision = 'keep.both', onLeftOut, ...rest } = options;
  const { signal, onProgress } = rest;
  const tellLeftOut = onLeftOut ?? ((item: LeftOut) => ctx.log(leftOutLine(item)));
  const settings = { ...rest, ifCollision, manifest: 'suppress' } as const;
  const work = await openDownload(ctx, parent, directory, settings);
  const failures: Failure[] = [];
  for await (const outcome of applyDownload(ctx, work, { concurrency, signal, onProgress })) {
    if (outcome.state === 'failed') failures.push(failureOf(outcome));
    else if (outcome.state === 'leftOut') {
      const { id = '', name, path, type = '', reason = '' } = outcome.item;
      tellLeftOut({ id, name, path, type, reason });
    } else {
      const file = await fileOf(outcome);
      if (file !== undefined) yield file;
    }
  }
  if (failures.length > 0) throw new PartialFailureError('downloaded', failures);
}

/** The file of an outcome, with its local path unless a different local file was kept. */
async function fileOf(
  outcome: Exclude<DownloadOutcome, { state: 'failed' }>,
): Promise<(File & Stored) | undefined> {
  const { item, remote, local } = outcome;
  const file = remote?.entity;
  if (file === undefined) return undefined;
  if (item.localPath !== undefined && item.isKept !== true) {
    await rememberLocal(file, item.localPath, local);
  }
  return file;
}

/** One line about an entity that is not downloaded. */
export function leftOutLine({ id, path, reason }: LeftOut): string {
  return `not downloaded: ${shortened(path)} (${id}): ${reason}`;
}
