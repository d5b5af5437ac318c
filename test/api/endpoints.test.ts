import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHttp } from '../../src/api/createHttp.js';
import { resolveEndpoints } from '../../src/api/endpoints.js';
import { ArgumentError, Synapse } from '../../src/index.js';
import { runSynapse } from '../cli/runSynapse.js';

let server: Server;
let host: string;
let connections = 0;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-endpoints-'));
  server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await rm(home, { recursive: true, force: true });
});

/** Addresses that no service has, with `HOST` for that of a server; the password is `pw`. */
const wrong = [
  'http://:pw@HOST',
  'http://user:pw@HOST',
  'http://user@HOST',
  'http://@HOST',
  'http://:@HOST',
  'http://%75:pw@HOST/repo',
  'http:user:pw@HOST',
  'http:\\\\user:pw@HOST',
  'HTTP://user:pw@HOST',
  'ftp://HOST',
  'file:///tmp',
  'javascript:alert(1)',
  'ws://HOST',
  'HOST',
  'http://',
  'https:///repo',
  'http:HOST',
  'http:/HOST',
  'http://HOST?x=1',
  'http://HOST/?',
  'http://HOST#x',
  'http://HOST/#',
  'http://HOST ',
  ' http://HOST',
  'http://HOST\n',
  'http://HOST/a b',
  'http://HOST/\tx',
  'http://HOST:99999',
  'http://HOST\\@example.org',
  'http://[::1',
];

describe.each(wrong)('%j', (template) => {
  const address = (): string => template.replace('HOST', host);

  test('is refused before anything is sent, without its password', () => {
    const attempts = [
      () => resolveEndpoints({ endpoint: address() }),
      () => createHttp({ endpoints: { repo: address() } }),
      () => new Synapse({ endpoint: address(), environment: {} }),
      () => new Synapse({ environment: { SYNAPSE_ENDPOINT: address() } }),
      () => new Synapse({ endpoints: { auth: address() }, environment: {} }),
      () => new Synapse({ endpoints: { file: address() }, environment: {} }),
      () => new Synapse({ endpoints: { portal: address() }, environment: {} }),
    ];
    for (const attempt of attempts) {
      expect(attempt).toThrow(ArgumentError);
      expect(attempt).toThrow(/should be the address of a Synapse service/);
      expect(attempt).not.toThrow(/pw/);
    }
    expect(connections).toBe(0);
  });
});

test.each(['http://:pw@HOST', 'http://user:pw@HOST', 'ftp://user:pw@HOST', 'http://HOST/?pw'])(
  'the command line refuses %s from the flag, the environment and the file',
  async (template) => {
    const address = template.replace('HOST', host);
    const configPath = join(home, 'config');
    await writeFile(configPath, `[endpoints]\nrepoEndpoint = ${address}\n`);
    const token = { SYNAPSE_AUTH_TOKEN: 'token' };
    const runs = await Promise.all([
      runSynapse(['list', 'syn1', '--endpoint', address], { home, env: token }),
      runSynapse(['list', 'syn1'], { home, env: { ...token, SYNAPSE_ENDPOINT: address } }),
      runSynapse(['list', 'syn1', '--config-path', configPath], { home, env: token }),
    ]);
    for (const { status, stdout, stderr } of runs) {
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/should be the address of a Synapse service/);
      expect(stderr).not.toMatch(/pw/);
    }
    expect(connections).toBe(0);
  },
  30_000,
);

test.each(['http://127.0.0.1:1/', 'HTTPS://Example.org/base//', 'http://[::1]:8080'])(
  '%s is accepted',
  (endpoint) => {
    const { baseUrl } = resolveEndpoints({ endpoint })('/repo/v1/entity');
    expect(baseUrl).toBe(endpoint.replace(/\/+$/, ''));
  },
);
