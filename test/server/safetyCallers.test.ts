import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { withServer } from '../helpers/withServer.js';
import { refusal, Session, type Stored } from './entitySession.js';
import {
  add,
  begin,
  bytesOf,
  complete,
  fileTypes,
  md5Of,
  uploadFile,
  uploadRequest,
} from './filesClient.js';
import { sendBytes, sendRaw } from './rawRequests.js';

const server = withServer();
let synapse: LocalSynapse;
let alice: Session;
let bob: Session;
let project: Stored;

beforeAll(async () => {
  ({ synapse } = server);
  alice = new Session(api(synapse, synapse.users.alice.authToken));
  bob = new Session(api(synapse, synapse.users.bob.authToken));
  project = await alice.create('project', { name: 'safety' });
});

async function expectAlive(): Promise<void> {
  expect(await alice.get(`/entity/${project.id}`)).toMatchObject({ status: 200 });
}

test('the upload of another user is refused', async () => {
  const content = bytesOf(100, 5);
  const { uploadId } = await begin(alice, uploadRequest(content, { fileName: 'begun.bin' }));
  const refused = refusal(403, expect.any(String));
  expect(await complete(bob, uploadId)).toEqual(refused);
  expect(await add(bob, uploadId, { number: 1, md5: md5Of(content) })).toEqual(refused);
  const presign = { uploadId, partNumbers: [1] };
  expect(
    await bob.post(`/file/v1/file/multipart/${uploadId}/presigned/url/batch`, presign),
  ).toEqual(refused);

  const handle = await uploadFile(alice, content, { fileName: 'begun.bin' });
  expect(await bob.delete(`/file/v1/fileHandle/${handle.id}`)).toEqual(refused);
});

test('the job of another user is refused', async () => {
  const content = bytesOf(100, 5);
  const refused = refusal(403, expect.any(String));
  const handle = await uploadFile(alice, content, { fileName: 'begun.bin' });
  const started = await alice.post('/file/v1/fileHandle/restore/async/start', {
    concreteType: `${fileTypes}.FileHandleRestoreRequest`,
    fileHandleIds: [handle.id],
  });
  expect(started).toMatchObject({ status: 201 });
  const { token } = started.body as { token: string };
  expect(await bob.get(`/file/v1/fileHandle/restore/async/get/${token}`)).toEqual(refused);
  expect(await bob.get(`/asynchronous/job/${token}`)).toEqual(refused);
  expect(await alice.get(`/file/v1/fileHandle/restore/async/get/${token}`)).toMatchObject({
    status: 201,
  });
});

describe('tokens', () => {
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');

  test('that this server did not make are refused', async () => {
    const { authToken } = synapse;
    const [header = '', payload = '', signature = ''] = authToken.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const admin = encode({ ...claims, sub: synapse.users.admin.userId });
    const jwks = await alice.get('/auth/v1/oauth2/jwks');
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const hmac = encode({ typ: 'JWT', kid, alg: 'HS256' });
    const signedWithPublicKey = createHmac('sha256', JSON.stringify(jwks.body))
      .update(`${hmac}.${admin}`)
      .digest('base64url');
    const elsewhere = await startLocalSynapse();
    await elsewhere.close();
    for (const token of [
      `${header}.${admin}.${signature}`,
      `${encode({ typ: 'JWT', alg: 'none' })}.${admin}.`,
      `${encode({ typ: 'JWT', kid, alg: 'none' })}.${admin}.${signature}`,
      `${hmac}.${admin}.${signedWithPublicKey}`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      elsewhere.users.admin.authToken,
      'alice-password',
      synapse.users.admin.userId,
      '../keys.json',
    ]) {
      const answer = await api(synapse, token).get('/repo/v1/userProfile');
      expect([token, answer.status, answer.body]).toEqual([
        token,
        401,
        expect.objectContaining({ reason: expect.stringMatching(/invalid access token/i) }),
      ]);
    }
  });

  test('give no more than their user and their scopes have', async () => {
    const nobody = api(synapse);
    const entity = { concreteType: 'org.sagebionetworks.repo.model.Project', name: 'anonymous' };
    expect(await nobody.post('/repo/v1/entity', entity)).toMatchObject({ status: 403 });
    for (const path of ['/admin/conditions', '/admin/requests', '/admin%2fconditions']) {
      const { status } = await api(synapse, synapse.authToken).get(path);
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
    const made = await alice.post('/auth/v1/personalAccessToken', { name: 'r', scope: ['view'] });
    // The token of alice has no scope to make further ones.
    expect(made).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } });
    const login = await alice.post('/auth/v1/login2', {
      username: 'alice',
      password: 'alice-password',
    });
    const { accessToken } = login.body as { accessToken: string };
    const token = await api(synapse, accessToken).post('/auth/v1/personalAccessToken', {
      name: 'r',
      scope: ['view'],
    });
    const reader = api(synapse, (token.body as { token: string }).token);
    expect(await reader.get(`/repo/v1/entity/${project.id}`)).toMatchObject({ status: 200 });
    expect(await reader.delete(`/repo/v1/entity/${project.id}`)).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    });
    await expectAlive();
  });
});

