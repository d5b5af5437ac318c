import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { fetchBundle } from '../entities/entityBundle.js';
import { AuthorizationError, PreconditionFailedError } from '../errors.js';
import { copyFileHandles } from '../fileHandles/copyFileHandles.js';
import type { CommonOptions } from '../options.js';
import { storeActivity } from '../provenance/storeActivity.js';
import type { EntityRef } from '../values/ids.js';
import { checkVersionText } from './checkVersionText.js';
import { namedVersion } from './namedVersion.js';
import { requireVersions, type VersionedEntity } from './requireVersions.js';
import {
  annotationsOf,
  handleOf,
  restoredParts,
  type RestoredPart,
  type TwoVersions,
} from './restoredParts.js';
import { ownUserId } from '../users/ownUserId.js';

/** Options of {@link Versions.restore}. */
export interface RestoreVersionOptions extends Pick<CommonOptions, 'signal'> {
  /** Label of the new version; unique among the versions of the entity. @default its number */
  label?: string;
  /** Comment of the new version. @default `Restored version 2` */
  comment?: string;
  /**
   * The provenance of the new version: `existing` is the activity that generated the old version, if there is one; `traceback` is an
   * activity that used the old version.
   * @default 'existing'
   */
  provenance?: 'existing' | 'traceback' | 'none';
}

/** What {@link Versions.restore} did. */
export interface RestoredVersion {
  id: string;
  /** The version that was restored. */
  from: number;
  /** The current version now: a new one, or the same as before when there was nothing to restore. */
  versionNumber: number;
  /** What differed from the version before. Empty when there was nothing to restore. */
  changed: RestoredPart[];
}

const parts: M.EntityBundleRequest = {
  includeEntity: true,
  includeAnnotations: true,
  includeFileHandles: true,
  includePermissions: true,
  includeActivity: true,
};

/** Implements {@link Versions.restore}. */
export async function restoreVersion(
  ctx: Context,
  entity: EntityRef,
  version: number | undefined,
  { label, comment, provenance = 'existing', signal }: RestoreVersionOptions = {},
): Promise<RestoredVersion> {
  const { id, versionNumber: from } = namedVersion(entity, version, 'restored');
  checkVersionText({ label, comment });
  const versions = await readVersions(ctx, { id, from }, signal);
  const { current, old } = versions;
  const { versionNumber: before = 1 } = current.entity;
  const changed = restoredParts(versions, { withActivity: provenance === 'existing' });
  if (before === from || changed.length === 0) {
    return { id, from, versionNumber: before, changed: [] };
  }
  requireEdit(versions, id);
  const wanted: Wanted = {
    entity: {
      ...old.entity,
      id,
      etag: current.entity.etag,
      name: current.entity.name,
      parentId: current.entity.parentId,
      versionLabel: label,
      versionComment: comment ?? `Restored version ${from}`,
    },
    generatedBy: await activityFor(ctx, versions, { provenance, from }, signal),
  };
  const stored = await write(ctx, versions, wanted, signal);
  if (changed.includes('annotations')) {
    const body = { id, etag: stored.etag, annotations: annotationsOf(old) };
    await ctx.services.entity.updateEntityAnnotations({ id, body }, { signal });
  }
  const { versionNumber = before } = requireVersions(stored, id);
  return { id, from, versionNumber, changed };
}

/** What is written. */
interface Wanted {
  entity: VersionedEntity;
  generatedBy: string | undefined;
}

async function readVersions(
  ctx: Context,
  { id, from }: { id: string; from: number },
  signal: AbortSignal | undefined,
): Promise<TwoVersions> {
  const [current, old] = await Promise.all([
    fetchBundle(ctx, { id }, { signal }, parts),
    fetchBundle(ctx, { id, version: from }, { signal }, parts),
  ]);
  return {
    current: { ...current, entity: requireVersions(current.entity, id) },
    old: { ...old, entity: requireVersions(old.entity, id) },
  };
}

/** Before anything is written. */
function requireEdit({ current }: TwoVersions, id: string): void {
  if (current.permissions?.canEdit !== false) return;
  const reason = `You lack UPDATE access to ${id} (${current.entity.name ?? ''}), which restoring a version needs. A user with CHANGE_PERMISSIONS on it can grant it.`;
  throw new AuthorizationError(reason, {
    status: 403,
    reason,
    method: 'PUT',
    url: `/repo/v1/entity/${id}`,
  });
}

async function activityFor(
  ctx: Context,
  { old }: TwoVersions,
  { provenance, from }: { provenance: RestoreVersionOptions['provenance']; from: number },
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (provenance === 'existing') return old.activity?.id;
  if (provenance === 'none') return undefined;
  const used = { target: old.entity.id, targetVersion: from };
  return storeActivity(ctx, { name: `Restored version ${from}`, used }, { signal });
}

/** Stores the new version. What only its creator may use, another user gets as a copy that says the same. */
async function write(
  ctx: Context,
  versions: TwoVersions,
  wanted: Wanted,
  signal: AbortSignal | undefined,
): Promise<M.Entity> {
  try {
    return await put(ctx, wanted, signal);
  } catch (error) {
    const own =
      error instanceof AuthorizationError && (await ownCopies(ctx, versions, wanted, signal));
    if (!own) throw error;
    return put(ctx, own, signal);
  }
}

/** When the answer is lost, Synapse refuses the second attempt, because the first has changed the entity: then it is read again. */
async function put(
  ctx: Context,
  { entity, generatedBy }: Wanted,
  signal: AbortSignal | undefined,
): Promise<M.Entity> {
  const { id = '' } = entity;
  const request = { id, body: entity, newVersion: true, generatedBy };
  try {
    return await ctx.services.entity.updateEntity(request, { signal });
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error;
    const now = requireVersions(await ctx.services.entity.getEntity({ id }, { signal }), id);
    const isStored =
      now.dataFileHandleId === entity.dataFileHandleId &&
      now.versionComment === entity.versionComment &&
      now.versionLabel === (entity.versionLabel ?? String(now.versionNumber));
    if (!isStored) throw error;
    return now;
  }
}

/** Copies of the file handle and the activity where others created them; `undefined` when the caller created both. */
async function ownCopies(
  ctx: Context,
  { current, old }: TwoVersions,
  { entity, generatedBy }: Wanted,
  signal: AbortSignal | undefined,
): Promise<Wanted | undefined> {
  const ownerId = await ownUserId(ctx, { signal });
  const { activity } = old;
  const handleId = entity.dataFileHandleId;
  const isOthersHandle =
    handleId !== current.entity.dataFileHandleId && handleOf(old, handleId)?.createdBy !== ownerId;
  const isOthersActivity =
    activity !== undefined && activity.id === generatedBy && activity.createdBy !== ownerId;
  if (!isOthersHandle && !isOthersActivity) return undefined;
  const { name, description, used = [] } = activity ?? {};
  return {
    entity: isOthersHandle ? await withOwnHandle(ctx, entity, signal) : entity,
    generatedBy: isOthersActivity
      ? await storeActivity(ctx, { name, description, used }, { signal })
      : generatedBy,
  };
}

async function withOwnHandle(
  ctx: Context,
  entity: VersionedEntity,
  signal: AbortSignal | undefined,
): Promise<VersionedEntity> {
  const { id: associateObjectId = '', dataFileHandleId: fileHandleId = '' } = entity;
  const file = { fileHandleId, associateObjectId, associateObjectType: 'FileEntity' as const };
  const [copy] = await copyFileHandles(ctx, [file], { signal });
  if (copy?.error !== undefined) throw copy.error;
  return { ...entity, dataFileHandleId: copy?.fileHandle.id };
}
