import { basename } from 'node:path';
import { isEntityName } from '../../entities/entityName.js';
import { planParts } from '../../transfer/partPlan.js';
import { isNewVersion } from './compareFile.js';
import type { Found } from './readFound.js';
import type { UploadChange, UploadItem } from './uploadItem.js';

/** Parts whose URLs one call asks for. */
const urlsAtOnce = 64;

/** Files beyond this size are uploaded after a call that asks whether they may be stored. Bytes. */
const worthAsking = 8 * 1024 * 1024;

/** The calls that creating or changing a file takes. */
export function requestsOf(
  item: UploadItem,
  changes: readonly UploadChange[],
  found: Found | undefined,
): number {
  const has = (change: UploadChange): boolean => changes.includes(change);
  const content = has('content') ? contentRequests(item) : has('contentType') ? 1 : 0;
  const activity = item.activity === undefined || !has('provenance') ? 0 : 1;
  if (found === undefined) return content + activity + 1;
  const isEntityWritten = (['content', 'contentType', 'name', 'parent'] as const).some(has);
  const isActivityKept =
    found.activity !== undefined &&
    !has('provenance') &&
    isNewVersion(changes, item) &&
    (item.keepActivity === true || !has('content'));
  const written = [
    isEntityWritten,
    activity > 0 && !isEntityWritten,
    has('annotations'),
    isActivityKept,
  ];
  return content + activity + written.filter(Boolean).length;
}

function contentRequests({
  size = 0,
  url,
  synapseStore,
  localPath = '',
  safeName,
}: UploadItem): number {
  if (url !== undefined || synapseStore === false) return 1;
  const { partCount } = planParts(size);
  const urls = Math.ceil(partCount / urlsAtOnce);
  const permissions = size > worthAsking ? 1 : 0;
  // The file handle gets a copy with the file's own name.
  const rename = safeName === true && !isEntityName(basename(localPath)) ? 1 : 0;
  return 2 + urls + partCount + permissions + rename;
}
