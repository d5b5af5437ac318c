import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { BlobDigest, Blobs } from './blobs.js';

/** Bytes read from disk at a time; measured as the fastest size for one download and for several. */
export const readBytes = 512 * 1024;

/** A range of a blob. */
export interface Extent {
  readonly blob: string;
  readonly offset: number;
  readonly size: number;
  /** MD5 of the range, if it is the whole blob. */
  readonly md5?: string;
  /** The whole blob, if it is known and the range is a part of it. */
  readonly of?: BlobDigest;
}

/** What is known of the blob of a range. */
export function digestOf({ size, md5, of }: Extent): BlobDigest | undefined {
  return md5 === undefined ? of : { size, md5 };
}

/**
 * Reads ranges of blobs one after the other, and opens each file when it is needed. Content that
 * this process has not written is compared with its MD5 at the first use.
 */
export class SegmentReader extends Readable {
  readonly #blobs: Blobs;
  readonly #extents: readonly Extent[];
  #next = 0;
  #file: FileHandle | undefined;
  #position = 0;
  #remaining = 0;

  constructor(blobs: Blobs, extents: readonly Extent[]) {
    super({ highWaterMark: readBytes });
    this.#blobs = blobs;
    this.#extents = extents.filter(({ size }) => size > 0);
  }

  override _read(): void {
    this.#readChunk().then(
      (chunk) => this.push(chunk),
      (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#close().then(
      () => callback(error),
      () => callback(error),
    );
  }

  async #readChunk(): Promise<Buffer | null> {
    if (this.#remaining === 0 && !(await this.#openNext())) return null;
    const buffer = Buffer.allocUnsafeSlow(Math.min(readBytes, this.#remaining));
    const file = this.#file;
    if (!file) return null;
    const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#position);
    if (bytesRead === 0) throw new Error('Stored content is shorter than its record says.');
    this.#position += bytesRead;
    this.#remaining -= bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  async #openNext(): Promise<boolean> {
    await this.#close();
    const extent = this.#extents[this.#next];
    if (!extent) return false;
    this.#next += 1;
    const digest = digestOf(extent);
    if (digest !== undefined && !this.#blobs.isChecked(extent.blob)) {
      await this.#blobs.check(extent.blob, digest);
    }
    const file = await this.#blobs.open(extent.blob);
    if (this.destroyed) {
      await file.close();
      return false;
    }
    this.#file = file;
    this.#position = extent.offset;
    this.#remaining = extent.size;
    return true;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
