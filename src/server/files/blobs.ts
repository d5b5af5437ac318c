import { createHash, randomUUID, type Hash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readSync, statSync, writev } from 'node:fs';
import { mkdir, mkdtemp, open, opendir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';

import { writeAll } from '../state/journalFile.js';
import { blobsName } from '../state/stateFiles.js';

const writevAsync = promisify(writev);

/** Bytes collected before they are written to disk in one call. */
const writeBatchBytes = 1024 ** 2;
/** Bytes read at a time to check content. */
const checkBytes = 512 * 1024;
/** Number of pending writes to a blob at which its source is paused. */
const writesInFlight = 3;

/** Content that is complete and on disk. */
export interface Blob {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
  /** MD5 in hexadecimal. */
  readonly md5: string;
  /** SHA-256 in hexadecimal, if requested. */
  readonly sha256?: string;
}

/** Rules for receiving content. */
export interface ReceiveOptions {
  /** Maximum size in bytes. Larger content is refused with a {@link BlobTooLargeError}. */
  readonly maxBytes?: number;
  /** Also computes the SHA-256. @default false */
  readonly sha256?: boolean;
  /** Called before each write. It may throw to simulate a full disk. */
  readonly beforeWrite?: (bytes: number) => void;
}

/** The content is larger than the maximum size. */
export class BlobTooLargeError extends Error {
  override readonly name = 'BlobTooLargeError';
}

/** The source ended before it was complete. */
export class BlobAbortedError extends Error {
  override readonly name = 'BlobAbortedError';
}

/** The content of a blob is not what was stored. */
export class BlobDamagedError extends Error {
  override readonly name = 'BlobDamagedError';
}

/** What is known of a whole blob. */
export interface BlobDigest {
  /** Bytes. */
  readonly size: number;
  /** MD5 in hexadecimal. */
  readonly md5: string;
}

/**
 * Content on disk, in files with random names: names and keys from clients never reach the file
 * system. A file that is incomplete when the process is killed has no record, so the sweep removes
 * it. A complete one does not change.
 */
export class Blobs {
  readonly #directory: string;
  readonly #temporary: boolean;
  readonly #shards = new Set<string>();
  /** Blobs whose content was written or checked by this process, with the state of their files. */
  readonly #checked = new Map<string, string>();
  /** Blobs that were written before the end of the sweep, which no record may refer to yet. */
  #written: Set<string> | undefined;

  private constructor(directory: string, temporary: boolean) {
    this.#directory = directory;
    this.#temporary = temporary;
    this.#written = temporary ? undefined : new Set();
  }

  /**
   * Opens the content of a data directory, or of a temporary one that {@link Blobs.close} removes.
   */
  static async open(dataDir?: string): Promise<Blobs> {
    const directory =
      dataDir === undefined
        ? await mkdtemp(join(tmpdir(), 'synapse-blobs-'))
        : join(dataDir, blobsName);
    // Earlier versions wrote incomplete files there.
    await rm(join(directory, 'tmp'), { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    return new Blobs(directory, dataDir === undefined);
  }

  /**
   * Stores the content of a source, in constant memory. On failure, the file is removed.
   *
   * @throws {@link BlobTooLargeError}, {@link BlobAbortedError}, or the error of the disk
   */
  async receive(source: Readable, options: ReceiveOptions = {}): Promise<Blob> {
    const id = randomUUID().replaceAll('-', '');
    const path = this.#path(id);
    this.#written?.add(id);
    this.#makeShard(id);
    const file = openSync(path, 'wx');
    try {
      const receiver = new Receiver(file, source, options);
      const received = await receiver.run().finally(() => closeSync(file));
      this.#checked.set(id, this.#stateOf(id));
      return { id, ...received };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** Stores content that is in memory. */
  async save(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<Blob> {
    const chunks = content instanceof Uint8Array ? [content] : content;
    const source = Readable.from(chunks, { objectMode: false });
    try {
      return await this.receive(source);
    } finally {
      source.destroy();
    }
  }

  /** Opens a blob for reading. The caller closes it. */
  async open(id: string): Promise<FileHandle> {
    return open(this.#path(id), 'r');
  }

  /** Fills a buffer with the content of a blob from an offset. */
  readInto(content: Buffer, id: string, offset: number): void {
    const file = openSync(this.#path(id), 'r');
    try {
      let done = 0;
      while (done < content.length) {
        const bytes = readSync(file, content, done, content.length - done, offset + done);
        if (bytes === 0) throw new Error('Stored content is shorter than its record says.');
        done += bytes;
      }
    } finally {
      closeSync(file);
    }
  }

  /** Bytes of a blob on disk; `undefined` when its file is missing. */
  sizeOf(id: string): number | undefined {
    return statSync(this.#path(id), { throwIfNoEntry: false })?.size;
  }

  /** Path of a blob in the data directory. */
  static pathOf(id: string): string {
    return join(blobsName, id.slice(0, 2), id);
  }

  /** The blobs on disk. */
  list(): string[] {
    return readdirSync(this.#directory, { withFileTypes: true })
      .filter((shard) => shard.isDirectory() && isShard(shard.name))
      .flatMap((shard) => readdirSync(join(this.#directory, shard.name)));
  }

  /** Whether this process wrote or checked the content, and its file was not changed since. */
  isChecked(id: string): boolean {
    const state = this.#checked.get(id);
    return state !== undefined && state === this.#stateOf(id);
  }

  /** Compares the content with its digest. @throws {@link BlobDamagedError} */
  async check(id: string, digest: BlobDigest): Promise<void> {
    const state = this.#stateOf(id);
    const found = await this.#digest(id).catch((error: unknown) => {
      throw new BlobDamagedError(`${Blobs.pathOf(id)} cannot be read`, { cause: error });
    });
    if (found.md5 !== digest.md5 || found.size !== digest.size) {
      throw new BlobDamagedError(
        `${Blobs.pathOf(id)} is damaged: it has ${found.size} bytes with the MD5 ${found.md5} instead of ` +
          `${digest.size} bytes with the MD5 ${digest.md5}`,
      );
    }
    this.#checked.set(id, state);
  }

  async #digest(id: string): Promise<BlobDigest> {
    const file = await this.open(id);
    const hash = createHash('md5');
    let size = 0;
    for await (const chunk of file.createReadStream({ highWaterMark: checkBytes })) {
      hash.update(chunk as Buffer);
      size += (chunk as Buffer).length;
    }
    return { size, md5: hash.digest('hex') };
  }

  /** Changes when the file of a blob does. */
  #stateOf(id: string): string {
    const info = statSync(this.#path(id), { throwIfNoEntry: false, bigint: true });
    return info === undefined ? '' : `${info.ino} ${info.size} ${info.mtimeNs} ${info.ctimeNs}`;
  }

  /** Removes a blob. It is no error if it does not exist. */
  async remove(id: string): Promise<void> {
    this.#checked.delete(id);
    await rm(this.#path(id), { force: true });
  }

  /**
   * Removes blobs of earlier processes that nothing refers to: content whose record was never
   * written because the process died in between. Must be called once.
   *
   * @returns how many were removed
   */
  async sweep(isReferenced: (id: string) => boolean): Promise<number> {
    let removed = 0;
    for await (const shard of await opendir(this.#directory)) {
      if (!shard.isDirectory() || !isShard(shard.name)) continue;
      for await (const entry of await opendir(join(this.#directory, shard.name))) {
        if (this.#written?.has(entry.name) === true || isReferenced(entry.name)) continue;
        await rm(join(this.#directory, shard.name, entry.name), { force: true });
        removed += 1;
      }
    }
    this.#written = undefined;
    return removed;
  }

  /** Releases the directory; a temporary one is removed with everything in it. */
  async close(): Promise<void> {
    if (this.#temporary) await rm(this.#directory, { recursive: true, force: true, maxRetries: 3 });
  }

  #path(id: string): string {
    if (!/^[0-9a-f]{32}$/.test(id)) throw new Error(`Not the id of a blob: ${id}`);
    return join(this.#directory, id.slice(0, 2), id);
  }

  #makeShard(id: string): void {
    const shard = id.slice(0, 2);
    if (this.#shards.has(shard)) return;
    mkdirSync(join(this.#directory, shard), { recursive: true });
    this.#shards.add(shard);
  }
}

function isShard(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name);
}

/**
 * Writes a stream to a file in large batches, hashing on the way; faster than a pipeline. The last
 * batch, which is all of a small file, is written at once: that is faster than another thread.
 */
class Receiver {
  readonly #file: number;
  readonly #source: Readable;
  readonly #options: ReceiveOptions;
  readonly #md5 = createHash('md5');
  readonly #sha256: Hash | undefined;
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #size = 0;
  #writing = 0;
  #ended = false;
  #settle: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor(file: number, source: Readable, options: ReceiveOptions) {
    this.#file = file;
    this.#source = source;
    this.#options = options;
    this.#sha256 = options.sha256 === true ? createHash('sha256') : undefined;
    // Stays, because the rest of the source may fail after the content was refused.
    source.on('error', (error) => this.#fail(error));
  }

  async run(): Promise<Omit<Blob, 'id'>> {
    const source = this.#source;
    const onData = (chunk: Buffer) => this.#take(chunk);
    const onEnd = () => this.#end();
    const onClose = () => {
      if (this.#ended) return;
      this.#fail(
        source.errored ?? new BlobAbortedError('The connection ended before the content did.'),
      );
    };
    try {
      await new Promise<void>((resolve, reject) => {
        this.#settle = { resolve, reject };
        source.on('data', onData).on('end', onEnd).on('close', onClose);
        if (source.destroyed) onClose();
      });
    } finally {
      this.#settle = undefined;
      source.off('data', onData).off('end', onEnd).off('close', onClose);
      // The rest of the source is discarded, so that a client that is still sending can read the
      // answer.
      source.resume();
      await this.#written();
    }
    return {
      size: this.#size,
      md5: this.#md5.digest('hex'),
      ...(this.#sha256 && { sha256: this.#sha256.digest('hex') }),
    };
  }

  #take(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > (this.#options.maxBytes ?? Infinity)) {
      this.#fail(new BlobTooLargeError('More content arrived than is allowed.'));
      return;
    }
    this.#md5.update(chunk);
    this.#sha256?.update(chunk);
    this.#batch.push(chunk);
    this.#batchBytes += chunk.length;
    if (this.#batchBytes >= writeBatchBytes) this.#flush();
  }

  #end(): void {
    this.#ended = true;
    try {
      if (this.#batchBytes > 0) this.#options.beforeWrite?.(this.#batchBytes);
      let position = this.#size - this.#batchBytes;
      for (const chunk of this.#batch) {
        writeAll(this.#file, chunk, position);
        position += chunk.length;
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#finishWhenWritten();
  }

  #fail(error: unknown): void {
    this.#settle?.reject(error instanceof Error ? error : new Error(String(error)));
  }

  #flush(): void {
    if (!this.#settle) return;
    const batch = this.#batch;
    const bytes = this.#batchBytes;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#writing += 1;
    if (this.#writing >= writesInFlight) this.#source.pause();
    this.#write(batch, { bytes, position: this.#size - bytes })
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#writing -= 1;
        if (this.#settle && !this.#ended) this.#source.resume();
        this.#finishWhenWritten();
      });
  }

  async #write(batch: Buffer[], at: { bytes: number; position: number }): Promise<void> {
    this.#options.beforeWrite?.(at.bytes);
    const { bytesWritten } = await writevAsync(this.#file, batch, at.position);
    if (bytesWritten === at.bytes) return;
    // A nearly full disk may write only a part of a batch. Writing the rest then fails with the
    // reason.
    const rest = Buffer.concat(batch).subarray(bytesWritten);
    writeAll(this.#file, rest, at.position + bytesWritten);
  }

  #finishWhenWritten(): void {
    if (this.#ended && this.#writing === 0) this.#settle?.resolve();
  }

  /** Closes the file after all writes have ended. */
  async #written(): Promise<void> {
    while (this.#writing > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
