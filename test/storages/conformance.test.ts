import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { File, SynapseError, type Progress, type Synapse } from '../../src/index.js';
import { judgeStorageError } from '../../src/net/storageError.js';
import { withClients } from '../entities/withClients.js';
import { backends, handleOf, type Backend, type BackendKind } from './backends.js';

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const clients = withClients();

/** Every kind of storage gives back what was put into it, and fails in the same ways. */
describe.each(Object.entries(backends))('a storage of the kind %s', (_name, kind) => {
  if (kind.missing === undefined) conforms(kind);
  else test.skip(`conforms (${kind.missing})`, () => undefined);
});

function conforms(kind: BackendKind): void {
  let backend: Backend;
  let syn: Synapse;
  beforeAll(async () => {
    backend = await kind.start(clients);
    syn = await backend.open();
  });
  afterAll(() => backend.close());

  const folder = (): Promise<string> => mkdtemp(join(clients.folder, 'in-'));

  async function get(id: string, options: Parameters<Synapse['get']>[1] = {}): Promise<Buffer> {
    const file = (await syn.get(id, { downloadLocation: await folder(), ...options })) as File;
    return readFile(file.path ?? '');
  }

  async function read(id: string, start: number, end?: number): Promise<Buffer> {
    return buffer(await syn.download(id, { range: { start, end } }));
  }

  /** Not toEqual, which takes minutes for large buffers. */
  function expectSame(actual: Buffer, expected: Buffer): void {
    expect(actual).toHaveLength(expected.length);
    expect(actual.equals(expected)).toBe(true);
  }

  test.each([1, 64 * kibibyte - 1, 64 * kibibyte, 5 * mebibyte + 1])(
    'gives back a file of %i bytes',
    async (size) => {
      const content = randomBytes(size);
      const id = await backend.add('size.bin', content);
      expectSame(await get(id), content);
      expectSame(await buffer(await syn.download(id)), content);
    },
  );

  test('gives back an empty file', async () => {
    // Uploads of empty files are refused by Synapse.
    const id = await backend.link('empty.bin', Buffer.alloc(0));
    expect(await get(id)).toHaveLength(0);
    expect(await buffer(await syn.download(id))).toHaveLength(0);
  });

  describe('gives a range', () => {
    const content = randomBytes(100 * kibibyte);
    const { length } = content;
    let id: string;
    beforeAll(async () => {
      id = await backend.add('ranges.bin', content);
    });

    test.each([
      ['with the first byte alone', 0, 1],
      ['with the last byte alone', length - 1, length],
      ['from the middle', 1000, 70_000],
      ['from a byte to the end', length - 100, undefined],
      ['as far as the file goes', length - 100, length + 100],
    ])('%s', async (_what, start, end) => {
      expectSame(await read(id, start, end), content.subarray(start, end));
    });

    test.each([
      ['that is empty', 500, 500],
      ['that is empty at the end', length, length],
      ['that begins at the end', length, undefined],
      ['that begins after the end', length + 5, length + 10],
    ])('%s, without bytes', async (_what, start, end) => {
      expect(await read(id, start, end)).toHaveLength(0);
    });
  });

  test.each(['a b.txt', 'ünï 日本 🧬.txt', '100%.txt', '%41%2F.txt', 'no #1.txt', 'what?.txt'])(
    'finds a file of the name %j',
    async (name) => {
      const content = Buffer.from(name);
      const id = await backend.link(name, content);
      expectSame(await get(id), content);
      expectSame(await buffer(await syn.download(id)), content);
    },
  );

  test('says that a file is not there, and does not try again', async () => {
    const id = await backend.add('missing.bin', Buffer.from('here'));
    await backend.remove(id);
    const downloadLocation = await folder();
    const failures = [
      await get(id, { downloadLocation }).catch((error: unknown) => error),
      await read(id, 0).catch((error: unknown) => error),
    ];
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(SynapseError);
      expect(judgeStorageError(failure)).toBe('fatal');
    }
    expect(await readdir(downloadLocation)).toEqual([]);
  });

  test('ends a stream with the reason of its signal', async () => {
    const id = await backend.add('stopped.bin', randomBytes(12 * mebibyte));
    const stop = new AbortController();
    const reason = new Error('enough');
    const stream = await syn.download(id, { signal: stop.signal });
    stream.once('data', () => stop.abort(reason));
    await expect(buffer(stream)).rejects.toBe(reason);
  });

  test('sends no more than a reader takes', async () => {
    const content = randomBytes(24 * mebibyte);
    const id = await backend.add('slow.bin', content);
    let received = 0;
    const stream = await syn.download(id, {
      onProgress: ({ transferredBytes }: Progress) => (received = transferredBytes),
    });
    await once(stream, 'readable');
    await setTimeout(300);
    expect(stream.readableLength).toBeLessThan(4 * mebibyte);
    expect(received).toBeLessThan(content.length / 2);
    expectSame(await buffer(stream), content);
  });

  test('ends a stream whose reader has paused with the reason of its signal', async () => {
    const id = await backend.add('paused.bin', randomBytes(12 * mebibyte));
    const stop = new AbortController();
    const reason = new Error('enough');
    const stream = await syn.download(id, { signal: stop.signal });
    await once(stream, 'readable');
    await setTimeout(100);
    const failed = once(stream, 'error');
    stop.abort(reason);
    expect(await failed).toEqual([reason]);
    expect(stream.destroyed).toBe(true);
  });

  test('streams thirty files under one signal without a warning of a leak', async () => {
    const { signal } = new AbortController();
    const id = await backend.add('shared.txt', Buffer.from('shared'));
    const downloads = Array.from({ length: 30 }, async () => {
      return buffer(await syn.download(id, { signal }));
    });
    for (const content of await Promise.all(downloads)) expect(String(content)).toBe('shared');
  });

  if (kind.takesUploads) {
    test('records size, MD5 and name of what it takes', async () => {
      const content = randomBytes(1000);
      const handle = await handleOf(syn, await backend.add('recorded.bin', content));
      expect(handle).toMatchObject({
        fileName: 'recorded.bin',
        contentSize: content.length,
        contentMd5: createHash('md5').update(content).digest('hex'),
      });
    });

    test('keeps the old version of a file that is stored again', async () => {
      const path = await clients.file('versions.txt', 'first');
      const { parent } = backend;
      const { id } = await syn.store(new File({ path, parent, name: 'versions' }));
      await writeFile(path, 'second');
      await syn.store(new File({ path, parent, name: 'versions' }));
      expect(String(await get(id))).toBe('second');
      expect(String(await get(`${id}.1`))).toBe('first');
    });

    test('keeps nothing of an upload that is stopped', async () => {
      const path = await clients.file('stopped.bin', randomBytes(12 * mebibyte));
      const stop = new AbortController();
      const reason = new Error('enough');
      const slow = await backend.open({ limitRate: 8 * mebibyte });
      const storing = slow.store(new File({ path, parent: backend.parent, name: 'stopped' }), {
        signal: stop.signal,
        onProgress: ({ kind, state }: Progress) => {
          if (kind === 'upload' && state === 'progress') stop.abort(reason);
        },
      });
      await expect(storing).rejects.toBe(reason);
      const names: string[] = [];
      for await (const { name } of syn.getChildren(backend.parent)) names.push(name);
      expect(names).not.toContain('stopped');
    });

    test('takes twelve uploads under one signal without a warning of a leak', async () => {
      const { signal } = new AbortController();
      const { parent } = backend;
      const uploads = Array.from({ length: 12 }, (_, index) => {
        const stream = Readable.from([Buffer.from(`content ${index}`)]);
        return syn.store(new File({ stream, parent, name: `stream ${index}` }), { signal });
      });
      expect(new Set((await Promise.all(uploads)).map(({ id }) => id)).size).toBe(12);
    });
  }

  if (kind.isInPlace !== true) {
    test('replaces a local file only when that is asked for', async () => {
      const id = await backend.add('there.txt', Buffer.from('of the storage'));
      const downloadLocation = await folder();
      const there = join(downloadLocation, 'there.txt');
      await writeFile(there, 'of the user');
      await syn.get(id, { downloadLocation, ifCollision: 'keep.local' });
      expect(await readFile(there, 'utf8')).toBe('of the user');
      await syn.get(id, { downloadLocation, ifCollision: 'overwrite.local' });
      expect(await readFile(there, 'utf8')).toBe('of the storage');
    });

    test('ends a download with the reason of its signal', async () => {
      const id = await backend.add('stopped.bin', randomBytes(12 * mebibyte));
      const slow = await backend.open({ limitRate: 8 * mebibyte });
      const stop = new AbortController();
      const reason = new Error('enough');
      const downloadLocation = await folder();
      const getting = slow.get(id, {
        downloadLocation,
        signal: stop.signal,
        onProgress: ({ state }: Progress) => {
          if (state === 'progress') stop.abort(reason);
        },
      });
      await expect(getting).rejects.toBe(reason);
      expect(await readdir(downloadLocation)).not.toContain('stopped.bin');
    });

    test('never mixes the bytes of a file with those that replace it', async () => {
      const old = randomBytes(20 * mebibyte);
      const id = await backend.add('replaced.bin', old);
      // One request after the other, so that some are made when the file is replaced.
      const slow = await backend.open({ limitRate: 16 * mebibyte, maxConnections: 1 });
      let replacing: Promise<void> | undefined;
      const fresh = randomBytes(old.length);
      const downloadLocation = await folder();
      const outcome = await slow
        .get(id, {
          downloadLocation,
          onProgress: ({ state }: Progress) => {
            if (state === 'progress') replacing ??= backend.replace(id, fresh);
          },
        })
        .catch((error: unknown) => error);
      expect(replacing).toBeDefined();
      await replacing;
      if (kind.replaced === 'error') {
        expect(outcome).toBeInstanceOf(SynapseError);
        expect(await readdir(downloadLocation)).not.toContain('replaced.bin');
      } else {
        const actual = await readFile(join(downloadLocation, 'replaced.bin'));
        expectSame(actual, kind.replaced === 'old' ? old : fresh);
      }
    });

    test('gets thirty files under one signal without a warning of a leak', async () => {
      const { signal } = new AbortController();
      const id = await backend.add('got.txt', Buffer.from('got'));
      const files = await Promise.all(Array.from({ length: 30 }, () => get(id, { signal })));
      for (const content of files) expect(String(content)).toBe('got');
    });
  }
}
