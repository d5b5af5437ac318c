import type * as M from '../../generated/models.js';
import type { StoredBundle } from '../entities/entityBundle.js';
import { differs } from '../entities/writeEntity.js';
import { stringifyJson } from '../values/json.js';
import type { VersionedEntity } from './requireVersions.js';

/** A part of a version that a later one can have differently. */
export type RestoredPart = 'content' | 'properties' | 'annotations' | 'provenance';

/** The current version, and the old one. */
export interface TwoVersions {
  current: StoredBundle & { entity: VersionedEntity };
  old: StoredBundle & { entity: VersionedEntity };
}

/**
 * What restoring an old version changes.
 *
 * @param withActivity - Whether the activity of the old version is restored.
 */
export function restoredParts(
  { current, old }: TwoVersions,
  { withActivity }: { withActivity: boolean },
): RestoredPart[] {
  const differences: Record<RestoredPart, boolean> = {
    content: !hasSameContent(current, old),
    properties: differs(propertiesOf(current.entity), propertiesOf(old.entity)),
    annotations: !hasSameAnnotations(current, old),
    provenance: withActivity && !isSameActivity(current.activity, old.activity),
  };
  const parts: RestoredPart[] = ['content', 'properties', 'annotations', 'provenance'];
  return parts.filter((part) => differences[part]);
}

/** The properties that versions have each, besides the content. Name and place belong to the entity. */
function propertiesOf(entity: VersionedEntity): M.Entity {
  return {
    ...entity,
    name: undefined,
    parentId: undefined,
    dataFileHandleId: undefined,
    versionLabel: undefined,
    versionComment: undefined,
  };
}

/** A copy of a file handle has the same content as its original. */
function hasSameContent(one: TwoVersions['current'], other: TwoVersions['old']): boolean {
  const [id, otherId] = [one.entity.dataFileHandleId, other.entity.dataFileHandleId];
  if (id === otherId) return true;
  const [handle, otherHandle] = [handleOf(one, id), handleOf(other, otherId)];
  if (handle?.contentMd5 === undefined || otherHandle === undefined) return false;
  return (
    ['contentMd5', 'contentSize', 'contentType', 'fileName', 'storageLocationId'] as const
  ).every((key) => memberOf(handle, key) === memberOf(otherHandle, key));
}

function memberOf(handle: M.FileHandle, key: string): unknown {
  return new Map<string, unknown>(Object.entries(handle)).get(key);
}

/** The file handle with the content; `undefined` when the caller may not download it. */
export function handleOf(
  { fileHandles }: StoredBundle,
  id: string | undefined,
): M.FileHandle | undefined {
  return fileHandles?.find((handle) => id !== undefined && handle.id === id);
}

function hasSameAnnotations(one: StoredBundle, other: StoredBundle): boolean {
  const values = annotationsOf(one);
  const others = new Map(Object.entries(annotationsOf(other)));
  const entries = Object.entries(values);
  return (
    entries.length === others.size &&
    entries.every(([key, value]) => stringifyJson(value) === stringifyJson(others.get(key)))
  );
}

/** The annotations of a version in the form of the API. */
export function annotationsOf({ annotations }: StoredBundle): Record<string, M.AnnotationsValue> {
  return annotations?.annotations ?? {};
}

function isSameActivity(one: M.Activity | undefined, other: M.Activity | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.id === other.id || sayingOf(one) === sayingOf(other);
}

/** What an activity says, whoever stored it. */
function sayingOf({ name, description, used }: M.Activity): string | undefined {
  return stringifyJson([name ?? null, description ?? null, used ?? []]);
}
