import type * as M from '../../../generated/models.js';
import {
  ArgumentError,
  AuthorizationError,
  DownloadError,
  NotFoundError,
  type HttpErrorOptions,
} from '../../errors.js';
import type { UrlSource } from '../http/urlObject.js';
import { usableUntil } from './presignedUrl.js';
import type { DownloadContext } from './synapseContext.js';

/** Provides presigned URLs of a file handle, and requests a new one when the last one has expired. */
export class FileHandleSource implements UrlSource {
  readonly id: string;
  /** The file handle in Synapse, once a URL has been requested. */
  handle: M.FileHandle | undefined;
  readonly #context: DownloadContext;
  readonly #association: M.FileHandleAssociation;
  readonly #signal: AbortSignal | undefined;
  #url: string | undefined;
  #renewal: Promise<string> | undefined;
  /** Milliseconds since 1970. */
  #usableUntil = 0;

  constructor(
    context: DownloadContext,
    association: M.FileHandleAssociation,
    signal: AbortSignal | undefined,
  ) {
    if (association.fileHandleId === undefined) {
      throw new ArgumentError('A file handle id is needed to download a file.');
    }
    this.id = association.fileHandleId;
    this.#context = context;
    this.#association = association;
    this.#signal = signal;
  }

  /** @throws NotFoundError, AuthorizationError when Synapse does not allow the download */
  url(): Promise<string> {
    const { clock } = this.#context.storage;
    if (this.#url !== undefined && clock.epoch() < this.#usableUntil)
      return Promise.resolve(this.#url);
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  refused(url: string): void {
    if (this.#url === url) this.#url = undefined;
  }

  async #renew(): Promise<string> {
    const { state, storage } = this.#context;
    const result = await state.fileHandles.get(this.#association, this.#signal);
    if (result.failureCode !== undefined) throw refusal(this.#association, result.failureCode);
    if (result.preSignedURL === undefined) {
      throw new DownloadError(`Synapse returned no URL for ${describe(this.#association)}.`);
    }
    this.handle = result.fileHandle ?? this.handle;
    this.#url = result.preSignedURL;
    const end = usableUntil(this.#url);
    // If a new URL seems to have expired, the local clock is wrong.
    this.#usableUntil = end > storage.clock.epoch() ? end : Number.POSITIVE_INFINITY;
    return this.#url;
  }
}

function describe({ fileHandleId, associateObjectId }: M.FileHandleAssociation): string {
  const owner = associateObjectId === undefined ? '' : ` of ${associateObjectId}`;
  return `the file${owner} (file handle ${fileHandleId ?? ''})`;
}

/** `POST /file/v1/fileHandle/batch` responds with 201 and an error code for each failed file. */
function refusal(association: M.FileHandleAssociation, code: M.FileResultFailureCode): Error {
  const what = describe(association);
  const options: HttpErrorOptions = {
    status: code === 'UNAUTHORIZED' ? 403 : 404,
    reason: code,
    method: 'POST',
    url: '/file/v1/fileHandle/batch',
  };
  return code === 'UNAUTHORIZED'
    ? new AuthorizationError(
        `You have no permission to download ${what}. Ask an administrator of the project for download access, or check the access requirements on the page of the file on synapse.org.`,
        options,
      )
    : new NotFoundError(`Synapse has no content for ${what}: it no longer exists.`, options);
}
