import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHttp } from '../../src/api/createHttp.js';
import { SynapseError } from '../../src/errors.js';
import { judgeStorageError } from '../../src/net/storageError.js';
import { attemptTransfer } from '../../src/transfer/attemptTransfer.js';
import { StorageWire } from '../../src/transfer/storageWire.js';
import { FakeClock } from '../api/fakeClock.js';
import { runSynapse } from '../cli/runSynapse.js';

const tls = join(import.meta.dirname, 'tls');
const servers: Server[] = [];
/** Connections by port. */
const connections = new Map<number, number>();

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('connection', () => connections.set(port, (connections.get(port) ?? 0) + 1));
  servers.push(server);
  return port;
}

/** A server that sends the same bytes to whatever it gets, and closes the connection. */
function says(text: string): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(text, 'latin1'));
    }),
  );
}

/** Addresses by what is wrong with them. */
const places = new Map<string, { url: string; port: number }>();

beforeAll(async () => {
  const closed = createServer();
  const port = await listen(closed);
  closed.close();
  const at = (name: string, scheme: string, number: number): void => {
    places.set(name, { url: `${scheme}://127.0.0.1:${number}`, port: number });
  };
  at('nothing listens', 'http', port);
  at('nothing listens, with TLS', 'https', port);
  places.set('no such host', { url: 'http://no-such-host.invalid', port: 0 });
  places.set('no such host, with TLS', { url: 'https://no-such-host.invalid', port: 0 });
  const [key, cert] = ['server.key', 'server.pem'].map((name) => readFileSync(join(tls, name)));
  const secure = https.createServer({ key, cert }, (_request, response) => response.end('{}'));
  secure.on('connection', (socket) => socket.on('error', () => undefined));
  const securePort = await listen(secure);
  at('an untrusted certificate', 'https', securePort);
  at('a plain request to a TLS port', 'http', securePort);
  at('TLS to a plain port', 'https', await says('HTTP/1.1 400 Bad Request\r\n\r\n'));
  at('TLS to a port that hangs up', 'https', await says(''));
  at('a port that hangs up', 'http', await says(''));
  at('an answer that is no HTTP', 'http', await says('SSH-2.0-OpenSSH_9.2\r\n'));
  at('a status that is no number', 'http', await says('HTTP/1.1 2x0 OK\r\n\r\n'));
  at('a header without a name', 'http', await says('HTTP/1.1 200 OK\r\n: x\r\n\r\n{}'));
  const twice = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}';
  at('two lengths', 'http', await says(twice));
  at(
    'a length that is no number',
    'http',
    await says('HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n'),
  );
  at('a redirect to itself', 'http', await says('HTTP/1.1 302 Found\r\nlocation: /\r\n\r\n'));
  at(
    'a redirect to a file',
    'http',
    await says('HTTP/1.1 302 Found\r\nlocation: file:///x\r\n\r\n'),
  );
  at('an unknown method', 'http', await says('HTTP/1.1 501 No\r\ncontent-length: 0\r\n\r\n'));
  at('not found', 'http', await says('HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n'));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
});

function placeOf(name: string): { url: string; port: number } {
  const place = places.get(name);
  if (place === undefined) throw new Error(`no place ${name}`);
  return place;
}

/** A clock whose pauses take no time and are as long as they can be. */
const slowest = (): FakeClock => new FakeClock({ skip: 60_000, random: () => 0.999 });
const total = (pauses: number[]): number => pauses.reduce((sum, ms) => sum + ms, 0);

