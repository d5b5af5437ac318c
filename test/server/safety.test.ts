import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { createPresigner, encodeKey } from '../../src/server/files/sigV4.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { Session, type Stored } from './entitySession.js';
import {
  begin,
  bytesOf,
  contentUrl,
  errorCode,
  fileTypes,
  partUrls,
  storage,
  uploadFile,
  uploadRequest,
  type StorageAnswer,
} from './filesClient.js';
import { sendBytes, sendRaw, type RawRequest } from './rawRequests.js';

const secret = 'what lies next to the data directory';
let outside: string;
let dataDir: string;
let synapse: LocalSynapse;
let alice: Session;
let bob: Session;
let project: Stored;
let leave: () => void;
let left: Promise<void>;

// A server whose data directory has something worth stealing, and worth overwriting, beside it.
beforeAll(async () => {
  await new Promise<void>((entered, failed) => {
    left = withTempDir(async (directory) => {
      outside = directory;
      dataDir = join(directory, 'data');
      await mkdir(join(directory, 'nearby'));
      await writeFile(join(directory, 'secret.txt'), secret);
      await writeFile(join(directory, 'nearby', 'secret.txt'), secret);
      synapse = await startLocalSynapse({ dataDir, strict: true });
      entered();
      await new Promise<void>((resolve) => (leave = resolve));
      await synapse.close();
    });
    left.catch(failed);
  });
  alice = new Session(api(synapse, synapse.users.alice.authToken));
  bob = new Session(api(synapse, synapse.users.bob.authToken));
  project = await alice.create('project', { name: 'safety' });
});

afterAll(async () => {
  const { contractViolations, internalErrors } = synapse;
  leave();
  await left;
  expect({ contractViolations, internalErrors }).toEqual({
    contractViolations: [],
    internalErrors: [],
  });
});

const sendTarget = (target: string, sent?: RawRequest): Promise<StorageAnswer> =>
  sendRaw(synapse.endpoint, target, sent);

/** Everything outside of the data directory is as it was, and the data directory has no strange file. */
async function expectUntouched(): Promise<void> {
  expect((await readdir(outside)).sort()).toEqual(['data', 'nearby', 'secret.txt']);
  expect(await readdir(join(outside, 'nearby'))).toEqual(['secret.txt']);
  for (const file of ['secret.txt', 'nearby/secret.txt']) {
    expect(await readFile(join(outside, file), 'utf8')).toBe(secret);
  }
  const blobs = await readdir(join(dataDir, 'blobs'), { recursive: true });
  for (const path of blobs) expect(path).toMatch(/^(?:tmp|[0-9a-f]{2}(?:\/[0-9a-f]{32})?)$/);
}

async function expectAlive(): Promise<void> {
  expect(await alice.get(`/entity/${project.id}`)).toMatchObject({ status: 200 });
}

function isRefused({ status }: { status: number }): boolean {
  return status >= 400 && status < 500;
}

const wayOut = [
  '../secret.txt',
  '../../secret.txt',
  '../../../secret.txt',
  '..%2fsecret.txt',
  '..%2f..%2fsecret.txt',
  '%2e%2e/secret.txt',
  '%2e%2e%2f%2e%2e%2fsecret.txt',
  '%252e%252e%252fsecret.txt',
  '..%5c..%5csecret.txt',
  '....//secret.txt',
  '..;/secret.txt',
  '%c0%ae%c0%ae/secret.txt',
  '..%00/secret.txt',
  'secret.txt%00.json',
];

