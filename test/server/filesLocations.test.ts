import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { sha256Hex, signingKey, signRequest } from '../../src/server/files/sigV4.js';
import { refusal, withSessions, type Session, type Stored } from './entitySession.js';
import {
  add,
  begin,
  bytesOf,
  complete,
  contentUrl,
  errorCode,
  fileTypes,
  md5Of,
  mebibyte,
  partUrls,
  storage,
  uploadFile,
  type StorageAnswer,
} from './filesClient.js';

const server = withSessions();
const types = 'org.sagebionetworks.repo.model.project';

let project: Stored;
beforeAll(async () => {
  project = await server.alice.create('project', { name: 'locations' });
});

async function createLocation(session: Session, fields: object): Promise<number> {
  const answer = await session.post('/storageLocation', fields);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as { storageLocationId: number }).storageLocationId;
}

async function setLocations(session: Session, projectId: string, ids: number[]): Promise<void> {
  const answer = await session.post('/projectSettings', {
    concreteType: `${types}.UploadDestinationListSetting`,
    projectId,
    settingsType: 'upload',
    locations: ids,
  });
  expect(answer).toMatchObject({ status: 201 });
}

const externalS3 = (bucket: string, fields: object = {}): object => ({
  concreteType: `${types}.ExternalS3StorageLocationSetting`,
  bucket,
  ...fields,
});

describe('a storage location', () => {
  test('is shown to its creator alone', async () => {
    const { alice, bob } = server;
    const made = await alice.post('/storageLocation', {
      ...externalS3('locations-a'),
      banner: 'Mind the gap',
      description: 'ours',
    });
    expect(made).toMatchObject({
      status: 201,
      body: {
        bucket: 'locations-a',
        uploadType: 'S3',
        createdBy: server.userId('alice'),
        banner: 'Mind the gap',
        storageLocationId: expect.any(Number) as unknown,
      },
    });
    const { storageLocationId } = made.body as { storageLocationId: number };
    const path = `/storageLocation/${storageLocationId}`;
    expect((await alice.get(path)).body).toEqual(made.body);
    expect(await bob.get(path)).toEqual(
      refusal(403, 'Only the creator can access storage location settings'),
    );
    expect(await alice.get('/storageLocation/1')).toMatchObject({ status: 403 });
    expect(await alice.get('/storageLocation/999')).toMatchObject({ status: 404 });
    const list = (await alice.get('/storageLocation')).body as { list: object[] };
    expect(list.list).toContainEqual(made.body);
    expect(await server.anonymous.post('/storageLocation', externalS3('anon'))).toMatchObject({
      status: 403,
    });
  });

  test.each([
    [externalS3('No_Bucket'), 'Invalid Bucket Name'],
    [externalS3('a'), 'Invalid Bucket Name'],
    [externalS3('locations-b', { baseKey: 'x/' }), 'Base keys cannot end with trailing slashes'],
    [externalS3('synapse-local-storage'), 'Did not find S3 bucket synapse-local-storage.'],
    [
      { concreteType: `${types}.S3StorageLocationSetting`, baseKey: 'x' },
      'Cannot specify baseKey when creating an S3StorageLocationSetting',
    ],
    [
      { concreteType: `${types}.ExternalStorageLocationSetting`, url: 'nonsense' },
      'The External URL is not a valid url: nonsense',
    ],
    [{ concreteType: `${types}.ExternalStorageLocationSetting` }, 'url is required.'],
    [{ concreteType: `${types}.ProxyStorageLocationSettings` }, 'proxyUrl is required.'],
    [
      {
        concreteType: `${types}.ProxyStorageLocationSettings`,
        proxyUrl: 'http://h.org',
        secretKey: 'x'.repeat(36),
      },
      'proxyUrl protocol must be be HTTPS',
    ],
  ])('refuses %o', async (body, reason) => {
    expect(await server.alice.post('/storageLocation', body)).toEqual(refusal(400, reason));
  });

  test('like one that its creator has already is that one', async () => {
    const { alice, bob } = server;
    const fields = { concreteType: `${types}.S3StorageLocationSetting`, description: 'once' };
    const first = await alice.post('/storageLocation', { ...fields, uploadType: 'S3' });
    const same = { stsEnabled: null, banner: null, ...fields };
    expect(await alice.post('/storageLocation', same)).toMatchObject({
      status: 201,
      body: first.body,
    });
    const ids = [
      (first.body as { storageLocationId: number }).storageLocationId,
      await createLocation(alice, { ...fields, description: 'twice' }),
      await createLocation(bob, fields),
    ];
    expect(new Set(ids).size).toBe(3);
  });

  test('a bucket belongs to the one who named it first', async () => {
    await createLocation(server.alice, externalS3('locations-owned'));
    await createLocation(server.alice, externalS3('locations-owned', { baseKey: 'more' }));
    expect(await server.bob.post('/storageLocation', externalS3('locations-owned'))).toMatchObject({
      status: 400,
    });
  });
});

