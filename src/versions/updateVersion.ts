import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { versionOf, type EntityRef } from '../values/ids.js';
import { checkVersionText } from './checkVersionText.js';
import { requireVersions, type VersionedEntity } from './requireVersions.js';

/** What {@link Versions.update} changes. What is not given stays. */
export interface VersionChange {
  /** Unique among the versions of the entity, and at most 256 characters. `null` makes it the number of the version. */
  label?: string | null;
  /** At most 256 characters. `null` removes it. */
  comment?: string | null;
}

/** Options of {@link Versions.update}. */
export interface UpdateVersionOptions extends Pick<CommonOptions, 'signal'> {
  /** @default the version in the id or object, else the current one */
  version?: number;
}

/** Label and comment of a version. */
export interface LabelledVersion {
  id: string;
  versionNumber: number;
  versionLabel?: string;
  versionComment?: string;
}

/** Implements {@link Versions.update}. */
export async function updateVersion(
  ctx: Context,
  entity: EntityRef,
  change: VersionChange,
  { version: wanted, signal }: UpdateVersionOptions = {},
): Promise<LabelledVersion> {
  const { id, version } = versionOf(entity, wanted, { ownVersion: true });
  checkChange(id, change);
  const call = { signal };
  const current = await ctx.services.entity.getEntity({ id }, call);
  const old = requireVersions(current, id);
  const { versionNumber = 1 } = old;
  if (version !== undefined && version !== versionNumber) {
    throw new ArgumentError(
      `The label and comment of ${id}.${version} cannot be changed: Synapse changes those of the current version only, which is ${versionNumber}.`,
    );
  }
  const next = changed(old, change);
  const isSame =
    next.versionLabel === old.versionLabel && next.versionComment === old.versionComment;
  const body: VersionedEntity = { ...old, ...next };
  const stored = isSame ? old : await ctx.services.entity.updateEntity({ id, body }, call);
  const { versionLabel, versionComment } = requireVersions(stored, id);
  return { id, versionNumber, versionLabel, versionComment };
}

function changed(
  { versionNumber, versionLabel, versionComment }: VersionedEntity,
  { label, comment }: VersionChange,
): Pick<VersionedEntity, 'versionLabel' | 'versionComment'> {
  return {
    versionLabel: label === undefined ? versionLabel : (label ?? String(versionNumber)),
    versionComment: comment === undefined ? versionComment : (comment ?? undefined),
  };
}

function checkChange(id: string, { label, comment }: VersionChange): void {
  if (label === undefined && comment === undefined) {
    throw new ArgumentError(`Nothing to change in the version of ${id}: give label or comment.`);
  }
  checkVersionText({ label, comment });
}