describe('the socket', () => {
  test('is reachable from this machine alone', async () => {
    const { port } = new URL(synapse.endpoint);
    const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? []);
    const others = addresses.filter(({ internal, family }) => !internal && family === 'IPv4');
    // 127.0.0.2 is this machine too, but not the address listened on.
    for (const address of ['127.0.0.2', ...others.map((other) => other.address)]) {
      const refused = await new Promise((resolve) => {
        const socket = connect(Number(port), address, () => resolve('connected'));
        socket.setTimeout(2000, () => socket.destroy(new Error('no answer')));
        socket.on('error', () => resolve('refused')).on('connect', () => socket.destroy());
      });
      expect([address, refused]).toEqual([address, 'refused']);
    }
  });

  test('takes headers and addresses of bounded size', async () => {
    const bombs: [string, Record<string, string>][] = [
      ['/repo/v1/version', { 'x-big': 'x'.repeat(100_000) }],
      [`/repo/v1/version?${'x'.repeat(100_000)}`, {}],
      [
        '/repo/v1/version',
        Object.fromEntries(Array.from({ length: 5000 }, (_, n) => [`x-${n}`, 'xxxx'])),
      ],
    ];
    for (const [target, headers] of bombs) {
      const answer = await sendRaw(synapse.endpoint, target, { headers }).catch(() => ({
        status: 431,
      }));
      expect(answer.status).toBe(431);
    }
    const { host } = new URL(synapse.endpoint);
    for (const bytes of [
      `POST /repo/v1/entity HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `POST /repo/v1/entity HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}`,
      `POST /repo/v1/entity HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n`,
      `GET /repo/v1/version HTTP/1.1\r\nX: a\0b\r\n\r\n`,
      '\0\0\0\0\r\n\r\n',
    ]) {
      expect(await sendBytes(synapse.endpoint, bytes)).toMatch(/^HTTP\/1\.1 400 /);
    }
    await expectAlive();
  });

  test('is not blocked by clients that dawdle', async () => {
    await withTempDir(async (directory) => {
      const other = await startLocalSynapse({ dataDir: directory, closeTimeout: 100 });
      const { hostname, port, host } = new URL(other.endpoint);
      const openings = [
        '',
        'GET /repo/v1/ver',
        `GET /repo/v1/version HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `,
        `POST /repo/v1/entity HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\nContent-Type: application/json\r\n\r\n{`,
      ];
      const sockets = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const socket = connect(Number(port), hostname);
          const ended = new Promise((resolve) => socket.on('close', resolve));
          socket.on('error', () => undefined).resume();
          await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
          socket.write(openings[index % openings.length] ?? '');
          return { ended };
        }),
      );
      const session = new Session(api(other, other.authToken));
      expect(await session.create('project', { name: 'served' })).toMatchObject({ name: 'served' });
      await other.close();
      await Promise.all(sockets.map(({ ended }) => ended));
    });
  });
});