/** What is wrong, and the maximum number of attempts and seconds of pauses of a first contact. */
const kinds: readonly [name: string, attempts: number, seconds: number][] = [
  ['no such host', 4, 3],
  ['no such host, with TLS', 4, 3],
  ['nothing listens', 4, 3],
  ['nothing listens, with TLS', 4, 3],
  ['an untrusted certificate', 1, 0],
  ['TLS to a plain port', 1, 0],
  ['TLS to a port that hangs up', 4, 3],
  ['a plain request to a TLS port', 6, 16],
  ['a port that hangs up', 6, 16],
  ['an answer that is no HTTP', 4, 3],
  ['a status that is no number', 4, 3],
  ['a header without a name', 4, 3],
  ['two lengths', 4, 3],
  ['a length that is no number', 4, 3],
  ['a redirect to itself', 1, 0],
  ['a redirect to a file', 1, 0],
  ['an unknown method', 1, 0],
  ['not found', 1, 0],
];

describe('what does not heal is not tried long by a call of the API', () => {
  test.each(kinds)('%s', async (name, attempts, seconds) => {
    const { url, port } = placeOf(name);
    const before = connections.get(port) ?? 0;
    const clock = slowest();
    const http = createHttp({ endpoint: url, clock });
    await expect(http.services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(SynapseError);
    const pauses = clock.slept.filter((ms) => ms < 60_000);
    expect(pauses.length).toBeLessThan(attempts);
    expect(total(pauses)).toBeLessThanOrEqual(seconds * 1000);
    expect((connections.get(port) ?? 0) - before).toBeLessThanOrEqual(attempts);
    await http.close();
  });
});

/** As above; a store that hangs up may have refused an expired URL, so it is asked for as long as `retryFor`. */
const ofStores = kinds.filter(([name]) => !/^a plain request|^a port that hangs up/.test(name));

describe('what does not heal is not tried long by a transfer', () => {
  test.each(ofStores)('%s', async (name, attempts, seconds) => {
    const { url } = placeOf(name);
    const clock = slowest();
    const storage = new StorageWire({ clock, env: {} });
    let count = 0;
    const sink = { head: () => undefined, data: () => undefined };
    const read = attemptTransfer(
      () => {
        count += 1;
        return storage.get(`${url}/file`, sink);
      },
      { storage, canRenew: true },
    );
    await expect(read).rejects.toThrow(SynapseError);
    expect(count).toBeLessThanOrEqual(attempts);
    expect(total(clock.slept)).toBeLessThanOrEqual(seconds * 1000);
    await storage.close();
  });

  test('a host that has answered may be away for longer', async () => {
    const { url } = placeOf('nothing listens');
    const clock = slowest();
    const storage = new StorageWire({ clock, env: {}, retryFor: 30_000 });
    storage.hasAnswered = (address) => address.startsWith(url);
    const sink = { head: () => undefined, data: () => undefined };
    const read = attemptTransfer(() => storage.get(`${url}/file`, sink), {
      storage,
      canRenew: true,
    });
    await expect(read).rejects.toThrow('ECONNREFUSED');
    expect(total(clock.slept)).toBeGreaterThan(25_000);
    await storage.close();
  });

  test.each(['EACCES', 'ENOSPC', 'EROFS', 'EMFILE', 'EDQUOT'])('%s of a local file', (code) => {
    expect(judgeStorageError(Object.assign(new Error(code), { code }))).toBe('fatal');
  });
});

describe('the command line', () => {
  test.each(['no such host', 'no such host, with TLS', 'nothing listens', 'TLS to a plain port'])(
    'ends within 5 s: %s',
    async (name) => {
      const home = await mkdtemp(join(tmpdir(), 'synapse-healing-'));
      await writeFile(join(home, 'data.txt'), 'data');
      const env = { SYNAPSE_ENDPOINT: placeOf(name).url, SYNAPSE_AUTH_TOKEN: 'token' };
      const start = performance.now();
      const ended = await runSynapse(['store', 'data.txt', '--parent-id', 'syn1'], { home, env });
      expect(performance.now() - start).toBeLessThan(5_000);
      expect(ended.status).toBe(1);
      expect(ended.stderr.trimEnd().split('\n').at(-1)).toMatch(
        /Check the endpoint|check the endpoint/,
      );
      await rm(home, { recursive: true });
    },
    20_000,
  );
});
