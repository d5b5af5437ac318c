import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { File, Project, Synapse, SynapseError, type Stored } from '../../src/index.js';
import { runSynapse } from '../cli/runSynapse.js';
import { InterceptedSynapse } from './interceptedSynapse.js';

const externalType = 'org.sagebionetworks.repo.model.file.ExternalFileHandle';

let synapse: InterceptedSynapse;
let syn: Synapse;
let stored: File & Stored;
let external: File & Stored;
let local: File & Stored;
let root: string;
let secret: string;
let elsewhere: Server;
let requests = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-addresses-'));
  secret = join(root, 'secret.txt');
  await writeFile(secret, 'secret');
  elsewhere = createServer((_request, response) => {
    requests += 1;
    response.end('elsewhere');
  }).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  synapse = await InterceptedSynapse.start();
  const { endpoint, authToken } = synapse.local;
  syn = new Synapse({ endpoint, cacheDir: join(root, 'cache'), useCache: false, environment: {} });
  await syn.login({ authToken });
  const parent = await syn.store(new Project({ name: 'Addresses' }));
  const path = join(root, 'stored.txt');
  await writeFile(path, 'stored');
  stored = await syn.store(new File({ path, parent }));
  const externalUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/e.txt`;
  external = await syn.store(new File({ name: 'e.txt', externalUrl, parent }));
  local = await syn.store(new File({ path: secret, synapseStore: false, parent }));
});
afterEach(() => {
  synapse.rewrite = undefined;
});
afterAll(async () => {
  await syn.close();
  await synapse.close();
  elsewhere.close();
  await rm(root, { recursive: true, force: true });
});

/** Replaces members of the objects that have them, wherever they are in an answer. */
function replacing(members: Readonly<Record<string, unknown>>, where = /./) {
  return (path: string, body: unknown): unknown =>
    where.test(path)
      ? (JSON.parse(JSON.stringify(body), function (key, value: unknown) {
          return Object.hasOwn(members, key) && value !== undefined ? members[key] : value;
        }) as unknown)
      : body;
}

const options = () => ({ downloadLocation: join(root, 'into'), verify: false });

/** Addresses that a server may send and no file handle in its storage has. */
const wrongUrls = (): string[] => [
  pathToFileURL(secret).href,
  `FILE://${secret}`,
  `file:${secret}`,
  secret,
  'file://localhost/etc/hostname',
  'ftp://127.0.0.1:1/x',
  'sftp://127.0.0.1:1/x',
  'data:text/plain,secret',
  'javascript:1',
  'blob:http://127.0.0.1/x',
  '',
  ' ',
];

describe('a file in the storage of Synapse', () => {
  test.each([undefined, externalType])('is not read from another scheme (%s)', async (type) => {
    for (const url of wrongUrls()) {
      const members = { preSignedURL: url, ...(type && { concreteType: type, externalURL: url }) };
      synapse.rewrite = replacing(members, /fileHandle\/batch/);
      await expect(syn.get(stored.id, options())).rejects.toThrow(SynapseError);
      await expect(syn.download(stored.id, { verify: false }).then(text)).rejects.toThrow(
        SynapseError,
      );
    }
    expect(await readdir(join(root, 'into'))).toEqual([]);
  });
});

test('an external file is not read from another scheme than its own', async () => {
  for (const url of wrongUrls()) {
    synapse.rewrite = replacing({ preSignedURL: url }, /fileHandle\/batch/);
    await expect(syn.get(external.id, options())).rejects.toThrow(SynapseError);
    await expect(syn.download(external.id, { verify: false }).then(text)).rejects.toThrow(
      SynapseError,
    );
  }
});

test('an external file on this machine is used in place', async () => {
  const file = (await syn.get(local.id, options())) as File;
  expect(file.path).toBe(secret);
  expect((await buffer(await syn.download(local.id))).toString()).toBe('secret');
});

test('a redirect does not lead to another scheme', async () => {
  for (const location of [
    'file:///etc/hostname',
    'ftp://127.0.0.1:1/x',
    'data:,x',
    '//[',
    'sftp://h/x',
  ]) {
    synapse.answer = (request, response) => {
      if (request.url?.startsWith('/storage/') !== true) return false;
      response.writeHead(302, { location }).end();
      return true;
    };
    await expect(syn.get(stored.id, options())).rejects.toThrow(SynapseError);
  }
  synapse.answer = undefined;
});

test('a part is not sent to another scheme', async () => {
  const path = join(root, 'new.txt');
  await writeFile(path, 'new');
  for (const url of wrongUrls()) {
    synapse.rewrite = replacing({ uploadPresignedUrl: url }, /multipart/);
    const parent = stored.parentId ?? '';
    await expect(syn.store(new File({ path, parent }))).rejects.toThrow(SynapseError);
  }
});

test('the command line says so in one line, with --no-verify too', async () => {
  synapse.rewrite = replacing({ preSignedURL: pathToFileURL(secret).href }, /fileHandle\/batch/);
  const { endpoint, authToken } = synapse.local;
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  for (const id of [stored.id, external.id]) {
    const args = ['get', id, '--no-verify', '--download-location', 'into'];
    const { status, stdout, stderr } = await runSynapse(args, { home: root, env });
    expect([[1, 2].includes(status ?? 0), stdout]).toEqual([true, '']);
    expect(stderr).toMatch(/^synapse get: The server names a file: URL for .*It is not used\.\n$/);
  }
  expect(requests).toBe(0);
});
