import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { schemas } from '../../generated/schemas.js';
import { readsToken } from '../../src/server/auth/guardedPaths.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { RouteTable, type Route } from '../../src/server/kernel/routeTable.js';
import { api, type Answer, type Sent } from '../helpers/api.js';
import { classes, refusal, Session, type Stored } from './entitySession.js';
import {
  add,
  begin,
  bytesOf,
  complete,
  contentUrl,
  errorCode,
  partUrls,
  storage,
  uploadFile,
  uploadRequest,
} from './filesClient.js';

let synapse: LocalSynapse;
let dataDir: string;
let now = Date.now();
let alice: Session;
let project: Stored;
let file: Stored;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'synapseclient-test-'));
  synapse = await startLocalSynapse({ dataDir, strict: true, now: () => new Date(now) });
  alice = new Session(api(synapse, synapse.authToken));
  project = await alice.create('project', { name: 'bad input' });
  const { id: dataFileHandleId } = await uploadFile(alice, bytesOf(100));
  file = await alice.create('file', { name: 'file', parentId: project.id, dataFileHandleId });
});

afterAll(async () => {
  await synapse.close();
  await rm(dataDir, { recursive: true });
  expect(synapse.contractViolations).toEqual([]);
  expect(synapse.internalErrors).toEqual([]);
});

/** Bytes that were written to keep the state: the same as before, when nothing has changed. */
function written(): number {
  return statSync(join(dataDir, 'journal.jsonl')).size;
}

/** Sends what must be refused, and sees that nothing has changed. */
async function refused(send: () => Promise<Answer>): Promise<Answer> {
  const before = written();
  const answer = await send();
  expect(written()).toBe(before);
  return answer;
}

const routes = [...new RouteTable().routes()].filter(({ row }) => row !== undefined);
const withBody = routes.filter(({ body }) => body !== '' && body !== undefined && body !== '?');

/** A path of an operation; the body is looked at before what the path names. */
function pathOf({ template }: Route): string {
  return template.replace(/\{[^}]+\}/g, '1');
}

/** Sends the same to each of many operations; returns those that did not answer as they should. */
async function astray(
  targets: readonly Route[],
  { token, ...sent }: Sent & { token?: string },
  expected: (route: Route, answer: Answer) => boolean,
): Promise<unknown[]> {
  const user = api(synapse, token ?? sessionToken);
  const found: unknown[] = [];
  for (const route of targets) {
    const query = requiredQuery(route);
    const answer = await refused(() => user.send(route.method, `${pathOf(route)}${query}`, sent));
    if (!expected(route, answer)) found.push([route.operation, answer.status, answer.body]);
  }
  return found;
}

/** Waits for the preview of the message about a new token, which is made in the background. */
async function messagePreview(): Promise<void> {
  const user = api(synapse, sessionToken);
  const { body } = await user.get('/repo/v1/message/inbox');
  const [bundle] = (body as M.PaginatedResultsOfMessageBundle).results;
  const admin = api(synapse, synapse.users.admin.authToken);
  const path = `/file/v1/fileHandle/${bundle?.message?.fileHandleId ?? ''}`;
  let handle: { readonly previewId?: string };
  do {
    handle = (await admin.get(path)).body as { readonly previewId?: string };
  } while (handle.previewId === undefined);
}

function requiredQuery({ parameters }: Route): string {
  const required = parameters.filter((one) => one.in === 'query' && one.required);
  return `?${required.map(({ name, values }) => `${name}=${values?.[0] ?? '1'}`).join('&')}`;
}

function reasonOf({ body }: Answer): string {
  return String((body as { reason?: unknown }).reason);
}

let sessionToken: string;

