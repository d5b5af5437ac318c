import type * as M from '../../../generated/models.js';
import type { CallOptions } from '../../../generated/services.js';
import { SynapseHttpError } from '../../errors.js';
import { currentOf } from '../../values/ids.js';
import {
  formatStsToken,
  isShellFormat,
  requireStsFormat,
  type StsFormat,
  type StsOutputs,
  type StsPlace,
} from './stsFormats.js';
import type { StorageContext } from '../storageContext.js';

const hour = 60 * 60_000;

/** The temporary credentials to get, and their format. */
export interface StsTokenOptions<F extends StsFormat = 'json'> extends CallOptions {
  permission: M.StsPermission;
  /** @default 'json' */
  outputFormat?: F;
  /** Minimum remaining lifetime in milliseconds. Reuses earlier credentials that last that long. @default 1 hour */
  minRemainingLife?: number;
}

/**
 * Gets temporary credentials for the bucket with the files of a folder.
 *
 * @throws {@link SynapseHttpError} when the storage location of the folder does not issue temporary credentials.
 * @throws {@link AuthorizationError} when the caller may not read, or write, everything in the folder.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/sts.html
 */
export async function getStsStorageToken<F extends StsFormat = 'json'>(
  ctx: Pick<StorageContext, 'services' | 'state'>,
  entity: string | { id?: string | undefined },
  options: StsTokenOptions<F>,
): Promise<StsOutputs[F]> {
  const { permission, outputFormat, minRemainingLife = hour, ...call } = options;
  const format: StsFormat = outputFormat ?? 'json';
  requireStsFormat(format);
  const id = currentOf(entity, 'credentials are for a folder, which has no versions');
  const token = await ctx.state.stsTokens.get({ entityId: id, permission, minRemainingLife }, () =>
    ctx.services.entity.getEntityStsCredentials({ id, permission }, call).catch(explain),
  );
  const isPlaced = token.bucket !== undefined && token.baseKey !== undefined;
  const place = isShellFormat(format) && !isPlaced ? await defaultPlace(ctx, id, call) : {};
  return formatStsToken(token, format, place) as StsOutputs[F];
}

/** `GET /entity/{id}/sts` responds with 400 when STS is not enabled. */
function explain(error: unknown): never {
  if (error instanceof SynapseHttpError && error.status === 400) {
    error.message +=
      ' Temporary credentials are only available for folders whose storage location has STS enabled.';
  }
  throw error;
}

async function defaultPlace(
  ctx: Pick<StorageContext, 'services'>,
  id: string,
  call: CallOptions,
): Promise<StsPlace> {
  const destination = await ctx.services.file.getDefaultUploadDestination({ id }, call);
  return {
    bucket: 'bucket' in destination ? destination.bucket : undefined,
    baseKey: 'baseKey' in destination ? destination.baseKey : undefined,
  };
}
