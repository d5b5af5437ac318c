import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import dns from 'node:dns';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createHttpCore } from '../../src/api/httpCore.js';
import { NetworkError } from '../../src/errors.js';
import { createNodeFetch } from '../../src/net/nodeFetch.js';
import { StorageWire } from '../../src/transfer/storageWire.js';
import { FakeClock } from '../api/fakeClock.js';
import {
  startHttpProxy,
  startSocksProxy,
  type LocalProxy,
  type SeenTunnel,
} from './localProxies.js';

const root = join(import.meta.dirname, '../..');
const tls = join(import.meta.dirname, 'tls');
const certificate = {
  key: readFileSync(join(tls, 'server.key')),
  cert: readFileSync(join(tls, 'server.pem')),
};

/** The rows of a table in the document, without its head. */
function tableUnder(heading: string): string[][] {
  const text = readFileSync(join(root, 'docs/proxies.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What a cell has between back ticks. */
const codesIn = (cell = ''): string[] =>
  [...cell.matchAll(/`([^`]*)`/g)].map(([, code = '']) => code);

const seen: SeenTunnel[] = [];
const closers: (() => Promise<void>)[] = [];
/** Addresses of the document, and where they are on this machine. */
const places: (readonly [from: string, to: string])[] = [];

async function listen(server: http.Server | https.Server): Promise<number> {
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

const keep = (proxy: LocalProxy): number => {
  closers.push(() => proxy.close());
  return proxy.port;
};

const answer: http.RequestListener = (request, response) => {
  request.resume();
  request.on('end', () => response.end('{"id":"syn1"}'));
};

/** Names lead to this machine, as a hosts file would have it. */
const { lookup } = dns;
const { lookup: lookupPromise } = dns.promises;

beforeAll(async () => {
  const toThisMachine = (name: string): string => (name === 'synapse.test' ? '127.0.0.1' : name);
  dns.lookup = ((name: string, ...rest: unknown[]): unknown =>
    Reflect.apply(lookup, dns, [toThisMachine(name), ...rest])) as unknown as typeof lookup;
  dns.promises.lookup = ((name: string, ...rest: unknown[]): unknown =>
    Reflect.apply(lookupPromise, dns.promises, [
      toThisMachine(name),
      ...rest,
    ])) as unknown as typeof lookupPromise;

  const plain = await listen(http.createServer(answer));
  const secure = await listen(https.createServer(certificate, answer));
  const at = async (name: string, port: number, proxy: Promise<LocalProxy>): Promise<void> => {
    places.push([`${name}.example.net:${port}`, `127.0.0.1:${keep(await proxy)}`]);
  };
  await at('a', 3128, startHttpProxy({ name: 'a', seen }));
  await at('b', 3128, startHttpProxy({ name: 'b', seen }));
  await at('tls', 3129, startHttpProxy({ name: 'tls', seen, certificate }));
  await at('socks', 1080, startSocksProxy({ name: 'socks', seen }));
  await at('refuses', 3128, startHttpProxy({ name: 'refuses', seen, password: 'other' }));
  await at('refuses', 1080, startSocksProxy({ name: 'refuses', seen, password: 'other' }));
  places.push(
    ['down.example.net:3128', '127.0.0.1:1'],
    ['files.example.org:8080', `synapse.test:${plain}`],
    ['https://files.example.org', `https://synapse.test:${secure}`],
    ['http://files.example.org', `http://synapse.test:${plain}`],
    ['files.example.org', 'synapse.test'],
    ['iles.example.org', 'ynapse.test'],
    ['example.org', 'test'],
    ['192.0.2.7:8080', `0.0.0.0:${plain}`],
    ['192.0.2.7', '0.0.0.0'],
    ['192.0.2.0/24', '0.0.0.0/24'],
    [':8080', `:${plain}`],
  );
});

afterAll(async () => {
  dns.lookup = lookup;
  dns.promises.lookup = lookupPromise;
  for (const close of closers) await close();
});

const onThisMachine = (text: string): string =>
  places.reduce((moved, [from, to]) => moved.replaceAll(from, to), text);

