import { text } from 'node:stream/consumers';

import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { startBareServer } from '../helpers/bareServer.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';
import { bytesOf, contentUrl, fileTypes, md5Of, storage, uploadFile } from './filesClient.js';

const server = withSessions();
const projectTypes = 'org.sagebionetworks.repo.model.project';
const md5 = md5Of(bytesOf(1));

let project: Stored;
let file: Stored;
let handle: Required<M.S3FileHandle>;
const content = bytesOf(100);

beforeAll(async () => {
  const { alice } = server;
  project = await alice.create('project', { name: 'files' });
  handle = await uploadFile(alice, content, {
    fileName: 'a.txt',
    contentType: 'text/plain',
    generatePreview: false,
  });
  file = await alice.create('file', {
    name: 'a.txt',
    parentId: project.id,
    dataFileHandleId: handle.id,
  });
});

function association(fields: object = {}): object {
  return {
    fileHandleId: handle.id,
    associateObjectId: file.id,
    associateObjectType: 'FileEntity',
    ...fields,
  };
}

async function share(accessType: string[]): Promise<void> {
  const acl = await server.alice.get(`/entity/${project.id}/acl`);
  const body = acl.body as { resourceAccess: { principalId: number }[] };
  const bob = server.userId('bob');
  const answer = await server.alice.put(`/entity/${project.id}/acl`, {
    ...body,
    resourceAccess: [
      ...body.resourceAccess.filter(({ principalId }) => principalId !== bob),
      { principalId: bob, accessType },
    ],
  });
  expect(answer).toMatchObject({ status: 200 });
}

async function createLocation(session: Session, fields: object): Promise<number> {
  const answer = await session.post('/storageLocation', fields);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as { storageLocationId: number }).storageLocationId;
}

describe('a file handle', () => {
  test('is for its creator and administrators alone', async () => {
    const path = `/file/v1/fileHandle/${handle.id}`;
    expect(await server.admin.get(path)).toMatchObject({ status: 200, body: { id: handle.id } });
    const direct = `Only the creator of a FileHandle can access it directly by its ID.  FileHandleId = '${handle.id}', UserId = '${server.userId('bob')}'`;
    expect(await server.bob.get(path)).toEqual(refusal(403, direct));
    expect(await server.bob.delete(path)).toEqual(refusal(403, direct));
    expect(await server.bob.get(`${path}/url`)).toEqual(
      refusal(403, 'Only the user that created the FileHandle can get the URL of the file.'),
    );
    expect(await server.bob.delete(`${path}/filepreview`)).toEqual(
      refusal(403, 'Only the creator of a FileHandle can clear the preview'),
    );
    expect(await server.anonymous.get(path)).toMatchObject({ status: 403 });
    expect(await server.alice.get('/file/v1/fileHandle/999999')).toEqual(
      refusal(404, "FileHandle: '999999' cannot be found"),
    );
  });

  test('cannot be deleted while an entity has it', async () => {
    const { alice } = server;
    expect(await alice.delete(`/file/v1/fileHandle/${handle.id}`)).toEqual(
      refusal(
        409,
        `Cannot delete a file handle that has been assigned to an owner object. FileHandle id: ${handle.id}`,
      ),
    );
  });

  test('is deleted already when it does not exist', async () => {
    const { alice } = server;
    expect(await alice.delete('/file/v1/fileHandle/999999')).toMatchObject({ status: 200 });
    expect(await storage(await contentUrl(alice, handle.id))).toMatchObject({ status: 200 });
  });

  test('loses its preview when told so', async () => {
    const { alice } = server;
    const own = await uploadFile(alice, bytesOf(4, 2), { generatePreview: false });
    const path = `/file/v1/fileHandle/${own.id}`;
    expect(await alice.delete(`${path}/filepreview`)).toMatchObject({ status: 200 });
    const { body } = await alice.get(path);
    expect(body).not.toHaveProperty('previewId');
    expect(body).not.toMatchObject({ etag: own.etag });
    expect(await alice.delete(path)).toMatchObject({ status: 200 });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
  });

  test('redirects to its content', async () => {
    const { alice, bob } = server;
    const followed = await alice.get(`/file/v1/fileHandle/${handle.id}/url`);
    expect(followed.status).toBe(307);
    const { body } = await storage(followed.headers.get('location') ?? '');
    expect(body.equals(content)).toBe(true);
    const query = `fileAssociateType=FileEntity&fileAssociateId=${file.id}`;
    expect(await alice.get(`/file/v1/file/${handle.id}?${query}`)).toMatchObject({ status: 307 });
    expect(await bob.get(`/file/v1/file/${handle.id}?${query}`)).toEqual(
      refusal(403, 'You lack DOWNLOAD access to the requested entity.'),
    );
    const wrong = query.replace(file.id, project.id);
    expect(await bob.get(`/file/v1/file/${handle.id}?${wrong}`)).toEqual(
      refusal(
        403,
        `FileHandleId: ${handle.id} is not associated with objectId: ${project.id} of type: FileEntity`,
      ),
    );
    for (const path of ['file', 'version/1/file']) {
      const redirected = await alice.get(`/entity/${file.id}/${path}`);
      expect(redirected).toMatchObject({ status: 307 });
      const text = await alice.get(`/entity/${file.id}/${path}?redirect=false`);
      expect(await storage(String(text.body))).toMatchObject({ status: 200 });
      expect(await bob.get(`/entity/${file.id}/${path}`)).toMatchObject({ status: 403 });
    }
    expect(await alice.get(`/entity/${file.id}/version/9/file`)).toMatchObject({ status: 404 });
    expect(await alice.get(`/entity/${project.id}/file`)).toMatchObject({ status: 400 });
  });

  test('is copied by its creator', async () => {
    const { alice, bob } = server;
    const path = `/file/v1/fileHandle/${handle.id}/copy`;
    const { concreteType } = handle;
    expect(await alice.post(path, { concreteType })).toEqual(
      refusal(400, 'Either the fileName or the contentType needs to be set'),
    );
    expect(await bob.post(path, { concreteType, fileName: 'b' })).toEqual(
      refusal(
        403,
        `Only the creator of a file handle can create a copy. File handle id=${handle.id} is not owned by you`,
      ),
    );
    expect(await alice.post(path, { concreteType, contentType: 'a/b' })).toMatchObject({
      status: 201,
      body: { contentType: 'a/b', fileName: 'a.txt', key: handle.key, contentSize: 100 },
    });
    const external = await alice.createHandle(md5);
    expect(
      await alice.post(`/file/v1/fileHandle/${external}/copy`, { concreteType, fileName: 'b' }),
    ).toMatchObject({ status: 400 });
  });
});