describe('project settings', () => {
  const setting = (projectId: string, locations: number[]): object => ({
    concreteType: `${types}.UploadDestinationListSetting`,
    projectId,
    settingsType: 'upload',
    locations,
  });

  test('are managed with their etag', async () => {
    const { alice, bob } = server;
    const top = await alice.create('project', { name: 'settings' });
    const folder = await alice.create('folder', { name: 'f', parentId: top.id });
    const unset = await alice.get(`/projectSettings/${top.id}/type/upload`);
    expect([unset.status, unset.body]).toEqual([200, '']);
    const location = await createLocation(alice, externalS3('settings-a', { banner: 'hello' }));
    const made = await alice.post('/projectSettings', setting(top.id, [location, 1]));
    expect(made).toMatchObject({ status: 201, body: setting(top.id, [location, 1]) });
    const record = made.body as Required<M.UploadDestinationListSetting>;
    expect((await alice.get(`/projectSettings/${record.id}`)).body).toEqual(record);
    expect((await alice.get(`/projectSettings/${top.id}/type/upload`)).body).toEqual(record);
    expect(await bob.get(`/projectSettings/${record.id}`)).toMatchObject({ status: 403 });
    expect(await bob.get(`/projectSettings/${top.id}/type/upload`)).toMatchObject({ status: 403 });
    expect(await alice.post('/projectSettings', setting(top.id, [1]))).toEqual(
      refusal(400, `A project setting of type 'upload' for project ${top.id} already exists.`),
    );
    const destination = await alice.get(`/file/v1/entity/${folder.id}/uploadDestination`);
    expect(destination.body).toEqual({
      concreteType: `${fileTypes}.ExternalS3UploadDestination`,
      storageLocationId: location,
      uploadType: 'S3',
      banner: 'hello',
      bucket: 'settings-a',
      endpointUrl: `${server.synapse.endpoint}/storage`,
    });
    const locations = await alice.get(`/file/v1/entity/${folder.id}/uploadDestinationLocations`);
    expect(locations.body).toEqual({
      list: [
        { storageLocationId: location, uploadType: 'S3' },
        { storageLocationId: 1, uploadType: 'S3' },
      ],
    });
    const both = await alice.get(`/file/v1/entity/${folder.id}/uploadDestinations`);
    expect((both.body as { list: object[] }).list).toHaveLength(2);
    const own = await alice.post('/projectSettings', setting(folder.id, [1]));
    expect((await alice.get(`/file/v1/entity/${folder.id}/uploadDestination`)).body).toEqual({
      concreteType: `${fileTypes}.S3UploadDestination`,
      storageLocationId: 1,
      uploadType: 'S3',
    });
    const changed = await alice.put('/projectSettings', { ...record, locations: [1] });
    expect([changed.status, changed.body]).toEqual([200, '']);
    expect(await alice.put('/projectSettings', record)).toMatchObject({ status: 412 });
    const after = await alice.get(`/projectSettings/${record.id}`);
    expect(after.body).toMatchObject({ locations: [1] });
    expect(await bob.delete(`/projectSettings/${record.id}`)).toMatchObject({ status: 403 });
    const { id } = own.body as { id: string };
    expect(await alice.delete(`/projectSettings/${id}`)).toMatchObject({ status: 204 });
    expect(await alice.delete(`/projectSettings/${id}`)).toMatchObject({ status: 404 });
  });

  test('refuse what does not fit', async () => {
    const { alice, bob } = server;
    const foreign = await createLocation(bob, externalS3('settings-bob'));
    const sts = await createLocation(alice, externalS3('settings-sts', { stsEnabled: true }));
    for (const [body, status, reason] of [
      [setting(project.id, []), 400, 'settings.locations must at least have one entry'],
      [
        setting(project.id, Array<number>(11).fill(1)),
        400,
        'The maximum number of settings.locations is limited to 10',
      ],
      [setting(project.id, [999]), 400, 'uploadId 999 is not a valid upload destination location'],
      [setting(project.id, [sts]), 400, 'Can only enable STS on a folder'],
      [{ ...setting(project.id, [1]), settingsType: null }, 400, 'settingsType is required.'],
      [setting(project.id, [foreign]), 403, expect.stringContaining('Only the owner of')],
      [setting('syn999999', [1]), 404, expect.anything()],
    ] as const) {
      expect(await alice.post('/projectSettings', body)).toEqual(refusal(status, reason));
    }
    expect(await bob.post('/projectSettings', setting(project.id, [1]))).toEqual(
      refusal(403, 'Cannot create settings for this project'),
    );
    const folder = await alice.create('folder', { name: 'two', parentId: project.id });
    expect(await alice.post('/projectSettings', setting(folder.id, [sts, 1]))).toEqual(
      refusal(400, 'An STS-enabled folder cannot add other upload destinations'),
    );
  });
});

