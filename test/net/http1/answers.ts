import type { RawAnswer } from './rawServer.js';

/** Each in a packet of its own. */
const bytesOf = (text: string): string[] => text.split('');

export const ok = 'HTTP/1.1 200 OK\r\n';
export const five = 'content-length: 5\r\n\r\n';
export const refused = 'HTTP/1.1 403 Forbidden\r\n';
export const chunked = 'transfer-encoding: chunked\r\n\r\n';

/** What came of it, in short, and the answer. */
export const cases: [name: string, expected: string, answer: RawAnswer][] = [
  // Heads
  ['a length', 'hello', { pieces: [`${ok}${five}hello`] }],
  ['no reason phrase', 'hello', { pieces: [`HTTP/1.1 200\r\n${five}hello`] }],
  ['an empty reason phrase', 'hello', { pieces: [`HTTP/1.1 200 \r\n${five}hello`] }],
  [
    'a partial answer',
    'hello',
    { pieces: [`HTTP/1.1 206 Partial Content\r\ncontent-range: bytes 0-4/9\r\n${five}hello`] },
  ],
  ['a head in two packets', 'hello', { pieces: [ok, `${five}hello`] }],
  [
    'a head that ends in the middle of a line end',
    'hello',
    { pieces: [`${ok}content-length: 5\r`, '\n\r\nhello'] },
  ],
  ['a head byte by byte', 'hello', { pieces: [...bytesOf(`${ok}${five}hello`)] }],
  ['spaces around a value', 'hello', { pieces: [`${ok}etag: \t "x" \t \r\n${five}hello`] }],
  ['no space before a value', 'hello', { pieces: [`${ok}etag:"x"\r\n${five}hello`] }],
  ['an empty value', 'hello', { pieces: [`${ok}x-empty:\r\n${five}hello`] }],
  ['a value of latin1', 'hello', { pieces: [`${ok}x-name: gr\u00fc\u00df\r\n${five}hello`] }],
  [
    'a header twice',
    'hello',
    { pieces: [`${ok}x-goog-hash: a\r\nx-goog-hash: b\r\n${five}hello`] },
  ],
  ['an etag twice', 'hello', { pieces: [`${ok}etag: "a"\r\netag: "b"\r\n${five}hello`] }],
  ['two cookies', 'hello', { pieces: [`${ok}set-cookie: a=1\r\nset-cookie: b=2\r\n${five}hello`] }],
  [
    'a header named as a member of objects',
    'hello',
    { pieces: [`${ok}constructor: x\r\n${five}hello`] },
  ],
  ['a folded line', 'NetworkError', { pieces: [`${ok}x-long: a\r\n b\r\n${five}hello`] }],
  ['a space before a colon', 'NetworkError', { pieces: [`${ok}etag : "x"\r\n${five}hello`] }],
  ['a line without a colon', 'NetworkError', { pieces: [`${ok}nonsense\r\n${five}hello`] }],
  ['a line that starts with a colon', 'NetworkError', { pieces: [`${ok}: x\r\n${five}hello`] }],
  ['a NUL in a value', 'NetworkError', { pieces: [`${ok}etag: a\0b\r\n${five}hello`] }],
  [
    'a NUL after many spaces',
    'NetworkError',
    { pieces: [`${ok}etag: ${' '.repeat(9_000)}\0\r\n${five}hello`] },
  ],
  [
    'another control character in a value',
    'NetworkError',
    { pieces: [`${ok}etag: a\x01b\r\n${five}hello`] },
  ],
  ['a carriage return in a value', 'NetworkError', { pieces: [`${ok}etag: a\rb\r\n${five}hello`] }],
  ['line feeds alone', 'NetworkError', { pieces: ['HTTP/1.1 200 OK\ncontent-length: 5\n\nhello'] }],
  ['one line feed alone', 'NetworkError', { pieces: [`${ok}a: b\n${five}hello`] }],
  ['a long head', 'hello', { pieces: [`${ok}x-long: ${'x'.repeat(12_000)}\r\n${five}hello`] }],
  [
    'a huge head',
    'NetworkError',
    { pieces: [`${ok}x-long: ${'x'.repeat(70_000)}\r\n${five}hello`] },
  ],
  ['a head without end', 'NetworkError', { pieces: [`${ok}x-long: ${'x'.repeat(70_000)}`] }],
  [
    'many headers',
    'hello',
    {
      pieces: [
        `${ok}${Array.from({ length: 300 }, (_, at) => `x-${at}: ${at}\r\n`).join('')}${five}hello`,
      ],
    },
  ],

  // Protocols and statuses
  [
    'HTTP/1.0 with a length',
    'hello',
    { pieces: [`HTTP/1.0 200 OK\r\n${five}hello`], ending: 'close' },
  ],
  [
    'HTTP/1.0 without a length',
    'hello',
    { pieces: ['HTTP/1.0 200 OK\r\n\r\nhello'], ending: 'close' },
  ],
  ['HTTP/2', 'NetworkError', { pieces: [`HTTP/2 200 OK\r\n${five}hello`] }],
  ['another protocol', 'NetworkError', { pieces: ['220 ftp.example.org FTP server ready\r\n'] }],
  ['no protocol', 'NetworkError', { pieces: ['hello'] }],
  ['a status of two digits', 'NetworkError', { pieces: [`HTTP/1.1 20 OK\r\n${five}hello`] }],
  ['a status of four digits', 'NetworkError', { pieces: [`HTTP/1.1 2000 OK\r\n${five}hello`] }],
  ['a status of no meaning', 'HTTP 599 hello', { pieces: [`HTTP/1.1 599 Odd\r\n${five}hello`] }],
  [
    '100 before the answer',
    'hello',
    { pieces: [`HTTP/1.1 100 Continue\r\n\r\n${ok}${five}hello`] },
  ],
  [
    '103 before the answer',
    'hello',
    { pieces: [`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${ok}${five}hello`] },
  ],
  [
    '103 in a packet of its own',
    'hello',
    { pieces: ['HTTP/1.1 103 Early Hints\r\n\r\n', `${ok}${five}hello`] },
  ],
  ['204', '', { pieces: ['HTTP/1.1 204 No Content\r\n\r\n'] }],
  ['304', 'HTTP 304', { pieces: ['HTTP/1.1 304 Not Modified\r\n\r\n'] }],
  ['empty lines before the answer', 'hello', { pieces: [`\r\n\r\n${ok}${five}hello`] }],

  // Lengths
  ['a length of zero', '', { pieces: [`${ok}content-length: 0\r\n\r\n`] }],
  ['a length with zeros before', 'hello', { pieces: [`${ok}content-length: 005\r\n\r\nhello`] }],
  ['a body byte by byte', 'hello', { pieces: [`${ok}${five}`, ...bytesOf('hello')] }],
  ['a body that ends early', 'NetworkError', { pieces: [`${ok}${five}hell`], ending: 'close' }],
  ['a body that stops', 'TimeoutError', { pieces: [`${ok}${five}hell`] }],
  ['no length, to the end', 'hello', { pieces: [`${ok}\r\nhello`], ending: 'close' }],
  ['no length, reset', 'NetworkError', { pieces: [`${ok}\r\nhello`], ending: 'reset' }],
  ['the same length twice', 'NetworkError', { pieces: [`${ok}content-length: 5\r\n${five}hello`] }],
  ['two lengths', 'NetworkError', { pieces: [`${ok}content-length: 4\r\n${five}hello`] }],
  ['a list of lengths', 'NetworkError', { pieces: [`${ok}content-length: 5, 5\r\n\r\nhello`] }],
  ['a negative length', 'NetworkError', { pieces: [`${ok}content-length: -5\r\n\r\nhello`] }],
  ['a signed length', 'NetworkError', { pieces: [`${ok}content-length: +5\r\n\r\nhello`] }],
  ['a hexadecimal length', 'NetworkError', { pieces: [`${ok}content-length: 0x5\r\n\r\nhello`] }],
  ['an empty length', 'NetworkError', { pieces: [`${ok}content-length:\r\n\r\nhello`] }],
  [
    'a length beyond 2^64',
    'NetworkError',
    { pieces: [`${ok}content-length: 99999999999999999999\r\n\r\nhello`] },
  ],
  [
    'a length beyond 2^53, ending early',
    'NetworkError',
    { pieces: [`${ok}content-length: 9007199254740993\r\n\r\nhello`], ending: 'close' },
  ],
  [
    'a length and chunks',
    'NetworkError',
    { pieces: [`${ok}content-length: 5\r\n${chunked}5\r\nhello\r\n0\r\n\r\n`] },
  ],

  // Chunks of a file
  ['chunks', 'hello', { pieces: [`${ok}${chunked}5\r\nhello\r\n0\r\n\r\n`] }],
  [
    'chunks byte by byte',
    'hello',
    { pieces: [`${ok}${chunked}`, ...bytesOf('2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n')] },
  ],
  [
    'chunks that end early',
    'NetworkError',
    { pieces: [`${ok}${chunked}5\r\nhello\r\n`], ending: 'close' },
  ],
  ['chunks of no size', 'NetworkError', { pieces: [`${ok}${chunked}x\r\nhello\r\n0\r\n\r\n`] }],
  [
    'gzip and chunks',
    'hello',
    { pieces: [`${ok}transfer-encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`] },
  ],

  // Chunks of a reason
  [
    'a reason in chunks',
    'HTTP 403 hello',
    { pieces: [`${refused}${chunked}5\r\nhello\r\n0\r\n\r\n`] },
  ],
  [
    'a reason in capital sizes',
    'HTTP 403 hello world',
    { pieces: [`${refused}${chunked}B\r\nhello world\r\n0\r\n\r\n`] },
  ],
  [
    'a reason in chunks, byte by byte',
    'HTTP 403 hello',
    { pieces: [`${refused}${chunked}`, ...bytesOf('2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n')] },
  ],
  [
    'a reason with trailers',
    'HTTP 403 hello',
    { pieces: [`${refused}${chunked}5\r\nhello\r\n0\r\nx-md5: 1\r\n\r\n`] },
  ],
  [
    'a reason with chunks of no size',
    'NetworkError',
    { pieces: [`${refused}${chunked}x\r\nhello\r\n0\r\n\r\n`] },
  ],
  [
    'a reason with a negative size',
    'NetworkError',
    { pieces: [`${refused}${chunked}-5\r\nhello\r\n0\r\n\r\n`] },
  ],
  [
    'a reason with a huge size',
    'NetworkError',
    { pieces: [`${refused}${chunked}fffffffffffffffff\r\nhello`] },
  ],
  [
    'a reason with line feeds alone',
    'NetworkError',
    { pieces: [`${refused}${chunked}5\nhello\n0\n\n`] },
  ],
  [
    'a reason longer than its chunk',
    'NetworkError',
    { pieces: [`${refused}${chunked}4\r\nhello\r\n0\r\n\r\n`] },
  ],
  [
    'a reason in chunks that ends early',
    'NetworkError',
    { pieces: [`${refused}${chunked}5\r\nhel`], ending: 'close' },
  ],
  ['a reason in chunks that stops', 'TimeoutError', { pieces: [`${refused}${chunked}5\r\nhel`] }],
  ['a reason with a length', 'HTTP 403 hello', { pieces: [`${refused}${five}hello`] }],
  [
    'a reason without a length',
    'HTTP 403 hello',
    { pieces: [`${refused}\r\nhello`], ending: 'close' },
  ],
  [
    'a time to wait',
    'HTTP 503 hello',
    { pieces: [`HTTP/1.1 503 Slow Down\r\nretry-after: 3\r\n${five}hello`] },
  ],

  // Connections
  [
    'a connection that is closed after the answer',
    'hello',
    { pieces: [`${ok}connection: close\r\n${five}hello`], ending: 'close' },
  ],
  [
    'a connection that says close and stays',
    'hello',
    { pieces: [`${ok}connection: close\r\n${five}hello`] },
  ],
  [
    'a connection that closes without a word',
    'hello',
    { pieces: [`${ok}${five}hello`], ending: 'close' },
  ],
  ['bytes after the answer', 'hello', { pieces: [`${ok}${five}hello, world`] }],
  ['another answer after the answer', 'hello', { pieces: [`${ok}${five}hello${ok}${five}again`] }],
  ['bytes after the answer, later', 'hello', { pieces: [`${ok}${five}hello`, 'more'] }],
  ['bytes after 204', '', { pieces: ['HTTP/1.1 204 No Content\r\n\r\nhello'] }],
  ['nothing', 'TimeoutError', { pieces: [] }],
  ['nothing, and the end', 'NetworkError', { pieces: [], ending: 'close' }],
  ['nothing, and a reset', 'NetworkError', { pieces: [], ending: 'reset' }],
  ['half a head that stops', 'TimeoutError', { pieces: ['HTTP/1.1 200 OK\r\ncontent-le'] }],
];
