import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  FileSystemError,
  NotFoundError,
  type FileHandleAssociation,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}

describe('upload', () => {
  test('takes the path of a local file', async () => {
    const path = await clients.file('by path.txt', 'content by path');
    const handle = await syn.fileHandles.upload(path);
    expect(handle).toMatchObject({
      concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
      fileName: 'by path.txt',
      contentType: 'text/plain',
      contentMd5: md5('content by path'),
      contentSize: 15,
    });
    // A preview, which is made in the background, changes the etag.
    const { etag, ...kept } = handle;
    expect(etag).toEqual(expect.any(String));
    expect(await syn.fileHandles.get(handle.id ?? '')).toMatchObject(kept);
  });

  test.each([
    ['bytes', Buffer.from('some content')],
    ['a stream', Readable.from([Buffer.from('some '), Buffer.from('content')])],
    ['a Blob', new Blob(['some ', 'content'])],
  ])('takes %s with a name', async (_, content) => {
    const options = { fileName: 'named.csv', contentType: 'text/plain' };
    expect(await syn.fileHandles.upload(content, options)).toMatchObject({
      ...options,
      contentMd5: md5('some content'),
    });
  });

  test('takes the name and the type of a File of the web', async () => {
    const content = new globalThis.File(['x'], 'of the web.csv', { type: 'text/csv' });
    const expected = { fileName: 'of the web.csv', contentType: 'text/csv', contentMd5: md5('x') };
    expect(await syn.fileHandles.upload(content)).toMatchObject(expected);
  });

  test('refuses bytes without a name', async () => {
    await expect(syn.fileHandles.upload(Buffer.from('x'))).rejects.toThrow(ArgumentError);
  });

  test('refuses empty content', async () => {
    const options = { fileName: 'empty.txt' };
    await expect(syn.fileHandles.upload(new Uint8Array(), options)).rejects.toThrow(ArgumentError);
  });
});

describe('the content of a file handle', () => {
  const content = 'content to download';
  let file: FileHandleAssociation;
  beforeAll(async () => {
    const { id: dataFileHandleId = '' } = await syn.fileHandles.upload(Buffer.from(content), {
      fileName: 'content.txt',
    });
    const entity = await syn.store(new File({ name: 'x', parent: project, dataFileHandleId }));
    file = {
      fileHandleId: dataFileHandleId,
      associateObjectId: entity.id,
      associateObjectType: 'FileEntity',
    };
  });

  test('is downloaded to a new file', async () => {
    const destination = join(clients.folder, 'new folder', 'content.txt');
    expect(await syn.fileHandles.download(file, { destination })).toBe(destination);
    expect(await readFile(destination, 'utf8')).toBe(content);
  });

  test('replaces an existing file only with overwrite', async () => {
    const destination = await clients.file('existing.txt', 'mine');
    const download = syn.fileHandles.download(file, { destination });
    await expect(download).rejects.toThrow(FileSystemError);
    expect(await readFile(destination, 'utf8')).toBe('mine');
    await syn.fileHandles.download(file, { destination, overwrite: true });
    expect(await readFile(destination, 'utf8')).toBe(content);
  });

  test('is streamed in part', async () => {
    const stream = await syn.fileHandles.stream(file, { range: { start: 8, end: 10 } });
    expect((await buffer(stream)).toString()).toBe('to');
  });

  test('is found by its MD5', async () => {
    const found = await syn.fileHandles.findEntitiesByMd5(md5(content));
    expect(found.map(({ id }) => id)).toEqual([file.associateObjectId]);
  });

  test('is refused to those who may not download it', async () => {
    const bob = await clients.open('bob');
    const destination = join(clients.folder, 'refused.txt');
    await expect(bob.fileHandles.download(file, { destination })).rejects.toThrow(
      AuthorizationError,
    );
    await expect(bob.fileHandles.get(file.fileHandleId)).rejects.toThrow(AuthorizationError);
    await expect(syn.fileHandles.get('999999999')).rejects.toThrow(NotFoundError);
  });
});

