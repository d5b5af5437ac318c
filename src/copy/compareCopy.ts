import type * as M from '../../generated/models.js';
import { fromWireAnnotations, mergeAnnotations } from '../entities/annotationValues.js';
import type { StoredBundle } from '../entities/entityBundle.js';
import { stringifyJson } from '../values/json.js';
import { annotationsOf, handleOf } from './sources.js';

/** How an entity differs from one that it would be copied onto, in words. Empty when it is the same. */
export function differences(
  source: StoredBundle,
  existing: StoredBundle,
  { annotations }: { annotations: boolean },
): string[] {
  const found: string[] = [];
  if ((source.entity.description ?? '') !== (existing.entity.description ?? '')) {
    if (source.entity.description) found.push('description');
  }
  if (annotations && addedAnnotations(source, existing) !== undefined) found.push('annotations');
  return found;
}

/** The annotations of an entity with those of its original added; `undefined` when it has them. */
export function addedAnnotations(
  source: StoredBundle,
  existing: StoredBundle,
): Record<string, M.AnnotationsValue> | undefined {
  const own = fromWireAnnotations({ id: '', etag: '', annotations: annotationsOf(source) });
  return mergeAnnotations(annotationsOf(existing), own);
}

/** Whether two files have the same content, under the same name for downloads and of the same media type. */
export function hasSameContent(source: StoredBundle, existing: StoredBundle): boolean {
  const one = handleOf(source);
  const other = handleOf(existing);
  if (one === undefined || other === undefined) return false;
  if (one.id === other.id) return true;
  const isSameFile =
    one.concreteType === other.concreteType &&
    one.fileName === other.fileName &&
    one.contentType === other.contentType &&
    one.contentMd5 === other.contentMd5 &&
    one.contentSize === other.contentSize;
  if (!isSameFile) return false;
  return one.contentMd5 !== undefined || addressOf(one) === addressOf(other);
}

/** Where the content of a file is that Synapse has no MD5 of. */
function addressOf(handle: M.FileHandle): string {
  const { externalURL, bucketName, key, fileKey, bucket } = handle as Partial<
    Record<'bucket' | 'bucketName' | 'externalURL' | 'fileKey' | 'key', string>
  >;
  return stringifyJson([externalURL, bucketName ?? bucket, key ?? fileKey]);
}

/** Whether an entity has the given properties. The items of a dataset and the scope of a view have no order. */
export function hasMembers(entity: M.Entity, members: Readonly<Record<string, unknown>>): boolean {
  const own = new Map<string, unknown>(Object.entries(entity));
  return Object.entries(members).every(
    ([key, value]) => normal(key, own.get(key)) === normal(key, value),
  );
}

function normal(key: string, value: unknown): string {
  const isSet = (key === 'items' || key === 'scopeIds') && Array.isArray(value);
  if (!isSet) return stringifyJson(value ?? null);
  return stringifyJson(value.map((one: unknown) => sortedText(one)).sort());
}

function sortedText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value).replace(/^syn/, '');
  return stringifyJson(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