describe('fileHandle/batch', () => {
  const batch = (
    session: Session,
    requestedFiles: object[],
    include: object = {},
  ): Promise<Answer> =>
    session.post('/file/v1/fileHandle/batch', {
      requestedFiles,
      includeFileHandles: true,
      ...include,
    });

  test('answers in the order of the request', async () => {
    const { alice } = server;
    const answer = await batch(alice, [association(), association({ associateObjectId: 'syn1' })], {
      includePreSignedURLs: true,
    });
    expect(answer.status).toBe(201);
    const { requestedFiles } = answer.body as Required<M.BatchFileResult>;
    // The creator may always have a file, whatever the association says.
    expect(requestedFiles).toEqual([
      {
        fileHandleId: handle.id,
        fileHandle: handle,
        preSignedURL: expect.stringContaining('X-Amz-Date') as unknown,
      },
      expect.objectContaining({ fileHandleId: handle.id, fileHandle: handle }),
    ]);
    expect(await storage(requestedFiles[0]?.preSignedURL ?? '')).toMatchObject({ status: 200 });
    expect(
      (
        await batch(alice, [association()], {
          includeFileHandles: false,
          includePreSignedURLs: true,
        })
      ).body,
    ).toEqual({
      requestedFiles: [
        { fileHandleId: handle.id, preSignedURL: expect.stringContaining('http') as unknown },
      ],
    });
  });

  test('marks what is not there or not allowed', async () => {
    const other = await server.bob.createHandle(md5);
    const asked = [
      association(),
      association({ fileHandleId: other }),
      association({ fileHandleId: '999999' }),
      association({ associateObjectType: 'TableEntity' }),
      association({ associateObjectId: 'nonsense' }),
    ];
    const codes = async (session: Session) => {
      const { body } = await batch(session, asked);
      return (body as Required<M.BatchFileResult>).requestedFiles.map(
        ({ failureCode, fileHandle }) => failureCode ?? fileHandle?.id,
      );
    };
    await share(['READ']);
    expect(await codes(server.bob)).toEqual([
      'UNAUTHORIZED',
      other,
      'UNAUTHORIZED',
      'UNAUTHORIZED',
      'UNAUTHORIZED',
    ]);
    await share(['READ', 'DOWNLOAD']);
    expect(await codes(server.bob)).toEqual([
      handle.id,
      other,
      'UNAUTHORIZED',
      'UNAUTHORIZED',
      'UNAUTHORIZED',
    ]);
    expect(await codes(server.admin)).toEqual([
      handle.id,
      other,
      'NOT_FOUND',
      handle.id,
      handle.id,
    ]);
    expect(await codes(server.anonymous)).toEqual(asked.map(() => 'UNAUTHORIZED'));
  });

  test('gives the URL of a preview', async () => {
    const own = await uploadFile(server.alice, bytesOf(6, 2), { generatePreview: false });
    const { body } = await batch(server.alice, [association({ fileHandleId: own.id })], {
      includeFileHandles: false,
      includePreviewPreSignedURLs: true,
    });
    expect(body).toEqual({
      requestedFiles: [
        { fileHandleId: own.id, previewPreSignedURL: expect.stringContaining('http') as unknown },
      ],
    });
  });

  test('refuses requests of a wrong size', async () => {
    const { alice } = server;
    expect(await batch(alice, [association()], { includeFileHandles: false })).toEqual(
      refusal(400, 'Must include either FileHandles or pre-signed URLs or preview pre-signed URLs'),
    );
    expect(await batch(alice, Array<object>(101).fill(association()))).toEqual(
      refusal(400, 'Request exceeds the maximum number of objects per request: 100'),
    );
    expect(await batch(alice, Array<object>(100).fill(association()))).toMatchObject({
      status: 201,
    });
    expect(await batch(alice, [])).toMatchObject({ status: 400 });
    expect(await batch(alice, [{ ...association(), associateObjectId: null }])).toEqual(
      refusal(400, 'FileHandleAssociation.associateObjectId cannot be null'),
    );
    expect(await alice.post('/file/v1/fileHandle/batch', { includeFileHandles: true })).toEqual(
      refusal(400, 'requestedFiles is required.'),
    );
  });
});

