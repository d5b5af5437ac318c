import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ArgumentError,
  DownloadError,
  FileSystemError,
  Md5MismatchError,
  NetworkError,
  NotFoundError,
  SynapseHttpError,
  TimeoutError,
} from '../../src/errors.js';
import type { Progress } from '../../src/options.js';
import { downloadFile as download } from './transfers.js';
import { UrlObject } from '../../src/storages/http/urlObject.js';
import type { DownloadContext } from '../../src/storages/synapse/synapseContext.js';
import type { StorageWireOptions } from '../../src/transfer/storageWire.js';
import { countRounds, isThorough } from '../faults/rounds.js';
import type { StoredObject } from '../../src/transfer/storedObject.js';
import { downloadFile as downloadObject } from '../../src/transfer/downloadFile.js';
import { bytes, FakeStore, md5, refuse } from './fakeStore.js';

/** Larger than what counts as small, and small enough for many tests. */
const part = 1024 * 1024 + 4096;

let root: string;
let store: FakeStore;
let destination: string;
/** Whether the wire reads over sockets of its own, or through `node:http`. */
let useSockets = true;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-download-'));
  destination = join(root, 'out', 'file.bin');
  store = await FakeStore.start();
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

type Options = Parameters<typeof download>[1];

const downloadFile = (context: DownloadContext, options: Options): ReturnType<typeof download> =>
  download(context, { partSize: part, ...options });

const newContext = (options: StorageWireOptions = {}): DownloadContext =>
  store.context({ useSockets, ...options });

const fileHandle = (fileHandleId = '7') =>
  ({ fileHandleId, associateObjectId: 'syn1', associateObjectType: 'FileEntity' }) as const;

/** The download leaves the file and nothing else. */
async function expectFile(content: Buffer): Promise<void> {
  expect((await readFile(destination)).equals(content)).toBe(true);
  expect(await readdir(join(root, 'out'))).toEqual(['file.bin']);
}

async function leftovers(): Promise<string[]> {
  return readdir(join(root, 'out')).catch(() => []);
}

describe('a download', () => {
  test.each([
    ['empty', 0],
    ['of one byte', 1],
    ['small', 100_000],
    ['of one part', part],
    ['of one part and a byte', part + 1],
    ['of many parts', 5 * part + 12_345],
  ])('%s arrives whole', async (_name, size) => {
    const { content } = store.put('7', bytes(size));
    const result = await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    expect(result).toEqual({ path: destination, bytes: size, md5: md5(content) });
    await expectFile(content);
    expect(store.count('batch')).toBe(1);
  });

  test('large enough for a hashing thread has the right MD5', async () => {
    const { content } = store.put('7', bytes(33 * 1024 * 1024));
    const result = await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    expect(result.md5).toBe(md5(content));
    await expectFile(content);
  });

  test('asks for its parts one after the other with concurrency 1', async () => {
    store.put('7', bytes(3 * part));
    let active = 0;
    let most = 0;
    store.fault = (_request, response) => {
      most = Math.max(most, ++active);
      response.on('close', () => (active -= 1));
      return false;
    };
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination, concurrency: 1 });
    expect(most).toBe(1);
    expect(store.requests.map(({ headers }) => headers.range)).toEqual([
      `bytes=0-${part - 1}`,
      `bytes=${part}-${2 * part - 1}`,
      `bytes=${2 * part}-${3 * part - 1}`,
    ]);
  });

  test('keeps all transfers of a client within its connections', async () => {
    let active = 0;
    let most = 0;
    store.fault = (_request, response) => {
      most = Math.max(most, ++active);
      response.on('close', () => (active -= 1));
      return false;
    };
    const context = newContext({ maxConnections: 3 });
    const ids = ['1', '2', '3'];
    for (const id of ids) store.put(id, bytes(3 * part, Number(id)));
    await Promise.all(
      ids.map((id) =>
        downloadFile(context, { fileHandle: fileHandle(id), destination: join(root, id) }),
      ),
    );
    expect(most).toBeLessThanOrEqual(3);
    for (const id of ids) {
      expect(md5(await readFile(join(root, id)))).toBe(md5(bytes(3 * part, Number(id))));
    }
  });

  test('reports progress that never falls', async () => {
    store.put('7', bytes(3 * part));
    let isCut = false;
    store.fault = (request, response) => {
      if (isCut || request.headers.range?.startsWith(`bytes=${part}-`) !== true) return false;
      isCut = true;
      response.writeHead(206, {
        'content-length': part,
        'content-range': `bytes ${part}-${2 * part - 1}/${3 * part}`,
      });
      response.write(store.objects.get('7')?.content.subarray(part, part + 1000), () =>
        response.destroy(),
      );
      return true;
    };
    const events: Progress[] = [];
    await downloadFile(newContext(), {
      fileHandle: fileHandle(),
      destination,
      onProgress: (event) => events.push(event),
    });
    const numbers = events.map(({ transferredBytes }) => transferredBytes);
    expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
    expect(events[0]).toMatchObject({ kind: 'download', state: 'start', totalBytes: 3 * part });
    expect(events.map(({ state }) => state)).toContain('retry');
    expect(events.at(-1)).toMatchObject({ state: 'done', transferredBytes: 3 * part });
    expect(events.filter(({ state }) => state === 'done')).toHaveLength(1);
  });

  test('skips the hash with verify: false', async () => {
    store.put('7', bytes(part + 1));
    store.handle = { contentMd5: '0'.repeat(32) };
    const result = await downloadFile(newContext(), {
      fileHandle: fileHandle(),
      destination,
      verify: false,
    });
    expect(result.md5).toBeUndefined();
  });
});

