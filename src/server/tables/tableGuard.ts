import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';

import { lineFrameBytes, noPrevious, sealLine, unsealLine } from '../state/sealedLine.js';
import { hashPages, readPageHashes, writePageHashes } from './pageHashes.js';
import { WalFile } from './walFile.js';
import { noWal, type WalPosition } from './walPosition.js';

/** Name of the SQLite file in a data directory. */
export const tablesName = 'tables.sqlite';

/** Bytes of the file with the position. It is always overwritten as a whole. */
const positionBytes = 256;

/** Frames in the log at which they are moved into the database: 4 MiB, as SQLite does by default. */
const framesToMove = 1000;

/** Paths of the files that guard a SQLite file. */
export function guardFiles(file: string): { pages: string; position: string } {
  return { pages: `${file}-pages`, position: `${file}-head` };
}

/**
 * Guards a SQLite file, which has no checksums of its own, against changes that its server did not
 * make. `<file>-pages` has a hash of each page; `<file>-head` names the last transaction in the log
 * that was committed before an answer was sent.
 */
export class TableGuard {
  readonly #file: string;
  readonly #wal: WalFile;
  readonly #fd: number;
  #hashes: Buffer[];
  #written: WalPosition;

  private constructor(file: string, hashes: readonly Buffer[], position: WalPosition) {
    this.#file = file;
    this.#hashes = [...hashes];
    this.#written = position;
    this.#wal = new WalFile(`${file}-wal`);
    this.#fd = openSync(guardFiles(file).position, 'r+');
  }

  /** Creates the guard of a file that is about to be created, or of one that has none yet. */
  static prepare(file: string): void {
    const paths = guardFiles(file);
    const hashes = existsSync(file) ? hashPages(file) : [];
    const wal = new WalFile(`${file}-wal`);
    wal.advance();
    wal.close();
    writePageHashes(paths.pages, { includes: noWal, hashes });
    writeFileSync(`${paths.position}.tmp`, encode(wal.position), { mode: 0o600, flush: true });
    renameSync(`${paths.position}.tmp`, paths.position);
  }

  /** Opens the guard of an open SQLite file. */
  static open(file: string): TableGuard {
    const pages = readPageHashes(guardFiles(file).pages);
    const position = readPosition(file);
    if (typeof pages !== 'object' || typeof position !== 'object') {
      throw new Error(`${file} has no guard files`);
    }
    // A new file has a first page that is not in the log.
    const isNew = pages.hashes.length === 0;
    const hashes = isNew ? hashPages(file) : pages.hashes;
    if (isNew) writePageHashes(guardFiles(file).pages, { includes: pages.includes, hashes });
    return new TableGuard(file, hashes, position);
  }

  /** Records a committed transaction, before it is answered. @returns whether the log is long */
  noteCommit(): boolean {
    this.#wal.advance();
    const { position } = this.#wal;
    if (position.frames > 0 && !isSame(position, this.#written)) {
      writeSync(this.#fd, encode(position), 0, positionBytes, 0);
      this.#written = position;
    }
    return position.frames >= framesToMove;
  }

  /** Must be called before the log is moved into the database. */
  noteMove(): void {
    this.noteCommit();
    const { pages, pageCount, position } = this.#wal;
    if (position.frames === 0) return;
    this.#hashes.length = Math.min(this.#hashes.length, pageCount);
    for (const [page, hash] of pages) {
      if (page <= pageCount) this.#hashes[page - 1] = hash;
    }
    const { pages: path } = guardFiles(this.#file);
    writePageHashes(path, { includes: position, hashes: this.#hashes });
  }

  close(): void {
    this.#wal.close();
    closeSync(this.#fd);
  }
}

/** The last transaction that was answered; `undefined` when the file is missing. */
export function readPosition(file: string): WalPosition | 'damaged' | undefined {
  const { position } = guardFiles(file);
  if (!existsSync(position)) {
    return undefined;
  }
  const bytes = readFileSync(position);
  const isWhole = bytes.length === positionBytes && bytes[positionBytes - 1] === 0x0a;
  const sealed = isWhole ? unsealLine(bytes.subarray(0, -1), '') : undefined;
  return sealed === undefined ? 'damaged' : (sealed.value as WalPosition);
}

/** Removes a file with its log and its guard. */
export function removeGuarded(file: string): void {
  const { pages, position } = guardFiles(file);
  for (const path of [file, `${file}-wal`, `${file}-journal`, pages, position]) {
    rmSync(path, { force: true });
  }
}

export function isSame(one: WalPosition, other: WalPosition): boolean {
  return one.salt === other.salt && one.frames === other.frames && one.check === other.check;
}

function encode(position: WalPosition): Buffer {
  const json = JSON.stringify(position).padEnd(positionBytes - lineFrameBytes);
  return sealLine(json, { directory: '', previous: noPrevious }).line;
}
