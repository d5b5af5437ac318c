import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createNodeFetch } from '../../src/net/nodeFetch.js';
import type { NodeFetch, NodeFetchOptions } from '../../src/net/nodeFetch.js';
import type { WireRequest } from '../../src/net/wireFetch.js';

let server: Server | undefined;
let wire: NodeFetch | undefined;
let useSockets = true;

afterEach(async () => {
  await wire?.close();
  server?.closeAllConnections();
  server?.close();
});

async function listen(answer: RequestListener, options?: NodeFetchOptions) {
  server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { fetch } = (wire = createNodeFetch({ useSockets, ...options }));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return ({ url = origin, ...init }: Partial<WireRequest> & { url?: string } = {}) =>
    fetch(url, {
      method: 'GET',
      headers: new Headers(),
      redirect: 'manual',
      signal: new AbortController().signal,
      ...init,
    });
}

describe.each([
  ['sockets', true],
  ['node:http', false],
])('over %s', (_name, given) => {
  beforeEach(() => {
    useSockets = given;
  });

  test('a request arrives as it was sent', async () => {
    const ask = await listen((request, response) => {
      const { method, headers } = request;
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(201, {
          'x-seen': `${method} ${headers['x-own']?.toString()} ${headers['content-length']}`,
        });
        response.end(body);
      });
    });
    // Without a length of its own, node:http would send the body of a DELETE as none.
    for (const method of ['POST', 'PUT', 'DELETE']) {
      const answer = await ask({ method, headers: new Headers({ 'x-own': 'a' }), body: 'ä' });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('x-seen')).toBe(`${method} a 2`);
      expect(await answer.text()).toBe('ä');
    }
  });

  test('the scheme of an address may be in upper case', async () => {
    const ask = await listen((_request, response) => void response.end('hello'));
    const url = `HTTP://127.0.0.1:${(server?.address() as AddressInfo).port}/`;
    expect(await (await ask({ url })).text()).toBe('hello');
  });

  test('a connection is used again', async () => {
    const ports = new Set<number | undefined>();
    const ask = await listen((request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(307, { location: 'http://elsewhere.test/' }).end();
    });
    for (let round = 0; round < 3; round += 1) {
      const answer = await ask();
      expect([answer.status, answer.headers.get('location')]).toEqual([
        307,
        'http://elsewhere.test/',
      ]);
    }
    expect(ports.size).toBe(1);
  });

  describe('a packed answer', () => {
    const text = 'Größe '.repeat(1000);

    test.each([
      ['gzip', gzipSync(text)],
      ['deflate', deflateSync(text)],
      ['br', brotliCompressSync(text)],
      ['GZIP', gzipSync(text)],
      ['deflate', deflateRawSync(text)],
      ['gzip, br', brotliCompressSync(gzipSync(text))],
      ['identity', Buffer.from(text)],
    ])('%s is unpacked', async (encoding, packed) => {
      const ask = await listen((_request, response) => {
        response.writeHead(200, { 'content-encoding': encoding }).end(packed);
      });
      expect(await (await ask()).text()).toBe(text);
    });

    test('that grows beyond all measure is an error', async () => {
      const bomb = gzipSync(Buffer.alloc(1_000_000));
      const ask = await listen(
        (_request, response) => {
          response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
        },
        { longestBody: 100_000 },
      );
      await expect((await ask()).text()).rejects.toMatchObject({ code: 'ANSWER_TOO_LONG' });
    });

    test('in a way that nobody asked for is an error', async () => {
      const ask = await listen((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'compress' }).end('x');
      });
      await expect((await ask()).text()).rejects.toMatchObject({ code: 'CONTENT_ENCODING' });
    });
  });

  test('an answer without end is an error once it is longer than any is', async () => {
    const ask = await listen(
      (_request, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
          response.once('drain', more);
        };
        more();
      },
      { longestBody: 1_000_000 },
    );
    await expect(ask()).rejects.toMatchObject({ code: 'ANSWER_TOO_LONG' });
  });

  test('an abort ends the request with its reason', async () => {
    const controller = new AbortController();
    const ask = await listen((_request, response) => {
      response.write('half');
      setImmediate(() => controller.abort('enough'));
    });
    await expect(ask({ signal: controller.signal })).rejects.toBe('enough');
    await expect(ask({ signal: controller.signal })).rejects.toBe('enough');
  });

  test('an answer that is cut is an error', async () => {
    const ask = await listen((_request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half');
      setImmediate(() => response.destroy());
    });
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