describe('a destination', () => {
  test('that is there is not touched', async () => {
    store.put('7', bytes(100));
    await mkdir(join(root, 'out'));
    await writeFile(destination, 'mine');
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toMatchObject({ name: 'FileSystemError', code: 'EEXIST' });
    expect(await readFile(destination, 'utf8')).toBe('mine');
    expect(store.calls).toEqual([]);
  });

  test.each([100, part + 1])('that appears meanwhile is not touched (%d bytes)', async (size) => {
    store.put('7', bytes(size));
    store.fault = async () => {
      await writeFile(destination, 'theirs');
      return false;
    };
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(destination, 'utf8')).toBe('theirs');
  });

  test('that appears meanwhile with the same content is as good', async () => {
    const { content } = store.put('7', bytes(part + 1));
    store.fault = async () => {
      await writeFile(destination, content);
      return false;
    };
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expectFile(content);
  });

  test('is replaced when that is asked for', async () => {
    const { content } = store.put('7', bytes(100));
    await mkdir(join(root, 'out'));
    await writeFile(join(root, 'elsewhere'), 'mine');
    await symlink(join(root, 'elsewhere'), destination);
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination, overwrite: true });
    await expectFile(content);
    expect(await readFile(join(root, 'elsewhere'), 'utf8')).toBe('mine');
  });

  test('that is a folder is refused', async () => {
    await mkdir(destination, { recursive: true });
    const options = { fileHandle: fileHandle(), destination, overwrite: true };
    await expect(downloadFile(newContext(), options)).rejects.toThrow(ArgumentError);
    expect(store.calls).toEqual([]);
  });

  test('below a file is refused', async () => {
    await writeFile(join(root, 'out'), 'a file');
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toThrow(FileSystemError);
    expect(store.calls).toEqual([]);
  });

  test('in a file system that takes no folders is refused at once', async () => {
    store.put('7', bytes(100));
    const nowhere = process.platform === 'linux' ? '/proc/no/such/file' : '/dev/null/no/file';
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination: nowhere });
    await expect(result).rejects.toThrow(/Cannot create the folder/);
    expect(store.calls).toEqual([]);
  });

  test('with a link in the place of the partial file does not write through it', async () => {
    const { content } = store.put('7', bytes(part + 1));
    await mkdir(join(root, 'out'));
    await writeFile(join(root, 'elsewhere'), 'mine');
    await symlink(join(root, 'elsewhere'), `${destination}.synapse_download_7.part`);
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expectFile(content);
    expect(await readFile(join(root, 'elsewhere'), 'utf8')).toBe('mine');
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test.skip : test)('that may not be written says so', async () => {
    store.put('7', bytes(100));
    await mkdir(join(root, 'out'), { mode: 0o500 });
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toMatchObject({ name: 'FileSystemError', code: 'EACCES' });
    await chmod(join(root, 'out'), 0o700);
  });

  test('on a disk without room is refused before the first byte', async () => {
    store.put('7', bytes(10));
    const result = downloadFile(newContext(), {
      fileHandle: fileHandle(),
      destination,
      size: 2 ** 52,
    });
    await expect(result).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(store.requests).toEqual([]);
    expect(await leftovers()).toEqual([]);
  });
});