test('upload destinations of the other kinds', async () => {
  const { alice } = server;
  const folder = await alice.create('folder', { name: 'A + b', parentId: project.id });
  const url = { concreteType: `${types}.ExternalStorageLocationSetting`, url: 'sftp://h.org/base' };
  const flat = await createLocation(alice, { ...url, uploadType: 'SFTP' });
  const deep = await createLocation(alice, {
    ...url,
    uploadType: 'SFTP',
    supportsSubfolders: true,
  });
  const google = await createLocation(alice, {
    concreteType: `${types}.ExternalGoogleCloudStorageLocationSetting`,
    bucket: 'google-a',
    baseKey: 'k',
  });
  const object = await createLocation(alice, {
    concreteType: `${types}.ExternalObjectStorageLocationSetting`,
    endpointUrl: 'https://h.org/',
    bucket: 'object-a',
  });
  const proxy = await createLocation(alice, {
    concreteType: `${types}.ProxyStorageLocationSettings`,
    proxyUrl: 'https://h.org',
    secretKey: 'x'.repeat(36),
  });
  const get = async (id: number) =>
    await alice.get(`/file/v1/entity/${folder.id}/uploadDestination/${id}`);
  const uuid = '[0-9a-f-]{36}';
  expect((await get(flat)).body).toEqual({
    concreteType: `${fileTypes}.ExternalUploadDestination`,
    storageLocationId: flat,
    uploadType: 'SFTP',
    url: expect.stringMatching(new RegExp(`^sftp://h\\.org/base/${uuid}$`)) as unknown,
  });
  expect((await get(deep)).body).toMatchObject({
    url: expect.stringMatching(
      new RegExp(`^sftp://h\\.org/base/locations/A%20%2B%20b/${uuid}$`),
    ) as unknown,
  });
  expect((await get(google)).body).toEqual({
    concreteType: `${fileTypes}.ExternalGoogleCloudUploadDestination`,
    storageLocationId: google,
    uploadType: 'GOOGLECLOUDSTORAGE',
    bucket: 'google-a',
    baseKey: 'k',
  });
  expect((await get(object)).body).toEqual({
    concreteType: `${fileTypes}.ExternalObjectStoreUploadDestination`,
    storageLocationId: object,
    uploadType: 'NONE',
    endpointUrl: 'https://h.org',
    bucket: 'object-a',
    keyPrefixUUID: expect.stringMatching(new RegExp(`^${uuid}$`)) as unknown,
  });
  expect(await get(proxy)).toMatchObject({ status: 400 });
  expect(await get(999)).toMatchObject({ status: 404 });
  expect(await alice.get('/file/v1/entity/syn999999/uploadDestination')).toMatchObject({
    status: 404,
  });
  expect(await server.bob.get(`/file/v1/entity/${folder.id}/uploadDestination`)).toMatchObject({
    status: 403,
  });
});

