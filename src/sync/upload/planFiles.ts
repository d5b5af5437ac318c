import type { Context } from '../../context.js';
import { findEntityId } from '../../entities/findEntity.js';
import { AuthenticationError, NotFoundError } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import type { CommonOptions } from '../../options.js';
import { runPool } from '../../transfer/pool.js';
import { shortName } from '../../values/shortName.js';
import { filesAtOnce } from '../filesAtOnce.js';
import type { KnownChildren } from '../knownChildren.js';
import type { PlanProblem } from '../plan/planData.js';
import { compareFile, isMd5Needed, isNewVersion } from './compareFile.js';
import { describeChange } from './describeChange.js';
import { keepPlannedState } from './plannedState.js';
import { readFound, type Found } from './readFound.js';
import { requestsOf } from './requestsOf.js';
import { localUses } from './uploadActivity.js';
import type { UploadChange, UploadItem } from './uploadItem.js';
import { uploadOrder } from './uploadOrder.js';
import { fileType } from '../../entities/entityTypes.js';

/** Files that are planned, and what keeps the others from being planned. */
export interface PlannedFiles {
  items: UploadItem[];
  problems: PlanProblem[];
}

/**
 * Compares files with Synapse, and says what has to be done with each. One request for each file that is there, none for one
 * that is not.
 *
 * @param files - What Synapse is to have.
 */
export async function planFiles(
  ctx: Context,
  files: readonly UploadItem[],
  children: KnownChildren,
  { signal }: CommonOptions,
): Promise<PlannedFiles> {
  const found = new Map<UploadItem, Found | undefined>();
  const problems = new Map<UploadItem, PlanProblem>();
  const owners = new Map<string, UploadItem>();
  await runPool(files, { limit: filesAtOnce, signal }, async (item, poolSignal) => {
    const call = { signal: poolSignal };
    try {
      const one = await findFile(ctx, item, children, call);
      const id = one?.state.entity.id;
      if (id !== undefined) claim(owners, id, item);
      if (one !== undefined && item.localPath !== undefined && isMd5Needed(item, one)) {
        item.md5 = await fileMd5(item.localPath, poolSignal);
      }
      found.set(item, one);
    } catch (error) {
      poolSignal.throwIfAborted();
      if (error instanceof AuthenticationError) throw error;
      problems.set(item, problemOf(item, (error as Error).message));
    }
  });
  decide(files, found, problems);
  return {
    items: files.filter((item) => !problems.has(item)),
    problems: files.map((item) => problems.get(item)).filter((problem) => problem !== undefined),
  };
}

/** What is wrong with a file of a plan. */
export function problemOf(
  { localPath, url, path, id, row }: UploadItem,
  message: string,
): PlanProblem {
  return { path: localPath ?? url ?? path, message, id, row };
}

async function findFile(
  ctx: Context,
  item: UploadItem,
  children: KnownChildren,
  call: CommonOptions,
): Promise<Found | undefined> {
  const { name, id: given } = item;
  const id = given ?? (await findName(ctx, item, children, call));
  if (id === undefined) return undefined;
  const found = await readFound(ctx, id, call).catch((error: unknown) => {
    if (!(error instanceof NotFoundError) || given === undefined) throw error;
    throw new Error(`There is no ${id} in Synapse: correct its ID, or remove it to create a file.`);
  });
  const { concreteType, name: oldName, parentId } = found.state.entity;
  if (concreteType !== fileType) {
    throw new Error(
      `${id} (${oldName ?? ''}) is a ${shortName(concreteType)}, and cannot become a file: give the file another name.`,
    );
  }
  if (given !== undefined && (name !== oldName || item.parentId !== parentId)) {
    const other = await findName(ctx, item, children, call);
    if (other !== undefined && other !== id) {
      throw new Error(
        `${id} cannot be named ${JSON.stringify(name)} in ${item.parentId ?? ''}: ${other} has that name there.`,
      );
    }
  }
  return found;
}