describe('an abort', () => {
  test.each([100_000, 4 * part])('leaves nothing under the real name (%d bytes)', async (size) => {
    store.put('7', bytes(size));
    const controller = new AbortController();
    const reason = new Error('the user had enough');
    store.fault = (_request, response) => {
      response.writeHead(206, {
        'content-length': size,
        'content-range': `bytes 0-${part - 1}/${size}`,
      });
      response.write('x', () => controller.abort(reason));
      return true;
    };
    const events: Progress[] = [];
    const result = downloadFile(newContext(), {
      fileHandle: fileHandle(),
      destination,
      signal: controller.signal,
      onProgress: (event) => events.push(event),
    });
    await expect(result).rejects.toBe(reason);
    expect(await leftovers()).toEqual([]);
    expect(events.at(-1)?.state).toBe('error');
  });

  test('before the start sends nothing', async () => {
    const reason = new Error('never mind');
    const options = { fileHandle: fileHandle(), destination, signal: AbortSignal.abort(reason) };
    await expect(downloadFile(newContext(), options)).rejects.toBe(reason);
    expect(store.calls).toEqual([]);
  });
});

describe.each([true, false])('over its own sockets: %s; a store that fails', (sockets) => {
  beforeEach(() => {
    useSockets = sockets;
  });
  afterEach(() => {
    useSockets = true;
  });

  test('now and then costs no byte twice', async () => {
    const { content } = store.put('7', bytes(4 * part));
    let sent = 0;
    store.fault = (request, response, count) => {
      if (count % 3 === 0) {
        refuse(response, 503, 'SlowDown', 'Please reduce your request rate.');
        return true;
      }
      const [, start = '', end = ''] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
      const length = Number(end) + 1 - Number(start);
      const cut = count % 2 === 0 ? length : Math.ceil(length / 3);
      sent += cut;
      response.writeHead(206, {
        'content-length': length,
        'content-range': `bytes ${start}-${end}/${content.length}`,
      });
      const piece = content.subarray(Number(start), Number(start) + cut);
      response.write(piece, () => (cut === length ? response.end() : response.destroy()));
      return true;
    };
    await downloadFile(newContext({ retryFor: 60_000 }), {
      fileHandle: fileHandle(),
      destination,
    });
    await expectFile(content);
    expect(sent).toBeGreaterThanOrEqual(content.length);
  });

  test('with 403 to a used-up URL is asked with a new one', async () => {
    const { content } = store.put('7', bytes(6 * part));
    store.urlUses = 2;
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination, concurrency: 2 });
    await expectFile(content);
    expect(store.count('batch')).toBeGreaterThanOrEqual(3);
  });

  test.each([100, part + 1])(
    'with 403 to every URL gives up with its reason (%d bytes)',
    async (size) => {
      store.put('7', bytes(size));
      store.urlUses = 0;
      const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
      await expect(result).rejects.toThrow(/403 \(AccessDenied: Request has expired\)/);
      await expect(result).rejects.toThrow(SynapseHttpError);
      expect(await leftovers()).toEqual([]);
    },
  );

  test.each([100, part + 1])('with 503 for good gives up (%d bytes)', async (size) => {
    store.put('7', bytes(size));
    store.fault = (_request, response) => {
      refuse(response, 503, 'SlowDown', 'Please reduce your request rate.');
      return true;
    };
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toMatchObject({ status: 503 });
    expect(await leftovers()).toEqual([]);
  });

  test.each([100, part + 1])('by falling silent is given up (%d bytes)', async (size) => {
    store.put('7', bytes(size));
    store.fault = () => true;
    const context = newContext({ stallTimeout: 30 });
    const result = downloadFile(context, { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toThrow(TimeoutError);
    expect(await leftovers()).toEqual([]);
  });

  test('by stalling in the middle of a part is asked for the rest', async () => {
    const { content } = store.put('7', bytes(part + 1));
    let isFirst = true;
    store.fault = (_request, response) => {
      if (!isFirst) return false;
      isFirst = false;
      response.writeHead(206, {
        'content-length': part,
        'content-range': `bytes 0-${part - 1}/${part + 1}`,
      });
      response.write(content.subarray(0, 1000));
      return true;
    };
    const context = newContext({ stallTimeout: 200 });
    await downloadFile(context, { fileHandle: fileHandle(), destination });
    await expectFile(content);
    expect(store.requests.map(({ headers }) => headers.range)).toContain(`bytes=1000-${part - 1}`);
  });

  test('with 404 has no file', async () => {
    store.put('7', bytes(10));
    store.fault = () => {
      store.objects.clear();
      return false;
    };
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toMatchObject({ status: 404, errorCode: 'NoSuchKey' });
  });

  test.each([100, part + 1])('with wrong bytes leaves no file (%d bytes)', async (size) => {
    const { content } = store.put('7', bytes(size));
    store.handle = { contentMd5: md5(bytes(size, 2)) };
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toMatchObject({
      name: 'Md5MismatchError',
      expected: md5(bytes(size, 2)),
      actual: md5(content),
    });
    expect(await leftovers()).toEqual([]);
  });
});

