import type * as M from '../../generated/models.js';
import { ArgumentError } from '../errors.js';
import { versionOf, type EntityVersion } from '../values/ids.js';

/**
 * An item of a dataset: an id (`syn1`, or `syn1.4` for a version), a stored entity, or an id and a version. A folder stands for
 * everything in it.
 */
export type DatasetItem =
  | string
  | { id?: string | undefined; version?: number | undefined; versionNumber?: number | undefined }
  | M.EntityRef;

/**
 * The ids and versions of items.
 *
 * @throws {@link ArgumentError} for what is not an entity, and for an entity in two versions.
 */
export function toItems(items: readonly DatasetItem[]): EntityVersion[] {
  const versions = new Map<string, number | undefined>();
  for (const { id, version } of items.map(toItem)) {
    const known = versions.get(id);
    if (known !== undefined && version !== undefined && known !== version) {
      throw new ArgumentError(
        `${id} is given in the versions ${known} and ${version}, but a dataset has each entity in one version.`,
      );
    }
    versions.set(id, known ?? version);
  }
  return itemsOf(versions);
}

function toItem(item: DatasetItem): EntityVersion {
  if (typeof item === 'object' && 'entityId' in item) {
    return versionOf(item.entityId, item.versionNumber);
  }
  const version = typeof item === 'object' && 'version' in item ? item.version : undefined;
  return versionOf(item, version, { ownVersion: true });
}

function itemsOf(versions: ReadonlyMap<string, number | undefined>): EntityVersion[] {
  return [...versions].map(([id, version]) => (version === undefined ? { id } : { id, version }));
}

/** Items with others added. An item that is there already gets the version of the added one. */
export function addItems(
  items: readonly EntityVersion[],
  added: readonly DatasetItem[],
): EntityVersion[] {
  const versions = new Map(items.map(({ id, version }) => [id, version]));
  for (const { id, version } of toItems(added)) versions.set(id, version);
  return itemsOf(versions);
}

/**
 * Items without others.
 *
 * @throws {@link ArgumentError} for an item that is not there, or not in that version.
 */
export function removeItems(
  items: readonly EntityVersion[],
  removed: readonly DatasetItem[],
): EntityVersion[] {
  const versions = new Map(items.map(({ id, version }) => [id, version]));
  for (const { id, version } of toItems(removed)) {
    if (!versions.has(id)) {
      throw new ArgumentError(
        `${id} is not one of the items. A folder is not an item itself: remove the files in it, for example those that walk lists.`,
      );
    }
    const present = versions.get(id);
    if (version !== undefined && present !== undefined && version !== present) {
      throw new ArgumentError(`${id} is in the items with version ${present}, not ${version}.`);
    }
    versions.delete(id);
  }
  return itemsOf(versions);
}
