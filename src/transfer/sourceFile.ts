import { stat, type FileHandle } from 'node:fs/promises';
import { ArgumentError, fileSystemError, UploadError } from '../errors.js';
import { fileThread, type FileState } from '../files/fileThread.js';
import { openRegularFile } from '../files/regularFile.js';
import { smallFileMemory, smallFileSize } from './smallFiles.js';
import type { ByteRange } from './partPlan.js';
import { BufferPool } from '../net/bufferPool.js';

const pieceSize = 512 * 1024;

const memory = new BufferPool(pieceSize, 32);

/** A small file that the thread has read at one moment. */
interface WholeFile {
  content: Buffer;
  state: FileState;
  /** Lower-case hexadecimal. */
  md5: string;
}

/** A local file to upload. It must not change during the upload. */
export class SourceFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly #state: FileState;
  readonly #file: FileHandle | undefined;
  /** The content that a thread has read, instead of `#file`. */
  readonly #whole: WholeFile | undefined;
  #content: Promise<Buffer> | undefined;
  #closing: Promise<void> | undefined;
  #leave: (() => void) | undefined;

  private constructor(
    path: string,
    {
      state,
      leave,
      ...read
    }: { state: FileState; file?: FileHandle; whole?: WholeFile; leave: () => void },
  ) {
    const { file, whole } = read;
    this.path = path;
    this.#leave = leave;
    this.size = Number(state.size);
    this.#state = state;
    this.#file = file;
    this.#whole = whole;
    if (whole !== undefined) this.#content = Promise.resolve(whole.content);
  }

  /** @throws FileSystemError when it cannot be read; ArgumentError when it is empty */
  static async open(path: string): Promise<SourceFile> {
    const leave = fileThread.join();
    let file: FileHandle | undefined;
    try {
      const whole = await readWhole(path);
      if (whole !== undefined) return new SourceFile(path, { state: whole.state, whole, leave });
      const opened = await openRegularFile(path);
      file = opened.file;
      const { state } = opened;
      if (state.size === 0n) {
        throw new ArgumentError(`${path} is empty; Synapse does not accept empty files.`);
      }
      return new SourceFile(path, { state, file, leave });
    } catch (cause) {
      leave();
      await file?.close();
      throw fileSystemError('Cannot read', path, cause);
    }
  }

  /**
   * Reads a range in pieces. While one piece is in use, the next one is read. A piece is valid until
   * the next one is requested.
   */
  pieces(range: ByteRange): AsyncGenerator<Buffer, void, undefined> {
    return this.size <= smallFileSize ? this.#onePiece(range) : this.#manyPieces(range);
  }

  async *#onePiece({ start, end }: ByteRange): AsyncGenerator<Buffer, void, undefined> {
    this.#content ??= this.#readAll();
    yield (await this.#content).subarray(start, end);
  }

  async *#manyPieces(range: ByteRange): AsyncGenerator<Buffer, void, undefined> {
    let position = range.start;
    let current: Buffer | undefined;
    let next: Promise<Buffer> | undefined;
    try {
      if (position < range.end) next = this.#readPiece(position, range.end);
      while (next !== undefined) {
        current = await next;
        position += current.length;
        next = position < range.end ? this.#readPiece(position, range.end) : undefined;
        // The failure is reported when the piece is requested.
        next?.catch(() => undefined);
        yield current;
        memory.release(current);
        current = undefined;
      }
    } finally {
      if (current !== undefined) memory.release(current);
      const unused = await next?.catch(() => undefined);
      if (unused !== undefined) memory.release(unused);
    }
  }

  /** Fills `view` with the bytes from `start` on. */
  async readInto(view: Uint8Array, start: number): Promise<void> {
    const content = await this.#content;
    if (content === undefined) await this.#read(view, start);
    else view.set(content.subarray(start, start + view.length));
  }

  async #read(view: Uint8Array, start: number): Promise<void> {
    const file = this.#file;
    if (file === undefined) throw new Error('A file in memory has no file descriptor.');
    for (let filled = 0; filled < view.length;) {
      const length = view.length - filled;
      const { bytesRead } = await file
        .read(view, filled, length, start + filled)
        .catch((cause: unknown) => {
          throw fileSystemError('Cannot read', this.path, cause);
        });
      if (bytesRead === 0) throw this.#changed();
      filled += bytesRead;
    }
  }

  /**
   * Checks that the file did not change. A file whose content is in memory is not checked, because it was read at once.
   * @throws UploadError when it changed, or another file has its path
   */
  async checkUnchanged(): Promise<void> {
    if (this.#content !== undefined) return;
    const now = await stat(this.path, { bigint: true }).catch(() => undefined);
    if (now === undefined || !isSameState(this.#state, now)) throw this.#changed();
  }

  /** Lower-case hexadecimal; known when a thread has read the file. */
  get md5(): string | undefined {
    return this.#whole?.md5;
  }

  /** Identifies the file and its state: it changes when the file does. */
  get identity(): string {
    const { dev, ino, size, mtimeNs } = this.#state;
    return [dev, ino, size, mtimeNs].join(' ');
  }

  /** Always call it. No piece may be used afterwards. */
  async close(): Promise<void> {
    if (this.#leave !== undefined && this.#whole !== undefined) {
      smallFileMemory.release(this.#whole.content);
    }
    this.#leave?.();
    this.#leave = undefined;
    await this.#closeFile();
  }

  #closeFile(): Promise<void> {
    this.#closing ??= this.#file?.close() ?? Promise.resolve();
    return this.#closing;
  }

  async #readAll(): Promise<Buffer> {
    const content = Buffer.allocUnsafeSlow(this.size);
    await this.#read(content, 0);
    // Nothing waits for this; a failure is reported by `close`.
    this.#closeFile().catch(() => undefined);
    return content;
  }

  async #readPiece(start: number, end: number): Promise<Buffer> {
    const piece = memory.take().subarray(0, Math.min(pieceSize, end - start));
    await this.#read(piece, start);
    return piece;
  }

  #changed(): UploadError {
    return new UploadError(
      `${this.path} changed during the upload. Nothing was stored; store it again when it no longer changes.`,
    );
  }
}

/** @returns `undefined` unless it is a small regular file and the thread runs */
async function readWhole(path: string): Promise<WholeFile | undefined> {
  const memory = smallFileMemory.take();
  const read = await fileThread.run('read', { path, memory });
  if (read !== undefined) {
    return { ...read, content: memory.subarray(0, Number(read.state.size)) };
  }
  smallFileMemory.release(memory);
  return undefined;
}

function isSameState(one: FileState, other: FileState): boolean {
  return one.size === other.size && one.mtimeNs === other.mtimeNs && one.ino === other.ino;
}