describe.each([true, false])('over its own sockets: %s; a store that lies', (sockets) => {
  beforeEach(() => {
    useSockets = sockets;
  });
  afterEach(() => {
    useSockets = true;
  });

  test('answering ranges with the whole file gives the whole file', async () => {
    const { content } = store.put('7', bytes(3 * part + 5));
    store.fault = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).end(content);
      return true;
    };
    const result = await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    expect(result.md5).toBe(md5(content));
    await expectFile(content);
  });

  test.each([
    ['another range', `bytes 1-${part}/${2 * part}`],
    ['no range', ''],
    ['nonsense', 'bytes 0/x'],
  ])('about the range (%s) is not believed', async (_name, contentRange) => {
    store.put('7', bytes(2 * part));
    store.fault = (_request, response) => {
      response.writeHead(206, { 'content-length': part, 'content-range': contentRange });
      response.end(bytes(part, 3));
      return true;
    };
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toThrow(NetworkError);
    expect(await leftovers()).toEqual([]);
  });

  test.each([
    ['one byte too few', -1],
    ['one byte too many', 1],
  ])('about the length (%s) is not believed', async (_name, difference) => {
    store.put('7', bytes(2 * part));
    store.fault = (request, response) => {
      const range = /bytes=(\d+-\d+)/.exec(request.headers.range ?? '')?.[1] ?? '';
      // Without a length the body ends with the connection.
      response.writeHead(206, {
        'content-range': `bytes ${range}/${2 * part}`,
        connection: 'close',
      });
      response.end(bytes(part + difference));
      return true;
    };
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toThrow(NetworkError);
  });

  test('about the size of the file is found out', async () => {
    store.put('7', bytes(2 * part));
    store.handle = { contentSize: 2 * part + 1 };
    const result = downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expect(result).rejects.toThrow(`has ${2 * part} bytes in its store`);
    expect(await leftovers()).toEqual([]);
  });

  test('by replacing the object in between does not mix the two', async () => {
    store.put('7', bytes(4 * part));
    const replacement = bytes(4 * part, 9);
    store.handle = { contentMd5: md5(replacement) };
    store.fault = (request) => {
      if (request.headers.range?.startsWith(`bytes=${2 * part}-`) === true)
        store.put('7', replacement);
      store.fault = store.objects.get('7')?.content === replacement ? undefined : store.fault;
      return false;
    };
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination, concurrency: 1 });
    await expectFile(replacement);
  });
});

