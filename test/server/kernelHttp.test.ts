import { connect } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { operations } from '../../generated/operations.js';
import { schemas } from '../../generated/schemas.js';
import { Contract } from '../../src/server/kernel/contract.js';
import { normalize } from '../../src/server/kernel/model.js';
import {
  estimatedTotal,
  formatPageToken,
  pageWindow,
  paginated,
  tokenPage,
  tokenWindow,
} from '../../src/server/kernel/paging.js';
import { RouteTable } from '../../src/server/kernel/routeTable.js';
import { api } from '../helpers/api.js';
import { withServer } from '../helpers/withServer.js';

fc.configureGlobal({ seed: 20_260_104 });

const server = withServer();
const as = (user?: 'admin' | 'alice' | 'bob' | 'carol') =>
  api(server.synapse, user && server.synapse.users[user].authToken);

const folder = 'org.sagebionetworks.repo.model.Folder';
const project = 'org.sagebionetworks.repo.model.Project';

describe('routes', () => {
  test('every operation of the description is found by its own method and path', () => {
    const routes = new RouteTable();
    for (const [operation, [method, template]] of Object.entries(operations)) {
      const pathname = template.replace(/\{[^}]+\}/g, 'a%2Fb%20%C3%A9');
      const match = routes.match(method, pathname);
      expect(match).toMatchObject({ kind: 'found', route: { operation } });
      if (match.kind === 'found') {
        expect(new Set(Object.values(match.path))).toEqual(
          template.includes('{') ? new Set(['a/b é']) : new Set(),
        );
      }
    }
  });

  test('a fixed segment goes before a parameter', () => {
    const routes = new RouteTable();
    expect(routes.match('GET', '/repo/v1/entity/type')).toMatchObject({
      route: { template: '/repo/v1/entity/type' },
    });
  });

  test('a fixed segment whose path lacks the method gives way to a parameter', () => {
    const routes = new RouteTable();
    expect(routes.match('GET', '/repo/v1/entity/children')).toMatchObject({
      route: { template: '/repo/v1/entity/{id}' },
      path: { id: 'children' },
    });
  });

  test('a route is registered once', () => {
    const routes = new RouteTable();
    routes.get('/repo/v1/version', () => ({ version: '1' }));
    expect(() => routes.get('/repo/v1/version', () => ({ version: '1' }))).toThrow(
      'GET /repo/v1/version is served already',
    );
  });

  test('a route that is not in the description is refused', () => {
    const routes = new RouteTable();
    expect(() => routes.extra('GET', '/repo/v1/version', () => undefined)).toThrow(/is defined/);
    expect(() => routes.model('nothing.atAll', () => undefined)).toThrow(/not in the API/);
  });

  test('an unknown path is a 404', async () => {
    expect(await as('alice').get('/repo/v1/nothing/here')).toMatchObject({
      status: 404,
      body: {
        concreteType: 'org.sagebionetworks.repo.model.ErrorResponse',
        reason: 'No service at GET /repo/v1/nothing/here',
      },
    });
  });

  test('a wrong method is a 405', async () => {
    const wrong = await as('alice').delete('/repo/v1/userProfile');
    expect(wrong).toMatchObject({
      status: 405,
      body: { reason: "Request method 'DELETE' not supported" },
    });
    expect(wrong.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'POST', 'PUT']);
    expect(await as('alice').send('PATCH', '/repo/v1/version')).toMatchObject({ status: 405 });
  });

  test('an operation that is not modelled is a 501 by name', async () => {
    const { operations: support } = server.synapse;
    expect(support.map(({ operation }) => operation)).toEqual(Object.keys(operations).sort());
    const missing = support.find(
      ({ isModelled, path }) => !isModelled && !path.includes('/async/'),
    );
    if (missing !== undefined) {
      const { method, operation, path } = missing;
      const answer = await as('admin').send(method, path.replace(/\{[^}]+\}/g, '5'));
      expect(answer).toMatchObject({
        status: 501,
        body: { reason: `${operation} (${method} ${path}) is not modelled by this server.` },
      });
    }
  });

  test('paths tolerate nothing but a slash at the end', async () => {
    expect(await as().get('/repo/v1/version/')).toMatchObject({ status: 200 });
    expect(await as().get('/repo/v1/Version')).toMatchObject({ status: 404 });
    expect(await as().get('//repo/v1/version')).toMatchObject({ status: 404 });
    expect(await as().get('/repo/v1/userProfile/%E0%A4%A')).toMatchObject({
      status: 400,
      body: { reason: "The path is not properly encoded at '%E0%A4%A'." },
    });
  });

  test('the bases of the services answer', async () => {
    for (const base of ['/repo/v1', '/auth/v1/', '/file/v1']) {
      expect(await as().get(base)).toMatchObject({ status: 200 });
    }
  });

  test('a HEAD request has the headers of the body', async () => {
    const head = await as().send('HEAD', '/repo/v1/version');
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10);
  });

  test('a preflight request of a browser is answered', async () => {
    const origin = { origin: 'https://portal.example.org' };
    const preflight = await as().send('OPTIONS', '/repo/v1/entity/syn1', {
      headers: {
        ...origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('POST, GET, PUT, DELETE');
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      'Origin, X-Requested-With, Content-Type, Accept, sessionToken, Authorization',
    );
    expect(preflight.headers.get('access-control-max-age')).toBe('600');
    const simple = await as().get('/repo/v1/nothing', { headers: origin });
    expect(simple.headers.get('access-control-allow-origin')).toBe('*');
    expect(simple.headers.get('access-control-expose-headers')).toBeNull();
    const plain = await as().get('/repo/v1/version');
    expect(plain.headers.get('access-control-allow-origin')).toBe('*');
    expect(plain.headers.get('access-control-allow-methods')).toBeNull();
  });

  test('a path tells its methods', async () => {
    const options = await as().send('OPTIONS', '/repo/v1/entity/syn1');
    expect(options).toMatchObject({ status: 200, body: '' });
    expect(options.headers.get('allow')?.split(',').sort()).toEqual([
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PUT',
    ]);
    expect(await as().send('OPTIONS', '/repo/v1/nothing')).toMatchObject({ status: 404 });
  });

  test('requests are counted by operation', async () => {
    const { requests } = server.synapse;
    requests.clear();
    await as('alice').get('/repo/v1/userProfile?secret=1');
    await as('alice').get('/repo/v1/userProfile');
    await as('bob').get('/repo/v1/nowhere');
    expect(requests.total).toBe(3);
    expect(requests.count('userProfile.getMyUserProfile')).toBe(2);
    expect(requests.entries).toEqual([
      {
        method: 'GET',
        path: '/repo/v1/userProfile',
        operation: 'userProfile.getMyUserProfile',
        status: 200,
        userId: Number(server.synapse.users.alice.userId),
      },
      expect.objectContaining({ status: 200 }),
      expect.objectContaining({ status: 404, operation: undefined }),
    ]);
  });
});

