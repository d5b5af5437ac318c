import { createHash, randomUUID } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { fileSystemError, Md5MismatchError, NetworkError } from '../errors.js';
import type { Download, DownloadedFile } from './download.js';
import { partialPaths } from './downloadPath.js';
import { ObjectChangedError } from './objectChangedError.js';
import { placeFile } from '../files/placeFile.js';
import { SpareMemory } from '../net/spareMemory.js';
import type { BodySink, ResponseHead } from './storageWire.js';
import { withRetries } from './withRetries.js';

/** Files up to this size are held in memory until they are whole. */
export const smallFile = 1024 * 1024;

const memory = new SpareMemory(smallFile, 16);

/** Downloads a small file: in one request, with nothing on the disk before the MD5 is right. */
export async function downloadSmall(download: Download, size: number): Promise<DownloadedFile> {
  download.progress.start(size);
  const piece = memory.take();
  try {
    await fetchContent(download, piece.subarray(0, size));
    return await writeContent(download, piece.subarray(0, size));
  } finally {
    memory.giveBack(piece);
  }
}

async function writeContent(download: Download, content: Buffer): Promise<DownloadedFile> {
  const { destination: path, source, overwrite, elsewhere } = download;
  const file: DownloadedFile = { path, bytes: content.length };
  if (download.verify) {
    file.md5 = createHash('md5').update(content).digest('hex');
    if (download.md5 !== undefined && download.md5 !== file.md5) {
      throw new Md5MismatchError({ path, expected: download.md5, actual: file.md5 });
    }
  }
  const temporary = `${partialPaths(path, source.id).part}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    const placement = { overwrite, elsewhere, size: file.bytes, md5: file.md5 };
    file.path = await placeFile(temporary, path, placement);
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw fileSystemError('Cannot write', temporary, cause);
  }
  return file;
}

function fetchContent(download: Download, content: Buffer): Promise<void> {
  const { storage, signal, progress } = download;
  return withRetries(download, async (url) => {
    const sink = new MemorySink(content, download);
    try {
      await storage.get(url, sink, { signal });
      sink.checkWhole();
    } catch (error) {
      progress.add(-sink.received);
      throw error;
    } finally {
      sink.end();
    }
  });
}

/** Fills a piece of memory. */
class MemorySink implements BodySink {
  received = 0;
  readonly #content: Buffer;
  readonly #download: Download;
  #hasEnded = false;

  constructor(content: Buffer, download: Download) {
    this.#content = content;
    this.#download = download;
  }

  head({ headers }: ResponseHead): void {
    const length = headers['content-length'];
    if (length !== undefined && Number(length) !== this.#content.length) {
      throw new ObjectChangedError(
        `The file has ${length} bytes in its store, but Synapse says that it has ${this.#content.length}.`,
      );
    }
  }

  data(chunk: Buffer, release: () => void): undefined {
    if (this.#hasEnded) return;
    if (this.received + chunk.length > this.#content.length) throw this.#wrongLength('more');
    chunk.copy(this.#content, this.received);
    release();
    this.received += chunk.length;
    this.#download.progress.add(chunk.length);
  }

  /** @throws NetworkError when bytes are missing */
  checkWhole(): void {
    if (this.received < this.#content.length) throw this.#wrongLength('fewer');
  }

  /** The memory belongs to the next attempt, or to another file: a straggler must not write there. */
  end(): void {
    this.#hasEnded = true;
  }

  #wrongLength(how: string): NetworkError {
    return new NetworkError(`The file store sent ${how} bytes than the file has.`);
  }
}
