import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { fileHandleBatchSize } from '../storages/synapse/fileHandleBatchSize.js';
import type { ListedFile } from './listedFiles.js';
import type { KnownHandle } from './localPlaces.js';

/**
 * Bytes of the files that one request gets URLs for. URLs are valid for half a minute: the last of these files should have begun
 * by then.
 */
const mostBytes = 256 * 1024 * 1024;

/** Files whose URLs are requested together, when the first of them is downloaded. */
export class UrlGroup {
  readonly #ctx: Context;
  readonly #associations: M.FileHandleAssociation[] = [];
  #bytes = 0;
  #isAsked = false;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** @returns false when the group is full */
  add(file: ListedFile): boolean {
    const { fileSizeBytes = 0 } = file;
    const count = this.#associations.length;
    const isFull =
      count >= fileHandleBatchSize || (count > 0 && this.#bytes + fileSizeBytes > mostBytes);
    if (isFull) return false;
    this.#bytes += fileSizeBytes;
    this.#associations.push(associationOf(file, file.fileHandleId));
    return true;
  }

  /**
   * Reads the file handle of a file of the group. The URL that comes with it is used by the transfer that follows.
   *
   * @returns `undefined` when the service refuses the file.
   */
  async handleOf(file: ListedFile, signal: AbortSignal): Promise<KnownHandle | undefined> {
    const { fileHandles } = this.#ctx.state;
    const handleId = file.fileHandleId ?? (await readHandleId(this.#ctx, file, signal));
    if (!this.#isAsked) {
      this.#isAsked = true;
      fileHandles.fetchAhead(
        this.#associations.filter(({ fileHandleId }) => fileHandleId !== undefined),
        signal,
      );
    }
    const { fileHandle } = await fileHandles.peek(associationOf(file, handleId), signal);
    return fileHandle?.id === undefined ? undefined : { ...fileHandle, id: fileHandle.id };
  }
}

/** The object that gives access to the content of a file. */
export function associationOf<T extends string | undefined>(
  { fileEntityId }: ListedFile,
  fileHandleId: T,
) {
  return {
    fileHandleId,
    associateObjectId: fileEntityId,
    associateObjectType: 'FileEntity' as const,
  };
}

/** Reads which content a file has, for a list that does not say it. */
export async function readHandleId(
  ctx: Context,
  { fileEntityId: id, versionNumber }: ListedFile,
  signal: AbortSignal,
): Promise<string> {
  const { entity } = ctx.services;
  const file =
    versionNumber === undefined
      ? await entity.getEntity({ id }, { signal })
      : await entity.getEntityVersion({ id, versionNumber }, { signal });
  if ('dataFileHandleId' in file && file.dataFileHandleId !== undefined)
    return file.dataFileHandleId;
  const reason = `${id} has no content.`;
  const method = 'GET';
  throw new NotFoundError(reason, { status: 404, reason, method, url: `/repo/v1/entity/${id}` });
}
