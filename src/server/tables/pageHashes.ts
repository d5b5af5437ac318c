import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  writeFileSync,
} from 'node:fs';

import { noPrevious, sealLine, unsealLine } from '../state/sealedLine.js';
import type { WalPosition } from './walPosition.js';

/** Bytes of the hash of a page. */
const hashBytes = 8;
const readPages = 256;

/** Bytes of a page: the default of SQLite. */
export const pageBytes = 4096;

/** The hashes of all pages of a SQLite file. */
export interface PageHashes {
  /** The log up to which the hashes include the transactions. */
  readonly includes: WalPosition;
  readonly hashes: readonly Buffer[];
}

export function hashPage(page: Buffer): Buffer {
  return createHash('sha256').update(page).digest().subarray(0, hashBytes);
}

/** Replaces the file in one step. */
export function writePageHashes(path: string, { includes, hashes }: PageHashes): void {
  const bytes = Buffer.concat(hashes);
  const header = { pages: hashes.length, includes, digest: digestOf(bytes) };
  const { line } = sealLine(JSON.stringify(header), { directory: '', previous: noPrevious });
  writeFileSync(`${path}.tmp`, Buffer.concat([line, bytes]), { mode: 0o600, flush: true });
  renameSync(`${path}.tmp`, path);
}

/** Reads the file; `undefined` when it is missing. */
export function readPageHashes(path: string): PageHashes | 'damaged' | undefined {
  if (!existsSync(path)) {
    return undefined;
  }
  const content = readFileSync(path);
  const end = content.indexOf(0x0a);
  const sealed = end < 0 ? undefined : unsealLine(content.subarray(0, end), '');
  const header = sealed?.value as
    { pages: number; includes: WalPosition; digest: string } | undefined;
  const bytes = content.subarray(end + 1);
  if (header === undefined || digestOf(bytes) !== header.digest) {
    return 'damaged';
  }
  const hashes = Array.from({ length: header.pages }, (_, at) =>
    bytes.subarray(at * hashBytes, (at + 1) * hashBytes),
  );
  return { includes: header.includes, hashes };
}

/** The hashes of the pages of a SQLite file as it is. An incomplete last page has one, too. */
export function hashPages(path: string): Buffer[] {
  const hashes: Buffer[] = [];
  const fd = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(pageBytes * readPages);
    for (let position = 0; ;) {
      const length = readSync(fd, buffer, 0, buffer.length, position);
      if (length === 0) return hashes;
      for (let at = 0; at < length; at += pageBytes) {
        hashes.push(hashPage(buffer.subarray(at, Math.min(at + pageBytes, length))));
      }
      position += length;
    }
  } finally {
    closeSync(fd);
  }
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
