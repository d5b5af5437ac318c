import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { S3FileHandle } from '../../generated/models.js';
import {
  ArgumentError,
  File,
  FileSystemError,
  Folder,
  type ExternalFile,
  type Project,
  type StorageLocationInput,
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
afterEach(() => clients.server.conditions.reset());

const content = 'mouse,hours\nA,12\n';
const contentMd5 = createHash('md5').update(content).digest('hex');
const secretKey = 'k'.repeat(40);

let count = 0;
async function folderAt(input: StorageLocationInput): Promise<{ id: string; location: number }> {
  count += 1;
  const folder: Folder & Stored = await syn.store(
    new Folder({ name: `folder ${count}`, parent: project }),
  );
  const { storageLocationId } = await syn.storageLocations.create(input);
  await syn.storageLocations.use(folder, storageLocationId);
  return { id: folder.id, location: storageLocationId };
}

describe('a file handle', () => {
  test('for a URL has the name and the type of the URL', async () => {
    const url = 'https://example.org/a%20b/mice.csv?x=1';
    const handle = await syn.fileHandles.createExternal({ kind: 'url', url });
    expect(handle).toMatchObject({
      concreteType: 'org.sagebionetworks.repo.model.file.ExternalFileHandle',
      externalURL: url,
      fileName: 'mice.csv',
      contentType: 'text/csv',
    });
    const file = await syn.store(
      new File({ name: 'mice.csv', parent: project, dataFileHandleId: handle.id ?? '' }),
    );
    expect(file.dataFileHandleId).toBe(handle.id);
  });

  test('takes what is not given from a local copy', async () => {
    const path = await clients.file('local ünïcödé.csv', content);
    const file: ExternalFile = { kind: 'url', url: 'https://example.org/x', path };
    expect(await syn.fileHandles.createExternal(file)).toMatchObject({
      fileName: 'local ünïcödé.csv',
      contentMd5,
      contentSize: content.length,
      contentType: 'text/csv',
    });
    const given = { fileName: 'b.txt', contentType: 'text/x', contentSize: 3 };
    expect(await syn.fileHandles.createExternal({ ...file, ...given })).toMatchObject(given);
  });

  test('for an object in a bucket has the bucket of the parent, or of the location', async () => {
    const { id, location } = await folderAt({ kind: 'externalS3', bucket: 'lab-external' });
    const path = await clients.file('mice.csv', content);
    const { dataFileHandleId } = await syn.store(new File({ path, parent: id }));
    const fileHandle = await syn.fileHandles.get(dataFileHandleId ?? '');
    const { bucketName = '', key = '' } = fileHandle as S3FileHandle;
    const expected = {
      concreteType: 'org.sagebionetworks.repo.model.file.S3FileHandle',
      bucketName: 'lab-external',
      key,
      contentMd5,
      contentSize: content.length,
      storageLocationId: location,
      fileName: 'mice.csv',
    };
    expect(
      await syn.fileHandles.createExternal({ kind: 's3', key, parent: id, path }),
    ).toMatchObject(expected);
    expect(
      await syn.fileHandles.createExternal({
        kind: 's3',
        key,
        bucket: bucketName,
        storageLocationId: location,
        contentMd5,
      }),
    ).toMatchObject(expected);
    await expect(
      syn.fileHandles.createExternal({ kind: 's3', key: 'none', parent: id, path }),
    ).rejects.toThrow('Unable to access the file at bucket: lab-external key: none.');
    const bob = await clients.open('bob');
    await expect(
      bob.fileHandles.createExternal({
        kind: 's3',
        key,
        bucket: bucketName,
        storageLocationId: location,
        path,
      }),
    ).rejects.toMatchObject({ status: 403 });
  });

  test('for an object in a Google bucket', async () => {
    const { id, location } = await folderAt({ kind: 'externalGoogleCloud', bucket: 'lab-gcs' });
    const path = await clients.file('mice.csv', content);
    const { dataFileHandleId } = await syn.store(new File({ path, parent: id }));
    const fileHandle = await syn.fileHandles.get(dataFileHandleId ?? '');
    const { key = '' } = fileHandle as S3FileHandle;
    const handle = await syn.fileHandles.createExternal({
      kind: 'googleCloud',
      key,
      parent: id,
      path,
    });
    expect(handle).toMatchObject({
      concreteType: 'org.sagebionetworks.repo.model.file.GoogleCloudFileHandle',
      key,
      storageLocationId: location,
    });
  });

  test('for an object store', async () => {
    const { id, location } = await folderAt({
      kind: 'externalObjectStore',
      bucket: 'lab-objects',
      endpointUrl: 'https://objects.example.org',
    });
    const file = { kind: 'objectStore', key: 'a/mice.csv', contentMd5, contentSize: 17 } as const;
    const expected = {
      fileKey: 'a/mice.csv',
      fileName: 'mice.csv',
      bucket: 'lab-objects',
      endpointUrl: 'https://objects.example.org',
      storageLocationId: location,
    };
    const create = (input: ExternalFile): Promise<unknown> => syn.fileHandles.createExternal(input);
    expect(await create({ ...file, parent: id })).toMatchObject(expected);
    expect(await create({ ...file, storageLocationId: location })).toMatchObject(expected);
  });

  test('behind a proxy leads to an address that Synapse signs with the key', async () => {
    const proxy = { proxyUrl: 'https://proxy.example.org/mice', secretKey };
    const { id } = await folderAt({ kind: 'proxy', ...proxy, benefactorId: project });
    const path = await clients.file('mice.csv', content);
    const filePath = 'raw/mice.csv';
    const handle = await syn.fileHandles.createExternal({
      kind: 'proxy',
      filePath,
      parent: id,
      path,
    });
    expect(handle).toMatchObject({ filePath, contentMd5 });
    const file = await syn.store(
      new File({ name: 'mice.csv', parent: id, dataFileHandleId: handle.id ?? '' }),
    );
    const { requestedFiles } = await syn.services.file.getFileHandleBatch({
      body: {
        includeFileHandles: false,
        includePreSignedURLs: true,
        includePreviewPreSignedURLs: false,
        requestedFiles: [
          {
            fileHandleId: handle.id ?? '',
            associateObjectId: file.id,
            associateObjectType: 'FileEntity',
          },
        ],
      },
    });
    const url = new URL(requestedFiles[0]?.preSignedURL ?? '');
    expect(url.pathname).toBe('/mice/proxylocal/raw/mice.csv');
    const query = [...url.searchParams].filter(([name]) => name !== 'hmacSignature');
    const text = query.map(([name, value]) => `${name}=${value}`).sort();
    const signed = `GET ${url.hostname} ${url.pathname}?${text.join('&')}`;
    const signature = createHmac('sha1', secretKey).update(signed).digest('hex');
    expect(url.searchParams.get('hmacSignature')).toBe(signature);
  });

  test('behind a proxy that cannot be reached is reported without the signature', async () => {
    const { id } = await folderAt({ kind: 'proxy', proxyUrl: 'https://127.0.0.1:1/x', secretKey });
    const path = await clients.file('mice.csv', content);
    const proxied = { kind: 'proxy', filePath: 'mice.csv', parent: id, path } as const;
    const handle = await syn.fileHandles.createExternal(proxied);
    const file = await syn.store(
      new File({ name: 'mice.csv', parent: id, dataFileHandleId: handle.id ?? '' }),
    );
    const reader = await clients.open('alice');
    const error: unknown = await reader.get(file.id).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 9 })).toContain('127.0.0.1');
    expect(inspect(error, { depth: 9 })).not.toMatch(/hmacSignature=(?!\*)/);
  });

  test('is created once more when the answer is lost', async () => {
    const operation = 'file.createExternalFileHandle';
    clients.server.conditions.set({ faults: [{ operation, times: 1, loseAnswer: true }] });
    const url = 'https://example.org/lost.csv';
    const handle = await syn.fileHandles.createExternal({ kind: 'url', url });
    expect(await syn.fileHandles.get(handle.id ?? '')).toMatchObject({ externalURL: url });
  });
});