describe('a URL that cannot be had', () => {
  /** Gives a URL for the first time only. */
  function failingAfterFirst(context: DownloadContext, reason: Error): () => Promise<StoredObject> {
    let count = 0;
    const source = {
      url: () => {
        count += 1;
        return count % 2 === 1 ? Promise.resolve(`${store.url}/7`) : Promise.reject(reason);
      },
      refused: () => undefined,
    };
    return () => Promise.resolve(new UrlObject(context.storage, source, { id: '7' }));
  }

  test.each([
    ['small', 100],
    ['in parts', 2 * part],
    ['whole, as the store knows no ranges', 3 * part],
  ])('gives its place for a connection back (%s)', async (_name, size) => {
    const { content } = store.put('7', bytes(size));
    const connections = 2;
    const context = newContext({ maxConnections: connections, retryFor: 60_000 });
    const reason = new Error('no URL');
    const failures = Array.from({ length: connections + 1 }, async (_, index) => {
      store.fault = (request, response) => {
        const ignoresRange = size === 3 * part && request.headers.range !== undefined;
        if (ignoresRange) response.writeHead(200, { 'content-length': size }).end(content);
        else refuse(response, 503, 'SlowDown', 'Please reduce your request rate.');
        return true;
      };
      const open = failingAfterFirst(context, reason);
      const options = { open, destination: join(root, 'out', `${index}`), size, partSize: part };
      await expect(downloadObject(context, options)).rejects.toBe(reason);
    });
    await Promise.all(failures);
    store.fault = undefined;
    await downloadFile(context, { fileHandle: fileHandle(), destination });
    await expectFile(content);
  });
});

