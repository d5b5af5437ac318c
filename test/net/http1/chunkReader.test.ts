import { describe, expect, test } from '@jest/globals';
import { ChunkReader } from '../../../src/net/http1/chunkReader.js';

/** Reads pieces of a body. @returns its text, and what the last piece gave */
function readChunks(...pieces: string[]): { text: string; last: string } {
  let text = '';
  let last = '';
  const reader = new ChunkReader((data) => (text += data.toString()));
  for (const piece of pieces) last = reader.read(Buffer.from(piece)).toString();
  return { text, last };
}

describe('chunks', () => {
  const body = '5;x=y\r\nhello\r\n1\r\n!\r\n0\r\n\r\n';

  test('are read in one piece', () => {
    expect(readChunks(body)).toEqual({ text: 'hello!', last: '' });
  });

  test('are read byte by byte', () => {
    expect(readChunks(...body.split(''))).toEqual({ text: 'hello!', last: '' });
  });

  test('are not whole before the last byte', () => {
    for (let length = 1; length < body.length; length += 1) {
      expect(readChunks(body.slice(0, length)).last).toBe('more');
    }
  });

  test('give back what comes after them', () => {
    expect(readChunks(`${body}rest`).last).toBe('rest');
  });

  test.each([
    ['a size that is no number', 'x\r\n'],
    ['a negative size', '-1\r\n'],
    ['a size of too many digits', '123456789\r\n'],
    ['a bare line feed', '5\nhello'],
    ['content beyond the size', '5\r\nhello!\r\n'],
    ['trailers', '0\r\na: b\r\n\r\n'],
    ['an endless line', `5;${'x'.repeat(300)}`],
  ])('with %s are invalid at once', (_name, text) => {
    expect(readChunks(text).last).toBe('invalid');
  });
});
