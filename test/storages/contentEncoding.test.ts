import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DownloadError, File, Md5MismatchError, type Synapse } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { bytes, md5 } from '../transfer/fakeStore.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const clients = withClients();
let syn: Synapse;
let parent: string;
let web: Server;
let answer: Answer;
const requests: IncomingMessage[] = [];
let count = 0;

const content = Buffer.concat([Buffer.alloc(300_000, 'some text '), bytes(50_000)]);

beforeAll(async () => {
  syn = await clients.open('alice', { useCache: false });
  parent = (await clients.project(syn)).id;
  web = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(web, 'listening');
});
afterEach(() => void requests.splice(0));
afterAll(() => {
  web.closeAllConnections();
  web.close();
});

async function external(name: string, md5Hex?: string): Promise<string> {
  const url = `http://127.0.0.1:${(web.address() as AddressInfo).port}/${(count += 1)}/${name}`;
  const handle = await syn.services.file.createExternalFileHandle({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
      externalURL: url,
      fileName: name,
      contentMd5: md5Hex,
    },
  });
  const file = new File({ name: `${count} ${name}`, dataFileHandleId: handle.id, parent });
  return (await syn.store(file)).id;
}

async function got(id: string): Promise<Buffer> {
  const folder = await mkdtemp(join(clients.folder, 'into-'));
  const { path = '' } = (await syn.get(id, { downloadLocation: folder })) as File;
  expect(await readdir(folder)).toHaveLength(1);
  return readFile(path);
}

/** Sends a body with a content encoding; in pieces of unknown length if `chunked`. */
const encoded =
  (encoding: string, body: Buffer, chunked = false): Answer =>
  (_request, response) => {
    const length = chunked ? {} : { 'content-length': body.length };
    response.writeHead(200, { 'content-encoding': encoding, etag: '"e"', ...length });
    if (chunked) response.write(body.subarray(0, 100));
    response.end(chunked ? body.subarray(100) : body);
  };

const gzipped = gzipSync(content);
const encodings: readonly [encoding: string, body: Buffer][] = [
  ['gzip', gzipped],
  ['GZIP', gzipped],
  ['x-gzip', gzipped],
  ['deflate', deflateSync(content)],
  ['deflate', deflateRawSync(content)],
  ['br', brotliCompressSync(content)],
  ['identity', content],
  ['', content],
  ['gzip, gzip', gzipSync(gzipped)],
  ['gzip, identity, br', brotliCompressSync(gzipped)],
  ['gzip', Buffer.concat([gzipSync(content.subarray(0, 9)), gzipSync(content.subarray(9))])],
];

