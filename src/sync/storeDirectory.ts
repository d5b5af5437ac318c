import type { Context } from '../context.js';
import { fetchBundle } from '../entities/entityBundle.js';
import type { File, Folder, Parent, Stored } from '../entities/entityClasses.js';
import { entityOfBundle } from '../entities/storedState.js';
import { PartialFailureError, SynapseError, type Failure } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { announceFiles } from './upload/announceFiles.js';
import { applyItems } from './upload/applyItems.js';
import { failureOf } from './upload/applyUpload.js';
import { planTree } from './upload/planTree.js';
import type { UploadItem } from './upload/uploadItem.js';

/** How {@link Sync.storeDirectory} uploads. */
export interface StoreDirectoryOptions extends CommonOptions {
  /** Files to upload at the same time. @default 16 */
  concurrency?: number;
  /**
   * Whether files and folders with names that Synapse does not accept are stored under similar names. Files keep their
   * original names in their file handles, and get them back when they are downloaded.
   * @default false
   */
  safeNames?: boolean;
}

/** Implements {@link Sync.storeDirectory}: makes a plan, and applies it. */
export async function* storeDirectory(
  ctx: Context,
  directory: string,
  parent: Parent,
  options: StoreDirectoryOptions = {},
): AsyncGenerator<(Folder | File) & Stored> {
  const { concurrency, safeNames, ...common } = options;
  const plan = await planTree(ctx, directory, parent, { safeNames, signal: common.signal });
  const failures: Failure[] = plan.problems.map(({ path, message }) => ({
    path,
    error: new SynapseError(message, { code: 'SYNC_PROBLEM' }),
  }));
  const { onProgress, end } = announceFiles(plan, common.onProgress);
  for await (const outcome of applyItems(ctx, plan, { ...common, onProgress, concurrency })) {
    end(outcome);
    if (outcome.state === 'failed') failures.push(failureOf(outcome.item, outcome.error));
    else yield outcome.entity ?? (await readFolder(ctx, outcome.item, common));
  }
  if (failures.length > 0) throw new PartialFailureError('stored', failures);
}

/** A folder that was there. */
async function readFolder(
  ctx: Context,
  { id = '' }: UploadItem,
  { signal }: CommonOptions,
): Promise<(Folder | File) & Stored> {
  return entityOfBundle(await fetchBundle(ctx, { id }, { signal })) as Folder & Stored;
}
