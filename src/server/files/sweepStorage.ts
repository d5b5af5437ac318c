import type { World } from '../world.js';
import { dropAbandonedUploads } from './uploadRecords.js';

/**
 * Tidies up what earlier processes left: uploads that nobody finished, and content whose record was
 * never written. To be called once the state is loaded; it may run while requests are served.
 */
export async function sweepStorage(world: World): Promise<void> {
  dropAbandonedUploads(world);
  await world.blobs.sweep((blob) => world.files.objects.isReferenced(blob));
}