test('a parent with another kind of storage is refused', async () => {
  const { id } = await folderAt({ kind: 'externalS3', bucket: 'lab-other' });
  const path = await clients.file('mice.csv', content);
  const create = (file: Partial<ExternalFile>): Promise<unknown> =>
    syn.fileHandles.createExternal({ key: 'k', path, parent: id, ...file } as ExternalFile);
  await expect(create({ kind: 'googleCloud' })).rejects.toThrow('which is another kind of storage');
  await expect(create({ kind: 's3', bucket: 'mine' })).rejects.toThrow('the bucket lab-other');
  await expect(create({ kind: 's3', parent: project })).rejects.toThrow('go to storage location 1');
});

test.each<[object, string]>([
  [{ kind: 'ftp', url: 'ftp://h/a' }, '"ftp" is not a kind of external files: use url, s3'],
  [{ url: 'ftp://h/a' }, 'is not a kind of external files'],
  [{ kind: 'url' }, 'of the kind url needs its url'],
  [{ kind: 'url', url: 'no address' }, '"no address" is not a URL'],
  [{ kind: 's3', key: '' }, 'needs its key'],
  [{ kind: 's3', key: 'k' }, 'needs contentMd5, or the path of a local copy'],
  [{ kind: 's3', key: 'k', contentMd5 }, 'needs its storageLocationId, or a parent that has one'],
  [{ kind: 's3', key: 'k', contentMd5, storageLocationId: 2 }, 'needs its bucket, or a parent'],
  [{ kind: 's3', key: 'k', contentMd5: 'abc', parent: 'syn1' }, '"abc" is not an MD5'],
  [{ kind: 's3', key: 'k', contentMd5, parent: 'syn1', storageLocationId: 2 }, 'not both'],
  [{ kind: 's3', key: 'k', contentMd5, parent: 'one' }, 'is not a Synapse id'],
  [{ kind: 'objectStore', key: 'k' }, 'needs contentMd5 and contentSize, or the path'],
  [{ kind: 'proxy', filePath: 'f', contentMd5, contentSize: -1 }, 'is not a size in bytes'],
  [{ kind: 'proxy', contentMd5, contentSize: 5 }, 'needs its filePath'],
])('%j is refused before anything is sent', async (file, message) => {
  const calls = await clients.calls(async () => {
    const creating = syn.fileHandles.createExternal(file as ExternalFile);
    await expect(creating).rejects.toThrow(ArgumentError);
    await expect(creating).rejects.toThrow(message);
  });
  expect(calls).toEqual([]);
});

test('a local copy that is not there is reported before anything is sent', async () => {
  const calls = await clients.calls(() =>
    expect(
      syn.fileHandles.createExternal({ kind: 's3', key: 'k', path: '/no/file', parent: 'syn1' }),
    ).rejects.toThrow(FileSystemError),
  );
  expect(calls).toEqual([]);
});