describe('an external file that is served with a content encoding', () => {
  test.each(encodings)('%j is decoded', async (encoding, body) => {
    for (const chunked of [false, true]) {
      answer = encoded(encoding, body, chunked);
      const id = await external('table.csv', md5(content));
      expect((await got(id)).equals(content)).toBe(true);
      expect(requests).toHaveLength(1);
      expect(requests[0]?.headers['accept-encoding']).toBe('identity');
      expect((await buffer(await syn.download(id))).equals(content)).toBe(true);
      requests.splice(0);
    }
  });

  test.each(['data.csv.gz', 'data.tgz', 'DATA.GZ'])(
    'keeps the encoding that is the format of the file: %s',
    async (name) => {
      answer = encoded('gzip', gzipped);
      expect((await got(await external(name))).equals(gzipped)).toBe(true);
      answer = encoded('gzip, gzip', gzipSync(gzipped));
      expect((await got(await external(name))).equals(gzipped)).toBe(true);
    },
  );

  test('compares the MD5 with that of the decoded file', async () => {
    answer = encoded('gzip', gzipped);
    await expect(got(await external('table.csv', md5(gzipped)))).rejects.toThrow(Md5MismatchError);
  });

  test('streams a range of the decoded file', async () => {
    for (const hasRanges of [false, true]) {
      answer = (request, response) => {
        const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
        if (first === undefined || !hasRanges) {
          encoded('gzip', gzipped)(request, response);
          return;
        }
        const end = Math.min(Number(last || gzipped.length), gzipped.length - 1);
        response.writeHead(206, {
          'content-encoding': 'gzip',
          'content-range': `bytes ${first}-${end}/${gzipped.length}`,
        });
        response.end(gzipped.subarray(Number(first), end + 1));
      };
      const id = await external('table.csv');
      const stream = await syn.download(id, { range: { start: 1000, end: 200_000 } });
      expect((await buffer(stream)).equals(content.subarray(1000, 200_000))).toBe(true);
      expect((await got(id)).equals(content)).toBe(true);
    }
  });

  test('is fetched again when it ends early', async () => {
    answer = (request, response) => {
      const body = requests.length === 1 ? gzipped.subarray(0, 5000) : gzipped;
      encoded('gzip', body)(request, response);
    };
    expect((await got(await external('table.csv', md5(content)))).equals(content)).toBe(true);
    expect(requests).toHaveLength(2);
  });

  test.each<[string, string, Buffer]>([
    ['an encoding that is not known', 'compress', gzipped],
    ['a name of JavaScript', 'toString', gzipped],
    ['bytes that are not encoded', 'gzip', content],
    ['bytes that are not encoded', 'br', content],
    ['too many encodings', Array<string>(9).fill('gzip').join(), gzipped],
  ])('is an error for %s (%s)', async (_name, encoding, body) => {
    answer = encoded(encoding, body);
    const id = await external('table.csv');
    await expect(got(id)).rejects.toThrow(DownloadError);
    expect(requests.length).toBeLessThanOrEqual(1);
  });

  test('is given up when it unpacks without end', async () => {
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
    const bomb = brotliCompressSync(Buffer.alloc(400 * 1024 * 1024), quality);
    answer = encoded('br', bomb);
    await expect(got(await external('table.csv'))).rejects.toThrow('unpacks without end');
  });
});

describe('an external file whose size is not known', () => {
  const plain: readonly [name: string, answer: Answer][] = [
    ['with a length', (_request, response) => response.end(content)],
    [
      'in pieces',
      (_request, response) => {
        response.write(content.subarray(0, 10));
        response.end(content.subarray(10));
      },
    ],
    [
      'up to the end of the connection',
      (_request, response) => {
        response.writeHead(200, { connection: 'close' });
        response.useChunkedEncodingByDefault = false;
        response.end(content);
      },
    ],
    [
      'as a range',
      (_request, response) => {
        const range = `bytes 0-${content.length - 1}/${content.length}`;
        response.writeHead(206, { 'content-range': range }).end(content);
      },
    ],
    [
      'as a range of an unknown size',
      (_request, response) => {
        response.writeHead(206, { 'content-range': `bytes 0-${content.length - 1}/*` });
        response.end(content);
      },
    ],
  ];

  test.each(plain)('takes one request: %s', async (_name, respond) => {
    answer = respond;
    expect((await got(await external('data.bin'))).equals(content)).toBe(true);
    expect(requests).toHaveLength(1);
  });

  test('that is empty takes no more than two', async () => {
    answer = (request, response) =>
      response.writeHead(request.headers.range === undefined ? 200 : 416).end();
    expect(await got(await external('empty.bin'))).toHaveLength(0);
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  test('and that is large is fetched in parts', async () => {
    const path = join(clients.folder, 'large.bin');
    const large = bytes(20 * 1024 * 1024);
    await writeFile(path, large);
    answer = (request, response) => {
      const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
      const start = Number(first);
      const end = last ? Number(last) : large.length - 1;
      response.writeHead(206, {
        'content-length': end - start + 1,
        'content-range': `bytes ${start}-${end}/${large.length}`,
      });
      createReadStream(path, { start, end }).pipe(response);
    };
    expect((await got(await external('large.bin'))).equals(large)).toBe(true);
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.length).toBeLessThanOrEqual(4);
  });
});
