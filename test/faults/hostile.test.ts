import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { File, Folder, Project, Synapse, type Stored } from '../../src/index.js';
import { hasTerminals, onTerminal } from '../cli/onTerminal.js';
import { runSynapse, type Ended, type RunOptions } from '../cli/runSynapse.js';
import { InterceptedSynapse } from './interceptedSynapse.js';
import { countRounds } from './rounds.js';

/** Names that a server could send, and no program should take at their word. */
const hostileNames = [
  '../../outside/owned',
  '/outside/owned',
  '..\\..\\outside\\owned',
  'C:\\owned',
  '..',
  '\u001b]0;OWNED\u0007\u001b[2J\u001b[31mred',
  'c1\u009b31m\u0090OWNED\u009c',
  'line\r\nbreak\u0085\u2028',
  'nul\u0000byte',
  'turned\u202eexe.txt',
  'x'.repeat(300),
  '.cacheMap',
  '.cacheMap.lock',
  '~',
  '$HOME',
  '-rf',
];

/** What a terminal would obey, of the names above and of no progress bar. */
const obeyed = /\u001b\]|\u001b\[2J|\u0007|\u0000|\u0085|[\u0090-\u009f]|[\u2028-\u202e]/;

let synapse: InterceptedSynapse;
let folder: Folder & Stored;
let fileId: string;
/** Has a folder whose name is to be an environment variable. */
let outer: Folder & Stored;
let root: string;
let home: string;

beforeAll(async () => {
  synapse = await InterceptedSynapse.start();
  await inNewRoot(async () => {
    const { endpoint, authToken } = synapse.local;
    const syn = new Synapse({ endpoint, cacheDir: join(root, 'cache'), environment: {} });
    await syn.login({ authToken });
    const parent = await syn.store(new Project({ name: 'Hostile' }));
    folder = await syn.store(new Folder({ name: 'hostile', parent }));
    for (const index of hostileNames.keys()) {
      const path = join(root, `marker-${index}.bin`);
      await writeFile(path, `content ${index}`);
      await syn.store(new File({ path, parent: folder }));
    }
    await syn.store(new Folder({ name: 'marker-5.bin folder', parent: folder }));
    outer = await syn.store(new Folder({ name: 'outer', parent }));
    const inner = await syn.store(new Folder({ name: 'marker-variable', parent: outer }));
    await writeFile(join(root, 'inner.bin'), 'inner');
    await syn.store(new File({ path: join(root, 'inner.bin'), parent: inner }));
    await writeFile(join(root, 'plain.bin'), Buffer.alloc(2_000_000, 'plain'));
    fileId = (await syn.store(new File({ path: join(root, 'plain.bin'), parent }))).id;
    await syn.close();
  });
});
afterAll(() => synapse.close());

async function inNewRoot(use: () => Promise<void>): Promise<void> {
  root = await mkdtemp(join(tmpdir(), 'synapse-hostile-'));
  try {
    await use();
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-hostile-'));
  home = join(root, 'in', 'home');
  await mkdir(home, { recursive: true });
});
afterEach(async () => {
  synapse.rewrite = undefined;
  synapse.answer = undefined;
  await rm(root, { recursive: true, force: true });
});

function options(): RunOptions {
  const { endpoint, authToken } = synapse.local;
  return { home, env: { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken } };
}

const run = (args: string[]): Promise<Ended> => runSynapse(args, options());

/** Every name that was stored becomes the hostile one, wherever an answer has it; URLs would lose their signatures. */
function nameHostilely(_path: string, body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (_key, value: unknown) =>
    typeof value === 'string' && !value.startsWith('http')
      ? value.replace(/marker-(\d+)\.bin/g, (_, index) => hostileNames[Number(index)] ?? '')
      : value,
  ) as unknown;
}

/** All files, relative to the root. */
async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

