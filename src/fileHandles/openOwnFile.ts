import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { addressOf } from '../storages/externalAddress.js';
import { UrlObject, type UrlSource } from '../storages/http/urlObject.js';
import { usableUntil } from '../storages/synapse/presignedUrl.js';
import type { StoredObject } from '../transfer/storedObject.js';

/**
 * Opens the content of a file handle that the caller owns. No object needs to refer to it.
 *
 * @throws {@link NotFoundError} when there is no such file handle; {@link AuthorizationError} when another user owns it.
 * @see https://rest-docs.synapse.org/rest/GET/fileHandle/handleId/url.html
 */
export async function openOwnFile(
  ctx: Context,
  id: string,
  { signal }: Pick<CommonOptions, 'signal'>,
): Promise<StoredObject> {
  const handle = await ctx.services.file.getFileHandle({ handleId: id }, { signal });
  if (hasSignedUrls(handle)) {
    return new UrlObject(ctx.storage, new OwnUrls(ctx, id, signal), { id, handle });
  }
  if (!/^https?:/i.test(addressOf(handle))) {
    throw new ArgumentError(
      `The file handle ${id} is of a file outside of Synapse: pass the object that it belongs to, as a FileHandleAssociation.`,
    );
  }
  const source = { url: () => Promise.resolve(addressOf(handle)) };
  return new UrlObject(ctx.storage, source, { id, handle, decode: true });
}

function hasSignedUrls({ concreteType }: M.FileHandle): boolean {
  return /\.(S3|GoogleCloud|Proxy)FileHandle$/.test(concreteType);
}

/** Presigned URLs of a file handle. A new one is requested when the last one has expired. */
class OwnUrls implements UrlSource {
  readonly #ctx: Context;
  readonly #id: string;
  readonly #signal: AbortSignal | undefined;
  #url: Promise<string> | undefined;
  /** Milliseconds since 1970. */
  #usableUntil = Number.POSITIVE_INFINITY;

  constructor(ctx: Context, id: string, signal: AbortSignal | undefined) {
    this.#ctx = ctx;
    this.#id = id;
    this.#signal = signal;
  }

  url(): Promise<string> {
    if (this.#ctx.storage.clock.epoch() >= this.#usableUntil) this.#url = undefined;
    this.#url ??= this.#renew().catch((error: unknown) => {
      this.#url = undefined;
      throw error;
    });
    return this.#url;
  }

  refused(): void {
    this.#url = undefined;
  }

  async #renew(): Promise<string> {
    const args = { handleId: this.#id };
    const url = await this.#ctx.services.file.getFileHandleUrl(args, { signal: this.#signal });
    const end = usableUntil(url);
    // If a new URL seems to have expired, the local clock is wrong.
    this.#usableUntil = end > this.#ctx.storage.clock.epoch() ? end : Number.POSITIVE_INFINITY;
    return url;
  }
}