describe('a file handle that no object refers to', () => {
  test('is downloaded by its owner, by the handle or its id', async () => {
    const handle = await syn.fileHandles.upload(Buffer.from('my own'), { fileName: 'own.txt' });
    for (const file of [handle, handle.id ?? '']) {
      const destination = join(clients.folder, `own ${typeof file}.txt`);
      expect(await syn.fileHandles.download(file, { destination })).toBe(destination);
      expect(await readFile(destination, 'utf8')).toBe('my own');
    }
    const stream = await syn.fileHandles.stream(handle, { range: { start: 3 } });
    expect((await buffer(stream)).toString()).toBe('own');
  });

  test('is refused to others', async () => {
    const bob = await clients.open('bob');
    const { id = '' } = await syn.fileHandles.upload(Buffer.from('mine'), { fileName: 'x.txt' });
    const destination = join(clients.folder, 'others.txt');
    await expect(bob.fileHandles.download(id, { destination })).rejects.toThrow(AuthorizationError);
    await expect(bob.fileHandles.delete(id)).rejects.toThrow(AuthorizationError);
    const missing = syn.fileHandles.download('999999999', { destination });
    await expect(missing).rejects.toThrow(NotFoundError);
  });

  test('is deleted by its owner', async () => {
    const { id = '' } = await syn.fileHandles.upload(Buffer.from('gone'), { fileName: 'x.txt' });
    await syn.fileHandles.delete(id);
    await expect(syn.fileHandles.get(id)).rejects.toThrow(NotFoundError);
  });
});

describe('copy', () => {
  async function association(content: string): Promise<FileHandleAssociation> {
    const handle = await syn.fileHandles.upload(Buffer.from(content), { fileName: 'old.txt' });
    const { id: dataFileHandleId = '' } = handle;
    const name = `file of ${content}`;
    const entity = await syn.store(new File({ name, parent: project, dataFileHandleId }));
    const objects = { associateObjectId: entity.id, associateObjectType: 'FileEntity' } as const;
    return { fileHandleId: dataFileHandleId, ...objects };
  }

  test('gives the same content another name and media type', async () => {
    const file = await association('content to copy');
    const copied = await syn.fileHandles.copy([
      { ...file, newFileName: 'new.csv', newContentType: 'text/csv' },
      { ...file, newFileName: 'again.txt' },
    ]);
    const contentMd5 = md5('content to copy');
    expect(copied).toMatchObject([
      { fileHandle: { fileName: 'new.csv', contentType: 'text/csv', contentMd5 } },
      { fileHandle: { fileName: 'again.txt', contentType: 'text/plain', contentMd5 } },
    ]);
  });

  test('reports each file handle that cannot be copied', async () => {
    const bob = await clients.open('bob');
    const file = await association('another content');
    const missing = { ...file, fileHandleId: '999999999' };
    const copied = await syn.fileHandles.copy([missing, file]);
    expect(copied.map(({ fileHandle }) => fileHandle !== undefined)).toEqual([false, true]);
    expect(copied[0]?.originalFileHandleId).toBe('999999999');
    const [refused] = await bob.fileHandles.copy([file]);
    expect(refused?.error).toBeInstanceOf(AuthorizationError);
  });

  test('takes more than the service does at once', async () => {
    const file = await association('for many');
    const missing = Array.from({ length: 150 }, (_, at) => ({ ...file, fileHandleId: `99${at}` }));
    const calls = await clients.calls(async () => {
      const copied = await syn.fileHandles.copy([...missing, file]);
      expect(copied).toHaveLength(151);
      expect(copied[150]?.fileHandle).toBeDefined();
    });
    expect(calls).toEqual(['file.copyFileHandleBatch', 'file.copyFileHandleBatch']);
    expect(await syn.fileHandles.copy([])).toEqual([]);
  });
});