describe('paths', () => {
  const bases = [
    '/',
    '/storage/',
    '/storage/proddata.sagebase.org/',
    '/repo/v1/entity/',
    '/file/v1/fileHandle/',
    '/auth/v1/',
    '/admin/',
  ];

  test('lead to nothing but what the server serves', async () => {
    for (const base of bases) {
      for (const way of [...wayOut, join(outside, 'secret.txt').slice(1), 'etc/passwd']) {
        const answer = await sendTarget(`${base}${way}`);
        expect([base, way, isRefused(answer)]).toEqual([base, way, true]);
        expect(answer.body.toString()).not.toContain(secret);
      }
    }
    await expectUntouched();
  });

  test('of another form are refused', async () => {
    const { host } = new URL(synapse.endpoint);
    for (const target of [
      `file://${outside}/secret.txt`,
      'http://169.254.169.254/latest/meta-data/',
      '//169.254.169.254/latest/meta-data/',
      '*',
      'secret.txt',
    ]) {
      const answer = await sendBytes(
        synapse.endpoint,
        `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect([target, answer]).toEqual([target, expect.stringMatching(/^HTTP\/1\.1 40[04] /)]);
      expect(answer).not.toContain(secret);
    }
    expect(
      await sendBytes(
        synapse.endpoint,
        'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org\r\n\r\n',
      ),
    ).toBe('');
    await expectAlive();
  });
});

describe('the storage', () => {
  let keys: Required<M.StsCredentials>;

  beforeAll(async () => {
    const location = await alice.post('/storageLocation', {
      concreteType: 'org.sagebionetworks.repo.model.project.ExternalS3StorageLocationSetting',
      bucket: 'safety-bucket',
      baseKey: 'base',
      stsEnabled: true,
    });
    const folder = await alice.create('folder', { name: 'sts', parentId: project.id });
    const setting = await alice.post('/projectSettings', {
      concreteType: 'org.sagebionetworks.repo.model.project.UploadDestinationListSetting',
      projectId: folder.id,
      settingsType: 'upload',
      locations: [(location.body as { storageLocationId: number }).storageLocationId],
    });
    expect(setting).toMatchObject({ status: 201 });
    const answer = await alice.get(`/entity/${folder.id}/sts?permission=read_write`);
    keys = answer.body as Required<M.StsCredentials>;
  });

  /** A request of a client of S3 to any key, sent as it is signed. */
  function send(
    method: string,
    name: string,
    sent: { body?: string; headers?: Record<string, string>; query?: string } = {},
  ): Promise<StorageAnswer> {
    const presign = createPresigner({
      origin: synapse.endpoint,
      credentials: keys,
      now: new Date(),
      expiresIn: 60,
    });
    const { body = '', headers = {}, query } = sent;
    const path = `/storage/${encodeKey(name).replaceAll('..', '%2E%2E').replaceAll('/', '%2F')}`;
    const url = new URL(
      presign({
        method,
        path: path.replace('%2F', '/'),
        headers,
        ...(query !== undefined && { query: { [query]: '' } }),
      }),
    );
    return sendTarget(`${path.replace('%2F', '/')}${url.search}`, {
      method,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      body,
    });
  }

  test('keeps any key as a mere name', async () => {
    const names = [
      '../../secret.txt',
      '../../../nearby/secret.txt',
      '..',
      '.',
      './a',
      'a/../../../b',
      '/etc/passwd',
      `/${outside}/secret.txt`,
      'C:\\Windows\\win.ini',
      'nul\0byte',
      'line\r\nX-Injected: yes',
      '%2e%2e%2fsecret.txt',
      '__proto__',
      'x'.repeat(900),
      'blobs/tmp/x',
      'journal.jsonl',
    ];
    for (const [index, name] of names.entries()) {
      const key = `safety-bucket/base/${name}`;
      const body = `content ${index}`;
      expect([name, await send('PUT', key, { body })]).toMatchObject([name, { status: 200 }]);
      const got = await send('GET', key);
      expect([name, got.status, got.body.toString()]).toEqual([name, 200, body]);
      expect(got.headers).not.toHaveProperty('x-injected');
    }
    await expectUntouched();
    const listing = await send('GET', 'safety-bucket', { query: 'list-type' });
    expect(listing.status).toBe(403);
    for (const name of names) {
      const gone = await send('DELETE', `safety-bucket/base/${name}`);
      expect([name, gone.status]).toEqual([name, 204]);
    }
  });

  test('keeps every request within its grant', async () => {
    for (const key of [
      'safety-bucket/secret.txt',
      'safety-bucket/base/../secret.txt',
      'safety-bucket/basement/x',
      'proddata.sagebase.org/x',
      '../data/journal.jsonl',
      'journal.jsonl',
    ]) {
      const answer = await send('PUT', key, { body: 'x' });
      // A key with dots is another key below the base, not a way up.
      const isBelow = key.includes('base/..');
      expect([key, isRefused(answer)]).toEqual([key, !isBelow]);
    }
    for (const source of ['/safety-bucket/secret.txt', '../../secret.txt', '/data/journal.jsonl']) {
      const answer = await send('PUT', 'safety-bucket/base/copy', {
        headers: { 'x-amz-copy-source': source },
      });
      expect([source, isRefused(answer)]).toEqual([source, true]);
    }
    await expectUntouched();
  });

  test('reads documents of bounded size', async () => {
    const big = `<Delete>${'<Object><Key>x</Key></Object>'.repeat(200_000)}</Delete>`;
    const tooBig = await send('POST', 'safety-bucket', { query: 'delete', body: big });
    expect(errorCode(tooBig)).toBe('EntityTooLarge');
    const entities = `<!DOCTYPE d [<!ENTITY f SYSTEM "file://${outside}/secret.txt">]><Delete><Object><Key>&f;</Key></Object></Delete>`;
    const answer = await send('POST', 'safety-bucket', { query: 'delete', body: entities });
    expect(answer.body.toString()).not.toContain(secret);
    await expectAlive();
  });

  test('serves no byte beyond an object whatever the range', async () => {
    const content = bytesOf(100);
    const url = await contentUrl(alice, (await uploadFile(alice, content)).id);
    for (const range of [
      'bytes=-99999999999999999999',
      'bytes=0-99999999999999999999',
      'bytes=50-18446744073709551616',
      'bytes=99999999999999999999-',
      'bytes=-0',
      'bytes=0--1',
      'bytes=1e3-2e3',
      'bytes=0x0-0xff',
      `bytes=${'0-1,'.repeat(1000)}0-1`,
    ]) {
      const answer = await storage(url, { headers: { range } });
      expect(answer.status).toBeLessThan(500);
      if (!isRefused(answer)) expect([range, content.includes(answer.body)]).toEqual([range, true]);
    }
  });
});

describe('presigned URLs', () => {
  test('are good only for what they were made for', async () => {
    const mine = await uploadFile(alice, bytesOf(300, 1), { fileName: 'mine.bin' });
    const other = await uploadFile(bob, bytesOf(300, 2), { fileName: 'other.bin' });
    const url = new URL(await contentUrl(alice, mine.id));
    const target = new URL(await contentUrl(bob, other.id));
    const changed = (change: (url: URL) => void): string => {
      const copy = new URL(url);
      change(copy);
      return copy.href;
    };
    const forged = [
      changed((copy) => (copy.pathname = target.pathname)),
      changed((copy) => (copy.pathname = `${copy.pathname}/`)),
      changed((copy) => copy.searchParams.set('X-Amz-Expires', '604800')),
      changed((copy) => copy.searchParams.set('X-Amz-Date', '20400101T000000Z')),
      changed((copy) => copy.searchParams.append('uploadId', '1')),
      changed((copy) => copy.searchParams.set('X-Amz-SignedHeaders', '')),
      changed((copy) => copy.searchParams.set('X-Amz-Signature', '')),
      changed((copy) => copy.searchParams.delete('X-Amz-Signature')),
      changed((copy) => copy.searchParams.set('X-Amz-Algorithm', 'none')),
      changed((copy) => copy.searchParams.set('X-Amz-Security-Token', 'x.y')),
      changed((copy) =>
        copy.searchParams.set('X-Amz-Signature', target.searchParams.get('X-Amz-Signature') ?? ''),
      ),
      changed((copy) => (copy.search = '')),
    ];
    for (const href of forged) {
      const answer = await storage(href);
      expect([href, isRefused(answer)]).toEqual([href, true]);
      expect(answer.body.includes(bytesOf(300, 2))).toBe(false);
    }
    for (const method of ['PUT', 'DELETE', 'POST']) {
      expect(isRefused(await storage(url.href, { method, body: Buffer.from('x') }))).toBe(true);
    }
    expect((await storage(url.href)).body.equals(bytesOf(300, 1))).toBe(true);
    expect((await storage(target.href)).body.equals(bytesOf(300, 2))).toBe(true);
  });

  test('for a part take nothing but that part', async () => {
    const content = bytesOf(6 * 1024 ** 2, 3);
    const upload = await begin(alice, uploadRequest(content));
    const [first, second] = await partUrls(alice, upload.uploadId, [1, 2]);
    const one = new URL(first?.uploadPresignedUrl ?? '');
    const two = new URL(second?.uploadPresignedUrl ?? '');
    const mixed = new URL(two);
    mixed.search = one.search;
    for (const [href, method] of [
      [mixed.href, 'PUT'],
      [one.href, 'DELETE'],
      [one.href, 'GET'],
      [one.href, 'POST'],
    ] as const) {
      const answer = await storage(href, { method, body: Buffer.from('x') });
      expect([href, method, isRefused(answer)]).toEqual([href, method, true]);
    }
  });

  test('show no file to who may not download it', async () => {
    const handle = await uploadFile(alice, bytesOf(100, 4));
    const file = await alice.create('file', {
      name: 'private',
      parentId: project.id,
      dataFileHandleId: handle.id,
    });
    const association = {
      fileHandleId: handle.id,
      associateObjectId: file.id,
      associateObjectType: 'FileEntity',
    };
    const batch = await bob.post('/file/v1/fileHandle/batch', {
      includeFileHandles: true,
      includePreSignedURLs: true,
      requestedFiles: [association],
    });
    expect(batch.body).toEqual({
      requestedFiles: [{ fileHandleId: handle.id, failureCode: 'UNAUTHORIZED' }],
    });
    for (const session of [bob, new Session(api(synapse))]) {
      for (const path of [
        `/file/v1/fileHandle/${handle.id}`,
        `/file/v1/fileHandle/${handle.id}/url?redirect=false`,
        `/file/v1/file/${handle.id}?redirect=false&fileAssociateType=FileEntity&fileAssociateId=${file.id}`,
        `/entity/${file.id}`,
        `/entity/${file.id}/file?redirect=false`,
      ]) {
        expect([path, (await session.get(path)).status]).toEqual([path, 403]);
      }
    }
    const stolen = await bob.create('project', { name: 'of a thief' });
    expect(
      await bob.post('/entity', {
        concreteType: 'org.sagebionetworks.repo.model.FileEntity',
        name: 'stolen',
        parentId: stolen.id,
        dataFileHandleId: handle.id,
      }),
    ).toMatchObject({ status: 403 });
  });
});

test('a file handle that points to this machine is never followed', async () => {
  for (const externalURL of [
    `file://${outside}/secret.txt`,
    `${synapse.endpoint}/admin/requests`,
  ]) {
    const made = await alice.post('/file/v1/externalFileHandle', {
      concreteType: `${fileTypes}.ExternalFileHandle`,
      externalURL,
      fileName: 'secret.txt',
      contentSize: secret.length,
    });
    expect(made).toMatchObject({ status: 200 });
    const { id } = made.body as { id: string };
    expect(await contentUrl(alice, id)).toBe(externalURL);
    const copy = await alice.post('/file/v1/file/multipart', {
      concreteType: `${fileTypes}.MultipartUploadCopyRequest`,
      sourceFileHandleAssociation: {
        fileHandleId: id,
        associateObjectId: project.id,
        associateObjectType: 'FileEntity',
      },
      storageLocationId: 1,
      partSizeBytes: 5 * 1024 ** 2,
      fileName: 'copied.txt',
    });
    expect(isRefused(copy)).toBe(true);
  }
});

test('the SQL of a client reaches its own tables alone', async () => {
  const other = await bob.create('project', { name: 'tables of bob' });
  const columns = await bob.post('/column/batch', {
    list: [
      { name: 'a', columnType: 'STRING' },
      { name: "b\"; ATTACH DATABASE 'x.db' AS x; --", columnType: 'STRING' },
    ],
  });
  expect(columns).toMatchObject({ status: 201 });
  const columnIds = (columns.body as { list: { id: string }[] }).list.map(({ id }) => id);
  const hidden = await bob.create('table', { name: 't', parentId: other.id, columnIds });
  const mine = await alice.create('table', { name: 't', parentId: project.id, columnIds });
  const secretFile = join(outside, 'secret.txt');
  const run = async (sql: string) => {
    const path = `/entity/${mine.id}/table/query/async`;
    const started = await alice.post(`${path}/start`, {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
      entityId: mine.id,
      query: { sql },
      partMask: 1,
    });
    if (started.status !== 201) return started;
    const { token } = started.body as { token: string };
    for (;;) {
      const answer = await alice.get(`${path}/get/${token}`);
      if (answer.status !== 202) return answer;
    }
  };
  expect(await run(`SELECT * FROM ${mine.id}`)).toMatchObject({ status: 201 });
  expect(await run(`SELECT * FROM ${hidden.id}`)).toMatchObject({ status: 403 });
  for (const sql of [
    `SELECT readfile('${secretFile}') FROM ${mine.id}`,
    `SELECT load_extension('${secretFile}') FROM ${mine.id}`,
    `SELECT writefile('${join(outside, 'x')}', a) FROM ${mine.id}`,
    `ATTACH DATABASE '${join(outside, 'x.db')}' AS x`,
    `SELECT a FROM ${mine.id}; ATTACH DATABASE '${join(outside, 'x.db')}' AS x`,
    `SELECT a FROM ${mine.id} UNION SELECT a FROM ${hidden.id}`,
    `SELECT a FROM ${mine.id} JOIN ${hidden.id}`,
    `SELECT (SELECT a FROM ${hidden.id}) FROM ${mine.id}`,
    'SELECT name FROM sqlite_master',
    'SELECT * FROM pragma_database_list()',
    'PRAGMA journal_mode = DELETE',
    `VACUUM INTO '${join(outside, 'x.db')}'`,
    `DROP TABLE ${mine.id}`,
    `SELECT a FROM ${mine.id} WHERE a = '' OR 1 = (SELECT 1)`,
    `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)} FROM ${mine.id}`,
  ]) {
    const answer = await run(sql);
    expect([sql, isRefused(answer)]).toEqual([sql, true]);
    expect(JSON.stringify(answer.body)).not.toContain(secret);
  }
  expect(await run(`SELECT * FROM ${mine.id}`)).toMatchObject({ status: 201 });
  await expectUntouched();
});
