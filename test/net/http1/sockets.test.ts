import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ArgumentError } from '../../../src/errors.js';
import { ChunkReader } from '../../../src/net/http1/chunkReader.js';
import { canBecomeHead, parseResponseHead } from '../../../src/net/http1/responseHead.js';
import { StorageWire, type BodySink } from '../../../src/transfer/storageWire.js';
import { runChild } from '../../transfer/runChild.js';
import { cases, chunked, five, ok } from './answers.js';
import { RawServer } from './rawServer.js';

let server: RawServer;
let wire: StorageWire;
beforeEach(async () => {
  server = await RawServer.start();
  wire = new StorageWire({ env: {}, stallTimeout: 5_000 });
});
afterEach(async () => {
  await wire.close();
  await server.close();
});

const sink: BodySink = { head: () => undefined, data: () => undefined };

describe('answers that need the full parser', () => {
  test.each([
    ['HTTP/1.0', { pieces: [`HTTP/1.0 200 OK\r\n${five}hello`], ending: 'close' as const }],
    ['no length', { pieces: [`${ok}\r\nhello`], ending: 'close' as const }],
    ['an early hint', { pieces: [`HTTP/1.1 103 Early Hints\r\n\r\n${ok}${five}hello`] }],
    ['chunks', { pieces: [`${ok}${chunked}5\r\nhello\r\n0\r\n\r\n`] }],
  ])('with %s are asked for twice once, and then once', async (_name, answer) => {
    server.answers = [answer];
    await wire.get(server.url, sink);
    expect(server.requests).toBe(2);
    await wire.get(server.url, sink);
    await wire.get(server.url, sink);
    expect(server.requests).toBe(4);
  });

  test('show their head once', async () => {
    server.answers = [{ pieces: [`${ok}${chunked}5\r\nhello\r\n0\r\n\r\n`] }];
    let heads = 0;
    await wire.get(server.url, { ...sink, head: () => void (heads += 1) });
    expect(heads).toBe(1);
  });
});

test.each([
  ['HTTP/1.0', { pieces: [`HTTP/1.0 200 OK\r\n${five}hello`], ending: 'close' as const }],
  ['an early hint', { pieces: [`HTTP/1.1 103 Early Hints\r\n\r\n${ok}${five}hello`] }],
  ['a trailer', { pieces: [`${ok}${chunked}5\r\nhello\r\n0\r\na: b\r\n\r\n`] }],
])('an upload whose answer has %s is sent once', async (_name, answer) => {
  server.answers = [answer];
  const sent: number[] = [];
  async function* body(): AsyncGenerator<Buffer> {
    for (const text of ['good', 'bye']) yield await Promise.resolve(Buffer.from(text));
  }
  const put = { headers: {}, size: 7, body, onSent: (bytes: number) => void sent.push(bytes) };
  expect((await wire.put(server.url, put)).body).toBe('hello');
  expect([server.requests, sent]).toEqual([1, [4, 3]]);
  expect(server.received).toMatch(/^PUT [^]*goodbye$/);
  await wire.put(server.url, put);
  expect(server.requests).toBe(2);
});

describe('a connection', () => {
  test('keeps no process alive, whatever the answer was', async () => {
    server.answers = cases.map(([, , answer]) => answer);
    const output = await runChild('net/children/readAnswers.ts', [
      server.url,
      String(cases.length),
    ]);
    expect(Number(output)).toBe(cases.length + 4);
  });

  test('is not opened for a user that cannot be decoded', async () => {
    const url = server.url.replace('http://', 'http://%zz@');
    await expect(wire.get(url, sink)).rejects.toThrow(ArgumentError);
    expect(server.sockets.size).toBe(0);
  });

  test('is not opened for an ETag that would end its line', async () => {
    const got = wire.get(server.url, sink, { ifMatch: '"a\r\nhost: b"' });
    await expect(got).rejects.toThrow(ArgumentError);
    expect(server.sockets.size).toBe(0);
  });

  test('that is in use when the client closes ends with its answer', async () => {
    server.answers = [{ pieces: [ok, five, 'hel', 'lo'] }];
    let body = '';
    await wire.get(server.url, {
      head: () => void wire.close(),
      data: (chunk) => void (body += chunk.toString()),
    });
    expect(body).toBe('hello');
    const [socket] = server.sockets;
    if (socket !== undefined) await once(socket, 'close');
    expect(server.sockets.size).toBe(0);
  });

  test('is used for the next request', async () => {
    server.answers = [{ pieces: [`${ok}${five}hello`] }];
    for (let count = 0; count < 3; count += 1) await wire.get(server.url, sink);
    expect(server.sockets.size).toBe(1);
  });
});

test('a TLS session is resumed by the next connection', async () => {
  const tls = join(import.meta.dirname, '../tls');
  const certificate = {
    key: readFileSync(join(tls, 'server.key')),
    cert: readFileSync(join(tls, 'server.pem')),
  };
  const secure = https.createServer(certificate, (_request, response) => {
    response.writeHead(200, { connection: 'close', 'content-length': 5 }).end('hello');
  });
  const resumed: boolean[] = [];
  secure.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
  secure.listen(0, '127.0.0.1');
  await once(secure, 'listening');
  const trusting = new StorageWire({ env: { SSL_CERT_FILE: join(tls, 'ca.pem') } });
  const url = `https://localhost:${(secure.address() as AddressInfo).port}/`;
  for (let count = 0; count < 3; count += 1) await trusting.get(url, sink);
  await trusting.close();
  secure.closeAllConnections();
  secure.close();
  expect(resumed).toEqual([false, true, true]);
});

describe('the time to read grows with the length of', () => {
  const readChunks = (text: string): void => {
    const reader = new ChunkReader(() => undefined);
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 1) reader.read(bytes.subarray(at, at + 1));
  };
  const parse = (text: string): void => void parseResponseHead(`${ok}${text}`);

  test.each<[string, (length: number) => void]>([
    ['spaces', (length) => parse(`a: ${' '.repeat(length)}b\r\n${five}`)],
    ['spaces before a NUL', (length) => parse(`a: ${' '.repeat(length)}\0`)],
    ['a value of spaces and letters', (length) => parse(`a: ${'x '.repeat(length / 2)}\0`)],
    ['a name', (length) => parse(`${'x'.repeat(length)} `)],
    ['a list of headers', (length) => parse('x: y\r\n'.repeat(length / 6))],
    ['half a head', (length) => void canBecomeHead(Buffer.from(ok + '\r'.repeat(length)), 0)],
    ['chunks, byte by byte', (length) => readChunks('1\r\nx\r\n'.repeat(length / 6))],
    [
      'one chunk, byte by byte',
      (length) => readChunks(`${length.toString(16)}\r\n${'x'.repeat(length)}`),
    ],
  ])('%s', (_name, read) => {
    // A quadratic one takes 16 times as long for four times as much.
    const small = fastest(() => read(60_000));
    const large = fastest(() => read(240_000));
    expect(large / Math.max(small, 0.2)).toBeLessThan(10);
  });

  function fastest(work: () => void): number {
    const times = Array.from({ length: 7 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    });
    return Math.min(...times);
  }
});
