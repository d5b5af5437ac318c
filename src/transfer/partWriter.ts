import type { FileHandle } from 'node:fs/promises';

/** Bytes up to which small pieces are combined into one write. */
const batchSize = 512 * 1024;

/** Maximum number of pending writes before the caller has to wait. */
const maximumWrites = 2;

/** Writes pieces to a file, starting at a given position. */
export class PartWriter {
  readonly #file: FileHandle;
  readonly #writes = new Set<Promise<void>>();
  #pieces: Buffer[] = [];
  #releases: (() => void)[] = [];
  #gathered = 0;
  /** The position of the next piece. */
  #position: number;
  #failure: { error: unknown } | undefined;

  constructor(file: FileHandle, position: number) {
    this.#file = file;
    this.#position = position;
  }

  /**
   * Writes a piece.
   * @param release called when the piece is in the file
   * @returns a promise to wait for when too many writes are pending
   * @throws the error of an earlier write
   */
  push(piece: Buffer, release: () => void): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error;
    this.#pieces.push(piece);
    this.#releases.push(release);
    this.#gathered += piece.length;
    if (this.#gathered < batchSize) return undefined;
    this.#write();
    return this.#writes.size < maximumWrites ? undefined : Promise.race(this.#writes);
  }

  /** Waits until all pieces are written. */
  async flush(): Promise<void> {
    if (this.#gathered > 0) this.#write();
    await Promise.all(this.#writes);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #write(): void {
    const pieces = this.#pieces;
    const releases = this.#releases;
    const position = this.#position;
    this.#position += this.#gathered;
    this.#pieces = [];
    this.#releases = [];
    this.#gathered = 0;
    const write = writeAll(this.#file, pieces, position)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#writes.delete(write);
        for (const release of releases) release();
      });
    this.#writes.add(write);
  }
}

/** `writev` may write less than it was given, such as when the disk is nearly full. */
async function writeAll(file: FileHandle, pieces: Buffer[], start: number): Promise<void> {
  let position = start;
  let rest = pieces;
  while (rest.length > 0) {
    const { bytesWritten } = await file.writev(rest, position);
    if (bytesWritten === 0) throw Object.assign(new Error('Nothing was written'), { code: 'EIO' });
    position += bytesWritten;
    rest = skipBytes(rest, bytesWritten);
  }
}

function skipBytes(pieces: Buffer[], count: number): Buffer[] {
  let skip = count;
  let first = 0;
  for (const piece of pieces) {
    if (piece.length > skip) break;
    skip -= piece.length;
    first += 1;
  }
  const rest = pieces.slice(first);
  if (skip > 0 && rest[0] !== undefined) rest[0] = rest[0].subarray(skip);
  return rest;
}
