import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import { ArgumentError, fileSystemError } from '../../errors.js';
import { expandPath } from '../../files/expandPath.js';
import { lookAt } from '../../files/look.js';
import type { CommonOptions } from '../../options.js';
import type { PlanData } from '../plan/planData.js';
import { SyncPlan } from '../plan/syncPlan.js';
import { applyUpload } from './applyUpload.js';
import { planTree } from './planTree.js';
import type { UploadItem } from './uploadItem.js';

/** What {@link Sync.planUpload} compares, and how. */
export interface PlanUploadOptions extends CommonOptions {
  /**
   * Whether files and folders of a directory with names that Synapse does not accept are stored under similar names.
   * @default false
   */
  safeNames?: boolean;
  /**
   * Whether the annotations of a manifest are added to those in Synapse. Otherwise they replace them, and annotations without a
   * value in the manifest are removed.
   * @default true
   */
  mergeAnnotations?: boolean;
  /**
   * Whether new content keeps the provenance of the version before, where the manifest names none. Other changes always keep it.
   * @default false
   */
  associateActivityToNewVersion?: boolean;
  /**
   * Whether files and folders below `parent` that are not in the directory go to the trash can. Tables, views, links and other
   * entities stay. Nothing is deleted when something in the directory cannot be stored.
   * @default false
   */
  delete?: boolean;
  /** Whether `delete` may delete more than half of all files and folders. @default false */
  force?: boolean;
}

/** Implements {@link Sync.planUpload}. */
export async function planUpload(
  ctx: Context,
  source: string,
  parent: Parent | undefined,
  options: PlanUploadOptions = {},
): Promise<SyncPlan<UploadItem>> {
  const path = resolve(expandPath(source));
  const { kind } = await lookAt(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', path, cause);
  });
  const data =
    kind === 'folder' ? await planDirectory(ctx, path, parent, options) : await planNothing(path);
  return new SyncPlan(data, (plan, how) => applyUpload(ctx, plan, how));
}

function planDirectory(
  ctx: Context,
  path: string,
  parent: Parent | undefined,
  { associateActivityToNewVersion, ...options }: PlanUploadOptions,
): Promise<PlanData<UploadItem>> {
  if (parent === undefined) {
    throw new ArgumentError(`${path} is a directory: pass the project or folder to store it in.`);
  }
  return planTree(ctx, path, parent, {
    ...options,
    keepActivity: associateActivityToNewVersion,
  });
}

function planNothing(path: string): Promise<PlanData<UploadItem>> {
  throw new ArgumentError(`${path} is not a directory.`);
}
