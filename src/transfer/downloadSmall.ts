import { createHash, randomUUID } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { fileSystemError, Md5MismatchError, NetworkError } from '../errors.js';
import type { Download, DownloadedFile } from './download.js';
import { partialPaths } from './downloadPath.js';
import { ObjectChangedError } from './objectChangedError.js';
import { placeFile } from './placeFile.js';
import type { BodySink, ResponseHead } from './storageWire.js';
import { withRetries } from './withRetries.js';

/** Files up to this size are held in memory until they are whole. */
export const smallFile = 1024 * 1024;

/** Downloads a small file: in one request, with nothing on the disk before the MD5 is right. */
export async function downloadSmall(download: Download, size: number): Promise<DownloadedFile> {
  const { destination, progress, source } = download;
  progress.start(size);
  const content = await fetchContent(download, size);
  const file: DownloadedFile = { path: destination, bytes: size };
  if (download.verify) {
    file.md5 = createHash('md5').update(content).digest('hex');
    if (download.md5 !== undefined && download.md5 !== file.md5) {
      throw new Md5MismatchError({ path: destination, expected: download.md5, actual: file.md5 });
    }
  }
  const temporary = `${partialPaths(destination, source.id).part}.${randomUUID()}`;
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await placeFile(temporary, destination, { ...file, size, overwrite: download.overwrite });
  } catch (cause) {
    await unlink(temporary).catch(() => undefined);
    throw fileSystemError('Cannot write', temporary, cause);
  }
  return file;
}

function fetchContent(download: Download, size: number): Promise<Buffer> {
  const { storage, signal, progress } = download;
  return withRetries(download, async (url) => {
    const sink = new MemorySink(size, download);
    try {
      await storage.get(url, sink, { signal });
      return sink.content();
    } catch (error) {
      progress.add(-sink.received);
      throw error;
    }
  });
}

class MemorySink implements BodySink {
  received = 0;
  readonly #size: number;
  readonly #download: Download;
  readonly #chunks: Buffer[] = [];
  readonly #releases: (() => void)[] = [];

  constructor(size: number, download: Download) {
    this.#size = size;
    this.#download = download;
  }

  head({ headers }: ResponseHead): void {
    const length = headers['content-length'];
    if (length !== undefined && Number(length) !== this.#size) {
      throw new ObjectChangedError(
        `The file has ${length} bytes in its store, but Synapse says that it has ${this.#size}.`,
      );
    }
  }

  data(chunk: Buffer, release: () => void): undefined {
    if (this.received + chunk.length > this.#size) throw this.#wrongLength('more');
    this.#chunks.push(chunk);
    this.#releases.push(release);
    this.received += chunk.length;
    this.#download.progress.add(chunk.length);
  }

  content(): Buffer {
    if (this.received < this.#size) throw this.#wrongLength('fewer');
    const content = Buffer.concat(this.#chunks);
    for (const release of this.#releases) release();
    return content;
  }

  #wrongLength(how: string): NetworkError {
    return new NetworkError(`The file store sent ${how} bytes than the file has.`);
  }
}
