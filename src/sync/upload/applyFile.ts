import { File, newEntityFor, type Stored } from '../../entities/entityClasses.js';
import { findEntityId } from '../../entities/findEntity.js';
import { storeEntity } from '../../entities/storeEntity.js';
import { remember, type StoredState } from '../../entities/storedState.js';
import { AuthorizationError, ConflictError, PreconditionFailedError } from '../../errors.js';
import { fileMd5 } from '../../files/fileMd5.js';
import { storeActivity } from '../../provenance/storeActivity.js';
import { annotationsInput, compareFile, isMd5Needed, isNewVersion } from './compareFile.js';
import { forgetPlannedState, plannedState } from './plannedState.js';
import { readFound, type Found } from './readFound.js';
import { requireUnchanged } from './requireUnchanged.js';
import { completeActivity, resolveActivity } from './uploadActivity.js';
import type { UploadChange, UploadItem } from './uploadItem.js';
import { containerIdOf, type UploadOutcome, type UploadRun } from './uploadRun.js';
import { ownUserId } from '../../users/ownUserId.js';

/**
 * Stores a file as its plan says. Nothing is sent when Synapse has it so already.
 *
 * @param isAgain - Whether this call follows one that failed, and may have written a part.
 * @throws {@link PreconditionFailedError} when the entity has changed since the plan was made.
 * @throws {@link ConflictError} when an entity of the name has been created since.
 */
export async function applyFile(
  run: UploadRun,
  item: UploadItem,
  isAgain: boolean,
): Promise<UploadOutcome> {
  const planned = plannedState(item);
  if (item.action === 'skip') {
    return { item: settled(run, item), state: 'skipped', entity: fileOf(planned?.found?.state) };
  }
  await requireUnchanged(item, run.options.signal);
  const current: UploadItem = {
    ...item,
    parentId: containerIdOf(run, item),
    parentPath: undefined,
  };
  const found = planned === undefined ? await readAgain(run, current) : planned.found;
  const changes = found === undefined ? createdParts(item) : await changesOf(run, current, found);
  if (found !== undefined && changes.length === 0) {
    const state = isAgain ? 'done' : 'skipped';
    const { entity } = found.state;
    return {
      item: settled(run, { ...current, ...versionOf(entity) }),
      state,
      entity: fileOf(found.state),
    };
  }
  if (planned === undefined && found !== undefined) {
    await requireSame(run, item, found.state, isAgain);
  }
  // Another call of `apply` compares again.
  forgetPlannedState(item);
  const entity = await store(run, current, changes, found);
  return { item: settled(run, { ...current, ...versionOf(entity) }), state: 'done', entity };
}

function createdParts({ changes = ['content'] }: UploadItem): readonly UploadChange[] {
  return changes.includes('content') ? changes : ['content', ...changes];
}

/** Notes the version that files which use this one refer to. */
function settled({ versions }: UploadRun, item: UploadItem): UploadItem {
  const { localPath, id, versionNumber } = item;
  if (localPath !== undefined && id !== undefined) {
    versions.set(localPath, versionNumber === undefined ? id : `${id}.${versionNumber}`);
  }
  return item;
}

function versionOf(entity: {
  id?: string;
  etag?: string;
  versionNumber?: number;
}): Pick<UploadItem, 'id' | 'etag' | 'versionNumber'> {
  const { id, etag, versionNumber } = entity;
  return { id, etag, versionNumber };
}

function fileOf(state: StoredState | undefined): (File & Stored) | undefined {
  if (state === undefined) return undefined;
  const file = newEntityFor(state.entity);
  remember(file, state);
  return file as File & Stored;
}

/** What Synapse has of an item whose plan is from JSON, or was applied before. */
async function readAgain(
  { ctx, options }: UploadRun,
  item: UploadItem,
): Promise<Found | undefined> {
  const call = { signal: options.signal };
  const id = item.id ?? (await findEntityId(ctx, item.name, item.parentId, call));
  return id === undefined ? undefined : readFound(ctx, id, call);
}

async function changesOf(
  { versions, options }: UploadRun,
  item: UploadItem,
  found: Found,
): Promise<readonly UploadChange[]> {
  if (item.localPath !== undefined && item.md5 === undefined && isMd5Needed(item, found)) {
    item.md5 = await fileMd5(item.localPath, options.signal);
  }
  return compareFile(item, found, (path) => versions.get(path));
}

