import { stat } from 'node:fs/promises';
import type { Context } from '../context.js';
import { ArgumentError, AuthorizationError, NotFoundError } from '../errors.js';
import { kindOfFile } from '../files/regularFile.js';
import type { CommonOptions } from '../options.js';
import {
  idOf,
  isSynapseId,
  isSynapsePath,
  parseSynapseId,
  versionOf,
  type EntityVersion,
} from '../values/ids.js';
import type { Parent } from './entityClasses.js';
import { entityParts, fetchBundle, type StoredBundle } from './entityBundle.js';
import { linkType } from './entityTypes.js';
import { findEntityId, findLocalFile } from './findEntity.js';
import { withMessage } from '../api/withMessage.js';
import { resolvePath } from './resolvePath.js';

/** The target of `get`: an id with or without a version, a path (`syn://Project/file`), a name, an object, or a local file. */
export type EntityTarget =
  | string
  | { name: string; parentId?: string; parent?: Parent }
  | { id?: string | undefined; versionNumber?: number | undefined };

/** Options for finding the entity of a target. */
export interface FindOptions extends CommonOptions {
  /** @default the version in the id, else the current version */
  version?: number;
  /** Whether to follow a link to its target. @default false */
  followLink?: boolean;
  /** For a local file: searches only this container. */
  limitSearch?: Parent;
}

/** The entity of a target. */
export interface FoundTarget extends EntityVersion {
  /** The local file by which the entity was found. */
  path?: string;
}

/**
 * Finds the id (and version) of a target.
 *
 * @throws {@link NotFoundError} when no entity has that name, or the content of the local file.
 * @throws {@link ArgumentError} when the target is neither an id nor a local file.
 */
export async function resolveTarget(
  ctx: Context,
  target: EntityTarget,
  options: FindOptions,
): Promise<FoundTarget> {
  if (isSynapsePath(target)) {
    const id = await resolvePath(ctx, target, { signal: options.signal });
    return versionOf(id, options.version);
  }
  if (typeof target === 'string' && !isSynapseId(target)) {
    return localTarget(ctx, target, options);
  }
  if (typeof target === 'object' && 'name' in target && !('id' in target && target.id)) {
    return namedTarget(ctx, target, options);
  }
  const found = versionOf(target, options.version, { ownVersion: true });
  parseSynapseId(found.id);
  return found;
}

async function localTarget(
  ctx: Context,
  path: string,
  { limitSearch, signal, version }: FindOptions,
): Promise<FoundTarget> {
  if (version !== undefined) {
    throw new ArgumentError(
      `${JSON.stringify(path)} is not a Synapse id, so it cannot have version ${version}: a local file is found by its content.`,
    );
  }
  const file = await stat(path).catch(() => undefined);
  if (file?.isFile() !== true) {
    const what = file
      ? `${kindOfFile(file)}, not a Synapse id`
      : 'neither a Synapse id nor a local file';
    throw new ArgumentError(
      `${JSON.stringify(path)} is ${what}: an id looks like syn123 or syn123.4`,
    );
  }
  const { id, versionNumber } = await findLocalFile(ctx, path, { limitSearch, signal });
  return { id, path, version: versionNumber };
}

async function namedTarget(
  ctx: Context,
  target: { name: string; parentId?: string; parent?: Parent },
  { signal, version }: FindOptions,
): Promise<FoundTarget> {
  const parent = target.parent ?? target.parentId;
  const id = await findEntityId(ctx, target.name, parent, { signal });
  if (id !== undefined) return { id, version };
  const where = parent === undefined ? 'project' : `entity in ${idOf(parent)}`;
  const reason = `There is no ${where} named ${JSON.stringify(target.name)}.`;
  throw new NotFoundError(reason, {
    status: 404,
    reason,
    method: 'POST',
    url: '/repo/v1/entity/child',
  });
}

/** Reads a bundle, or with `followLink` the bundle of what a link leads to, also by other links. */
export async function readBundle(
  ctx: Context,
  target: EntityVersion,
  {
    followLink = false,
    includeActivity,
    signal,
  }: Pick<FindOptions, 'followLink' | 'signal'> & { includeActivity?: boolean },
): Promise<StoredBundle> {
  const parts = includeActivity === true ? { ...entityParts, includeActivity } : entityParts;
  const read = (each: EntityVersion): Promise<StoredBundle> =>
    fetchBundle(ctx, each, { signal }, parts);
  let bundle = await read(target);
  const seen = new Set([target.id]);
  while (followLink && bundle.entity.concreteType === linkType) {
    const { id = '', name = '', linksTo } = bundle.entity;
    const { targetId, targetVersionNumber } = linksTo ?? {};
    const link = `The link ${id} (${name})`;
    if (targetId === undefined) throw new ArgumentError(`${link} has no target.`);
    if (seen.has(targetId)) {
      throw new ArgumentError(
        `${link} leads to ${targetId}, which leads back to it: there is no target.`,
      );
    }
    seen.add(targetId);
    const version = targetVersionNumber ?? undefined;
    bundle = await read({ id: targetId, version }).catch((error: unknown) => {
      throw brokenLink(
        `${link} leads to ${targetId}${version === undefined ? '' : `.${version}`}`,
        error,
      );
    });
  }
  return bundle;
}

/** The error of reading the target of a link, which names the link. */
function brokenLink(what: string, error: unknown): unknown {
  if (!(error instanceof NotFoundError || error instanceof AuthorizationError)) return error;
  const isMissing = error instanceof NotFoundError;
  const why = isMissing ? 'which does not exist any more' : 'which you may not read';
  return withMessage(error, `${what}, ${why}: ${error.message}`);
}