describe('every operation', () => {
  beforeAll(async () => {
    const login = { username: 'alice', password: 'alice-password' };
    const { body } = await api(synapse).post('/auth/v1/login2', login);
    sessionToken = (body as { accessToken: string }).accessToken;
  });

  test.each([
    ['malformed', '{"id": "1"', /^The request body could not be parsed as JSON: /],
    ['missing', '', /^Required request body is missing\.$/],
    ['null', 'null', /^Required request body is missing\.$/],
    [
      'a number',
      '17',
      /^The request body is not a valid |^Missing required property: concreteType/,
    ],
  ])('refuses a body that is %s', async (_, body, reason) => {
    const models = withBody.filter(({ body: model = '' }) => schemas[model] !== undefined);
    expect(models.length).toBeGreaterThan(200);
    const fits = (_route: Route, answer: Answer) =>
      answer.status === 501 || (answer.status === 400 && reason.test(reasonOf(answer)));
    expect(await astray(models, { body }, fits)).toEqual([]);
  });

  test('refuses an object where a text belongs', async () => {
    for (const route of withBody) {
      const { properties = {} } = schemas[route.body ?? ''] ?? {};
      const [name] =
        Object.entries(properties).find(
          ([, { type, enum: values }]) => type === 'string' && values === undefined,
        ) ?? [];
      if (name === undefined) continue;
      const reason = `The request body is not a valid ${route.body ?? ''}: `;
      const body = JSON.stringify({ [name]: {} });
      const fits = (_route: Route, answer: Answer) =>
        answer.status === 501 || (answer.status === 400 && reasonOf(answer).startsWith(reason));
      expect(await astray([route], { body }, fits)).toEqual([]);
    }
  });

  test('refuses a token without the scopes that it needs', async () => {
    const made = await api(synapse, sessionToken).post('/auth/v1/personalAccessToken', {
      name: 'without',
      scope: ['email'],
    });
    const { token } = made.body as { token: string };
    await messagePreview();
    const demanding = routes.filter(
      ({ scopes, template }) => scopes.length > 0 && readsToken(template),
    );
    expect(demanding.length).toBeGreaterThan(500);
    const fits = ({ scopes }: Route, { status, body }: Answer) =>
      status === 403 &&
      (body as { error?: string }).error === 'insufficient_scope' &&
      reasonOf({ body } as Answer).endsWith(`: ${[...scopes].sort().join(', ')}`);
    expect(await astray(demanding, { token }, fits)).toEqual([]);
  });
});

describe('a stale etag', () => {
  const stale = '11111111-1111-1111-1111-111111111111';
  const team = { name: 'a team', canPublicJoin: false };
  const evaluation = () => ({ name: 'an evaluation', contentSource: project.id });

  /** Something with an etag: where it is made or read, and where it is changed. */
  const kinds: Readonly<Record<string, () => Promise<[path: string, current: object]>>> = {
    entity: async () => [`/entity/${file.id}`, await alice.read(file.id)],
    annotations: () => current(`/entity/${file.id}/annotations2`),
    'annotations of the first kind': () => current(`/entity/${file.id}/annotations`),
    ACL: () => current(`/entity/${project.id}/acl`),
    profile: async () => ['/userProfile', (await current('/userProfile'))[1]],
    activity: () => made('/activity', { name: 'an activity', used: [] }),
    team: async () => ['/team', (await made('/team', team))[1]],
    evaluation: () => made('/evaluation', evaluation()),
    wiki: async () => {
      const { id } = await uploadFile(alice, bytesOf(20));
      const page = { title: 'page', markdownFileHandleId: id, attachmentFileHandleIds: [] };
      return made(`/entity/${project.id}/wiki2`, page);
    },
    'order of a wiki': () => current(`/entity/${project.id}/wiki2orderhint`),
  };

  async function current(path: string): Promise<[string, object]> {
    const answer = await alice.get(path);
    expect(answer).toMatchObject({ status: 200 });
    return [path, answer.body as object];
  }

  async function made(path: string, body: object): Promise<[string, object]> {
    const answer = await alice.post(path, body);
    expect(answer).toMatchObject({ status: 201 });
    const { id } = answer.body as { id: string };
    return [`${path}/${id}`, answer.body as object];
  }

  test.each(Object.keys(kinds))('of the %s is a 412', async (name) => {
    const [path, body] = (await kinds[name]?.()) ?? ['', {}];
    const answer = await refused(() => alice.put(path, { ...body, etag: stale }));
    expect(answer).toEqual(refusal(412, expect.stringMatching(/updated since|do not match/)));
    expect(await alice.put(path, body)).toMatchObject({ status: 200 });
  });
});

