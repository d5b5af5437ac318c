import { dirname } from 'node:path';
import { DownloadError, fileSystemError, NetworkError, SynapseHttpError } from '../errors.js';
import { fileMd5 } from '../files/fileMd5.js';
import { checkFreeSpace, placeFile } from '../files/placeFile.js';
import type { Download, DownloadedFile } from './download.js';
import { PartialFile } from './partialFile.js';
import { PartWriter } from './partWriter.js';
import { readObject } from './readObject.js';
import type { ObjectHead, ObjectSink } from './storedObject.js';
import { verifyMd5 } from './verifyMd5.js';

/** The object is larger than allowed, and its storage sends ranges. */
export class LargeObjectError extends DownloadError {
  constructor(readonly size: number) {
    super(`The file has ${size} bytes.`);
  }
}

/** For an object of unknown size. */
interface UnknownSize {
  /** Bytes above which an object is not fetched whole if its storage sends ranges. */
  largest: number;
}

/**
 * Downloads a file with one request: its size is unknown, or its storage does not support ranges. After a failure, it starts
 * again.
 *
 * @param expectedSize - Bytes, if the storage reports them.
 * @throws {@link LargeObjectError} as `unknown` says
 */
export async function downloadWhole(
  download: Download,
  expectedSize: number | undefined,
  unknown?: UnknownSize,
): Promise<DownloadedFile> {
  const { destination, progress, object, overwrite, elsewhere, signal } = download;
  if (unknown === undefined) progress.start(expectedSize);
  await checkFreeSpace(dirname(destination), expectedSize ?? 0);
  const partial = await PartialFile.open(destination, {
    fileHandleId: object.id,
    size: 0,
    partSize: 1,
    md5: undefined,
  });
  try {
    const size = await fetchAll(download, partial, unknown);
    const md5 = download.verify ? await fileMd5(partial.path, signal) : undefined;
    verifyMd5(destination, md5, download.md5);
    await partial.checkWhole(size);
    const placement = { overwrite, elsewhere, size, md5 };
    await download.beforePlacing?.();
    const path = await placeFile(partial.path, destination, placement);
    return { path, bytes: size, md5 };
  } catch (error) {
    throw fileSystemError('Cannot write', partial.path, error);
  } finally {
    await partial.remove();
  }
}

/** @returns the number of bytes */
async function fetchAll(
  download: Download,
  { file }: PartialFile,
  unknown: UnknownSize | undefined,
): Promise<number> {
  // The response to a range shows whether the storage sends ranges, and how large the object is.
  let range = unknown && { start: 0 };
  let isStarted = unknown === undefined;
  return readObject(download, async ({ failures }) => {
    const { object, signal, progress } = download;
    const sink = new WholeSink(download, new PartWriter(file, 0), ({ isRange, size }) => {
      if (unknown && isRange && size !== undefined && size > unknown.largest) {
        throw new LargeObjectError(size);
      }
      if (!isStarted) progress.start(size);
      isStarted = true;
    });
    try {
      await file.truncate(0);
      await object.get(sink, { failures, signal, range });
      return await sink.end();
    } catch (error) {
      await sink.discard();
      const isEmpty = error instanceof SynapseHttpError && error.status === 416;
      if (!isEmpty || range === undefined) throw error;
      range = undefined;
      throw new NetworkError('The object has no first byte.', { cause: error });
    }
  });
}

/** Writes a whole object to a file. */
class WholeSink implements ObjectSink {
  readonly #download: Download;
  readonly #writer: PartWriter;
  readonly #onHead: (head: ObjectHead) => void;
  #received = 0;
  #size: number | undefined;

  constructor(download: Download, writer: PartWriter, onHead: (head: ObjectHead) => void) {
    this.#download = download;
    this.#writer = writer;
    this.#onHead = onHead;
  }

  head(head: ObjectHead): void {
    if (head.isRange && head.start !== 0) {
      throw new NetworkError('The file store returned a different range than requested.');
    }
    this.#size = head.size;
    this.#onHead(head);
  }

  data(chunk: Buffer, release: () => void): Promise<void> | undefined {
    this.#received += chunk.length;
    this.#download.progress.add(chunk.length);
    return this.#writer.push(chunk, release);
  }

  /** @returns the number of bytes */
  async end(): Promise<number> {
    await this.#writer.flush();
    if (this.#size !== undefined && this.#received < this.#size) {
      throw new NetworkError('The file store sent fewer bytes than the file has.');
    }
    return this.#received;
  }

  async discard(): Promise<void> {
    await this.#writer.flush().catch(() => undefined);
    this.#download.progress.add(-this.#received);
  }
}
