import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { fetchBundle, type StoredBundle } from '../entities/entityBundle.js';
import type { CommonOptions } from '../options.js';
import type { EntityVersion } from '../values/ids.js';
import type { CopyItem } from './copyData.js';

/** Everything that a plan needs of an entity, in one request. */
const parts: M.EntityBundleRequest = {
  includeEntity: true,
  includeAnnotations: true,
  includeFileHandles: true,
  includePermissions: true,
  includeRestrictionInformation: true,
  includeRootWikiId: true,
};

/** Reads an entity that is copied, or copied onto. */
export function readEntity(
  ctx: Context,
  entity: EntityVersion,
  { signal }: Pick<CommonOptions, 'signal'>,
  more: M.EntityBundleRequest = {},
): Promise<StoredBundle> {
  return fetchBundle(ctx, entity, { signal }, { ...parts, ...more });
}

/** What was read of an item when it was planned. */
export interface ItemState {
  source: StoredBundle;
  /** The entity that it is copied onto. */
  existing?: StoredBundle | undefined;
}

/** Not in the items, which are printed and written as JSON. */
const states = new WeakMap<CopyItem, ItemState>();

/** Keeps what was read of an item, so that applying does not read it again. */
export function keepState(item: CopyItem, state: ItemState): void {
  states.set(item, state);
}

/** What was read of an item; `undefined` for one that was read from JSON. */
export function stateOf(item: CopyItem): ItemState | undefined {
  return states.get(item);
}

/** The file handle with the content of a file. */
export function handleOf({ entity, fileHandles }: StoredBundle): M.FileHandle | undefined {
  const id = 'dataFileHandleId' in entity ? entity.dataFileHandleId : undefined;
  return fileHandles?.find((handle) => id !== undefined && handle.id === id);
}

/** The annotations of an entity in the form of the API. */
export function annotationsOf({ annotations }: StoredBundle): Record<string, M.AnnotationsValue> {
  return annotations?.annotations ?? {};
}
