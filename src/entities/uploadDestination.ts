import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { SynapseHttpError, UploadError } from '../errors.js';

// The settings of a container change rarely; many files are stored in one container.
const lifetimeMs = 60_000;

/**
 * Reads the upload destination of a container, and logs the banner of the storage location.
 *
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/uploadDestination.html
 */
export async function uploadDestination(
  ctx: Context,
  parentId: string,
  options: CallOptions,
): Promise<M.UploadDestination> {
  const { uploadDestinations: known } = ctx.state;
  const now = ctx.storage.clock.epoch();
  const found = known.get(parentId);
  if (found !== undefined && found.until > now) {
    const destination = await found.destination;
    // An address that is created for one file must not be reused, because another file would overwrite it.
    if (!isForOneFile(destination)) return destination;
    return ctx.services.file.getDefaultUploadDestination({ id: parentId }, options);
  }
  const destination = fetchDestination(ctx, parentId, options);
  known.set(parentId, { destination, until: now + lifetimeMs });
  // A failure or an abort of this call must not affect later calls.
  destination.catch(() => known.delete(parentId));
  return destination;
}

/** Whether Synapse creates a new address for each request: a folder on an SFTP server, or a prefix in a bucket. */
function isForOneFile(destination: M.UploadDestination): boolean {
  return 'keyPrefixUUID' in destination || 'url' in destination;
}

async function fetchDestination(
  ctx: Context,
  parentId: string,
  options: CallOptions,
): Promise<M.UploadDestination> {
  const { file } = ctx.services;
  const destination = await file
    .getDefaultUploadDestination({ id: parentId }, options)
    .catch((error: unknown) => explain(ctx, error, parentId, options));
  if (destination.banner) ctx.log(destination.banner);
  return destination;
}

/** The service refuses to name a destination behind a proxy, with 400. */
async function explain(
  { services }: Context,
  error: unknown,
  id: string,
  options: CallOptions,
): Promise<never> {
  if (!(error instanceof SynapseHttpError) || error.status !== 400) throw error;
  const places = await services.file
    .listUploadDestinationLocations({ id }, options)
    .catch(() => undefined);
  const [first] = places?.list ?? [];
  if (first?.uploadType !== 'PROXYLOCAL') throw error;
  throw new UploadError(
    `Files in ${id} are behind a proxy (storage location ${first.storageLocationId}), to which clients do not upload. ` +
      "Put the file there, register it with syn.fileHandles.createExternal({ kind: 'proxy', ... }), and store a file with its dataFileHandleId.",
    { cause: error },
  );
}
