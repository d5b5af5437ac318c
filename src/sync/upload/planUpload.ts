import { dirname, resolve } from 'node:path';
import type { Context } from '../../context.js';
import type { Parent } from '../../entities/entityClasses.js';
import { ArgumentError, fileSystemError } from '../../errors.js';
import { expandPath } from '../../files/expandPath.js';
import { lookAt } from '../../files/look.js';
import { containerOf } from '../../values/ids.js';
import type { CommonOptions } from '../../options.js';
import type { GlobOptions } from '../globs.js';
import { parseShard } from '../shard.js';
import { validateManifest } from '../manifest/validateManifest.js';
import type { PlanData } from '../plan/planData.js';
import { describeProblem } from '../plan/describeProblem.js';
import { SyncPlan } from '../plan/syncPlan.js';
import { applyUpload } from './applyUpload.js';
import { checkContainer, withoutAdditions } from './checkContainer.js';
import { planRows } from './planRows.js';
import { planTree } from './planTree.js';
import type { UploadItem } from './uploadItem.js';

/** What {@link Sync.planUpload} compares, and how. */
export interface PlanUploadOptions extends CommonOptions, GlobOptions {
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
  /**
   * Whether the valid rows of a manifest with problems are stored. Otherwise nothing is stored when any row has a problem.
   * @default false
   */
  skipInvalid?: boolean;
  /**
   * Which of several jobs this is: `2/8` uploads the second of eight shares. All jobs get the same source, and need nothing else
   * from each other. Files that use each other are in the same share.
   * @default everything
   */
  shard?: string;
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
  const path = source === '-' ? source : resolve(expandPath(source));
  const data = (await isDirectory(path))
    ? await planDirectory(ctx, path, parent, options)
    : await planManifest(ctx, path, forManifest(path, parent, options));
  return new SyncPlan(data, (plan, how) => applyUpload(ctx, plan, how));
}

async function isDirectory(path: string): Promise<boolean> {
  if (path === '-') return false;
  const { kind } = await lookAt(path).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', path, cause);
  });
  return kind === 'folder';
}

/** Refuses what only a directory has. */
function forManifest(
  path: string,
  parent: Parent | undefined,
  options: PlanUploadOptions,
): PlanUploadOptions {
  if (parent !== undefined) {
    throw new ArgumentError(
      `${path} is a manifest, which names the container of each file: leave out the parent.`,
    );
  }
  if (options.delete === true) {
    throw new ArgumentError(`${path} is a manifest: only a directory says what is to be deleted.`);
  }
  return options;
}

async function planDirectory(
  ctx: Context,
  path: string,
  parent: Parent | undefined,
  { associateActivityToNewVersion, shard, ...options }: PlanUploadOptions,
): Promise<PlanData<UploadItem>> {
  if (parent === undefined) {
    throw new ArgumentError(`${path} is a directory: pass the project or folder to store it in.`);
  }
  if (shard !== undefined && options.delete === true) {
    throw new ArgumentError(
      'A shard has only a part of the files, so it cannot delete: delete with a run of its own, without shard.',
    );
  }
  const parentId = containerOf(parent);
  const { canAddChild } = await checkContainer(ctx, parentId, options);
  const plan = await planTree(ctx, path, parentId, {
    ...options,
    shard: shard === undefined ? undefined : parseShard(shard),
    keepActivity: associateActivityToNewVersion,
  });
  return canAddChild ? plan : withoutAdditions(plan, parentId);
}

async function planManifest(
  ctx: Context,
  manifest: string,
  options: PlanUploadOptions,
): Promise<PlanData<UploadItem>> {
  const { associateActivityToNewVersion, skipInvalid, shard, ...rest } = options;
  const { signal, safeNames } = rest;
  const { rows, problems, warnings } = await validateManifest(ctx, manifest, { signal, safeNames });
  for (const warning of warnings) ctx.log(`${manifest}: ${describeProblem(warning)}`);
  const isUsable = problems.length === 0 || skipInvalid === true;
  const planned = await planRows(ctx, isUsable ? rows : [], {
    ...rest,
    shard: shard === undefined ? undefined : parseShard(shard),
    directory: manifest === '-' ? process.cwd() : dirname(manifest),
    keepActivity: associateActivityToNewVersion,
  });
  return {
    format: 'synapse-sync-plan',
    version: 1,
    direction: 'upload',
    manifest,
    items: planned.items,
    problems: [...problems, ...planned.problems],
  };
}
