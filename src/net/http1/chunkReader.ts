/** Maximum bytes of the line before a chunk, with its extensions. */
const longestLine = 256;

type Expected = 'size' | 'data' | 'end of data' | 'end of body';

/** Parses a body with chunked transfer encoding, piece by piece, in linear time. */
export class ChunkReader {
  readonly #take: (data: Buffer) => void;
  #expected: Expected = 'size';
  /** Bytes of the current chunk that are missing. */
  #missing = 0;
  #line = '';

  /** @param take receives the content */
  constructor(take: (data: Buffer) => void) {
    this.#take = take;
  }

  /**
   * Reads the next piece.
   * @returns the rest of the piece at the end of the body; 'more' when the body is incomplete; 'invalid' for anything that
   * needs a full parser, including trailers
   */
  read(piece: Buffer): Buffer | 'more' | 'invalid' {
    let at = 0;
    while (at < piece.length) {
      if (this.#expected === 'data') {
        const data = piece.subarray(at, at + this.#missing);
        this.#take(data);
        at += data.length;
        this.#missing -= data.length;
        if (this.#missing === 0) this.#expected = 'end of data';
        continue;
      }
      const lineEnd = piece.subarray(at, at + longestLine).indexOf('\n');
      const length = lineEnd < 0 ? Math.min(longestLine, piece.length - at) : lineEnd + 1;
      this.#line += piece.toString('latin1', at, at + length);
      at += length;
      if (!this.#canBecomeLine()) return 'invalid';
      if (lineEnd < 0) continue;
      if (this.#expected === 'end of body') return piece.subarray(at);
      if (!this.#acceptLine()) return 'invalid';
    }
    return 'more';
  }

  #canBecomeLine(): boolean {
    if (this.#line.length > longestLine) return false;
    return this.#expected === 'size'
      ? /^[0-9a-f]/i.test(this.#line)
      : '\r\n'.startsWith(this.#line);
  }

  /** @returns false for a line that is not the size of a chunk */
  #acceptLine(): boolean {
    const line = this.#line;
    this.#line = '';
    if (this.#expected === 'end of data') {
      this.#expected = 'size';
      return true;
    }
    const size = /^([0-9a-f]{1,8})(?:;[\t\x20-\x7e]*)?\r\n$/i.exec(line)?.[1];
    if (size === undefined) return false;
    this.#missing = Number.parseInt(size, 16);
    this.#expected = this.#missing === 0 ? 'end of body' : 'data';
    return true;
  }
}
