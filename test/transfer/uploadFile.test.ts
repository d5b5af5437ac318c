import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  ArgumentError,
  FileSystemError,
  NetworkError,
  ServerError,
  UploadError,
} from '../../src/errors.js';
import type { Progress } from '../../src/options.js';
import { copyToLocation } from '../../src/storages/synapse/copyToLocation.js';
import { uploadFile, type UploadedFile } from '../../src/storages/synapse/uploadFile.js';
import { bytes, FakeStore, md5, refuse } from './fakeStore.js';

/** The smallest that a store takes. */
const part = 5 * 1024 * 1024;

let root: string;
let store: FakeStore;
let path: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-upload-'));
  path = join(root, 'file.bin');
  store = await FakeStore.start();
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true, force: true });
});

async function create(size: number): Promise<Buffer> {
  const content = bytes(size);
  await writeFile(path, content);
  return content;
}

const serverError = (status: number): ServerError =>
  new ServerError('the server fell over', { status, reason: 'oops', method: 'PUT', url: '/x' });

describe('an upload', () => {
  test.each([
    ['of one byte', 1],
    ['of one part', part],
    ['of one part and a byte', part + 1],
    ['of many parts', 3 * part + 12_345],
    ['of whole parts, hashed on threads', 7 * part],
    ['of parts and a rest, hashed on threads', 7 * part + 5],
  ])('%s arrives whole', async (_name, size) => {
    const content = await create(size);
    const result = await uploadFile(store.context(), { path, partSize: part });
    expect(result).toEqual({ fileHandleId: 'fh0', md5: md5(content), size });
    expect(store.uploads[0]?.content.equals(content)).toBe(true);
    const parts = Math.ceil(size / part);
    expect(store.calls).toEqual(['start', 'sign', ...Array<string>(parts).fill('add'), 'complete']);
    expect(store.uploads[0]?.request).toEqual({
      concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
      fileName: 'file.bin',
      contentType: 'application/octet-stream',
      contentMD5Hex: md5(content),
      fileSizeBytes: size,
      partSizeBytes: part,
      generatePreview: true,
    });
    expect(store.requests[0]?.headers).toMatchObject({ 'x-test-signed': 'yes' });
  });

  test('has the name and type that it is given', async () => {
    path = join(root, 'é 数 \'"%.csv');
    await create(10);
    await uploadFile(store.context(), { path, storageLocationId: '12' });
    expect(store.uploads[0]?.request).toMatchObject({
      fileName: 'é 数 \'"%.csv',
      contentType: 'text/csv',
      storageLocationId: 12,
    });
    await uploadFile(store.context(), { path, fileName: 'x.md', contentType: 'a/b' });
    expect(store.uploads[1]?.request).toMatchObject({ fileName: 'x.md', contentType: 'a/b' });
  });

  test('of a stream leaves no copy', async () => {
    const content = bytes(part + 10);
    const stream = Readable.from([content.subarray(0, 100), content.subarray(100)]);
    const result = await uploadFile(store.context(), {
      stream,
      fileName: 'table.tsv',
      partSize: part,
    });
    expect(result).toMatchObject({ md5: md5(content), size: content.length });
    expect(store.uploads[0]?.content.equals(content)).toBe(true);
    expect(store.uploads[0]?.request).toMatchObject({
      fileName: 'table.tsv',
      contentType: 'text/tab-separated-values',
    });
    const copies = `synapse-upload-${process.pid}-`;
    expect((await readdir(tmpdir())).filter((name) => name.startsWith(copies))).toEqual([]);
  });

  test('of a stream that fails sends nothing', async () => {
    const broken = new Error('the pipe broke');
    const stream = Readable.from(
      (function* () {
        yield Buffer.from('x');
        throw broken;
      })(),
    );
    await expect(uploadFile(store.context(), { stream, fileName: 'x' })).rejects.toBe(broken);
    expect(store.calls).toEqual([]);
  });

  test('reports first the hash before the bytes', async () => {
    await create(2 * part);
    const events: Progress[] = [];
    let failed = false;
    store.fault = (_request, response) => {
      if (failed) return false;
      failed = true;
      refuse(response, 503, 'SlowDown', 'slower');
      return true;
    };
    await uploadFile(store.context(), {
      path,
      partSize: part,
      onProgress: (event) => events.push(event),
    });
    for (const kind of ['hash', 'upload'] as const) {
      const own = events.filter((event) => event.kind === kind);
      const numbers = own.map(({ transferredBytes }) => transferredBytes);
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
      expect(own[0]).toMatchObject({
        state: 'start',
        transferredBytes: 0,
        totalBytes: 2 * part,
        path,
      });
      expect(own.at(-1)).toMatchObject({ state: 'done', transferredBytes: 2 * part });
    }
    expect(events.map(({ state }) => state)).toContain('retry');
  });

  test('sends few parts at a time when that is asked for', async () => {
    await create(4 * part);
    let active = 0;
    let most = 0;
    store.fault = (_request, response) => {
      most = Math.max(most, ++active);
      response.on('close', () => (active -= 1));
      return false;
    };
    await uploadFile(store.context(), { path, partSize: part, concurrency: 1 });
    expect(most).toBe(1);
  });
});

