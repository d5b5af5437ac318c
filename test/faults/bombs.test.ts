import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { File, Project, Synapse } from '../../src/index.js';
import { runSynapse } from '../cli/runSynapse.js';
import { InterceptedSynapse } from './interceptedSynapse.js';

const mebibyte = 1024 * 1024;
let synapse: InterceptedSynapse;
let home: string;
let env: Record<string, string>;
let id: string;
const content = Buffer.alloc(3 * mebibyte, 'content ');

beforeAll(async () => {
  synapse = await InterceptedSynapse.start();
  home = await mkdtemp(join(tmpdir(), 'synapse-bombs-'));
  const { endpoint, authToken } = synapse.local;
  env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
  const syn = new Synapse({ endpoint, cacheDir: join(home, 'cache'), environment: {} });
  await syn.login({ authToken });
  const parent = await syn.store(new Project({ name: 'Bombs' }));
  const path = join(home, 'file.bin');
  await writeFile(path, content);
  ({ id } = await syn.store(new File({ path, parent })));
  await syn.close();
});
afterAll(async () => {
  await synapse.close();
  await rm(home, { recursive: true, force: true });
});

/** A gibibyte of blanks in a few kilobytes: as a chain of gzip members, packed again, and with another method. */
const blanks = Buffer.alloc(64 * mebibyte, ' ');
const gzip = Buffer.concat(Array<Buffer>(16).fill(gzipSync(blanks, { level: 9 })));
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
const bombs: readonly [encoding: string, body: Buffer][] = [
  ['gzip', gzip],
  ['gzip, gzip', gzipSync(gzip)],
  ['br', brotliCompressSync(Buffer.alloc(256 * mebibyte, ' '), quality)],
];

test.each(bombs)(
  'an answer of the API that unpacks without end (%s) is given up',
  async (...bomb) => {
    const [encoding, body] = bomb;
    synapse.answer = (request, response) => {
      if (request.url?.includes('/bundle2') !== true) return false;
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding });
      response.end(body);
      return true;
    };
    const peak = join(home, 'peak');
    const ended = await runSynapse(['get', id, '--download-location', 'into'], {
      home,
      env: {
        ...env,
        NODE_OPTIONS: `--import=${join(import.meta.dirname, 'children/peakMemory.mjs')}`,
        TEST_PEAK_MEMORY: peak,
      },
    });
    expect(ended).toMatchObject({ status: 1, stdout: '' });
    expect(ended.stderr).toMatch(
      /^synapse get: .* sent no valid response .*\((ANSWER_TOO_LONG|CONTENT_ENCODING)\).*\n$/,
    );
    expect(Number(await readFile(peak, 'utf8'))).toBeLessThan(300);
  },
);

test('the bytes of a file are stored as they are whatever the store calls them', async () => {
  synapse.answer = (request, response) => {
    if (request.url?.startsWith('/storage/') !== true) return false;
    const [, first = 0, last = content.length - 1] =
      /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const piece = content.subarray(Number(first), Number(last) + 1);
    expect(request.headers['accept-encoding']).toBe('identity');
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      'content-encoding': 'gzip',
      'content-length': piece.length,
      'content-range': `bytes ${first}-${last}/${content.length}`,
    });
    response.end(piece);
    return true;
  };
  const ended = await runSynapse(['get', id, '--download-location', 'into'], { home, env });
  expect(ended.status).toBe(0);
  expect((await readFile(join(home, 'into', 'file.bin'))).equals(content)).toBe(true);
});