function environmentOf(cell = ''): Record<string, string> {
  const settings = codesIn(cell).map((setting) => onThisMachine(setting).split('='));
  return {
    ...Object.fromEntries(
      settings.map(([name = '', ...value]) => [name, value.join('=')] as const),
    ),
    SSL_CERT_FILE: join(tls, 'ca.pem'),
  };
}

type Environment = Record<string, string>;

async function callApi(endpoint: string, env: Environment): Promise<void> {
  const wire = createNodeFetch({ env });
  const api = createHttpCore({
    endpoint,
    fetch: wire.fetch,
    clock: new FakeClock({ skip: 60_000 }),
  });
  try {
    await api.services.entity.getEntity({ id: 'syn1' });
  } finally {
    await wire.close();
  }
}

async function withStorage(
  options: { env: Environment; useSockets: boolean },
  use: (wire: StorageWire) => Promise<unknown>,
): Promise<void> {
  const wire = new StorageWire(options);
  try {
    await use(wire);
  } finally {
    await wire.close();
  }
}

const sink = { head: () => undefined, data: () => undefined };

const wires: [string, (url: string, env: Environment) => Promise<void>][] = [
  ['the API', callApi],
  [
    'a download over sockets',
    (url, env) => withStorage({ env, useSockets: true }, (wire) => wire.get(url, sink)),
  ],
  [
    'a download over node:http',
    (url, env) => withStorage({ env, useSockets: false }, (wire) => wire.get(url, sink)),
  ],
  [
    'an upload',
    (url, env) =>
      withStorage({ env, useSockets: true }, (wire) => wire.put(url, { headers: {}, size: 0 })),
  ],
];

describe.each(wires)('%s', (_name, send) => {
  const routes = tableUnder('Which way a request goes');
  const failures = tableUnder('When a proxy fails');

  test('has rows to run', () => {
    expect([routes.length > 40, failures.length > 6]).toEqual([true, true]);
  });

  test.each(routes)('with %s to %s goes %s', async (environment, addresses, way) => {
    const [proxy, user] = codesIn(way);
    for (const address of codesIn(addresses)) {
      seen.length = 0;
      await send(onThisMachine(address), environmentOf(environment));
      const tunnels = seen.map(({ proxy: by, user: as }) => [by, as]);
      expect(tunnels).toEqual(proxy === undefined ? [] : [[proxy, user]]);
    }
  });

  test.each(failures)('with %s fails with %s that says %s', async (environment, name, words) => {
    const address = onThisMachine('http://files.example.org');
    const error: unknown = await send(address, environmentOf(environment)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ name: codesIn(name)[0] });
    expect((error as Error).message).toContain(onThisMachine(codesIn(words)[0] ?? ''));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret/);
  });

  test.each([
    ['socks5h', 'synapse.test'],
    ['socks4a', 'synapse.test'],
    ['socks', 'synapse.test'],
    ['socks5', '127.0.0.1'],
    ['socks4', '127.0.0.1'],
  ])('%s asks the proxy for %s', async (scheme, host) => {
    seen.length = 0;
    const env = environmentOf(`\`all_proxy=${scheme}://socks.example.net:1080\``);
    await send(onThisMachine('https://files.example.org'), env);
    expect(seen.map((tunnel) => tunnel.host)).toEqual([host]);
  });

  test('never asks again a proxy that wants another password', async () => {
    seen.length = 0;
    const env = environmentOf('`all_proxy=http://me:secret@refuses.example.net:3128`');
    await expect(send(onThisMachine('https://files.example.org'), env)).rejects.toThrow(/407/);
    expect(seen).toHaveLength(1);
  });
});

test.each(['http', 'socks5h'])(
  'a proxy over %s that never answers is left when the client closes',
  async (scheme) => {
    const silent = createServer();
    const connected = once(silent, 'connection') as Promise<[Socket]>;
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const env = { all_proxy: `${scheme}://127.0.0.1:${(silent.address() as AddressInfo).port}` };
    const wire = new StorageWire({ env });
    const got = wire
      .get(onThisMachine('http://files.example.org'), sink)
      .catch((error: unknown) => error);
    const [socket] = await connected;
    const closed = once(socket.resume(), 'close');
    await wire.close();
    await closed;
    expect(await got).toBeInstanceOf(NetworkError);
    await new Promise((resolve) => silent.close(resolve));
  },
);
