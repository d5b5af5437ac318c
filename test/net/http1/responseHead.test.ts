import { describe, expect, test } from '@jest/globals';
import { parseResponseHead } from '../../../src/net/http1/responseHead.js';

describe('the head of an answer', () => {
  test('of the plain kind is read', () => {
    const text =
      'HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nETag:  "x" \r\nA: 1\r\na: 2\r\nConnection: Close';
    expect(parseResponseHead(text)).toEqual({
      status: 206,
      headers: { 'content-length': '5', etag: '"x"', a: '1, 2', connection: 'Close' },
      length: 5,
      keepAlive: false,
    });
  });

  test.each([
    ['another protocol', 'HTTP/1.0 200 OK\r\ncontent-length: 1'],
    ['no protocol', 'hello'],
    ['an interim answer', 'HTTP/1.1 103 Early Hints'],
    ['no length', 'HTTP/1.1 200 OK'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\nContent-Length: 2'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -1'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked'],
    ['another encoding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked'],
    ['a folded line', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\n folded'],
    ['a space before the colon', 'HTTP/1.1 200 OK\r\ncontent-length : 1'],
    ['a bare line end', 'HTTP/1.1 200 OK\r\ncontent-length: 1\na: b'],
  ])('with %s is left to others', (_name, text) => {
    expect(parseResponseHead(text)).toBeUndefined();
  });
});
