import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { errorCode } from '../kernel/errorCode.js';
import { lineFrameBytes, noPrevious, sealLine, unsealLine } from './sealedLine.js';

export const headName = 'head.json';

/** Version of the files of a data directory. The first version had no checksums and no head. */
export const format = 2;

/** Bytes of the file. It is always overwritten as a whole. */
const headBytes = 256;

/** What a data directory must contain at least. */
export interface Head {
  /** Id of the data directory. */
  readonly directory: string;
  /** Number of the last record that was written before an answer was sent. */
  readonly records: number;
  /** Checksum of that record. */
  readonly last: string;
  /** Whether files of the first version are being replaced. */
  readonly isMigrating?: boolean;
}

/** Reads the head of a data directory; `undefined` when there is none. */
export function readHead(dataDir: string): Head | 'damaged' | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(dataDir, headName));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  const isWhole = bytes.length === headBytes && bytes[headBytes - 1] === 0x0a;
  const sealed = isWhole ? unsealLine(bytes.subarray(0, -1), '') : undefined;
  return sealed === undefined ? 'damaged' : (sealed.value as Head);
}

/**
 * The file `head.json`: which record is the last one of the journal. It is written after each
 * record and before the answer, so that the end of a journal cannot be lost unnoticed.
 */
export class HeadFile {
  readonly #fd: number;
  readonly #directory: string;

  private constructor(fd: number, directory: string) {
    this.#fd = fd;
    this.#directory = directory;
  }

  /** Replaces the file of a data directory and opens it. */
  static create(dataDir: string, head: Head): HeadFile {
    const file = join(dataDir, headName);
    writeFileSync(`${file}.tmp`, encode(head), { mode: 0o600, flush: true });
    renameSync(`${file}.tmp`, file);
    return HeadFile.open(dataDir, head.directory);
  }

  static open(dataDir: string, directory: string): HeadFile {
    return new HeadFile(openSync(join(dataDir, headName), 'r+'), directory);
  }

  /** Overwrites the file with one call, so that a killed process leaves the old or the new one. */
  write(head: Omit<Head, 'directory'>): void {
    writeSync(this.#fd, encode({ ...head, directory: this.#directory }), 0, headBytes, 0);
  }

  close(): void {
    fsyncSync(this.#fd);
    closeSync(this.#fd);
  }
}

function encode({ directory, records, last, isMigrating }: Head): Buffer {
  const json = JSON.stringify({ format, directory, records, last, isMigrating });
  const padded = json.padEnd(headBytes - lineFrameBytes);
  return sealLine(padded, { directory: '', previous: noPrevious }).line;
}