test('a stored file is copied to another location without passing through the client', async () => {
  const { alice, bob } = server;
  const content = bytesOf(5 * mebibyte + 10, 51);
  const source = await uploadFile(alice, content, { fileName: 'source.bin' });
  const target = await createLocation(alice, externalS3('copy-target', { baseKey: 'in' }));
  const body = {
    concreteType: `${fileTypes}.MultipartUploadCopyRequest`,
    sourceFileHandleAssociation: {
      fileHandleId: source.id,
      associateObjectId: 'syn1',
      associateObjectType: 'FileEntity',
    },
    storageLocationId: target,
    partSizeBytes: 5 * mebibyte,
  };
  expect(await bob.post('/file/v1/file/multipart', body)).toEqual(
    refusal(403, 'The user is not authorized to access the source file.'),
  );
  expect(await alice.post('/file/v1/file/multipart', { ...body, storageLocationId: 1 })).toEqual(
    refusal(403, 'The user does not own the destination storage location.'),
  );
  expect(
    await server.admin.post('/file/v1/file/multipart', { ...body, storageLocationId: 1 }),
  ).toEqual(
    refusal(400, 'The source file handle is already in the given destination storage location.'),
  );
  const { uploadId, partsState } = await begin(alice, body);
  expect(partsState).toBe('00');
  const parts = await partUrls(alice, uploadId, [1, 2]);
  expect(parts[1]?.signedHeaders).toEqual({
    'x-amz-copy-source': `synapse-local-storage/${source.key}`,
    'x-amz-copy-source-range': 'bytes=5242880-5242889',
    'x-amz-copy-source-if-match': expect.stringMatching(/^[0-9a-f]{32}-2$/) as unknown,
  });
  for (const { partNumber, uploadPresignedUrl, signedHeaders } of parts) {
    const headers = signedHeaders as Record<string, string>;
    const unsigned = await storage(uploadPresignedUrl, { method: 'PUT' });
    expect([unsigned.status, errorCode(unsigned)]).toEqual([403, 'SignatureDoesNotMatch']);
    const answer = await storage(uploadPresignedUrl, { method: 'PUT', headers });
    expect(answer.status).toBe(200);
    const start = (partNumber - 1) * 5 * mebibyte;
    const md5 = md5Of(content.subarray(start, start + 5 * mebibyte));
    expect(answer.body.toString()).toContain(`<ETag>&quot;${md5}&quot;</ETag>`);
    expect(await add(alice, uploadId, { number: partNumber, md5 })).toMatchObject({
      body: { addPartState: 'ADD_SUCCESS' },
    });
  }
  const completed = await complete(alice, uploadId);
  expect(completed).toMatchObject({ status: 201, body: { state: 'COMPLETED' } });
  const { resultFileHandleId } = completed.body as { resultFileHandleId: string };
  const copied = await alice.get(`/file/v1/fileHandle/${resultFileHandleId}`);
  expect(copied.body).toMatchObject({
    fileName: 'source.bin',
    contentMd5: source.contentMd5,
    contentSize: content.length,
    contentType: 'application/x-test',
    bucketName: 'copy-target',
    storageLocationId: target,
    key: expect.stringMatching(/^in\/\d+\//) as unknown,
  });
  // The copy shares the stored bytes, and keeps them when the source is gone.
  expect(await alice.delete(`/file/v1/fileHandle/${source.id}`)).toMatchObject({ status: 200 });
  const answer = await storage(await contentUrl(alice, resultFileHandleId));
  expect(answer.body.equals(content)).toBe(true);
});

describe('temporary credentials', () => {
  let folder: Stored;
  let location: number;
  beforeAll(async () => {
    const { alice } = server;
    location = await createLocation(
      alice,
      externalS3('sts-bucket', { baseKey: 'base', stsEnabled: true }),
    );
    folder = await alice.create('folder', { name: 'sts', parentId: project.id });
    await setLocations(alice, folder.id, [location]);
  });

  async function credentials(permission: string): Promise<Required<M.StsCredentials>> {
    const answer = await server.alice.get(`/entity/${folder.id}/sts?permission=${permission}`);
    expect(answer).toMatchObject({ status: 200, body: { bucket: 'sts-bucket', baseKey: 'base' } });
    return answer.body as Required<M.StsCredentials>;
  }

  /** A request signed in its headers, as the clients of S3 send it. */
  function send(
    keys: Required<M.StsCredentials>,
    method: string,
    path: string,
    sent: { body?: Buffer; headers?: Record<string, string>; payloadHash?: string } = {},
  ): Promise<StorageAnswer> {
    const { endpoint } = server.synapse;
    const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const scope = { day: time.slice(0, 8), region: 'us-east-1', service: 's3' };
    const url = new URL(`${endpoint}/storage/${path}`);
    const payloadHash = sent.payloadHash ?? sha256Hex(sent.body ?? '');
    const headers: Record<string, string> = {
      ...sent.headers,
      host: url.host,
      'x-amz-content-sha256': payloadHash,
      'x-amz-date': time,
      'x-amz-security-token': keys.sessionToken,
    };
    const signedHeaders = Object.keys(headers).sort();
    const signature = signRequest(
      {
        method,
        path: url.pathname,
        query: url.search.slice(1),
        headers,
        signedHeaders,
        payloadHash,
      },
      { key: signingKey(keys.secretAccessKey, scope), time, scope },
    );
    const credential = `${keys.accessKeyId}/${scope.day}/us-east-1/s3/aws4_request`;
    return storage(url.href, {
      method,
      headers: {
        ...headers,
        authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
      },
      ...(sent.body && { body: sent.body }),
    });
  }

  test('need an STS location for which the caller has the permissions', async () => {
    const { alice, bob } = server;
    const keys = await credentials('read_only');
    const hours = (Date.parse(keys.expiration) - Date.now()) / 3_600_000;
    expect(Math.round(hours)).toBe(12);
    expect(await bob.get(`/entity/${folder.id}/sts?permission=read_only`)).toMatchObject({
      status: 403,
    });
    const plain = await alice.create('folder', { name: 'plain', parentId: project.id });
    expect(await alice.get(`/entity/${plain.id}/sts?permission=read_only`)).toEqual(
      refusal(400, 'Entity must have an STS-enabled storage location'),
    );
    await setLocations(alice, plain.id, [1]);
    expect(await alice.get(`/entity/${plain.id}/sts?permission=read_only`)).toEqual(
      refusal(400, 'Entity must have an STS-enabled storage location'),
    );
    const own = await createLocation(alice, {
      concreteType: `${types}.S3StorageLocationSetting`,
      stsEnabled: true,
    });
    const ownFolder = await alice.create('folder', { name: 'own', parentId: project.id });
    await setLocations(alice, ownFolder.id, [own]);
    expect(await alice.get(`/entity/${ownFolder.id}/sts?permission=read_write`)).toEqual(
      refusal(400, 'STS write access is not allowed in Synapse storage'),
    );
    expect(await alice.get(`/entity/${ownFolder.id}/sts?permission=read_only`)).toMatchObject({
      status: 200,
      body: { baseKey: expect.stringMatching(/^\d+\/[0-9a-f-]{36}$/) as unknown },
    });
  });

  test('keep the files of an STS folder together', async () => {
    const { alice } = server;
    const outside = await uploadFile(alice, bytesOf(3, 61), { fileName: 'outside.txt' });
    expect(
      await alice.post('/entity', {
        concreteType: 'org.sagebionetworks.repo.model.FileEntity',
        name: 'outside.txt',
        parentId: folder.id,
        dataFileHandleId: outside.id,
      }),
    ).toEqual(
      refusal(
        400,
        'Folders with STS-enabled storage locations can only accept files with the same storage location',
      ),
    );
    const inside = await uploadFile(alice, bytesOf(3, 62), { storageLocationId: location });
    expect(
      await alice.post('/entity', {
        concreteType: 'org.sagebionetworks.repo.model.FileEntity',
        name: 'inside.txt',
        parentId: project.id,
        dataFileHandleId: inside.id,
      }),
    ).toEqual(
      refusal(
        400,
        'Files in STS-enabled storage locations can only be placed in folders with the same storage location',
      ),
    );
    await alice.create('file', {
      name: 'inside.txt',
      parentId: folder.id,
      dataFileHandleId: inside.id,
    });
  });

  test('give access to the objects below the base key', async () => {
    const keys = await credentials('read_write');
    const body = bytesOf(2000, 71);
    const put = await send(keys, 'PUT', 'sts-bucket/base/d%20ir/one.txt', {
      body,
      headers: { 'content-type': 'text/plain', 'x-amz-meta-note': 'hello' },
    });
    expect(put).toMatchObject({ status: 200, headers: { etag: `"${md5Of(body)}"` } });
    const got = await send(keys, 'GET', 'sts-bucket/base/d%20ir/one.txt', {
      headers: { range: 'bytes=100-199' },
    });
    expect(got).toMatchObject({
      status: 206,
      headers: { 'content-type': 'text/plain', 'x-amz-meta-note': 'hello' },
    });
    expect(got.body.equals(body.subarray(100, 200))).toBe(true);
    expect(await send(keys, 'HEAD', 'sts-bucket/base/d%20ir/one.txt')).toMatchObject({
      status: 200,
      headers: { 'content-length': '2000' },
    });
    const copied = await send(keys, 'PUT', 'sts-bucket/base/copy.txt', {
      headers: { 'x-amz-copy-source': '/sts-bucket/base/d%20ir/one.txt' },
    });
    expect(copied.body.toString()).toContain(`<ETag>&quot;${md5Of(body)}&quot;</ETag>`);
    for (const name of ['a/1', 'a/2', 'b', 'a-'] as const) {
      await send(keys, 'PUT', `sts-bucket/base/list/${name}`, { body: Buffer.from(name) });
    }
    const list = async (query: string) => {
      const answer = await send(
        keys,
        'GET',
        `sts-bucket?list-type=2&prefix=base%2Flist%2F${query}`,
      );
      expect(answer.status).toBe(200);
      const text = answer.body.toString();
      return {
        keys: Array.from(text.matchAll(/<Key>base\/list\/(.*?)<\/Key>/g), ([, key]) => key),
        prefixes: Array.from(
          text.matchAll(/<CommonPrefixes><Prefix>base\/list\/(.*?)<\/Prefix>/g),
          ([, prefix]) => prefix,
        ),
        token: /<NextContinuationToken>(.*?)</.exec(text)?.[1],
      };
    };
    expect(await list('')).toEqual({
      keys: ['a-', 'a/1', 'a/2', 'b'],
      prefixes: [],
      token: undefined,
    });
    const first = await list('&delimiter=%2F&max-keys=2');
    expect(first).toMatchObject({ keys: ['a-'], prefixes: ['a/'] });
    const next = encodeURIComponent(first.token ?? '');
    expect(await list(`&delimiter=%2F&max-keys=2&continuation-token=${next}`)).toEqual({
      keys: ['b'],
      prefixes: [],
      token: undefined,
    });
    expect(await list('&start-after=base%2Flist%2Fa%2F1')).toMatchObject({ keys: ['a/2', 'b'] });
    expect(await send(keys, 'DELETE', 'sts-bucket/base/copy.txt')).toMatchObject({ status: 204 });
    expect(await send(keys, 'DELETE', 'sts-bucket/base/copy.txt')).toMatchObject({ status: 204 });
    const many = Buffer.from(
      '<Delete><Object><Key>base/list/b</Key></Object><Object><Key>elsewhere</Key></Object></Delete>',
    );
    const deleted = await send(keys, 'POST', 'sts-bucket?delete', { body: many });
    expect(deleted.body.toString()).toContain('<Deleted><Key>base/list/b</Key></Deleted>');
    expect(deleted.body.toString()).toContain('<Error><Key>elsewhere</Key><Code>AccessDenied');
    expect(await list('')).toMatchObject({ keys: ['a-', 'a/1', 'a/2'] });
    const missing = await send(keys, 'GET', 'sts-bucket/base/copy.txt');
    expect([missing.status, errorCode(missing)]).toEqual([404, 'NoSuchKey']);
  });

  test('upload in parts by the protocol of S3', async () => {
    const keys = await credentials('read_write');
    const path = 'sts-bucket/base/parts.bin';
    const created = await send(keys, 'POST', `${path}?uploads`);
    const uploadId = /<UploadId>(.*?)</.exec(created.body.toString())?.[1] ?? '';
    const part1 = bytesOf(5 * mebibyte, 81);
    const part2 = bytesOf(10, 82);
    for (const [number, body] of [
      [2, part2],
      [1, part1],
    ] as const) {
      const answer = await send(keys, 'PUT', `${path}?partNumber=${number}&uploadId=${uploadId}`, {
        body,
      });
      expect(answer).toMatchObject({ status: 200, headers: { etag: `"${md5Of(body)}"` } });
    }
    const listed = await send(keys, 'GET', `${path}?uploadId=${uploadId}`);
    expect(listed.body.toString()).toMatch(/<PartNumber>1<.*<PartNumber>2</);
    const list = (parts: [number, string][]) =>
      Buffer.from(
        `<CompleteMultipartUpload>${parts
          .map(
            ([number, md5]) =>
              `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${md5}&quot;</ETag></Part>`,
          )
          .join('')}</CompleteMultipartUpload>`,
      );
    const finish = async (body: Buffer) => {
      const answer = await send(keys, 'POST', `${path}?uploadId=${uploadId}`, { body });
      return errorCode(answer) ?? answer.status;
    };
    expect(await finish(list([]))).toBe('MalformedXML');
    expect(await finish(list([[1, md5Of(part2)]]))).toBe('InvalidPart');
    expect(
      await finish(
        list([
          [2, md5Of(part2)],
          [1, md5Of(part1)],
        ]),
      ),
    ).toBe('InvalidPartOrder');
    expect(
      await finish(
        list([
          [1, md5Of(part1)],
          [2, md5Of(part2)],
        ]),
      ),
    ).toBe(200);
    const got = await send(keys, 'GET', path);
    expect(got.body.equals(Buffer.concat([part1, part2]))).toBe(true);
    const gone = await send(keys, 'DELETE', `${path}?uploadId=${uploadId}`);
    expect([gone.status, errorCode(gone)]).toEqual([404, 'NoSuchUpload']);
    const other = await send(keys, 'POST', `${path}?uploads`);
    const otherId = /<UploadId>(.*?)</.exec(other.body.toString())?.[1] ?? '';
    expect(await send(keys, 'DELETE', `${path}?uploadId=${otherId}`)).toMatchObject({
      status: 204,
    });
    // What is there can be made a file of Synapse.
    const handle = await server.alice.post('/file/v1/externalFileHandle/s3', {
      concreteType: `${fileTypes}.S3FileHandle`,
      storageLocationId: location,
      bucketName: 'sts-bucket',
      key: 'base/parts.bin',
      contentMd5: md5Of(Buffer.concat([part1, part2])),
    });
    expect(handle).toMatchObject({ status: 200, body: { contentSize: 5 * mebibyte + 10 } });
  });

  test('take a body in chunks only as it was signed', async () => {
    const keys = await credentials('read_write');
    const chunked = Buffer.from('5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n');
    const put = (body: Buffer, length: number) =>
      send(keys, 'PUT', 'sts-bucket/base/chunked.txt', {
        body,
        payloadHash: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        headers: {
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': String(length),
          'x-amz-trailer': 'x-amz-checksum-crc32',
        },
      });
    expect(await put(chunked, 5)).toMatchObject({ status: 200 });
    const got = await send(keys, 'GET', 'sts-bucket/base/chunked.txt');
    expect(got.body.toString()).toBe('hello');
    expect(got.headers).not.toHaveProperty('content-encoding');
    expect(errorCode(await put(chunked, 6))).toBe('IncompleteBody');
    expect(errorCode(await put(Buffer.from('nonsense'), 5))).toBe('IncompleteBody');
    const wrong = await send(keys, 'PUT', 'sts-bucket/base/wrong.txt', {
      body: Buffer.from('b'),
      payloadHash: sha256Hex('a'),
    });
    expect([wrong.status, errorCode(wrong)]).toEqual([400, 'XAmzContentSHA256Mismatch']);
    expect(await send(keys, 'GET', 'sts-bucket/base/wrong.txt')).toMatchObject({ status: 404 });
  });

  test('reach no further than their grant', async () => {
    const readOnly = await credentials('read_only');
    const readWrite = await credentials('read_write');
    const code = async (answer: Promise<StorageAnswer>) => errorCode(await answer);
    const body = Buffer.from('x');
    expect(await code(send(readOnly, 'PUT', 'sts-bucket/base/x', { body }))).toBe('AccessDenied');
    expect(await code(send(readOnly, 'DELETE', 'sts-bucket/base/x'))).toBe('AccessDenied');
    expect(await code(send(readOnly, 'POST', 'sts-bucket/base/x?uploads'))).toBe('AccessDenied');
    expect(await code(send(readWrite, 'PUT', 'sts-bucket/basement', { body }))).toBe(
      'AccessDenied',
    );
    expect(await code(send(readWrite, 'GET', 'sts-bucket?list-type=2'))).toBe('AccessDenied');
    expect(await code(send(readWrite, 'PUT', 'copy-target/in/x', { body }))).toBe('AccessDenied');
    expect(
      await code(
        send(readWrite, 'PUT', 'sts-bucket/base/x', {
          headers: { 'x-amz-copy-source': 'copy-target/in/x' },
        }),
      ),
    ).toBe('AccessDenied');
    expect(await code(send(readWrite, 'GET', 'no-such-bucket/x'))).toBe('NoSuchBucket');
    const forged = { ...readWrite, secretAccessKey: 'x' };
    expect(await code(send(forged, 'GET', 'sts-bucket/base/x'))).toBe('SignatureDoesNotMatch');
    expect(await send(readOnly, 'HEAD', 'sts-bucket')).toMatchObject({ status: 200 });
    expect(await code(send(readOnly, 'PUT', 'sts-bucket'))).toBe('MethodNotAllowed');
  });
});