describe('hostile names', () => {
  test('stay in the target with their control characters escaped', async () => {
    synapse.rewrite = nameHostilely;
    const get = ['get', folder.id, '--recursive', '--download-location', 'target'];
    const ended = await run(get);
    expect(ended.status).toBe(5);
    const outputs = [ended.stderr];
    const found = await filesUnder(root);
    for (const path of found) expect(path).toMatch(/^in\/home\/(target|\.synapseCache)\//);
    // Two names cannot be file names: they are told of, and the others are there.
    const contents = found.filter(
      (path) =>
        path.startsWith('in/home/target/') && !/\/(?:SYNAPSE_METADATA_)?manifest/i.test(path),
    );
    expect(contents).toHaveLength(hostileNames.length - 2);
    for (const args of [
      [...get, '--json'],
      [...get, '--debug'],
      ['list', folder.id],
      ['list', folder.id, '--long'],
    ]) {
      outputs.push((await run(args)).stderr);
    }
    for (const output of outputs) expect(output).not.toMatch(obeyed);
    countRounds(hostileNames.length);
  });

  test('of folders are not expanded', async () => {
    synapse.rewrite = (_path, body) =>
      JSON.parse(JSON.stringify(body).replaceAll('marker-variable', '${ESCAPE}')) as unknown;
    const { env, ...more } = options();
    const ended = await runSynapse(
      // No manifest can have such a path: its readers would expand it.
      ['get', outer.id, '-r', '--download-location', 'target', '--manifest', 'suppress'],
      {
        ...more,
        env: { ...env, ESCAPE: '../../../escaped' },
      },
    );
    expect(ended.status).toBe(0);
    expect(ended.stdout + ended.stderr).not.toContain('escaped');
    const found = await filesUnder(root);
    expect(found.filter((path) => path.endsWith('inner.bin'))).toEqual([
      'in/home/target/${ESCAPE}/inner.bin',
    ]);
  });

  test('in the cache do not take the place of its own files', async () => {
    synapse.rewrite = nameHostilely;
    const { endpoint, authToken } = synapse.local;
    const cacheDir = join(home, '.synapseCache');
    const syn = new Synapse({ endpoint, cacheDir, environment: {} });
    await syn.login({ authToken });
    for await (const child of syn.getChildren(folder.id)) {
      if (!child.name.startsWith('.cacheMap')) continue;
      const { path = '' } = (await syn.get(child.id)) as File;
      expect(await readFile(path, 'utf8')).toMatch(/^content \d+$/);
      expect(((await syn.get(child.id)) as File).path).toBe(path);
    }
    const states = [];
    for await (const { state } of syn.cache.verify()) states.push(state);
    expect(states).toEqual(['ok', 'ok']);
    await syn.close();
  });

  const onOne = hasTerminals ? test : test.skip;
  onOne('give a terminal nothing to obey', async () => {
    synapse.rewrite = nameHostilely;
    for (const args of [
      ['get', folder.id, '--recursive', '--download-location', 'target'],
      ['list', folder.id],
      ['show', folder.id],
      ['get', folder.id, '--recursive', '--download-location', 'target', '--debug'],
      ['list', folder.id, '--json'],
    ]) {
      const { raw } = await onTerminal(args, [], options());
      expect([args, obeyed.exec(raw)]).toEqual([args, null]);
    }
    synapse.answer = (request, response) => {
      if (request.url?.includes('/bundle2') !== true) return false;
      const reason = `You lack ${hostileNames.join(' ')}`;
      const body = JSON.stringify({ concreteType: 'x', reason });
      response.writeHead(403, { 'content-type': 'application/json' }).end(body);
      return true;
    };
    for (const more of [[], ['--json'], ['--debug']]) {
      const { raw, status } = await onTerminal(['get', fileId, ...more], [], options());
      expect([status, obeyed.exec(raw)]).toEqual([1, null]);
    }
  });
});

describe('the access token', () => {
  let other: Server;
  let otherUrl: string;
  const seen: string[] = [];

  beforeAll(async () => {
    other = createServer((request, response) => {
      seen.push(JSON.stringify([request.url, request.rawHeaders]));
      const content = Buffer.alloc(2_000_000, 'plain');
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      const [start, end] = [Number(first ?? 0), Math.min(Number(last ?? Infinity) + 1, 2_000_000)];
      response.writeHead(206, {
        'content-length': end - start,
        'content-range': `bytes ${start}-${end - 1}/2000000`,
      });
      response.end(content.subarray(start, end));
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    otherUrl = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    other.closeAllConnections();
    other.close();
  });
  beforeEach(() => {
    seen.length = 0;
  });

  /** The token whole, its signature, and what lets a holder of a URL read a file. */
  async function expectNoSecret({ stdout, stderr }: Ended): Promise<void> {
    const { authToken } = synapse.local;
    const secrets = [authToken, authToken.split('.')[2] ?? authToken, 'X-Amz-Signature='];
    const kept = await Promise.all(
      (await filesUnder(root)).map((path) => readFile(join(root, path), 'latin1')),
    );
    for (const text of [stdout, stderr, ...seen, ...kept]) {
      for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    }
  }

  test.each([301, 302, 303, 307, 308])(
    'stays with the API when the store redirects to another host (%d)',
    async (status) => {
      synapse.answer = (request, response) => {
        if (request.url?.startsWith('/storage/') !== true) return false;
        response.writeHead(status, { location: `${otherUrl}/moved` }).end();
        return true;
      };
      const ended = await run(['get', fileId, '--download-location', 'into', '--debug']);
      expect(ended.status).toBe(0);
      expect(seen.length).toBeGreaterThan(0);
      expect(seen.join().toLowerCase()).not.toContain('authorization');
      await expectNoSecret(ended);
    },
  );

  test.each([301, 302, 303, 307, 308])(
    'does not follow the API to another host (%d)',
    async (status) => {
      synapse.answer = (request, response) => {
        if (request.url?.includes('/fileHandle/batch') !== true) return false;
        response.writeHead(status, { location: `${otherUrl}/elsewhere` }).end();
        return true;
      };
      const ended = await run(['get', fileId, '--download-location', 'into', '--debug']);
      expect(ended.status).toBe(1);
      expect(seen).toEqual([]);
      await expectNoSecret(ended);
    },
  );

  test('is in no output or file when things go wrong', async () => {
    const { conditions } = synapse.local;
    const path = join(home, 'new.bin');
    await writeFile(path, Buffer.alloc(9_000_000, 'new'));
    const store = ['store', path, '--parent-id', folder.id, '--debug'];
    const get = ['get', fileId, '--download-location', 'into', '--debug'];
    for (const [args, fault] of [
      [store, { path: '/storage/*', status: 404, reason: 'gone' }],
      [get, { path: '/storage/*', status: 404, reason: 'gone' }],
      [get, { operation: 'file.getFileHandleBatch', status: 403, reason: 'no' }],
      [get, { path: '/storage/*', method: 'GET', corruptAt: 1 }],
    ] as const) {
      conditions.set({ faults: [fault] });
      const ended = await run(args);
      conditions.reset();
      expect(ended.status).toBe(1);
      await expectNoSecret(ended);
    }
    countRounds(4);
  });
});
