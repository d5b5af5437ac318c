import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ConfigError, NetworkError } from '../../src/errors.js';
import { createNodeFetch } from '../../src/net/nodeFetch.js';
import { readCertificates, secureContextFor } from '../../src/net/trust.js';
import { createHttp } from '../../src/api/createHttp.js';
import { createHttpCore } from '../../src/api/httpCore.js';
import { FakeClock } from '../api/fakeClock.js';

const tls = join(import.meta.dirname, 'tls');
const ca = join(tls, 'ca.pem');
const sockets = new Set<Socket>();
const connects: { target: string; authorization: string | undefined; headers: object }[] = [];
let secure: Server;
let plain: Server;
let proxy: Server;
let folder: string;

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = async <S extends Server>(server: S): Promise<S> => {
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return server;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'environment-fetch-'));
  const [key, cert] = await Promise.all(
    ['server.key', 'server.pem'].map((name) => readFile(join(tls, name))),
  );
  secure = await listen(
    createTlsServer({ key, cert }, (_request, response) => response.end('{"id":"tls"}')),
  );
  plain = await listen(createServer((_request, response) => response.end('{"id":"plain"}')));
  // Every name leads to the servers of this test, by the port that was asked for.
  const proxyServer = createServer();
  proxyServer.on('connect', (request: IncomingMessage, client: Socket) => {
    const authorization = request.headers['proxy-authorization'];
    connects.push({ target: request.url ?? '', authorization, headers: request.headers });
    if (authorization === 'Basic bm86bm8=') {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    const target = connect(
      request.url?.endsWith(':443') ? portOf(secure) : portOf(plain),
      '127.0.0.1',
      () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        target.pipe(client);
        client.pipe(target);
      },
    );
    sockets.add(target);
    target.on('error', () => client.destroy());
    client.on('error', () => target.destroy());
  });
  proxy = await listen(proxyServer);
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await Promise.all(
    [secure, plain, proxy].map((server) => new Promise((resolve) => server.close(resolve))),
  );
  await rm(folder, { recursive: true });
});

/** Asks for an entity, under an environment of its own. */
async function ask(
  endpoint: string,
  env: Record<string, string>,
): Promise<{ id: unknown; connects: typeof connects }> {
  const before = connects.length;
  const environment = createNodeFetch({ env });
  const clock = new FakeClock({ skip: 60_000 });
  const http = createHttpCore({
    endpoint,
    fetch: environment.fetch,
    clock,
    accessToken: () => 'canary',
  });
  try {
    const { id } = await http.services.entity.getEntity({ id: 'syn1' });
    return { id, connects: connects.slice(before) };
  } finally {
    await environment.close();
  }
}

const failure = (error: unknown): unknown => error;
const proxyAt = (credentials = ''): string => `http://${credentials}127.0.0.1:${portOf(proxy)}`;
const name = 'https://synapse.test';

describe('a proxy', () => {
  test.each<[string, () => Record<string, string>]>([
    ['in upper case', () => ({ HTTPS_PROXY: proxyAt() })],
    [
      'in lower case, which goes first',
      () => ({ https_proxy: proxyAt(), HTTPS_PROXY: 'http://127.0.0.1:1' }),
    ],
    ['without its scheme', () => ({ HTTPS_PROXY: `127.0.0.1:${portOf(proxy)}` })],
    ['that is there for all', () => ({ ALL_PROXY: proxyAt() })],
  ])('%s', async (_name, env) => {
    const { id, connects: seen } = await ask(name, { ...env(), SSL_CERT_FILE: ca });
    expect(id).toBe('tls');
    expect(seen.map(({ target }) => target)).toEqual(['synapse.test:443']);
    expect(inspect(seen)).not.toContain('canary');
  });

  test('gets its own credentials', async () => {
    const { connects: seen } = await ask(name, {
      HTTPS_PROXY: proxyAt('me:pass%21@'),
      SSL_CERT_FILE: ca,
    });
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      `Basic ${Buffer.from('me:pass!').toString('base64')}`,
    ]);
  });

  test('that refuses them is named once, without them', async () => {
    const before = connects.length;
    const error = await ask(name, { HTTPS_PROXY: proxyAt('no:no@'), SSL_CERT_FILE: ca }).catch(
      failure,
    );
    expect(error).toBeInstanceOf(NetworkError);
    expect((error as Error).message).toMatch(
      /^The proxy does not connect to synapse\.test \(407\)/,
    );
    expect(inspect(error, { depth: 9 })).not.toContain('no:no@');
    expect(connects.length - before).toBe(1);
  });

  test('is passed by for what NO_PROXY lists, and for this machine', async () => {
    // Another name of this machine, which no list of loopback names has.
    const direct = `http://0.0.0.0:${portOf(plain)}`;
    const env = { HTTP_PROXY: proxyAt() };
    expect((await ask(direct, env)).connects).toHaveLength(1);
    for (const list of [
      '0.0.0.0',
      'example.org, 0.0.0.0',
      '*',
      'example.org,*',
      `0.0.0.0:${portOf(plain)}`,
    ]) {
      expect([list, (await ask(direct, { ...env, NO_PROXY: list })).connects]).toEqual([list, []]);
    }
    expect((await ask(direct, { ...env, no_proxy: '0.0.0.0', NO_PROXY: 'x' })).connects).toEqual(
      [],
    );
    expect((await ask(direct, { ...env, NO_PROXY: '0.0.0.0:1' })).connects).toHaveLength(1);
    expect((await ask(`http://127.0.0.1:${portOf(plain)}`, env)).connects).toEqual([]);
    expect(
      (await ask(`http://localhost:${portOf(plain)}`, { ...env, NO_PROXY: 'x' })).connects,
    ).toEqual([]);
  });

  test('whose address makes no sense is an error that does not show it', async () => {
    const error = await ask(name, { HTTPS_PROXY: 'http://me:canary@:x' }).catch(failure);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(/^HTTPS_PROXY is not the address of a proxy/);
    expect(inspect(error, { depth: 9 })).not.toContain('canary');
  });
});