describe('many uploads at a time', () => {
  test('arrive whole at any size', async () => {
    const sizes = [1, 100, 1024 * 1024 - 1, 1024 * 1024, 5000, 1, 77, 2 * 1024 * 1024];
    const contents = sizes.map((size, index) => Buffer.concat([bytes(size), Buffer.from([index])]));
    const paths = await Promise.all(
      contents.map(async (content, index) => {
        const each = join(root, `é 数 ${index}`);
        await writeFile(each, content);
        return each;
      }),
    );
    await writeFile(join(root, 'empty'), '');
    await mkdir(join(root, 'folder'));
    const start = (each: string): Promise<UploadedFile> =>
      uploadFile(store.context(), { path: each });
    const bad = ['missing', 'folder', 'empty'].map((name) => start(join(root, name)));
    const [good, missing, folder, empty] = await Promise.all([
      Promise.all(paths.map(start)),
      ...bad.map((each) => each.catch((error: unknown) => error)),
    ]);
    expect(good.map((each) => each.md5)).toEqual(contents.map(md5));
    expect(store.uploads.map(({ content }) => md5(content)).sort()).toEqual(
      contents.map(md5).sort(),
    );
    expect(missing).toMatchObject({ name: 'FileSystemError', code: 'ENOENT' });
    expect(folder).toMatchObject({ name: 'FileSystemError', code: 'EISDIR' });
    expect(empty).toBeInstanceOf(ArgumentError);
  });

  test('send again what breaks on the way', async () => {
    const contents = Array.from({ length: 8 }, (_, index) => Buffer.from(`content ${index}`));
    store.fault = (request, _response, count) => {
      if (count % 2 === 0) return false;
      request.socket.destroy();
      return true;
    };
    const context = store.context({ retryFor: 60_000 });
    await Promise.all(
      contents.map(async (content, index) => {
        await writeFile(join(root, String(index)), content);
        await uploadFile(context, { path: join(root, String(index)) });
      }),
    );
    expect(store.uploads.map(({ content }) => content.toString()).sort()).toEqual(
      contents.map(String),
    );
  });
});

describe('bad input', () => {
  test('is refused before any request', async () => {
    await writeFile(path, '');
    await expect(uploadFile(store.context(), { path })).rejects.toThrow(ArgumentError);
    await expect(uploadFile(store.context(), { path: join(root, 'none') })).rejects.toMatchObject({
      name: 'FileSystemError',
      code: 'ENOENT',
    });
    await mkdir(join(root, 'folder'));
    await expect(uploadFile(store.context(), { path: join(root, 'folder') })).rejects.toThrow(
      FileSystemError,
    );
    const empty = uploadFile(store.context(), { stream: Readable.from([]), fileName: 'x' });
    await expect(empty).rejects.toThrow(ArgumentError);
    expect(store.calls).toEqual([]);
  });
});

describe('an interrupted upload', () => {
  test('goes on with the parts that are missing', async () => {
    const content = await create(4 * part);
    const controller = new AbortController();
    const reason = new Error('enough');
    store.apiFault = (operation, count) => {
      if (operation === 'add' && count === 3) controller.abort(reason);
    };
    const options = { path, partSize: part, concurrency: 1 };
    const first = uploadFile(store.context(), { ...options, signal: controller.signal });
    await expect(first).rejects.toBe(reason);
    store.apiFault = undefined;
    store.requests.length = 0;
    const events: Progress[] = [];
    await uploadFile(store.context(), { ...options, onProgress: (event) => events.push(event) });
    expect(store.uploads).toHaveLength(1);
    expect(store.uploads[0]?.content.equals(content)).toBe(true);
    expect(store.requests.length).toBeLessThanOrEqual(2);
    const start = events.find(({ kind, state }) => kind === 'upload' && state === 'start');
    expect(start?.transferredBytes).toBeGreaterThanOrEqual(2 * part);
  });

  test('that was whole is not sent again unless that is asked for', async () => {
    await create(part);
    await uploadFile(store.context(), { path });
    store.requests.length = 0;
    expect((await uploadFile(store.context(), { path })).fileHandleId).toBe('fh0');
    expect(store.requests).toEqual([]);
    expect((await uploadFile(store.context(), { path, forceRestart: true })).fileHandleId).toBe(
      'fh1',
    );
    expect(store.requests).toHaveLength(1);
  });
});