describe('an interrupted download', () => {
  /** Leaves two of four parts behind. */
  async function interrupt(content: Buffer): Promise<void> {
    store.put('7', content);
    const controller = new AbortController();
    store.fault = (request) => {
      if (request.headers.range?.startsWith(`bytes=${2 * part}-`) === true) controller.abort();
      return false;
    };
    const options = {
      fileHandle: fileHandle(),
      destination,
      concurrency: 1,
      signal: controller.signal,
    };
    await expect(downloadFile(newContext(), options)).rejects.toThrow('aborted');
    store.fault = undefined;
    store.requests.length = 0;
  }

  test('leaves parts that the next one goes on with', async () => {
    const content = bytes(4 * part);
    await interrupt(content);
    expect(await leftovers()).toEqual([
      'file.bin.synapse_download_7.journal',
      'file.bin.synapse_download_7.part',
    ]);
    const events: Progress[] = [];
    await downloadFile(newContext(), {
      fileHandle: fileHandle(),
      destination,
      onProgress: (event) => events.push(event),
    });
    await expectFile(content);
    expect(store.requests).toHaveLength(2);
    expect(events[0]).toMatchObject({ state: 'start', transferredBytes: 2 * part });
  });

  test('whose parts were damaged is begun anew', async () => {
    const content = bytes(4 * part);
    await interrupt(content);
    const path = `${destination}.synapse_download_7.part`;
    const damaged = await readFile(path);
    damaged[5] = (damaged[5] ?? 0) ^ 1;
    await writeFile(path, damaged);
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expectFile(content);
    expect(store.requests).toHaveLength(2 + 4);
  });

  test('that nothing could check later leaves nothing', async () => {
    store.put('7', bytes(4 * part));
    const controller = new AbortController();
    store.fault = (request) => {
      if (request.headers.range?.startsWith(`bytes=${2 * part}-`) === true) controller.abort();
      return false;
    };
    const options = { fileHandle: fileHandle(), destination, concurrency: 1, verify: false };
    const result = downloadFile(newContext(), { ...options, signal: controller.signal });
    await expect(result).rejects.toThrow('aborted');
    expect(await leftovers()).toEqual([]);
  });

  test('of other content is begun anew', async () => {
    await interrupt(bytes(4 * part));
    const { content } = store.put('7', bytes(4 * part, 5));
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expectFile(content);
    expect(store.requests).toHaveLength(4);
  });

  test('whose journal is torn or damaged anywhere ends in the right bytes', async () => {
    const content = bytes(2 * part);
    store.put('7', content);
    const path = `${destination}.synapse_download_7`;
    await mkdir(join(root, 'out'));
    const whole = await journalOf(content);
    const cuts = Array.from({ length: whole.length }, (_, index) => whole.subarray(0, index));
    const flips = Array.from({ length: whole.length }, (_, index) => {
      const copy = Buffer.from(whole);
      copy[index] = (copy[index] ?? 0) ^ 0x15;
      return copy;
    });
    // Each case is a whole download: of them a sample, spread over the file, unless there is time for all.
    const sample = [...cuts, ...flips, Buffer.alloc(whole.length)].filter(
      (_, index) => isThorough || index % 13 === 0,
    );
    countRounds(sample.length);
    for (const journal of sample) {
      await rm(destination, { force: true });
      await writeFile(`${path}.journal`, journal);
      // Its process is long gone, even if the damage makes it look like that of another machine.
      const aMinuteAgo = Date.now() / 1000 - 60;
      await utimes(`${path}.journal`, aMinuteAgo, aMinuteAgo);
      // The part file holds zeros: nothing that the journal says of it is true.
      await writeFile(`${path}.part`, Buffer.alloc(content.length));
      await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
      await expectFile(content);
    }
  });

  /** What a killed process would have left. */
  async function journalOf(content: Buffer): Promise<Buffer> {
    const controller = new AbortController();
    store.fault = (request) => {
      if (request.headers.range?.startsWith(`bytes=${part}-`) === true) controller.abort();
      return false;
    };
    const { signal } = controller;
    const options = { fileHandle: fileHandle(), destination, concurrency: 1, signal };
    await expect(downloadFile(newContext(), options)).rejects.toThrow('aborted');
    store.fault = undefined;
    expect(content.length).toBe(2 * part);
    return readFile(`${destination}.synapse_download_7.journal`);
  }

  test('whose journal is just being made is left alone', async () => {
    const { content } = store.put('7', bytes(2 * part));
    await mkdir(join(root, 'out'));
    await writeFile(`${destination}.synapse_download_7.journal`, '');
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    expect((await readFile(destination)).equals(content)).toBe(true);
    expect(await leftovers()).toEqual(['file.bin', 'file.bin.synapse_download_7.journal']);
  });

  test('that still runs is left alone by the next one', async () => {
    const { content } = store.put('7', bytes(3 * part));
    const context = newContext();
    const options = { fileHandle: fileHandle(), destination, overwrite: true };
    const results = await Promise.all([1, 2, 3].map(() => downloadFile(context, options)));
    expect(new Set(results.map((result) => result.md5))).toEqual(new Set([md5(content)]));
    await expectFile(content);
  });

  test('without room for its names uses shorter ones', async () => {
    const { content } = store.put('7', bytes(part + 1));
    destination = join(root, 'out', `${'n'.repeat(251)}.bin`);
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    expect((await readFile(destination)).equals(content)).toBe(true);
  });
});

