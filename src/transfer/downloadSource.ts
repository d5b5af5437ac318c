import type * as M from '../../generated/models.js';
import {
  ArgumentError,
  AuthorizationError,
  DownloadError,
  NotFoundError,
  type HttpErrorOptions,
} from '../errors.js';
import { fileHandleBatch } from './fileHandleBatch.js';
import { usableUntil } from './presignedUrl.js';
import type { TransferContext } from './transferContext.js';

/** What to download: a file handle, by way of an object that it belongs to, a URL, or what the caller has URLs for. */
export type DownloadTarget =
  | { fileHandle: M.FileHandleAssociation; url?: undefined; source?: undefined }
  | { url: string; fileHandle?: undefined; source?: undefined }
  | { source: DownloadSource; fileHandle?: undefined; url?: undefined };

/** A file to download, and URLs for it for as long as they are needed. */
export interface DownloadSource {
  /** Tells the partial files of this download from those of others. */
  readonly id: string;
  /** What Synapse knows of the file; absent for a bare URL. */
  readonly handle?: M.FileHandle | undefined;
  /** Whether a refused URL can be replaced by a new one. */
  readonly canRefresh: boolean;
  /** A URL to use now. Opaque: it may be of any store, and it may expire at any time. */
  url(): Promise<string>;
  /** Says that a URL is used up. */
  refused(url: string): void;
}

/**
 * Opens a file handle or a URL for download.
 * @throws NotFoundError, AuthorizationError when Synapse does not give the file
 */
export async function openDownloadSource(
  context: TransferContext,
  target: DownloadTarget,
  signal?: AbortSignal,
): Promise<DownloadSource> {
  if (target.source !== undefined) return target.source;
  if (target.url !== undefined) {
    const { url } = target;
    return {
      id: 'external',
      canRefresh: false,
      url: () => Promise.resolve(url),
      refused: () => undefined,
    };
  }
  const source = new FileHandleSource(context, target.fileHandle, signal);
  await source.url();
  return source;
}

class FileHandleSource implements DownloadSource {
  readonly id: string;
  readonly canRefresh = true;
  handle: M.FileHandle | undefined;
  readonly #context: TransferContext;
  readonly #association: M.FileHandleAssociation;
  readonly #signal: AbortSignal | undefined;
  #url: string | undefined;
  #renewal: Promise<string> | undefined;
  /** Milliseconds since 1970. */
  #usableUntil = 0;

  constructor(
    context: TransferContext,
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

  url(): Promise<string> {
    if (this.#url !== undefined && Date.now() < this.#usableUntil)
      return Promise.resolve(this.#url);
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  refused(url: string): void {
    if (this.#url === url) this.#url = undefined;
  }

  async #renew(): Promise<string> {
    const batch = fileHandleBatch(this.#context.services.file);
    const result = await batch.get(this.#association, this.#signal);
    if (result.failureCode !== undefined) throw refusal(this.#association, result.failureCode);
    if (result.preSignedURL === undefined) {
      throw new DownloadError(`Synapse gives no URL for ${describe(this.#association)}.`);
    }
    this.handle = result.fileHandle ?? this.handle;
    this.#url = result.preSignedURL;
    const end = usableUntil(this.#url);
    // Where a new URL reads as expired, it is our clock that is wrong.
    this.#usableUntil = end > Date.now() ? end : Number.POSITIVE_INFINITY;
    return this.#url;
  }
}

function describe({ fileHandleId, associateObjectId }: M.FileHandleAssociation): string {
  const owner = associateObjectId === undefined ? '' : ` of ${associateObjectId}`;
  return `the file${owner} (file handle ${fileHandleId ?? ''})`;
}

/** `POST /file/v1/fileHandle/batch` answers 201 and names what each file failed with. */
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
        `You have no permission to download ${what}. Ask an administrator of the project for the right to download, or see the page of the file on synapse.org for conditions to meet.`,
        options,
      )
    : new NotFoundError(`Synapse has no content for ${what}: it does not exist any more.`, options);
}
