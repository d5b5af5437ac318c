import { stat } from 'node:fs/promises';
import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import {
  ArgumentError,
  AuthorizationError,
  NoCredentialsError,
  SynapseError,
  UnmetAccessRestrictionError,
} from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { Collision } from '../transfer/collision.js';
import {
  entityVersionOf,
  idOf,
  isSynapseId,
  parseSynapseId,
  type EntityVersion,
} from '../values/ids.js';
import { File, type Entity, type Parent, type Stored } from './entityClasses.js';
import { fetchBundle, type StoredBundle } from './entityBundle.js';
import { fetchFile } from './fetchFile.js';
import { findEntityId, findLocalFile } from './findEntity.js';
import { entityOfBundle, recordCopy, rememberLocal } from './storedState.js';

/** What `get` finds an entity by: an id with or without a version, a name, an object, or a local file. */
export type EntityTarget =
  | string
  | { name: string; parentId?: string; parent?: Parent }
  | { id?: string | undefined; versionNumber?: number | undefined };

/** How to get an entity. */
export interface GetOptions extends CommonOptions {
  /** @default the version in the id, else the current version */
  version?: number;
  /** @default true */
  downloadFile?: boolean;
  /** The folder for the file; `~` and `$NAME` are filled in. @default the cache */
  downloadLocation?: string;
  /**
   * What to do when `downloadLocation` has a file of that name.
   * @default 'keep.both'
   */
  ifCollision?: Collision;
  /** Whether a link gives the entity that it leads to. @default false */
  followLink?: boolean;
  /** For a local file: looks for it only in this container. */
  limitSearch?: Parent;
}

/**
 * Reads an entity with its annotations and, for a file, downloads the content.
 *
 * @throws {@link ArgumentError} when the target is neither an id nor a local file.
 * @throws {@link NotFoundError} when there is no such entity.
 * @throws {@link UnmetAccessRestrictionError} when the content asks for conditions that are not met yet.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
 */
export async function getEntity(
  ctx: Context,
  target: EntityTarget,
  options: GetOptions = {},
): Promise<Entity & Stored> {
  const found = await resolveTarget(ctx, target, options);
  const bundle = await readBundle(ctx, found, options);
  const entity = entityOfBundle(bundle);
  if (!(entity instanceof File)) return entity;
  if (found.path !== undefined) {
    await rememberLocal(entity, found.path);
    if (entity.fileHandle?.id) await recordCopy(ctx, entity.fileHandle.id, found.path);
  } else if (options.downloadFile !== false) {
    requireDownload(ctx, entity, bundle.restrictionInformation);
    const path = await fetchFile(ctx, entity, options);
    if (path !== undefined) await rememberLocal(entity, path);
  }
  return entity;
}

interface FoundTarget extends EntityVersion {
  /** The local file by which the entity was found. */
  path?: string;
}

async function resolveTarget(
  ctx: Context,
  target: EntityTarget,
  options: GetOptions,
): Promise<FoundTarget> {
  if (typeof target === 'string' && !isSynapseId(target)) {
    return localTarget(ctx, target, options);
  }
  if (typeof target === 'object' && 'name' in target && !('id' in target && target.id)) {
    return namedTarget(ctx, target, options);
  }
  const found = entityVersionOf(target);
  parseSynapseId(found.id);
  const version = options.version ?? found.version;
  if (version !== undefined && !(Number.isInteger(version) && version >= 1)) {
    throw new ArgumentError(`${version} is not a version of ${found.id}: versions begin at 1`);
  }
  return { id: found.id, ...(version !== undefined && { version }) };
}

async function localTarget(
  ctx: Context,
  path: string,
  { limitSearch, signal }: GetOptions,
): Promise<FoundTarget> {
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() !== true) {
    const what = file ? 'a folder, and no Synapse id' : 'neither a Synapse id nor a local file';
    throw new ArgumentError(
      `${JSON.stringify(path)} is ${what}: an id looks like syn123 or syn123.4`,
    );
  }
  const header = await findLocalFile(ctx, path, {
    ...(limitSearch !== undefined && { limitSearch }),
    ...(signal && { signal }),
  });
  const { id, versionNumber } = header;
  return { id, path, ...(versionNumber !== undefined && { version: versionNumber }) };
}

async function namedTarget(
  ctx: Context,
  target: { name: string; parentId?: string; parent?: Parent },
  { signal, version }: GetOptions,
): Promise<FoundTarget> {
  const parent = target.parent ?? target.parentId;
  const id = await findEntityId(ctx, target.name, parent, signal ? { signal } : {});
  if (id === undefined) {
    const where = parent === undefined ? 'project' : `entity in ${idOf(parent)}`;
    throw new SynapseError(`There is no ${where} named ${JSON.stringify(target.name)}.`, {
      code: 'NOT_FOUND',
    });
  }
  return { id, ...(version !== undefined && { version }) };
}

/** Reads a bundle; where that is a link to be followed, the bundle of what it leads to. */
async function readBundle(
  ctx: Context,
  target: EntityVersion,
  { followLink = false, signal }: GetOptions,
): Promise<StoredBundle> {
  const bundle = await fetchBundle(ctx, target, signal ? { signal } : {});
  const { entity } = bundle;
  if (!followLink || entity.concreteType !== 'org.sagebionetworks.repo.model.Link') return bundle;
  const { targetId, targetVersionNumber: version } = entity.linksTo ?? {};
  if (targetId === undefined) return bundle;
  return fetchBundle(
    ctx,
    { id: targetId, ...(version !== undefined && { version }) },
    signal ? { signal } : {},
  );
}

function requireDownload(
  ctx: Context,
  file: File,
  restriction: M.RestrictionInformationResponse | undefined,
): void {
  const { id = '', name = '' } = file;
  if (restriction?.hasUnmetAccessRequirement === true) {
    const numbers = (restriction.restrictionDetails ?? [])
      .filter(({ isApproved }) => isApproved !== true)
      .flatMap(({ accessRequirementId }) => accessRequirementId ?? []);
    const which = numbers.length > 0 ? ` (access requirement ${numbers.join(', ')})` : '';
    throw new UnmetAccessRestrictionError(
      `${id} (${name}) cannot be downloaded before its conditions are met${which}: ` +
        `see ${ctx.portal}AccessRequirements:ID=${id}&TYPE=ENTITY`,
    );
  }
  // Bundles list the file handles that the caller may download, and no others.
  if (file.fileHandle !== undefined) return;
  if (!ctx.isLoggedIn()) {
    throw new NoCredentialsError(
      `${id} (${name}) can be downloaded by users who are logged in only: run \`synapse login\`, or call login().`,
    );
  }
  throw new AuthorizationError(
    `You may see ${id} (${name}) but not download it. Ask for the DOWNLOAD permission at ${ctx.portal}Synapse:${id}, or use a token with the scope download.`,
    {
      status: 403,
      reason: 'You lack DOWNLOAD access to the requested entity.',
      method: 'POST',
      url: `/repo/v1/entity/${id}/bundle2`,
    },
  );
}
