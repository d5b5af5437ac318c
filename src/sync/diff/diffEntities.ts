import { isDeepStrictEqual } from 'node:util';
import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { fetchBundle, type StoredBundle } from '../../entities/entityBundle.js';
import { fileHandleIdOf, stateOfBundle } from '../../entities/storedState.js';
import type { CommonOptions } from '../../options.js';
import { versionOf, type EntityRef } from '../../values/ids.js';
import type { DiffedContent, DiffedVersion, Difference, EntityDiff } from './entityDiff.js';

/** Members that always differ, or that are compared as content, columns and items. */
const notCompared: ReadonlySet<string> = new Set([
  ...['id', 'etag', 'uri', 'accessControlList', 'annotations', 'entityType'],
  ...['createdOn', 'createdBy', 'modifiedOn', 'modifiedBy'],
  ...['versionNumber', 'versions', 'versionUrl', 'isLatestVersion'],
  ...['dataFileHandleId', 'columnIds', 'items', 'count', 'size', 'checksum'],
]);

/** Implements {@link Synapse.diff}. */
export async function diffEntities(
  ctx: Context,
  from: EntityRef,
  to: EntityRef,
  options: CommonOptions = {},
): Promise<EntityDiff> {
  const { signal } = options;
  const read = async (entity: EntityRef): Promise<StoredBundle> =>
    fetchBundle(ctx, versionOf(entity, undefined, { ownVersion: true }), { signal });
  const [one, other] = await Promise.all([read(from), read(to)]);
  const [a, b] = [stateOfBundle(one), stateOfBundle(other)];
  const content = diffContent(one, other);
  const properties = differences(comparable(one.entity), comparable(other.entity));
  const annotations = differences(sortedMembers(a.annotations), sortedMembers(b.annotations));
  const columns = differences(columnsOf(one), columnsOf(other));
  const isReordered = differInOrder(columnsOf(one), columnsOf(other));
  const items = differences(itemsOf(one.entity), itemsOf(other.entity));
  const count = properties.length + annotations.length + columns.length + items.length;
  return {
    isSame: count === 0 && !isReordered && (content === undefined || content.isSame === true),
    from: versionIn(one),
    to: versionIn(other),
    ...(content !== undefined && { content }),
    properties,
    annotations,
    columns,
    isReordered,
    items,
  };
}

function versionIn({ entity }: StoredBundle): DiffedVersion {
  const { id = '', name = '', concreteType, modifiedOn } = entity;
  const version = 'versionNumber' in entity ? entity.versionNumber : undefined;
  return { id, version, name, type: concreteType, modifiedOn };
}

/** Compares the content of files by MD5, and by what else is known where one of them has no MD5. */
function diffContent(one: StoredBundle, other: StoredBundle): EntityDiff['content'] {
  const [from, to] = [contentOf(one), contentOf(other)];
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined || to === undefined) return { isSame: false, from, to };
  if (from.fileHandleId === to.fileHandleId) return { isSame: true, from, to };
  if (from.md5 !== undefined && to.md5 !== undefined) {
    const isSame = from.md5 === to.md5 && from.contentType === to.contentType;
    return { isSame: isSame && from.fileName === to.fileName, from, to };
  }
  const differs =
    (from.size !== undefined && to.size !== undefined && from.size !== to.size) ||
    from.url !== to.url;
  if (differs) return { isSame: false, from, to };
  return { from, to, reason: 'Synapse has no MD5 of it, or you may not download it' };
}

function contentOf(bundle: StoredBundle): DiffedContent | undefined {
  const fileHandleId = fileHandleIdOf(bundle.entity);
  if (fileHandleId === undefined) return undefined;
  const { fileHandle } = stateOfBundle(bundle);
  if (fileHandle === undefined) return { fileHandleId };
  const { fileName, contentType, contentSize: size, contentMd5 } = fileHandle;
  const url = 'externalURL' in fileHandle ? fileHandle.externalURL : undefined;
  return { fileHandleId, fileName, contentType, size, md5: contentMd5?.toLowerCase(), url };
}

function comparable(entity: M.Entity): Map<string, unknown> {
  const members = Object.entries(entity).filter(
    ([name, value]) => !notCompared.has(name) && value !== undefined && value !== null,
  );
  return new Map(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sortedMembers<T>(record: Readonly<Record<string, T>>): Map<string, T> {
  return new Map(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The columns of a table or view by name. Their ids change with every other change, so they do not count. */
function columnsOf({ tableBundle }: StoredBundle): Map<string, M.ColumnModel> {
  const columns = new Map<string, M.ColumnModel>();
  for (const { id, ...column } of tableBundle?.columnModels ?? []) {
    columns.set(column.name ?? id ?? '', column);
  }
  return columns;
}

function differInOrder(one: Map<string, unknown>, other: Map<string, unknown>): boolean {
  const shared = [...one.keys()].filter((name) => other.has(name));
  const others = [...other.keys()].filter((name) => one.has(name));
  return shared.some((name, index) => others[index] !== name);
}

function itemsOf(entity: M.Entity): Map<string, number> {
  const items = 'items' in entity && Array.isArray(entity.items) ? entity.items : [];
  return new Map(
    items.map(({ entityId, versionNumber }) => [entityId ?? '', versionNumber ?? 0] as const),
  );
}

/** What differs between two sets of members: first those of the first, in their order. */
function differences<T>(from: Map<string, T>, to: Map<string, T>): Difference<T>[] {
  const found: Difference<T>[] = [];
  for (const [name, value] of from) {
    const other = to.get(name);
    if (other === undefined) found.push({ name, change: 'removed', from: value });
    else if (!isDeepStrictEqual(value, other)) {
      found.push({ name, change: 'changed', from: value, to: other });
    }
  }
  for (const [name, value] of to) {
    if (!from.has(name)) found.push({ name, change: 'added', to: value });
  }
  return found;
}
