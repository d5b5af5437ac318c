import { basename, relative, sep } from 'node:path';
import type { Context } from '../../context.js';
import { isEntityName } from '../../entities/entityName.js';
import { fileSystemError } from '../../errors.js';
import { lookAt } from '../../files/look.js';
import type { CommonOptions } from '../../options.js';
import { runPool } from '../../transfer/pool.js';
import { isUrl } from '../../values/urls.js';
import { filesAtOnce } from '../filesAtOnce.js';
import { globFilter, type GlobOptions } from '../globs.js';
import { KnownChildren } from '../knownChildren.js';
import type { ManifestRow } from '../manifest/manifestRow.js';
import type { PlanProblem } from '../plan/planData.js';
import type { Shard } from '../shard.js';
import { planFiles, type PlannedFiles } from './planFiles.js';
import { shardFiles } from './shardFiles.js';
import type { UploadActivity, UploadItem } from './uploadItem.js';

/** How {@link planRows} plans. */
export interface PlanRowsOptions extends CommonOptions, GlobOptions {
  mergeAnnotations?: boolean;
  keepActivity?: boolean;
  safeNames?: boolean;
  shard?: Shard;
  /** The directory that the patterns apply to the paths below. */
  directory: string;
}

/** Plans the upload of the files of a manifest. */
export async function planRows(
  ctx: Context,
  rows: readonly ManifestRow[],
  options: PlanRowsOptions,
): Promise<PlannedFiles> {
  const { signal, shard } = options;
  const problems: PlanProblem[] = [];
  const drafts = new Map<ManifestRow, UploadItem>();
  await runPool(rows, { limit: filesAtOnce, signal }, async (row) => {
    try {
      drafts.set(row, await draftOf(row, options));
    } catch (error) {
      const { message } = error as Error;
      problems.push({ path: row.path, message, row: row.row, column: 'path', value: row.path });
    }
  });
  const items = rows.map((row) => drafts.get(row)).filter((draft) => draft !== undefined);
  const { selected, leftOut } = selectFiles(items, options);
  const own = shard === undefined ? selected : shardFiles(selected, shard);
  const children = new KnownChildren(ctx);
  for (const [id, count] of namesByContainer(own)) children.expect(id, count, { signal });
  const planned = await planFiles(ctx, own, children, { signal });
  return {
    items: [...planned.items, ...leftOut],
    problems: [...problems, ...planned.problems].sort((a, b) => (a.row ?? 0) - (b.row ?? 0)),
  };
}

/** Files that patterns select by their local paths; addresses by their names. */
function selectFiles(
  items: readonly UploadItem[],
  { directory, include, exclude }: PlanRowsOptions,
): { selected: UploadItem[]; leftOut: UploadItem[] } {
  const filter = globFilter({ include, exclude });
  const selected: UploadItem[] = [];
  const leftOut: UploadItem[] = [];
  for (const item of items) {
    const { localPath, name } = item;
    const path = localPath === undefined ? name : relative(directory, localPath);
    const reason = filter.leftOut(path.split(sep).join('/'));
    if (reason === undefined) selected.push(item);
    else leftOut.push({ ...item, action: 'leaveOut', reason });
  }
  return { selected, leftOut };
}

async function draftOf(row: ManifestRow, options: PlanRowsOptions): Promise<UploadItem> {
  const { path, parentId, contentType, forceVersion } = row;
  const { mergeAnnotations = true, keepActivity, safeNames } = options;
  const name = row.name ?? basename(path);
  const isAnnotated = !mergeAnnotations || Object.keys(row.annotations).length > 0;
  return {
    action: 'create',
    kind: 'file',
    path: `${parentId}/${name}`,
    ...(isUrl(path) ? { url: path } : await lookAtFile(path)),
    row: row.row,
    id: row.id,
    name,
    parentId,
    contentType,
    annotations: isAnnotated ? row.annotations : undefined,
    replaceAnnotations: mergeAnnotations ? undefined : true,
    activity: activityOf(row),
    keepActivity: keepActivity || undefined,
    synapseStore: row.synapseStore,
    // A file whose name Synapse does not accept keeps it in its file handle.
    safeName: safeNames === true || !isEntityName(basename(path)) || undefined,
    forceVersion,
    bytes: 0,
    requests: 0,
  };
}

async function lookAtFile(
  localPath: string,
): Promise<Pick<UploadItem, 'localPath' | 'size' | 'modifiedMs'>> {
  const { kind, size, modifiedMs } = await lookAt(localPath).catch((cause: unknown) => {
    throw fileSystemError('Cannot read', localPath, cause);
  });
  if (kind !== 'file') throw new Error('it is not a regular file, and only files are stored');
  if (size === 0) throw new Error('the file is empty, and Synapse stores no empty files');
  return { localPath, size, modifiedMs };
}

function activityOf({
  activityName: name,
  activityDescription: description,
  ...row
}: ManifestRow): UploadActivity | undefined {
  const used = row.used.length > 0 ? row.used : undefined;
  const executed = row.executed.length > 0 ? row.executed : undefined;
  const isGiven = [name, description, used, executed].some((value) => value !== undefined);
  return isGiven ? { name, description, used, executed } : undefined;
}

/** How many names have to be found in each container. */
function namesByContainer(items: readonly UploadItem[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { id, parentId } of items) {
    if (id !== undefined || parentId === undefined) continue;
    counts.set(parentId, (counts.get(parentId) ?? 0) + 1);
  }
  return counts;
}