describe('certificates', () => {
  const local = (): string => `https://localhost:${portOf(secure)}`;

  test.each(['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'])(
    '%s is trusted besides the usual ones',
    async (variable) => {
      expect((await ask(local(), { [variable]: ca })).id).toBe('tls');
      const trusted = (await readCertificates({ [variable]: ca }))?.join('\n');
      expect(trusted).toContain((await readFile(ca, 'utf8')).trim());
      expect(trusted).toContain(rootCertificates[0]);
    },
  );

  test('both count, and with none of them nothing is replaced', async () => {
    const other = join(folder, 'other.pem');
    await writeFile(other, rootCertificates[0] ?? '');
    expect((await ask(local(), { SSL_CERT_FILE: other, REQUESTS_CA_BUNDLE: ca })).id).toBe('tls');
    expect(await readCertificates({ SSL_CERT_FILE: '' })).toBeUndefined();
  });

  test('an unknown one ends the call at once, and says what helps', async () => {
    const error = await ask(local(), { SSL_CERT_FILE: '', HTTP_PROXY: proxyAt() }).catch(failure);
    expect(error).toBeInstanceOf(NetworkError);
    expect((error as Error).message).toMatch(
      /^No trusted connection to localhost:\d+ \(.*\)\. .*SSL_CERT_FILE/,
    );
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    ['is not there', () => Promise.resolve(join(folder, 'none.pem')), /cannot be read \(ENOENT\)/],
    ['is a folder', () => Promise.resolve(folder), /cannot be read \(EISDIR\)/],
    [
      'holds none',
      async () => {
        await writeFile(join(folder, 'empty.pem'), 'nothing');
        return join(folder, 'empty.pem');
      },
      /contains no certificate/,
    ],
  ])('a file that %s', async (_name, make, why) => {
    const path = await make();
    const error = await ask(local(), { SSL_CERT_FILE: path }).catch(failure);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ path });
    expect((error as Error).message).toMatch(/^SSL_CERT_FILE names /);
    expect((error as Error).message).toMatch(why);
  });

  // Windows has no named pipes in folders.
  (process.platform === 'win32' ? test.skip : test)(
    'a named pipe that no program writes to is not waited for',
    async () => {
      const path = join(folder, 'pipe.pem');
      execFileSync('mkfifo', [path]);
      const error = await ask(local(), { SSL_CERT_FILE: path }).catch(failure);
      expect((error as Error).message).toMatch(
        /^SSL_CERT_FILE names .* cannot be read \(it is not a file\)/,
      );
    },
  );
});

test('the answer behind a proxy is as long as any, and no longer', async () => {
  const env = { HTTP_PROXY: proxyAt() };
  const wire = createNodeFetch({ env, longestBody: 10 });
  const answer = wire.fetch(`http://0.0.0.0:${portOf(plain)}`, {
    method: 'GET',
    headers: new Headers(),
    redirect: 'manual',
    signal: new AbortController().signal,
  });
  await expect(answer).rejects.toMatchObject({ code: 'ANSWER_TOO_LONG' });
  await wire.close();
});

test('an endpoint may be written in upper case', async () => {
  const endpoint = `HTTPS://LOCALHOST:${portOf(secure)}`;
  expect((await ask(endpoint, { SSL_CERT_FILE: ca })).id).toBe('tls');
});

test('certificates are read once in a process', async () => {
  const path = join(folder, 'once.pem');
  await writeFile(path, await readFile(ca));
  const first = await secureContextFor({ SSL_CERT_FILE: path });
  await rm(path);
  expect(await secureContextFor({ ssl_cert_file: path })).toBe(first);
});

test('a client of Node reads the environment of the process', async () => {
  const names = ['HTTPS_PROXY', 'https_proxy', 'SSL_CERT_FILE', 'NO_PROXY', 'no_proxy'] as const;
  const saved = names.map((variable) => [variable, process.env[variable]] as const);
  for (const variable of names) process.env[variable] = '';
  Object.assign(process.env, { HTTPS_PROXY: proxyAt(), SSL_CERT_FILE: ca });
  const http = createHttp({ endpoint: name });
  try {
    expect((await http.services.entity.getEntity({ id: 'syn1' })).id).toBe('tls');
  } finally {
    for (const [variable, value] of saved) {
      process.env[variable] = value ?? '';
    }
    await http.close();
  }
});
