import type { CallOptions } from '../../../generated/services.js';
import type { StsLocation } from './stsTokens.js';
import type { StorageContext } from '../storageContext.js';

/** Checks whether a storage location issues temporary credentials. A location never changes. */
export function findStsLocation(
  ctx: StorageContext,
  { entityId, storageLocationId }: { entityId: string; storageLocationId: number },
  call: CallOptions,
): Promise<StsLocation | undefined> {
  const locations = ctx.state.stsLocations;
  const found = locations.get(storageLocationId);
  if (found !== undefined) return found;
  const location = readLocation(ctx, { id: entityId, storageLocationId }, call);
  locations.set(storageLocationId, location);
  location.catch(() => locations.delete(storageLocationId));
  return location;
}

async function readLocation(
  ctx: StorageContext,
  args: { id: string; storageLocationId: number },
  call: CallOptions,
): Promise<StsLocation | undefined> {
  const destination = await ctx.services.file.getUploadDestination(args, call);
  if (!('stsEnabled' in destination) || destination.stsEnabled !== true) return undefined;
  return { endpointUrl: 'endpointUrl' in destination ? destination.endpointUrl : undefined };
}