/** A name of its own for each table of refusals: they do not disturb each other. */
function entity(type: keyof typeof classes, fields: object): object {
  return { concreteType: classes[type], ...fields };
}

describe('a name that is taken is a 409', () => {
  const kinds: Readonly<Record<string, () => [path: string, body: object]>> = {
    entity: () => ['/entity', entity('folder', { parentId: project.id, name: 'twice' })],
    project: () => ['/entity', entity('project', { name: 'twice' })],
    alias: () => ['/entity', entity('project', { name: crypto.randomUUID(), alias: 'twice' })],
    team: () => ['/team', { name: 'twice' }],
    evaluation: () => ['/evaluation', { name: 'twice', contentSource: project.id }],
  };

  test.each(Object.keys(kinds))('%s', async (name) => {
    const [path, body] = kinds[name]?.() ?? ['', {}];
    expect(await alice.post(path, body)).toMatchObject({ status: 201 });
    const [again, other] = kinds[name]?.() ?? ['', {}];
    expect(await refused(() => alice.post(again, other))).toMatchObject({ status: 409 });
  });
});

describe('an incomplete body is a 400', () => {
  const kinds: Readonly<Record<string, [path: string, body: () => object]>> = {
    'an entity without a parent': ['/entity', () => entity('folder', { name: 'x' })],
    'a file without a handle': ['/entity', () => entity('file', { parentId: project.id })],
    'children of no types': ['/entity/children', () => ({ parentId: project.id })],
    'an evaluation without a project': ['/evaluation', () => ({ name: 'x' })],
    'a thread without a forum': ['/thread', () => ({ title: 'x', messageMarkdown: 'y' })],
    'a message to nobody': ['/message', () => ({ subject: 'x' })],
    'a team without a name': ['/team', () => ({})],
    'a column without a type': ['/column', () => ({ name: 'x' })],
    'no organization': ['/schema/organization', () => ({})],
    'an upload without a size': [
      '/file/v1/file/multipart',
      () => ({ ...uploadRequest(bytesOf(10)), fileSizeBytes: null }),
    ],
    'no file handles': ['/file/v1/fileHandle/batch', () => ({ includeFileHandles: true })],
  };

  test.each(Object.entries(kinds))('%s', async (_, [path, body]) => {
    const answer = await refused(() => alice.post(path, body()));
    expect(answer).toEqual(refusal(400, expect.stringMatching(/./)));
    expect(answer.body).toHaveProperty(
      'concreteType',
      'org.sagebionetworks.repo.model.ErrorResponse',
    );
  });
});

describe('cycles are refused', () => {
  test('a folder does not go into itself or a folder below it', async () => {
    const outer = await alice.create('folder', { name: 'outer', parentId: project.id });
    const inner = await alice.create('folder', { name: 'inner', parentId: outer.id });
    for (const parentId of [outer.id, inner.id]) {
      const answer = await refused(() => alice.put(`/entity/${outer.id}`, { ...outer, parentId }));
      expect(answer).toMatchObject({ status: 400 });
    }
  });

  test('a materialized view is not made of itself', async () => {
    const view = await alice.create('materializedview', {
      name: 'around',
      parentId: project.id,
      definingSQL: `select * from ${await someTable()}`,
    });
    const definingSQL = `select * from ${view.id}`;
    const answer = await refused(() => alice.put(`/entity/${view.id}`, { ...view, definingSQL }));
    expect(answer).toMatchObject({ status: 400 });
  });
});

