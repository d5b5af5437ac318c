import { buffer } from 'node:stream/consumers';

import type { World } from '../world.js';
import { isCloudHandle, type CloudHandle, type HandleRecord } from './handleRecords.js';
import { hasPreview, previewBytes, previewContent } from './previewContent.js';

/** Previews that are being created, by file handle id. */
const makePending = (): Map<string, Promise<HandleRecord | undefined>> => new Map();

/** The existing preview of a file. */
export function findPreview(world: World, handle: HandleRecord): HandleRecord | undefined {
  const previewId = isCloudHandle(handle) ? handle.previewId : undefined;
  return previewId === undefined || previewId === handle.id
    ? undefined
    : world.files.find(previewId);
}

/**
 * The preview of a file. A file marked as without a preview is its own preview. The service creates
 * previews in the background after an upload; this server creates one at the first request.
 */
export async function previewOf(
  world: World,
  handle: HandleRecord,
): Promise<HandleRecord | undefined> {
  const { diskFull, readOnly } = world.conditions;
  if (!isCloudHandle(handle) || handle.previewId === handle.id) {
    return isCloudHandle(handle) ? handle : undefined;
  }
  const known = findPreview(world, handle);
  const canBeMade = hasPreview(handle.contentType) && world.files.hasContent(handle);
  if (known !== undefined || !canBeMade || diskFull || readOnly) {
    return known;
  }
  const pending = world.service(makePending);
  let made = pending.get(handle.id);
  if (made === undefined) {
    made = makePreview(world, handle).finally(() => pending.delete(handle.id));
    pending.set(handle.id, made);
  }
  return made;
}

async function makePreview(
  world: World,
  handle: HandleRecord<CloudHandle>,
): Promise<HandleRecord | undefined> {
  const end = Math.min(handle.contentSize ?? 0, previewBytes);
  const start = await buffer(world.files.read(handle, { start: 0, end }));
  const preview = previewContent(handle.contentType, start);
  if (preview === undefined) {
    return undefined;
  }
  const blob = await world.blobs.save(Buffer.from(preview.text));
  return world.files.objects.keep(blob, () => {
    const { contentType, fileName } = preview;
    const createdBy = Number(handle.createdBy);
    const made = world.files.record(blob, { createdBy, fileName, contentType, isPreview: true });
    world.files.setPreview(handle.id, made.id);
    return made;
  });
}