describe('answers', () => {
  test('have no reason phrase unless they come from the storage', async () => {
    const statusLine = async (path: string): Promise<string> => {
      const { hostname, port } = new URL(server.synapse.endpoint);
      const socket = connect(Number(port), hostname);
      socket.end(`GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString().split('\r\n')[0] ?? '';
    };
    expect(await statusLine('/repo/v1/version')).toBe('HTTP/1.1 200 ');
    expect(await statusLine('/repo/v1/team/1')).toBe('HTTP/1.1 404 ');
    expect(await statusLine('/storage/nothing')).toMatch(/^HTTP\/1\.1 40\d [A-Z]/);
  });
});

describe('what is no request', () => {
  test('a path of more than 16 KiB is refused with a reason', async () => {
    const path = `/repo/v1/entity/${'x'.repeat(20_000)}`;
    const response = await fetch(server.synapse.endpoint + path);
    expect(response.status).toBe(431);
    expect(await response.json()).toMatchObject({
      reason: expect.stringContaining('16 KiB') as unknown,
    });
  });

  test('bytes that are not HTTP are refused with a reason', async () => {
    const { port, hostname } = new URL(server.synapse.endpoint);
    const socket = connect(Number(port), hostname);
    socket.write('HELLO\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('"reason":"The request is not valid HTTP."');
  });
});

describe('request bodies', () => {
  const create = (body: unknown, headers?: Record<string, string>) =>
    as('alice').post('/repo/v1/entity', body, headers && { headers });

  test.each([
    ['{"name": ', 'could not be parsed as JSON'],
    ['', 'Required request body is missing.'],
    ['null', 'Required request body is missing.'],
    ['[]', 'is not a valid Entity: must be object'],
    ['{"name":"x"}', 'Missing required property: concreteType. Entity must be one of: '],
    ['{"concreteType":"org.example.Nothing"}', 'Unknown concreteType: "org.example.Nothing"'],
    [`{"concreteType":"${folder}","name":[5]}`, 'is not a valid Entity: /name must be string'],
    [`{"concreteType":"${folder}","name":{"a":1}}`, '/name must be string'],
  ])('%s is a 400', async (body, reason) => {
    expect(await create(body)).toMatchObject({
      status: 400,
      body: { reason: expect.stringContaining(reason) },
    });
  });

  test('a body that is nested too deeply is a 400', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await create(`{"concreteType":"${folder}","name":${deep}}`)).toMatchObject({
      status: 400,
      body: { reason: 'The request body is nested more than 500 levels deep.' },
    });
  });

  test('a body of another content type is a 415', async () => {
    expect(await create('name=x', { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
    });
  });

  test('a body of more than 2 MiB is a 413', async () => {
    const large = { concreteType: project, description: 'x'.repeat(2 * 1024 * 1024) };
    const answer = await create(large);
    expect(answer).toMatchObject({
      status: 413,
      body: { reason: 'Request body exceeds the maximum of 2097152 bytes.' },
    });
    expect(await as('alice').get('/repo/v1/userProfile')).toMatchObject({ status: 200 });
  });

  test('a body announced as enormous is refused before it is sent', async () => {
    const { port } = new URL(server.synapse.endpoint);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /repo/v1/entity HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        'Content-Length: 99999999999\r\n\r\n{',
    );
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 413 /);
    expect(chunk.toString()).toMatch(/connection: close/i);
    socket.destroy();
  });

  test('a body without an end is refused while it is still coming', async () => {
    const { port } = new URL(server.synapse.endpoint);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /repo/v1/entity HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n',
    );
    const mebibyte = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    for (let sent = 0; sent < 32; sent += 1) {
      await new Promise((resolve) => socket.write(mebibyte, resolve));
    }
    socket.write('1\r\n \r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  test('values are read as leniently as the service reads them', () => {
    expect(
      normalize('Entity', {
        concreteType: 'org.sagebionetworks.repo.model.FileEntity',
        name: 'x',
        description: null,
        somethingElse: { a: 1 },
        versionNumber: '7',
        isLatestVersion: 'TRUE',
      }),
    ).toEqual({
      concreteType: 'org.sagebionetworks.repo.model.FileEntity',
      name: 'x',
      versionNumber: 7,
      isLatestVersion: true,
    });
    expect(normalize('Row', { rowId: 1, values: [null, 'a'] })).toEqual({
      rowId: 1,
      values: [null, 'a'],
    });
    expect(normalize('PartialRow', { values: [{ key: '1', value: null }] })).toEqual({
      values: [{ key: '1', value: null }],
    });
    const anyJson = { a: null, b: [null], c: { d: null, e: 1 } };
    expect(normalize('?', anyJson)).toEqual(anyJson);
  });

  test('a member of a union keeps its own properties', () => {
    const contract = new Contract();
    const page = normalize('QueryNextPageToken', 'abc');
    expect(page).toEqual({ token: 'abc' });
    expect(contract.checkRequest('QueryNextPageToken', page)).toBeUndefined();
    expect(contract.checkResponse('QueryNextPageToken', page)).toContain('concreteType');
    expect(
      normalize('MultipartRequest', { fileName: 'a', sourceFileHandleAssociation: {} }),
    ).toEqual({
      concreteType: 'org.sagebionetworks.repo.model.file.MultipartUploadRequest',
      fileName: 'a',
    });
    expect(() => normalize('ReferenceList', { references: 5 })).not.toThrow();
    expect(contract.checkRequest('ReferenceList', { references: 5 })).toBe(
      '/references must be array',
    );
  });

  test('keys that mean something to JavaScript are mere keys', () => {
    const annotations: unknown = JSON.parse(
      '{"annotations":{"__proto__":{"type":"STRING","value":["x"]}}}',
    );
    const body = normalize('Annotations', annotations) as { annotations: object };
    expect(Object.getPrototypeOf(body.annotations)).toBe(Object.prototype);
    expect(Object.keys(body.annotations)).toEqual(['__proto__']);
  });

  test('every model of the description can be checked', () => {
    const contract = new Contract();
    for (const [model, { oneOf }] of Object.entries(schemas)) {
      const problem = contract.checkResponse(model, 5) ?? contract.checkRequest(model, 5);
      expect([model, problem]).toEqual([model, expect.any(String)]);
      expect([model, oneOf?.length ?? 1]).not.toEqual([model, 0]);
    }
  });
});

describe('query parameters', () => {
  test.each([
    ['/repo/v1/userGroupHeaders/batch', "Required parameter 'ids' is not present."],
    ['/repo/v1/user/bundle?mask=', "Required parameter 'mask' is not present."],
    [
      '/repo/v1/user/bundle?mask=many',
      "The parameter 'mask' must be of type integer, but was: 'many'.",
    ],
    ['/repo/v1/userGroup?ascending=perhaps', "must be of type boolean, but was: 'perhaps'."],
    [
      '/repo/v1/userGroupHeaders?typeFilter=CATS',
      "'typeFilter' must be one of USERS_ONLY, TEAMS_ONLY, ALL",
    ],
    ['/repo/v1/userGroupHeaders?limit=-1', 'pagination limit must be 0 or greater'],
    ['/repo/v1/userGroupHeaders?offset=-1', 'pagination offset must be 0 or greater'],
    ['/repo/v1/userGroupHeaders?limit=9223372036854775808', "'limit' must be of type integer"],
    [
      '/repo/v1/user/abc/certifiedUserPassingRecord',
      "'id' must be of type integer, but was: 'abc'.",
    ],
  ])('%s is a 400', async (path, reason) => {
    expect(await as('alice').get(path)).toMatchObject({
      status: 400,
      body: { reason: expect.stringContaining(reason) },
    });
  });
});

describe('paging', () => {
  test('pages of any size make up the whole list', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 20 }), (list, limit) => {
        const byOffset: number[] = [];
        for (let offset = 0; ; offset += limit) {
          const window = pageWindow({ offset, limit: String(limit) });
          const { results, totalNumberOfResults } = paginated(list, window);
          byOffset.push(...results);
          expect(totalNumberOfResults).toBe(
            offset + results.length + (results.length === limit ? 1 : 0),
          );
          if (results.length < limit) {
            break;
          }
        }
        expect(byOffset).toEqual(list);

        const byToken: number[] = [];
        let token: string | undefined;
        do {
          const { page, nextPageToken } = tokenPage(list, token, limit);
          byToken.push(...page);
          token = nextPageToken;
        } while (token !== undefined);
        expect(byToken).toEqual(list);
      }),
    );
  });

  test('only tokens as they were written are read', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(), (limit, offset) => {
        expect(tokenWindow(formatPageToken({ limit, offset }))).toEqual({ limit, offset });
      }),
    );
    expect(formatPageToken({ limit: 50, offset: 100 })).toBe('50a100');
    for (const token of ['50', 'a', '5a', '1a2a3']) {
      expect(() => tokenWindow(token)).toThrow(`Unknow token format: ${token}`);
    }
    for (const token of ['0a5', '5a-1', '50a1x', ' 5a5']) {
      expect(() => tokenWindow(token)).toThrow('For input string');
    }
    expect(() => tokenWindow('51a0')).toThrow('Limit must not exceed: 50');
  });

  test('a page without parameters has 10 items', () => {
    expect(estimatedTotal({ offset: 20, limit: 10 }, 10)).toBe(31);
    expect(pageWindow({})).toEqual({ offset: 0, limit: 10 });
    expect(() => pageWindow({ limit: 'x' })).toThrow('must be an integer');
  });
});
