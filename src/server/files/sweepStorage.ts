import type { World } from '../world.js';
import { dropAbandonedUploads } from './uploadRecords.js';

/**
 * Removes abandoned uploads, and content of earlier processes without a record. Must be called
 * after the state is loaded; it may run while requests are served.
 */
export async function sweepStorage(world: World): Promise<void> {
  dropAbandonedUploads(world);
  await world.blobs.sweep((blob) => world.files.objects.isReferenced(blob));
}