describe('a file handle', () => {
  test('that is gone is an error with its id', async () => {
    const result = downloadFile(newContext(), { fileHandle: fileHandle('99'), destination });
    await expect(result).rejects.toThrow(NotFoundError);
    await expect(result).rejects.toThrow(/syn1 \(file handle 99\)/);
  });

  test('of an external file is read whatever size it claims', async () => {
    const { content } = store.put('7', bytes(2 * part));
    store.handle = {
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle' as never,
      contentSize: 5,
    };
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expectFile(content);
  });
});

describe('a URL', () => {
  test('is downloaded without asking Synapse', async () => {
    const { content } = store.put('x', bytes(part + 1));
    const result = await downloadFile(newContext(), { url: `${store.url}/x`, destination });
    expect(result).toEqual({ path: destination, bytes: part + 1, md5: md5(content) });
    expect(store.calls).toEqual([]);
  });

  test.each([0, 10, part + 1])(
    'of a server without ranges or lengths works (%d bytes)',
    async (size) => {
      const content = bytes(size);
      store.fault = (_request, response) => {
        response.writeHead(200, { 'transfer-encoding': 'chunked' }).end(content);
        return true;
      };
      await downloadFile(newContext(), { url: `${store.url}/x`, destination });
      await expectFile(content);
    },
  );

  test('of a server without ranges is begun anew after a cut', async () => {
    const content = bytes(100_000);
    store.fault = (_request, response, count) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      if (count === 2) response.write(bytes(50_000, 9), () => response.destroy());
      else response.end(content);
      return true;
    };
    await downloadFile(newContext(), { url: `${store.url}/x`, destination });
    await expectFile(content);
  });

  test('that is refused is not asked for again', async () => {
    store.fault = (_request, response) => {
      refuse(response, 403, 'AccessDenied', 'No');
      return true;
    };
    const result = downloadFile(newContext(), { url: `${store.url}/x`, destination });
    await expect(result).rejects.toMatchObject({ status: 403 });
    expect(store.requests).toHaveLength(1);
  });

  test('of a local file uses it in place', async () => {
    const path = join(root, 'a b%.txt');
    await writeFile(path, 'local');
    const options = { url: pathToFileURL(path).href, destination };
    const result = await downloadFile(newContext(), options);
    expect(result).toEqual({ path, bytes: 5, md5: md5(Buffer.from('local')) });
    const wrong = downloadFile(newContext(), { ...options, md5: '0'.repeat(32) });
    await expect(wrong).rejects.toThrow(Md5MismatchError);
    expect((await stat(path)).size).toBe(5);
  });

  test.each(['gopher://host/x', 'sftp://host/x', 'javascript:alert(1)', 'no url', 'http://'])(
    'that nothing can fetch is refused: %s',
    async (url) => {
      const result = downloadFile(newContext(), { url, destination });
      await expect(result).rejects.toThrow(ArgumentError);
    },
  );
});

describe('redirects', () => {
  test('are followed with the range', async () => {
    const { content } = store.put('7', bytes(2 * part));
    store.fault = (request, response) => {
      if (request.url?.startsWith('/7?') !== true) return false;
      response.writeHead(302, { location: '/moved' }).end();
      return true;
    };
    store.objects.set('moved', { content, etag: '"m"' });
    await downloadFile(newContext(), { fileHandle: fileHandle(), destination });
    await expectFile(content);
  });

  test('in a circle end', async () => {
    store.fault = (_request, response) => {
      response.writeHead(302, { location: '/again' }).end();
      return true;
    };
    const result = downloadFile(newContext(), { url: `${store.url}/x`, destination });
    await expect(result).rejects.toThrow(DownloadError);
    expect(store.requests).toHaveLength(11);
  });

  test('carry no credentials of a URL to another host', async () => {
    const seen: (string | undefined)[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('hello');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = other.address() as AddressInfo;
      store.fault = (_request, response) => {
        response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
        return true;
      };
      const url = store.url.replace('http://', 'http://user:secret@');
      await downloadFile(newContext(), { url, destination });
      expect(store.requests[0]?.headers.authorization).toMatch(/^Basic /);
      expect(seen).toEqual([undefined, undefined]);
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});
