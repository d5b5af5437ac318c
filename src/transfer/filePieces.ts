import type { FileHandle } from 'node:fs/promises';
import type { ByteRange } from './partPlan.js';

const pieceSize = 1024 * 1024;

/** Memory for pieces, used again and again: uploads need no more of it for larger files. */
const spare: Buffer[] = [];
const mostSpare = 32;

/**
 * Reads a range of a file in pieces of one mebibyte. While one piece is in use the next one is
 * read. A piece is good until the next one is asked for.
 * @throws the error of `cut` when the file ends before the range does
 */
export async function* filePieces(
  file: FileHandle,
  range: ByteRange,
  cut: () => Error,
): AsyncGenerator<Buffer, void, undefined> {
  const read = async (position: number): Promise<Buffer> => {
    const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(pieceSize);
    const length = Math.min(pieceSize, range.end - position);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
      if (bytesRead === 0) throw cut();
      filled += bytesRead;
    }
    return buffer.subarray(0, length);
  };
  let position = range.start;
  let next: Promise<Buffer> | undefined;
  let current: Buffer | undefined;
  try {
    if (position < range.end) next = read(position);
    while (next !== undefined) {
      current = await next;
      position += current.length;
      next = position < range.end ? read(position) : undefined;
      // Only whoever asks for the next piece meets its failure.
      next?.catch(() => undefined);
      yield current;
      giveBack(current);
      current = undefined;
    }
  } finally {
    if (current !== undefined) giveBack(current);
    const unused = await next?.catch(() => undefined);
    if (unused !== undefined) giveBack(unused);
  }
}

function giveBack(piece: Buffer): void {
  if (spare.length < mostSpare) spare.push(Buffer.from(piece.buffer, 0, pieceSize));
}