describe('filehandles/copy', () => {
  const copy = (session: Session, copyRequests: object[]): Promise<Answer> =>
    session.post('/file/v1/filehandles/copy', { copyRequests });

  test('copies only what the caller may download', async () => {
    await share(['READ', 'DOWNLOAD']);
    const answer = await copy(server.bob, [
      { originalFile: association(), newFileName: 'new.txt', newContentType: 'a/b' },
      { originalFile: association({ fileHandleId: '999999' }) },
    ]);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        copyResults: [
          {
            originalFileHandleId: handle.id,
            newFileHandle: {
              fileName: 'new.txt',
              contentType: 'a/b',
              key: handle.key,
              createdBy: String(server.userId('bob')),
            },
          },
          { originalFileHandleId: '999999', failureCode: 'UNAUTHORIZED' },
        ],
      },
    });
    const { copyResults } = answer.body as Required<M.BatchFileHandleCopyResult>;
    const url = await contentUrl(server.bob, copyResults[0]?.newFileHandle?.id ?? '');
    expect((await storage(url)).body.equals(content)).toBe(true);
    expect(
      await copy(server.admin, [{ originalFile: association({ fileHandleId: '999999' }) }]),
    ).toMatchObject({
      body: { copyResults: [{ failureCode: 'NOT_FOUND' }] },
    });
  });

  test('refuses requests of a wrong size', async () => {
    const one = { originalFile: association() };
    expect(await copy(server.alice, [one, one])).toEqual(
      refusal(400, 'Request contains duplicated FileHandleId.'),
    );
    expect(await copy(server.alice, Array<object>(101).fill(one))).toEqual(
      refusal(400, 'Request exceeds the maximum number of objects per request: 100'),
    );
    expect(await copy(server.anonymous, [one])).toMatchObject({ status: 403 });
  });
});

