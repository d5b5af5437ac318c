import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { connect, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { inspect } from 'node:util';
import { DownloadError, NetworkError } from '../../src/errors.js';
import { systemClock } from '../../src/net/clock.js';
import { createHttp } from '../../src/api/createHttp.js';
import { downloadFile } from './transfers.js';
import { startServer } from '../api/scriptedServer.js';
import { proxyFor } from '../../src/net/proxyFor.js';
import { FileHandleBatch } from '../../src/storages/synapse/fileHandleBatch.js';
import { StorageWire, type StorageWireOptions } from '../../src/transfer/storageWire.js';

const tls = join(import.meta.dirname, '../net/tls');
const certificate = {
  key: readFileSync(join(tls, 'server.key')),
  cert: readFileSync(join(tls, 'server.pem')),
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: http.Server | https.Server): Promise<number> {
  await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

function wire(options: StorageWireOptions = {}): StorageWire {
  const created = new StorageWire({ env: {}, stallTimeout: 5_000, ...options });
  closers.push(() => created.close());
  return created;
}

async function read(from: StorageWire, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  await from.get(url, { head: () => undefined, data: (chunk) => void chunks.push(chunk) });
  return Buffer.concat(chunks).toString();
}

const hello: http.RequestListener = (_request, response) => void response.end('hello');

describe('https', () => {
  let port: number;
  beforeEach(async () => {
    port = await listen(
      https.createServer(certificate, (request, response) => {
        if (request.url?.startsWith('/down') === true)
          response.writeHead(302, { location: 'http://127.0.0.1:1/' });
        if (request.url === '/stay') response.writeHead(302, { location: '/end' });
        response.end('secure');
      }),
    );
  });

  test('trusts the certificates that SSL_CERT_FILE names', async () => {
    const trusting = wire({ env: { SSL_CERT_FILE: join(tls, 'ca.pem') } });
    expect(await read(trusting, `https://localhost:${port}/`)).toBe('secure');
    expect(await read(trusting, `https://localhost:${port}/stay`)).toBe('secure');
  });

  test('does not trust others', async () => {
    await expect(read(wire(), `https://localhost:${port}/`)).rejects.toThrow(NetworkError);
  });

  test('is not left for http', async () => {
    const trusting = wire({ env: { SSL_CERT_FILE: join(tls, 'ca.pem') } });
    const result = read(trusting, `https://localhost:${port}/down?X-Amz-Signature=secret`);
    await expect(result).rejects.toThrow(DownloadError);
    await expect(result).rejects.toThrow(/from https to http/);
    await expect(result).rejects.not.toThrow(/secret/);
  });
});

describe('a proxy', () => {
  test('carries only what the environment sends through it', async () => {
    const seen: http.IncomingHttpHeaders[] = [];
    const port = await listen(
      http.createServer((request, response) => {
        seen.push(request.headers);
        response.end('hello');
      }),
    );
    const asked: string[] = [];
    const proxy = http.createServer();
    proxy.on('connect', (request: http.IncomingMessage, client) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
      const upstream = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    const proxyPort = await listen(proxy);
    const env = { HTTP_PROXY: `http://user:pass@127.0.0.1:${proxyPort}`, no_proxy: 'direct.test' };
    expect(await read(wire({ env }), `http://store.test:${port}/x`)).toBe('hello');
    const credentials = Buffer.from('user:pass').toString('base64');
    expect(asked).toEqual([`store.test:${port} Basic ${credentials}`]);
    expect(seen[0]?.['proxy-authorization']).toBeUndefined();
  });

  test.each([
    ['http://h/', {}, undefined],
    ['http://h/', { http_proxy: 'http://p:1' }, 'http://p:1'],
    ['http://h/', { HTTP_PROXY: 'p:1' }, 'http://p:1'],
    ['http://h/', { http_proxy: 'http://low', HTTP_PROXY: 'http://up' }, 'http://low'],
    ['http://h/', { http_proxy: ' ' }, undefined],
    ['https://h/', { http_proxy: 'http://p' }, undefined],
    ['https://h/', { https_proxy: 'http://p' }, 'http://p'],
    ['http://h/', { http_proxy: 'http://p', no_proxy: '*' }, undefined],
    ['http://a.b.c/', { http_proxy: 'http://p', no_proxy: 'x, b.c' }, undefined],
    ['http://ab.c/', { http_proxy: 'http://p', no_proxy: 'b.c' }, 'http://p'],
    ['http://a.b.c/', { http_proxy: 'http://p', NO_PROXY: '.b.c' }, undefined],
    ['http://h:8080/', { http_proxy: 'http://p', no_proxy: 'h:80' }, 'http://p'],
    ['http://h/', { http_proxy: 'http://p', no_proxy: 'h:80' }, undefined],
    ['http://localhost:5/', { http_proxy: 'http://p' }, undefined],
    ['http://[::1]:5/', { http_proxy: 'http://p' }, undefined],
  ])('for %s with %j is %s', (url, env, proxy) => {
    expect(proxyFor(new URL(url), env)).toBe(proxy);
  });
});

test('the access token goes to the API alone', async () => {
  const token = 'canary-token';
  const seen: string[] = [];
  const record: http.RequestListener = (request, response) => {
    seen.push(JSON.stringify([request.url, request.rawHeaders]));
    if (request.url?.startsWith('/first') === true) {
      response.writeHead(307, { location: `http://127.0.0.1:${second}/second` }).end();
    } else response.writeHead(404).end('nothing here');
  };
  const first = await listen(http.createServer(record));
  const second = await listen(http.createServer(record));
  const api = await startServer(() => ({
    status: 201,
    json: {
      requestedFiles: [
        {
          fileHandleId: '7',
          preSignedURL: `http://127.0.0.1:${first}/first?X-Amz-Signature=canary-signature`,
          fileHandle: {
            concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
            contentSize: 10,
          },
        },
      ],
    },
  }));
  closers.push(() => api.close());
  const client = createHttp({ endpoint: api.url, accessToken: () => token });
  closers.push(() => client.close());
  const state = { fileHandles: new FileHandleBatch(client.services.file) };
  const context = { storage: wire(), state };
  const fileHandle = { fileHandleId: '7', associateObjectType: 'FileEntity' } as const;
  const destination = join(tmpdir(), 'never-there');
  const error = await downloadFile(context, { fileHandle, destination }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ status: 404 });
  expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/canary/);
  expect(api.requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
  expect(seen).toHaveLength(2);
  expect(seen.join()).not.toContain(token);
});

test('connections are used again', async () => {
  let connections = 0;
  const server = http.createServer(hello).on('connection', () => (connections += 1));
  const port = await listen(server);
  const one = wire();
  for (let count = 0; count < 5; count += 1) await read(one, `http://127.0.0.1:${port}/`);
  expect(connections).toBe(1);
});

test('a rate limit is kept by waiting before the next bytes, not after the last ones', async () => {
  const port = await listen(
    http.createServer((request, response) => {
      request.resume();
      request.on('end', () => response.end(Buffer.alloc(50_000)));
    }),
  );
  let now = 0;
  let slept = 0;
  const clock = {
    ...systemClock,
    now: () => now,
    sleep: async (ms: number) => {
      slept += ms;
      now += ms;
      await systemClock.sleep(30);
    },
  };
  const limited = wire({ clock, limitRate: 10_000, stallTimeout: 20 });
  await read(limited, `http://127.0.0.1:${port}/`);
  expect(slept).toBeLessThan(5_000);
  async function* body(): AsyncGenerator<Buffer> {
    for (let count = 0; count < 4; count += 1) yield await Promise.resolve(Buffer.alloc(5_000));
  }
  await limited.put(`http://127.0.0.1:${port}/`, { headers: {}, size: 20_000, body });
  // 5 s for the bytes that were read, and 0.5 s for each of the first three pieces.
  expect(slept).toBeCloseTo(6_500, -2);
});

describe('a redirect of an upload', () => {
  test.each([
    [303, ['PUT /start hello', 'GET /end ']],
    [307, ['PUT /start hello', 'PUT /end hello']],
  ])('with %s sends %j', async (status, expected) => {
    const seen: string[] = [];
    const port = await listen(
      http.createServer((request, response) => {
        let text = '';
        request.on('data', (chunk: Buffer) => (text += chunk.toString()));
        request.on('end', () => {
          seen.push(`${request.method} ${request.url} ${text}`);
          if (request.url === '/start') response.writeHead(status, { location: '/end' });
          response.end('done');
        });
      }),
    );
    async function* body(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('hello'));
    }
    const url = `http://127.0.0.1:${port}/start`;
    const answer = await wire().put(url, { headers: {}, size: 5, body });
    expect(answer.body).toBe('done');
    expect(seen).toEqual(expected);
  });
});