/** The entity that has the name of an item in its container. */
async function findName(
  ctx: Context,
  { name, parentId }: UploadItem,
  children: KnownChildren,
  call: CommonOptions,
): Promise<string | undefined> {
  if (parentId === undefined) return undefined;
  const known = await children.find(parentId, name);
  return known === undefined ? findEntityId(ctx, name, parentId, call) : known.header?.id;
}

function claim(owners: Map<string, UploadItem>, id: string, item: UploadItem): void {
  const other = owners.get(id);
  if (other !== undefined) {
    throw new Error(
      `${id} is the file of ${other.localPath ?? other.path} already: two files cannot be stored in one entity.`,
    );
  }
  owners.set(id, item);
}

/** Sets what is done with each file, after the files that it uses. */
function decide(
  files: readonly UploadItem[],
  found: ReadonlyMap<UploadItem, Found | undefined>,
  problems: Map<UploadItem, PlanProblem>,
): void {
  const { order, circles, uses } = uploadOrder(files);
  const fail = (item: UploadItem, message: string): void => {
    if (!problems.has(item)) problems.set(item, problemOf(item, message));
  };
  for (const circle of circles) {
    const names = [...circle, ...circle.slice(0, 1)].map(({ localPath = '' }) => localPath);
    const message = `its provenance is a circle: ${names.join(' uses ')}. Remove one of these uses.`;
    for (const item of circle) fail(item, message);
  }
  const isOrdered = new Set(order);
  for (const item of files) {
    if (!isOrdered.has(item)) fail(item, 'it uses files whose provenance is a circle');
  }
  const planned = new Set(files.map(({ localPath }) => localPath));
  /** The versions that stay as they are. */
  const versions = new Map<string | undefined, string>();
  for (const item of order) {
    const missing = uses.get(item)?.find((other) => problems.has(other));
    if (missing !== undefined) {
      fail(item, `it uses ${missing.localPath ?? missing.path}, which cannot be stored`);
    }
    const unknown = item.activity && localUses(item.activity).find((path) => !planned.has(path));
    if (unknown !== undefined) fail(item, `it uses ${unknown}, which is not stored`);
    if (problems.has(item)) continue;
    const changes = setAction(item, found.get(item), (path) => versions.get(path));
    const { id, versionNumber } = item;
    if (id !== undefined && !isNewVersion(changes, item)) {
      versions.set(item.localPath, `${id}.${versionNumber ?? 1}`);
    }
  }
}

/**
 * Sets what is done with a file.
 *
 * @returns what changes
 */
export function setAction(
  item: UploadItem,
  found: Found | undefined,
  resolve: (path: string) => string | undefined,
): readonly UploadChange[] {
  if (found === undefined) {
    const changes: UploadChange[] = ['content'];
    if (item.annotations !== undefined) changes.push('annotations');
    if (item.activity !== undefined) changes.push('provenance');
    const requests = requestsOf(item, changes, found);
    Object.assign(item, { action: 'create', changes, requests, bytes: bytesOf(item) });
    keepPlannedState(item, found);
    return changes;
  }
  const { entity } = found.state;
  const changes = compareFile(item, found, resolve);
  const isContent = changes.includes('content');
  const isMoved = changes.includes('parent');
  const action =
    changes.length === 0
      ? 'skip'
      : isContent
        ? 'updateContent'
        : isMoved
          ? 'move'
          : 'updateMetadata';
  Object.assign(item, {
    action,
    changes,
    id: entity.id,
    etag: entity.etag,
    versionNumber: 'versionNumber' in entity ? entity.versionNumber : undefined,
    reason: describeChange(item, found, changes) || undefined,
    bytes: isContent ? bytesOf(item) : 0,
    requests: changes.length === 0 ? 0 : requestsOf(item, changes, found),
  });
  keepPlannedState(item, found);
  return changes;
}

function bytesOf({ url, synapseStore, size = 0 }: UploadItem): number {
  return url !== undefined || synapseStore === false ? 0 : size;
}