describe('an external file handle', () => {
  const create = (fields: object, path = ''): Promise<Answer> =>
    server.alice.post(`/file/v1/externalFileHandle${path}`, fields);
  const url = { concreteType: `${fileTypes}.ExternalFileHandle`, externalURL: 'sftp://h.org/x' };

  test('with a URL', async () => {
    const answer = await create(url);
    expect(answer).toMatchObject({
      status: 200,
      body: { ...url, fileName: 'NOT_SET', contentType: 'NOT_SET', status: 'AVAILABLE' },
    });
    expect(await contentUrl(server.alice, (answer.body as { id: string }).id)).toBe(
      url.externalURL,
    );
    expect(await create({ ...url, externalURL: 'nonsense' })).toEqual(
      refusal(400, 'The External URL is not a valid url: nonsense'),
    );
    expect(await create({ ...url, externalURL: null })).toEqual(
      refusal(400, 'ExternalURL cannot be null'),
    );
    expect(await server.anonymous.post('/file/v1/externalFileHandle', url)).toMatchObject({
      status: 403,
    });
  });

  test('in an object store', async () => {
    const storageLocationId = await createLocation(server.alice, {
      concreteType: `${projectTypes}.ExternalObjectStorageLocationSetting`,
      endpointUrl: ' https://store.example.org/ ',
      bucket: 'their-bucket',
      uploadType: 'S3',
    });
    const object = {
      concreteType: `${fileTypes}.ExternalObjectStoreFileHandle`,
      storageLocationId,
      contentSize: 7,
      contentMd5: md5,
      fileKey: 'a/b',
    };
    const answer = await create({ ...object, endpointUrl: 'x', bucket: 'y' });
    expect(answer).toMatchObject({
      status: 200,
      body: { endpointUrl: 'https://store.example.org', bucket: 'their-bucket', fileKey: 'a/b' },
    });
    expect(await contentUrl(server.alice, (answer.body as { id: string }).id)).toBe(
      'https://store.example.org/their-bucket/a/b',
    );
    for (const [change, reason] of [
      [{ storageLocationId: null }, 'ExternalObjectStoreFileHandle.storageLocationId is required.'],
      [{ contentSize: null }, 'ExternalObjectStoreFileHandle.contentSize is required.'],
      [{ contentMd5: null }, 'FileHandle.contentMd5 is required and must not be the empty string.'],
      [
        { contentMd5: 'x' },
        'The content MD5 digest must be a valid hexadecimal string of length 32.',
      ],
      [
        { fileKey: '' },
        'ExternalObjectStoreFileHandle.fileKey is required and must not be the empty string.',
      ],
    ] as const) {
      expect(await create({ ...object, ...change })).toEqual(refusal(400, reason));
    }
    expect(await create({ ...object, storageLocationId: 1 })).toMatchObject({ status: 400 });
    expect(await create({ ...object, storageLocationId: 99 })).toMatchObject({ status: 404 });
  });

  test('behind a proxy has a signature that its owner can check', async () => {
    const location = {
      concreteType: `${projectTypes}.ProxyStorageLocationSettings`,
      proxyUrl: 'https://host.org:8080/prefix',
      secretKey: 'Super Secret key to sign URLs with.',
      uploadType: 'SFTP',
    };
    expect(await server.alice.post('/storageLocation', location)).toEqual(
      refusal(400, 'SecretKey must be at least: 36 characters but was: 35'),
    );
    const storageLocationId = await createLocation(server.alice, {
      ...location,
      secretKey: `${location.secretKey} `,
      benefactorId: project.id,
    });
    const body = {
      concreteType: `${fileTypes}.ProxyFileHandle`,
      storageLocationId,
      fileName: 'foo.txt',
      filePath: '/path/root/child',
      contentType: 'text/plain; charset=us-ascii',
      contentMd5: md5,
      contentSize: 987,
    };
    for (const path of ['', '/proxy']) {
      const answer = await create(body, path);
      expect(answer).toMatchObject({ status: 200, body });
      const found = await contentUrl(server.alice, (answer.body as { id: string }).id);
      expect(found).toMatch(
        new RegExp(
          '^https://host\\.org:8080/prefix/sftp/path/root/child\\?fileName=foo\\.txt' +
            `&contentType=text%2Fplain%3B\\+charset%3Dus-ascii&contentMD5=${md5}&contentSize=987` +
            '&expiration=\\d+&hmacSignature=[0-9a-f]{40}$',
        ),
      );
    }
    await share(['READ']);
    expect(await server.bob.post('/file/v1/externalFileHandle', body)).toMatchObject({
      status: 403,
    });
    await share(['READ', 'CREATE']);
    expect(await server.bob.post('/file/v1/externalFileHandle', body)).toMatchObject({
      status: 200,
    });
    expect(await create({ ...body, filePath: null })).toEqual(
      refusal(400, 'ProxyFileHandle.filePath is required and must not be the empty string.'),
    );
    expect(await create({ ...body, storageLocationId: 1 })).toEqual(
      refusal(
        400,
        'ProxyFileHandle.storageLocationId must refer to a valid ProxyStorageLocationSettings.',
      ),
    );
  });

  test.each([
    ['s3', 'S3FileHandle', 'ExternalS3StorageLocationSetting', 'their-s3'],
    [
      'googleCloud',
      'GoogleCloudFileHandle',
      'ExternalGoogleCloudStorageLocationSetting',
      'their-google',
    ],
  ])('for an object of a bucket: %s', async (path, type, locationType, bucket) => {
    const storageLocationId = await createLocation(server.alice, {
      concreteType: `${projectTypes}.${locationType}`,
      bucket,
      baseKey: 'base',
    });
    const stored = await uploadFile(server.alice, bytesOf(77, 8), { storageLocationId });
    expect(stored).toMatchObject({
      concreteType: `${fileTypes}.${type}`,
      bucketName: bucket,
      storageLocationId,
      key: expect.stringMatching(/^base\/\d+\//) as unknown,
    });
    const body = {
      concreteType: `${fileTypes}.${type}`,
      storageLocationId,
      bucketName: bucket,
      key: stored.key,
      contentMd5: stored.contentMd5,
    };
    const answer = await create(body, `/${path}`);
    expect(answer).toMatchObject({
      status: 200,
      body: { ...body, contentSize: 77, fileName: 'NOT_SET', contentType: 'NOT_SET' },
    });
    const answered = await storage(
      await contentUrl(server.alice, (answer.body as { id: string }).id),
    );
    expect(answered.body.equals(bytesOf(77, 8))).toBe(true);
    for (const [change, reason] of [
      [{ storageLocationId: null }, 'FileHandle.storageLocationId is required.'],
      [{ bucketName: null }, 'FileHandle.bucket is required and must not be the empty string.'],
      [{ key: null }, 'FileHandle.key is required and must not be the empty string.'],
      [
        { bucketName: 'other' },
        `The bucket for ${locationType}.id=${storageLocationId} does not match the provided bucket: other`,
      ],
      [
        { storageLocationId: 1 },
        `StorageLocationSetting.id=1 was not of the expected type: ${projectTypes}.${locationType}`,
      ],
      [{ key: 'base/x' }, `Unable to access the file at bucket: ${bucket} key: base/x.`],
    ] as const) {
      expect(await create({ ...body, ...change }, `/${path}`)).toEqual(refusal(400, reason));
    }
    expect(await server.bob.post(`/file/v1/externalFileHandle/${path}`, body)).toMatchObject({
      status: 403,
    });
  });
});

test('the server reads every kind of file that it stores', async () => {
  const bare = await startBareServer({});
  try {
    const { files } = bare.world;
    const made = await files.store(
      (async function* () {
        yield await Promise.resolve(Buffer.from('a,b\n'));
        yield Buffer.from('1,2\n');
      })(),
      { createdBy: 7, fileName: 'query.csv', contentType: 'text/csv' },
    );
    expect(made).toMatchObject({
      concreteType: `${fileTypes}.S3FileHandle`,
      createdBy: '7',
      contentSize: 8,
      contentMd5: md5Of(Buffer.from('a,b\n1,2\n')),
      key: expect.stringMatching(/^7\/[0-9a-f-]{36}\/query\.csv$/) as unknown,
    });
    expect(await text(files.read(made))).toBe('a,b\n1,2\n');
    expect(await text(files.read(made, { start: 2, end: 5 }))).toBe('b\n1');
    const bytes = await files.store(Buffer.from('x'), {
      createdBy: 7,
      fileName: 'page.md.gz',
      contentType: 'text/plain',
      contentEncoding: 'gzip',
    });
    expect(await text(files.read(bytes))).toBe('x');
    expect(() => files.read({ ...made, key: 'gone' })).toThrow('does not exist');
    expect(() => files.read({ concreteType: `${fileTypes}.ExternalFileHandle` })).toThrow(
      'is not stored by this server',
    );
  } finally {
    await bare.close();
  }
});

test('fileHandle/restore says what is there', async () => {
  const started = await server.alice.post('/file/v1/fileHandle/restore/async/start', {
    concreteType: `${fileTypes}.FileHandleRestoreRequest`,
    fileHandleIds: [handle.id, '999999', await server.bob.createHandle(md5)],
  });
  expect(started).toMatchObject({ status: 201 });
  const { token } = started.body as { token: string };
  const result = await server.alice.get(`/file/v1/fileHandle/restore/async/get/${token}`);
  expect(result.status).toBe(201);
  const { restoreResults } = result.body as Required<M.FileHandleRestoreResponse>;
  expect(restoreResults.map(({ status }) => status)).toEqual([
    'NO_ACTION',
    'NOT_FOUND',
    'UNAUTHORIZED',
  ]);
});