async function someTable(): Promise<string> {
  const { body } = await alice.post('/column', { name: 'a', columnType: 'STRING' });
  const columnIds = [(body as M.ColumnModel).id];
  return (await alice.create('table', { name: 'table', parentId: project.id, columnIds })).id;
}

describe('pages', () => {
  const paths = [
    '/entity/ID/version',
    '/trashcan/view',
    '/favorite',
    '/evaluation',
    '/teams',
    '/userGroupHeaders',
    '/column',
  ];
  test.each(paths)('of %s have a limited size and offset', async (template) => {
    const path = template.replace('ID', file.id);
    for (const query of ['limit=-1', 'offset=-1', 'limit=x', 'offset=1.5', 'limit=9e9']) {
      const answer = await refused(() => alice.get(`${path}?${query}`));
      expect([query, answer]).toEqual([query, refusal(400, expect.stringMatching(/./))]);
    }
  });
});

test('properties that nobody knows are ignored', async () => {
  const unknown = { surprise: { deep: [1] }, __proto__: 'x', concreteTyp: 'y' };
  const body = entity('folder', { name: 'plain', parentId: project.id, ...unknown });
  const made = await alice.post('/entity', body);
  expect(made).toMatchObject({ status: 201, body: { name: 'plain' } });
  expect(made.body).not.toHaveProperty('surprise');
  const { id } = made.body as { id: string };
  expect(await alice.read(id)).toEqual(made.body);
});

test('a body that is too large is a 413', async () => {
  const user = api(synapse, synapse.authToken);
  const name = 'x'.repeat(2 * 1024 * 1024);
  const body = entity('folder', { name, parentId: project.id });
  for (const send of [
    () => user.post('/repo/v1/entity', body),
    () => user.put(`/repo/v1/entity/${file.id}`, body),
    () => user.post('/file/v1/file/multipart', body),
    () => user.post('/auth/v1/login2', body),
  ]) {
    expect(await refused(send)).toEqual(refusal(413, expect.stringMatching(/./)));
  }
});

test('a body in another format is a 415', async () => {
  const user = api(synapse, synapse.authToken);
  const headers = { 'content-type': 'application/xml' };
  expect(await refused(() => user.post('/repo/v1/entity', '<entity/>', { headers }))).toMatchObject(
    { status: 415 },
  );
});

describe('content', () => {
  test('is not served beyond its end or by an expired URL', async () => {
    const { id } = await uploadFile(alice, bytesOf(100, 3));
    const url = await contentUrl(alice, id);
    const beyond = await storage(url, { headers: { range: 'bytes=100-' } });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */100']);
    now += 900_000 + 1000;
    const late = await storage(url);
    expect([late.status, errorCode(late)]).toEqual([403, 'AccessDenied']);
    expect((await storage(await contentUrl(alice, id))).body.equals(bytesOf(100, 3))).toBe(true);
  });

  test('that was not sent whole is no part of an upload', async () => {
    const content = bytesOf(1000, 4);
    const { uploadId } = await begin(alice, uploadRequest(content));
    const [target] = await partUrls(alice, uploadId, [1]);
    await new Promise<void>((resolve) => {
      const headers = { 'content-length': '1000' };
      const put = request(target?.uploadPresignedUrl ?? '', { method: 'PUT', headers });
      put.on('error', () => resolve());
      put.write(content.subarray(0, 500), () => put.destroy());
    });
    const part = { number: 1, md5: '0'.repeat(32) };
    expect(await add(alice, uploadId, part)).toMatchObject({
      status: 201,
      body: { addPartState: 'ADD_FAILED' },
    });
    expect(await complete(alice, uploadId)).toEqual(
      refusal(400, expect.stringMatching(/^Missing 1 part/)),
    );
    expect(await begin(alice, uploadRequest(content))).toMatchObject({
      uploadId,
      partsState: '0',
    });
  });
});