describe('trouble', () => {
  test('of a URL that expired: signs all of its batch anew', async () => {
    const content = await create(3 * part);
    let refused = 0;
    store.fault = (_request, response) => {
      if (refused > 0) return false;
      refused += 1;
      refuse(response, 403, 'AccessDenied', 'Request has expired');
      return true;
    };
    await uploadFile(store.context(), { path, partSize: part, concurrency: 1 });
    expect(store.uploads[0]?.content.equals(content)).toBe(true);
    expect(store.count('sign')).toBe(2);
  });

  test('of URLs that are refused however new: says why', async () => {
    await create(part);
    store.fault = (_request, response) => {
      refuse(response, 403, 'SignatureDoesNotMatch', 'No');
      return true;
    };
    const result = uploadFile(store.context(), { path });
    await expect(result).rejects.toThrow(/403 \(SignatureDoesNotMatch: No\)/);
  });

  test('of connections that break in the middle: parts are sent again', async () => {
    const content = await create(3 * part);
    store.fault = (request, response, count) => {
      if (count % 2 === 0) return false;
      response.writeContinue();
      request.once('data', () => request.socket.destroy());
      return true;
    };
    await uploadFile(store.context({ retryFor: 60_000 }), { path, partSize: part });
    expect(store.uploads[0]?.content.equals(content)).toBe(true);
  });

  test('of a part that arrives damaged: it is sent again', async () => {
    const content = await create(2 * part);
    const context = store.context();
    const add = context.services.file.addMultipartUploadPart;
    let damaged = 0;
    context.services.file.addMultipartUploadPart = (args, options) => {
      if (args.partNumber === 2 && damaged < 2) {
        damaged += 1;
        store.uploads[0]?.received.set(2, Buffer.from('damaged'));
      }
      return add(args, options);
    };
    await uploadFile(context, { path, partSize: part });
    expect(damaged).toBe(2);
    expect(store.uploads[0]?.content.equals(content)).toBe(true);
  });

  test('of a part that never arrives: names the upload with the part', async () => {
    await create(2 * part);
    const context = store.context();
    context.services.file.addMultipartUploadPart = ({ uploadId, partNumber }) =>
      Promise.resolve({ uploadId, partNumber: Number(partNumber), addPartState: 'ADD_FAILED' });
    const result = uploadFile(context, { path, partSize: part, concurrency: 1 });
    await expect(result).rejects.toMatchObject({ name: 'UploadError', uploadId: '0' });
    expect(store.count('complete')).toBe(0);
  });

  test.each([
    ['a lost answer', () => new NetworkError('lost')],
    ['a server error', () => serverError(502)],
  ])('of completing (%s): the upload is found complete', async (_name, failure) => {
    await create(part);
    store.apiFault = (operation) => {
      if (operation !== 'complete') return;
      store.uploads[0]?.complete('0');
      throw failure();
    };
    const result = await uploadFile(store.context(), { path });
    expect(result.fileHandleId).toBe('fh0');
    expect(store.uploads).toHaveLength(1);
    expect(store.requests).toHaveLength(1);
  });

  test('that does not pass is not repeated for ever', async () => {
    await create(part);
    store.apiFault = (operation) => {
      if (operation === 'add') throw serverError(500);
    };
    await expect(uploadFile(store.context(), { path })).rejects.toThrow(UploadError);
    expect(store.count('start')).toBeLessThanOrEqual(2);
  });
});

describe('a file that changes while it is uploaded', () => {
  test.each([
    ['rewritten with the same length', () => writeFile(path, bytes(2 * part, 7))],
    ['cut', () => truncate(path, part + 5)],
    ['touched', () => utimes(path, 1, 1)],
  ])('(%s) is not stored', async (_name, change) => {
    await create(2 * part);
    let changed = false;
    store.fault = async () => {
      if (!changed) await change();
      changed = true;
      return false;
    };
    const result = uploadFile(store.context(), { path, partSize: part, concurrency: 1 });
    await expect(result).rejects.toThrow(/changed during the upload/);
    expect(store.count('complete')).toBe(0);
  });
});

describe('a copy to another location', () => {
  test('has the store copy part by part', async () => {
    store.fault = (request, response) => {
      const number = request.url?.split('?')[0]?.split('/').at(-1) ?? '';
      store.uploads[0]?.received.set(Number(number), Buffer.from(number));
      const etag = md5(Buffer.from(number));
      response.end(`<CopyPartResult><ETag>&quot;${etag}&quot;</ETag></CopyPartResult>`);
      return true;
    };
    const context = store.context();
    const create = context.services.file.createMultipartUpload;
    // The copy has no size of its own: the server knows it.
    context.services.file.createMultipartUpload = (args) =>
      create({ body: { ...args.body, fileSizeBytes: 250 } as never });
    const events: Progress[] = [];
    const id = await copyToLocation(context, {
      source: { fileHandleId: '5', associateObjectId: 'syn5', associateObjectType: 'FileEntity' },
      size: 250,
      partSize: 100,
      storageLocationId: 9,
      onProgress: (event) => events.push(event),
    });
    expect(id).toBe('fh0');
    expect(store.uploads[0]?.request).toMatchObject({
      sourceFileHandleAssociation: { fileHandleId: '5' },
      storageLocationId: 9,
      partSizeBytes: 100,
    });
    expect(store.requests.map(({ headers }) => headers['content-length'])).toEqual(['0', '0', '0']);
    expect(events.at(-1)).toMatchObject({ state: 'done', transferredBytes: 250 });
  });
});
