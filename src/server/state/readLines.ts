import { readSync } from 'node:fs';

const readChunkBytes = 1024 * 1024;
const lineFeed = 0x0a;

/** A line of a file. */
export interface Line {
  /** Without the line feed. */
  readonly bytes: Buffer;
  /** Offset of its first byte. */
  readonly start: number;
  /** Offset of the byte after it and its line feed. */
  readonly end: number;
  /** Whether it ends with a line feed. Only the last line of a file may not. */
  readonly isEnded: boolean;
}

/** Reads a file line by line, without decoding it: offsets are in bytes. */
export function* readLines(fd: number): IterableIterator<Line> {
  const chunk = Buffer.alloc(readChunkBytes);
  let position = 0;
  let pieces: Buffer[] = [];
  let start = 0;
  for (;;) {
    const length = readSync(fd, chunk, 0, chunk.length, position);
    if (length === 0) {
      break;
    }
    position += length;
    let from = 0;
    for (;;) {
      const at = chunk.subarray(0, length).indexOf(lineFeed, from);
      // Copied, because the chunk is overwritten.
      pieces.push(Buffer.from(chunk.subarray(from, at < 0 ? length : at)));
      if (at < 0) {
        break;
      }
      const bytes = joined(pieces);
      const end = start + bytes.length + 1;
      yield { bytes, start, end, isEnded: true };
      pieces = [];
      start = end;
      from = at + 1;
    }
  }
  const bytes = joined(pieces);
  if (bytes.length > 0) {
    yield { bytes, start, end: start + bytes.length, isEnded: false };
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only = Buffer.alloc(0)] = pieces;
  return pieces.length > 1 ? Buffer.concat(pieces) : only;
}
