import type * as M from '../../../generated/models.js';
import { isExactDouble } from '../../entities/annotationText.js';
import { mergeAnnotations, type TypedAnnotation } from '../../entities/annotationValues.js';
import { fileUrl, isExternal, isLink } from '../../entities/storeContent.js';
import { isSameActivity, resolveActivity, type ResolveUse } from './uploadActivity.js';
import type { Found } from './readFound.js';
import type { UploadChange, UploadItem } from './uploadItem.js';

/** Whether the MD5 of the local file decides if the content has changed. Otherwise its size or its address do. */
export function isMd5Needed(item: UploadItem, { state }: Found): boolean {
  const { fileHandle: handle } = state;
  if (item.localPath === undefined || handle?.contentMd5 === undefined) return false;
  if (item.synapseStore === false) return isExternal(handle);
  return !isLink(handle) && [undefined, item.size].includes(handle.contentSize);
}

/**
 * How a file of a plan differs from the entity in Synapse.
 *
 * @param item - With the MD5 of the local file, if {@link isMd5Needed} says so.
 * @param resolve - Gives the versions that local paths in the activity stand for.
 */
export function compareFile(item: UploadItem, found: Found, resolve: ResolveUse): UploadChange[] {
  const { state } = found;
  const isNewContent = !isSameContent(item, state.fileHandle);
  const isOtherType =
    item.contentType !== undefined && item.contentType !== state.fileHandle?.contentType;
  const { name, parentId = '' } = state.entity;
  const changes: Record<UploadChange, boolean> = {
    content: isNewContent,
    contentType: !isNewContent && state.fileHandle !== undefined && isOtherType,
    name: item.name !== name,
    parent: item.parentPath !== undefined || item.parentId !== parentId,
    annotations: changedAnnotations(item, found) !== undefined,
    provenance: isOtherActivity(item, isNewContent ? undefined : found.activity, resolve),
  };
  return uploadChanges.filter((change) => changes[change]);
}

const uploadChanges: readonly UploadChange[] = [
  'content',
  'contentType',
  'name',
  'parent',
  'annotations',
  'provenance',
];

/** Whether changes create a version of a file. */
export function isNewVersion(changes: readonly UploadChange[], item: UploadItem): boolean {
  if (changes.includes('content') || changes.includes('contentType')) return true;
  return item.forceVersion === true && (changes.includes('name') || changes.includes('parent'));
}

function isSameContent(item: UploadItem, handle: M.FileHandle | undefined): boolean {
  const { url, localPath, size, md5 } = item;
  // Nothing to compare with: the caller may not download the file.
  if (handle === undefined) return false;
  if (localPath === undefined) return isExternal(handle) && handle.externalURL === url;
  if (item.synapseStore === false) {
    return (
      isExternal(handle) &&
      handle.externalURL === fileUrl(localPath) &&
      handle.contentMd5?.toLowerCase() === md5
    );
  }
  if (isLink(handle) || handle.contentMd5 === undefined) return false;
  if (handle.contentSize !== undefined && handle.contentSize !== size) return false;
  return handle.contentMd5.toLowerCase() === md5;
}

/** The annotations that the entity has afterwards; `undefined` when nothing changes. */
function changedAnnotations(
  item: UploadItem,
  { state }: Found,
): Record<string, M.AnnotationsValue> | undefined {
  if (item.annotations === undefined) return undefined;
  const input = annotationsInput(item, state.annotations);
  return mergeAnnotations(state.annotations, input, { replace: item.replaceAnnotations });
}

/** The annotations of an item to write over those in Synapse. A whole number stays a DOUBLE where it was one. */
export function annotationsInput(
  { annotations = {} }: UploadItem,
  stored: Readonly<Record<string, M.AnnotationsValue>> = {},
): Record<string, TypedAnnotation> {
  const before = new Map(Object.entries(stored));
  return Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [key, asStored(value, before.get(key))]),
  );
}

function asStored(
  { type = 'STRING', value }: M.AnnotationsValue,
  stored: M.AnnotationsValue | undefined,
): TypedAnnotation {
  const staysDouble =
    type === 'LONG' &&
    stored?.type === 'DOUBLE' &&
    value.every((text) => isExactDouble(BigInt(text)));
  return { type: staysDouble ? 'DOUBLE' : type, value };
}

/** A file that has yet to get its version counts as another one. */
function isOtherActivity(
  { activity }: UploadItem,
  stored: M.Activity | undefined,
  resolve: ResolveUse,
): boolean {
  if (activity === undefined) return false;
  const resolved = resolveActivity(activity, resolve);
  return resolved === undefined || !isSameActivity(resolved, stored);
}
