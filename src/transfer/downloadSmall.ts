import { createHash } from 'node:crypto';
import { unlink, writeFile } from 'node:fs/promises';
import { fileSystemError, NetworkError } from '../errors.js';
import type { Download, DownloadedFile } from './download.js';
import { checkSize } from './objectChangedError.js';
import { fileThread } from '../files/fileThread.js';
import { placeFile } from '../files/placeFile.js';
import { readObject } from './readObject.js';
import { smallPartPath } from './smallPart.js';
import { smallFileMemory } from './smallFiles.js';
import type { ObjectHead, ObjectSink } from './storedObject.js';
import { verifyMd5 } from './verifyMd5.js';

/** Downloads a small file with one request. Nothing is written to disk before the MD5 matches. */
export async function downloadSmall(download: Download, size: number): Promise<DownloadedFile> {
  download.progress.start(size);
  const leave = fileThread.join();
  const piece = smallFileMemory.take();
  try {
    await fetchContent(download, piece.subarray(0, size));
    return await writeContent(download, piece.subarray(0, size));
  } finally {
    smallFileMemory.release(piece);
    leave();
  }
}

async function writeContent(download: Download, content: Buffer): Promise<DownloadedFile> {
  const { destination: path, object, overwrite, elsewhere, verify, record } = download;
  const file: DownloadedFile = { path, bytes: content.length };
  const temporary = smallPartPath(path, object.id);
  const expected = download.md5;
  const request = { content, verify, expected, temporary, path, overwrite, record };
  await download.beforePlacing?.();
  const placed = await fileThread.run('place', request);
  if (placed !== undefined) {
    verifyMd5(path, placed.md5, download.md5);
    return { ...file, ...placed };
  }
  if (verify) {
    file.md5 = createHash('md5').update(content).digest('hex');
    verifyMd5(path, file.md5, download.md5);
  }
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
  const { object, signal, progress } = download;
  return readObject(download, async ({ failures }) => {
    const sink = new MemorySink(content, download);
    try {
      await object.get(sink, { failures, signal });
      sink.checkWhole();
    } catch (error) {
      progress.add(-sink.received);
      throw error;
    } finally {
      sink.end();
    }
  });
}

/** A sink that fills a buffer. */
class MemorySink implements ObjectSink {
  received = 0;
  readonly #content: Buffer;
  readonly #download: Download;
  #hasEnded = false;

  constructor(content: Buffer, download: Download) {
    this.#content = content;
    this.#download = download;
  }

  head({ size }: ObjectHead): void {
    checkSize(size, this.#content.length);
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

  /** Late bytes of this attempt must not be written: the next attempt, or another file, uses the buffer. */
  end(): void {
    this.#hasEnded = true;
  }

  #wrongLength(how: string): NetworkError {
    return new NetworkError(`The file store sent ${how} bytes than the file has.`);
  }
}
