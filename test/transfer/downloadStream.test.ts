import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { ArgumentError, DownloadError, Md5MismatchError, NotFoundError } from '../../src/errors.js';
import { downloadStream } from './transfers.js';
import { bytes, FakeStore, md5 } from './fakeStore.js';

const size = 500_000;
const fileHandle = {
  fileHandleId: '7',
  associateObjectId: 'syn1',
  associateObjectType: 'FileEntity',
} as const;

let store: FakeStore;
let content: Buffer;
beforeEach(async () => {
  store = await FakeStore.start();
  ({ content } = store.put('7', bytes(size)));
});
afterEach(() => store.close());

describe('a stream', () => {
  test.each([
    ['the whole file', undefined, 0, size],
    ['an empty range', { start: 5, end: 5 }, 5, 5],
    ['one byte', { start: 0, end: 1 }, 0, 1],
    ['a range in the middle', { start: 1000, end: 200_001 }, 1000, 200_001],
    ['the end', { start: size - 10 }, size - 10, size],
    ['nothing past the end', { start: size }, size, size],
    ['a range past the end', { start: size - 10, end: size + 10 }, size - 10, size],
  ])('gives %s', async (_name, range, start, end) => {
    const stream = await downloadStream(store.context(), { fileHandle, range });
    const got = await buffer(stream);
    expect(got.equals(content.subarray(start, end))).toBe(true);
  });

  test('goes on where a connection broke', async () => {
    store.fault = (request, response) => {
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      if (from > 300_000) return false;
      const head = { 'content-length': size - from, etag: store.objects.get('7')?.etag };
      if (from === 0) response.writeHead(200, head);
      else
        response.writeHead(206, { ...head, 'content-range': `bytes ${from}-${size - 1}/${size}` });
      response.write(content.subarray(from, from + 100_001), () => response.destroy());
      return true;
    };
    const stream = await downloadStream(store.context(), { fileHandle });
    expect((await buffer(stream)).equals(content)).toBe(true);
    expect(store.requests.at(-1)?.headers['if-match']).toBe(store.objects.get('7')?.etag);
  });

  test('gets ranges from a server that knows none', async () => {
    store.fault = (_request, response, count) => {
      response.writeHead(200, { 'content-length': size });
      if (count === 1) response.write(content.subarray(0, 200_000), () => response.destroy());
      else response.end(content);
      return true;
    };
    const range = { start: 100_000, end: 300_000 };
    const stream = await downloadStream(store.context(), { fileHandle, range });
    expect((await buffer(stream)).equals(content.subarray(100_000, 300_000))).toBe(true);
  });

  test('asks anew when its URL has expired', async () => {
    store.urlUses = 0;
    store.apiFault = (_operation, count) => {
      if (count > 1) store.urlUses = 1;
    };
    const stream = await downloadStream(store.context(), { fileHandle });
    expect((await buffer(stream)).equals(content)).toBe(true);
    expect(store.count('batch')).toBe(2);
  });

  test('waits for its reader', async () => {
    store.put('7', bytes(20_000_000));
    const stream = await downloadStream(store.context(), { fileHandle });
    let read = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      read += chunk.length;
      expect(stream.readableLength).toBeLessThan(1_000_000);
    }
    expect(read).toBe(20_000_000);
  });

  test('that is left early ends the request', async () => {
    const closed = new Promise<void>((resolve) => {
      store.fault = (_request, response) => {
        response.on('close', resolve);
        response.writeHead(200, { 'content-length': size }).write(content.subarray(0, 100_000));
        return true;
      };
    });
    for await (const chunk of await downloadStream(store.context(), { fileHandle })) {
      expect(chunk).toBeDefined();
      break;
    }
    await closed;
  });

  test('ends with its signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    store.fault = (_request, response) => {
      response
        .writeHead(200, { 'content-length': size })
        .write('x', () => controller.abort(reason));
      return true;
    };
    const { signal } = controller;
    const stream = await downloadStream(store.context(), { fileHandle, signal });
    await expect(buffer(stream)).rejects.toBe(reason);
  });

  test('with wrong bytes fails at its end', async () => {
    store.handle = { contentMd5: md5(Buffer.from('other')) };
    const stream = await downloadStream(store.context(), { fileHandle });
    await expect(buffer(stream)).rejects.toThrow(Md5MismatchError);
    const unverified = await downloadStream(store.context(), { fileHandle, verify: false });
    expect((await buffer(unverified)).equals(content)).toBe(true);
  });

  test('does not mix two objects', async () => {
    store.fault = (_request, response) => {
      const etag = store.objects.get('7')?.etag;
      response.writeHead(200, { 'content-length': size, etag });
      response.write(content.subarray(0, 1000), () => {
        store.put('7', bytes(size, 2));
        store.fault = undefined;
        response.destroy();
      });
      return true;
    };
    const stream = await downloadStream(store.context(), { fileHandle });
    await expect(buffer(stream)).rejects.toThrow(DownloadError);
  });

  test('of a missing file fails before it starts', async () => {
    const target = { fileHandle: { ...fileHandle, fileHandleId: '8' } };
    await expect(downloadStream(store.context(), target)).rejects.toThrow(NotFoundError);
  });

  test.each([{ start: -1 }, { start: 5, end: 4 }, { start: 0.5 }, { start: Number.NaN }])(
    'refuses the range %j',
    async (range) => {
      const stream = downloadStream(store.context(), { fileHandle, range });
      await expect(stream).rejects.toThrow(ArgumentError);
      expect(store.calls).toEqual([]);
    },
  );

  test('of a local file reads it in place', async () => {
    const root = await mkdtemp(join(tmpdir(), 'synapse-stream-'));
    try {
      const path = join(root, 'file');
      await writeFile(path, '0123456789');
      const url = pathToFileURL(path).href;
      const read = async (range?: { start: number; end?: number }): Promise<string> =>
        (await buffer(await downloadStream(store.context(), { url, range }))).toString();
      expect(await read()).toBe('0123456789');
      expect(await read({ start: 2, end: 4 })).toBe('23');
      expect(await read({ start: 10 })).toBe('');
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