/** A part that an attempt before has written is no change by others. */
async function requireSame(
  { ctx, options }: UploadRun,
  item: UploadItem,
  { entity }: StoredState,
  isAgain: boolean,
): Promise<void> {
  const { id = '', etag, modifiedBy } = entity;
  if (item.action !== 'create' && etag === item.etag) return;
  if (isAgain) {
    if (modifiedBy === (await ownUserId(ctx, { signal: options.signal }))) return;
  }
  const request = { method: 'PUT', url: `/repo/v1/entity/${id}` };
  if (item.action === 'create') {
    const reason = `${id} has been created under the name ${JSON.stringify(item.name)} since the plan was made, and is different.`;
    throw new ConflictError(`${reason} Make another plan.`, { status: 409, reason, ...request });
  }
  throw new PreconditionFailedError(changedSince(id), {
    status: 412,
    reason: `The etag of ${id} is another one.`,
    ...request,
  });
}

function changedSince(id: string): string {
  return `${id} has changed in Synapse since the plan was made, and was left as it is. Make another plan.`;
}

async function store(
  run: UploadRun,
  item: UploadItem,
  changes: readonly UploadChange[],
  found: Found | undefined,
): Promise<File & Stored> {
  const { ctx, options } = run;
  const has = (change: UploadChange): boolean => changes.includes(change);
  const old = found?.state.entity;
  const file = new File({
    ...(old?.id !== undefined && { id: old.id }),
    name: item.name,
    parentId: item.parentId,
    annotations: has('annotations') ? annotationsInput(item, found?.state.annotations) : {},
    synapseStore: item.synapseStore,
    ...(has('content') && { path: item.localPath, externalUrl: item.url }),
    ...((has('content') || has('contentType')) && { contentType: item.contentType }),
  });
  if (old?.etag !== undefined) file.etag = old.etag;
  const replaces = has('annotations') && item.replaceAnnotations === true;
  const stored = await storeEntity(
    ctx,
    file,
    {
      ...options,
      createOrUpdate: false,
      forceVersion: item.forceVersion,
      safeNames: item.safeName,
      mergeAnnotations: !replaces,
      activity: has('provenance')
        ? activityOf(run, item, has('content') ? undefined : found)
        : undefined,
    },
    { id: old?.id, state: found?.state },
  ).catch((error: unknown) => {
    throw error instanceof PreconditionFailedError ? staleError(error, old?.id ?? '') : error;
  });
  if (found !== undefined) await keepActivity(run, item, { changes, found, stored });
  return stored;
}

function staleError(error: PreconditionFailedError, id: string): PreconditionFailedError {
  return new PreconditionFailedError(changedSince(id), error);
}

function activityOf(
  { versions }: UploadRun,
  { activity = {} }: UploadItem,
  found: Found | undefined,
): ReturnType<typeof completeActivity> {
  const resolved = resolveActivity(activity, (path) => versions.get(path));
  if (resolved === undefined) throw new Error('a file that it uses is not stored');
  return completeActivity(resolved, found?.activity);
}

/** A new version has no activity by itself, also when its content is that of the version before. */
async function keepActivity(
  { ctx, options }: UploadRun,
  item: UploadItem,
  {
    changes,
    found,
    stored,
  }: { changes: readonly UploadChange[]; found: Found; stored: File & Stored },
): Promise<void> {
  const { id: generatedBy, name, description, used } = found.activity ?? {};
  if (generatedBy === undefined || changes.includes('provenance')) return;
  if (!isNewVersion(changes, item)) return;
  if (changes.includes('content') && item.keepActivity !== true) return;
  const { id } = stored;
  const call = { signal: options.signal };
  try {
    await ctx.services.entity.setEntityActivity({ id, generatedBy }, call);
  } catch (error) {
    // Only its creator may connect an activity; a copy of it says the same.
    if (!(error instanceof AuthorizationError)) throw error;
    const copy = await storeActivity(ctx, { name, description, used: used ?? [] }, call);
    await ctx.services.entity.setEntityActivity({ id, generatedBy: copy }, call);
  }
}
