import type { World } from '../world.js';
import { isCloudHandle, type HandleRecord } from './handleRecords.js';
import { PreviewQueue } from './previewQueue.js';

const makeQueue = (world: World): PreviewQueue => new PreviewQueue(world);

/** Registers that files get a preview in the background, as the service makes them. */
export function registerPreviews(world: World): void {
  const queue = world.service(makeQueue);
  world.files.watch((handle) => queue.add(handle));
  queue.resume();
}

/** The existing preview of a file. */
export function findPreview(world: World, handle: HandleRecord): HandleRecord | undefined {
  const previewId = isCloudHandle(handle) ? handle.previewId : undefined;
  return previewId === undefined || previewId === handle.id
    ? undefined
    : world.files.find(previewId);
}

/**
 * The preview of a file. A file marked as without a preview is its own preview. Waits for a preview
 * that is being made, where the service answers 404 for the first seconds after an upload.
 */
export async function previewOf(
  world: World,
  handle: HandleRecord,
): Promise<HandleRecord | undefined> {
  if (isCloudHandle(handle) && handle.previewId === handle.id) return handle;
  const known = findPreview(world, handle);
  if (known !== undefined) return known;
  await world.service(makeQueue).settle(handle);
  return findPreview(world, world.files.find(handle.id) ?? handle);
}
