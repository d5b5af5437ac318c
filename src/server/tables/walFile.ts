import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

import { hashPage } from './pageHashes.js';
import { noWal, type WalPosition } from './walPosition.js';

/** Bytes of the header of a log, and of the header of each frame. */
const headerBytes = 32;
const frameHeaderBytes = 24;
/** Frames that are read at a time. */
const framesAtOnce = 64;
/** `magic` of a log whose checksums read words as little-endian; 1 more for big-endian. */
const magic = 0x377f0682;

interface Checksum {
  readonly a: number;
  readonly b: number;
}

/**
 * The write-ahead log of a SQLite file, read in its documented format
 * (https://www.sqlite.org/fileformat2.html#walformat): which pages its committed transactions
 * contain. Like SQLite, it stops at the first frame whose checksum does not match.
 */
export class WalFile {
  /** Hash of the last committed content of each page. */
  readonly pages = new Map<number, Buffer>();
  /** Pages of the database after the last committed transaction. */
  pageCount = 0;
  readonly #path: string;
  #fd: number | undefined;
  #salt = '';
  #isLittleEndian = true;
  #pageSize = 0;
  #frames = 0;
  #sum: Checksum = { a: 0, b: 0 };
  #committed = noWal;
  /** Checksums of the committed frames, where transactions end. */
  readonly #commits = new Map<number, string>();
  #pending: [page: number, hash: Buffer][] = [];
  #buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** The last committed transaction. */
  get position(): WalPosition {
    return this.#committed;
  }

  /** Whether a position is the end of a committed transaction in this log. */
  includes({ salt, frames, check }: WalPosition): boolean {
    return salt === this.#salt && this.#commits.get(frames) === check;
  }

  /** Reads what was appended since the last call. */
  advance(): void {
    if (this.#fd === undefined) {
      if (!existsSync(this.#path)) return;
      this.#fd = openSync(this.#path, 'r');
    }
    this.#readHeader(this.#fd);
    if (this.#pageSize === 0) return;
    const frameBytes = frameHeaderBytes + this.#pageSize;
    if (this.#buffer.length === 0) this.#buffer = Buffer.alloc(frameBytes * framesAtOnce);
    const buffer = this.#buffer;
    // Frames after the last commit are read again: SQLite overwrites those of a rollback.
    this.#rewind();
    for (;;) {
      const position = headerBytes + this.#frames * frameBytes;
      const length = readSync(this.#fd, buffer, 0, buffer.length, position);
      const whole = Math.floor(length / frameBytes);
      for (let at = 0; at < whole; at += 1) {
        if (!this.#takeFrame(buffer.subarray(at * frameBytes, (at + 1) * frameBytes))) return;
      }
      if (whole < framesAtOnce) return;
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #readHeader(fd: number): void {
    const header = Buffer.alloc(headerBytes);
    const isThere =
      fstatSync(fd).size >= headerBytes && readSync(fd, header, 0, headerBytes, 0) === headerBytes;
    const salt = isThere ? header.toString('hex', 16, 24) : '';
    if (salt === this.#salt) return;
    this.#reset();
    const kind = header.readUInt32BE(0) - magic;
    if (!isThere || (kind !== 0 && kind !== 1)) return;
    this.#isLittleEndian = kind === 0;
    const sum = this.#add({ a: 0, b: 0 }, header.subarray(0, 24));
    if (encodeSum(sum) !== header.toString('hex', 24, 32)) return;
    this.#sum = sum;
    this.#salt = salt;
    this.#pageSize = header.readUInt32BE(8);
  }

  #reset(): void {
    this.#salt = '';
    this.#pageSize = 0;
    this.#frames = 0;
    this.#committed = noWal;
    this.#commits.clear();
    this.#pending = [];
    this.#buffer = Buffer.alloc(0);
    this.pages.clear();
    this.pageCount = 0;
  }

  #rewind(): void {
    this.#pending = [];
    if (this.#committed.frames === 0) {
      this.#salt = '';
      if (this.#fd !== undefined) this.#readHeader(this.#fd);
      this.#frames = 0;
    } else {
      this.#frames = this.#committed.frames;
      this.#sum = decodeSum(this.#committed.check);
    }
  }

  /** @returns false at the end of the valid frames */
  #takeFrame(frame: Buffer): boolean {
    const content = frame.subarray(frameHeaderBytes);
    const sum = this.#add(this.#add(this.#sum, frame.subarray(0, 8)), content);
    const check = frame.toString('hex', 16, 24);
    if (frame.toString('hex', 8, 16) !== this.#salt || encodeSum(sum) !== check) return false;
    this.#sum = sum;
    this.#frames += 1;
    this.#pending.push([frame.readUInt32BE(0), hashPage(content)]);
    const pageCount = frame.readUInt32BE(4);
    if (pageCount > 0) {
      for (const [page, hash] of this.#pending) this.pages.set(page, hash);
      this.#pending = [];
      this.pageCount = pageCount;
      this.#committed = { salt: this.#salt, frames: this.#frames, check };
      this.#commits.set(this.#frames, check);
    }
    return true;
  }

  #add({ a, b }: Checksum, bytes: Buffer): Checksum {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let [first, second] = [a, b];
    for (let at = 0; at < bytes.length; at += 8) {
      first = (first + view.getUint32(at, this.#isLittleEndian) + second) >>> 0;
      second = (second + view.getUint32(at + 4, this.#isLittleEndian) + first) >>> 0;
    }
    return { a: first, b: second };
  }
}

function encodeSum({ a, b }: Checksum): string {
  return [a, b].map((word) => word.toString(16).padStart(8, '0')).join('');
}

function decodeSum(check: string): Checksum {
  return { a: parseInt(check.slice(0, 8), 16), b: parseInt(check.slice(8), 16) };
}
