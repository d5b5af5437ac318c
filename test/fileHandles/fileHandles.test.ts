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
    expect(await syn.fileHandles.get(handle.id ?? '')).toEqual(handle);
  });

  test.each([
    ['bytes', Buffer.from('some content')],
    ['a stream', Readable.from([Buffer.from('some '), Buffer.from('content')])],
  ])('takes %s with a name', async (_, content) => {
    const options = { fileName: 'named.csv', contentType: 'text/plain' };
    expect(await syn.fileHandles.upload(content, options)).toMatchObject({
      ...options,
      contentMd5: md5('some content'),
    });
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
