import { afterEach, describe, expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import {
  ArgumentError,
  AuthenticationError,
  ConflictError,
  NetworkError,
  NotFoundError,
  PreconditionFailedError,
  RateLimitError,
  ServerError,
  SynapseHttpError,
  TimeoutError,
} from '../../src/errors.js';
import { createHttp } from '../../src/api/createHttp.js';
import type { HttpOptions } from '../../src/api/createHttp.js';
import type { WaitNotice } from '../../src/api/governor.js';
import { version } from '../../src/version.js';
import { FakeClock } from './fakeClock.js';
import { startServer } from './scriptedServer.js';
import type { Received, Scripted, ScriptedServer } from './scriptedServer.js';

type Script = (request: Received, index: number) => Scripted | Promise<Scripted>;

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A server with a script (a list repeats its last reply), a client for it, and a clock that skips its pauses. */
async function connect(script: Script | Scripted[], options: HttpOptions = {}) {
  const list = Array.isArray(script) ? script : undefined;
  const server = await startServer(
    list === undefined
      ? (script as Script)
      : (_request, index) => list[Math.min(index, list.length - 1)] ?? {},
  );
  const clock = new FakeClock({ skip: 60_000 });
  const http = createHttp({ endpoint: server.url, clock, ...options });
  cleanUps.push(
    () => http.close(),
    () => server.close(),
  );
  return { server, clock, http, services: http.services, rest: http.rest };
}

const busy: Scripted = { status: 503, json: { reason: 'The stack is down' } };
const project = { concreteType: 'org.sagebionetworks.repo.model.Project', name: 'p' } as const;

describe('a call', () => {
  test('passes a copyable request to the fetch of the caller', async () => {
    const { server, services } = await connect([{ json: { id: 'syn1' } }], {
      accessToken: () => 'token',
      fetch: (url, init) => fetch(url, { ...init }),
    });
    await services.entity.createEntity({ body: project });
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual(project);
  });

  test('sends the same request by service or path or id', async () => {
    const { server, http } = await connect([{ json: { id: 'syn1' } }]);
    const viaService = await http.services.entity.getEntity({ id: 'syn1' });
    const viaPath = await http.rest.GET('/repo/v1/entity/{id}', {
      params: { path: { id: 'syn1' } },
    });
    const viaId = await http.call('entity.getEntity', { id: 'syn1' });
    expect([viaService, viaPath.data, viaId]).toEqual([
      { id: 'syn1' },
      { id: 'syn1' },
      { id: 'syn1' },
    ]);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array(3).fill('GET /repo/v1/entity/syn1'),
    );
    expect(new Set(server.requests.map(({ headers }) => JSON.stringify(headers))).size).toBe(1);
  });

  test('sends JSON under its own user agent', async () => {
    const { server, services } = await connect([{ status: 201, json: {} }], {
      userAgent: 'my-app/1',
    });
    await services.entity.createEntity({ body: project, generatedBy: '9' });
    const [request] = server.requests;
    expect(request).toMatchObject({ method: 'POST', url: '/repo/v1/entity?generatedBy=9' });
    expect(JSON.parse(request?.body ?? '')).toEqual(project);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': `synapseclient-ts/${version} node/${process.versions.node} my-app/1`,
    });
  });

  test('gives undefined for an answer without a body', async () => {
    const { services, rest } = await connect([{ status: 204 }, { status: 200 }, { status: 204 }]);
    const removals = [1, 2].map(() => services.entity.deleteEntity({ id: 'syn1' }));
    expect(await Promise.all(removals)).toEqual([undefined, undefined]);
    const result = await rest.DELETE('/repo/v1/entity/{id}', { params: { path: { id: 'syn1' } } });
    expect(result.error).toBeUndefined();
    expect(result.response.status).toBe(204);
  });

  test('gives a bare value as it is', async () => {
    const { services } = await connect([{ json: 3 }]);
    expect(await services.evaluation.getEvaluationSubmissionCount({ evalId: '1' })).toBe(3);
  });

  test('sends nothing when its arguments are wrong', async () => {
    const { server, http } = await connect([{ json: {} }]);
    const refusals: [string, Record<string, unknown>, RegExp][] = [
      ['entity.getEntity', {}, /^entity\.getEntity needs `id`\.$/],
      ['entity.updateEntity', { id: undefined }, /needs `id` and `body`/],
      [
        'entity.getEntity',
        { id: 'syn1', newversion: true },
        /does not take `newversion`. It takes `id`/,
      ],
      ['entity.getEntity', { id: '' }, /`id` of entity\.getEntity cannot be ""/],
      ['entity.getEntity', { id: '..' }, /cannot be "\.\."/],
      ['entity.getEntity', { id: {} }, /`id` of entity\.getEntity should be text/],
      ['entity.getEntity', { id: '\ud800' }, /should be text without an unpaired surrogate/],
      ['entity.getEntity', { id: 2 ** 60 }, /without loss of precision/],
      [
        'entity.getEntityVersion',
        { id: 'syn1', versionNumber: 'last' },
        /should be a whole number, not "last"/,
      ],
      [
        'entity.updateEntity',
        { id: 'syn1', body: {}, newVersion: 'yes' },
        /should be true or false/,
      ],
      ['entity.getNothing', {}, /no operation entity\.getNothing/],
      ['toString', {}, /no operation toString/],
    ];
    for (const [id, args, message] of refusals) {
      const error: unknown = await http.call(id, args).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ArgumentError);
      expect((error as Error).message).toMatch(message);
    }
    await expect(http.rest.GET('/repo/v1/entity/{id}' as never, {} as never)).rejects.toThrow(
      'needs `id`',
    );
    await expect(http.rest.GET('/repo/v1/entity/syn1' as never, {} as never)).rejects.toThrow(
      'Paths are templates',
    );
    expect(server.requests).toEqual([]);
  });

  test('takes numbers for ids', async () => {
    const { server, http } = await connect([{ json: {} }]);
    await http.call('entity.getEntityVersion', { id: 'syn1', versionNumber: 4 });
    await http.call('entity.getEntity', { id: 123 });
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/repo/v1/entity/syn1/version/4',
      '/repo/v1/entity/123',
    ]);
  });

  test('on a closed client is refused', async () => {
    const { http, server } = await connect([{ json: {} }]);
    await http.close();
    await expect(http.services.entity.getEntity({ id: 'syn1' })).rejects.toThrow('is closed');
    expect(server.requests).toEqual([]);
  });
});

describe('redirect endpoints', () => {
  const url = 'https://bucket.s3.amazonaws.com/key?X-Amz-Signature=abc';
  const path = { id: 'syn1', versionNumber: 1 };

  test('give the address as text without going there', async () => {
    const { server, services, rest } = await connect([
      { body: `${url}\n`, headers: { 'content-type': 'text/plain' } },
    ]);
    expect(await services.entity.getEntityVersionFilePreviewUrl(path)).toBe(url);
    const raw = await rest.GET('/repo/v1/entity/{id}/version/{versionNumber}/filepreview', {
      params: { path, query: { redirect: true } },
    });
    expect(raw.data).toBe(url);
    expect(server.requests.map((request) => request.url)).toEqual(
      Array(2).fill('/repo/v1/entity/syn1/version/1/filepreview?redirect=false'),
    );
  });

  test('give it too when the server redirects all the same', async () => {
    const { server, services } = await connect([{ status: 307, headers: { location: url } }]);
    expect(await services.entity.getEntityVersionFilePreviewUrl(path)).toBe(url);
    expect(server.requests).toHaveLength(1);
  });
});

describe('answers that are no result', () => {
  test('202 is a result only for a job', async () => {
    const status = { jobState: 'PROCESSING', jobId: '5' };
    const { services } = await connect([{ status: 202, json: status }]);
    expect(await services.table.getTableQueryResult({ id: 'syn1', asyncToken: '5' })).toEqual(
      status,
    );
    await expect(services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(
      /no result yet.*Ask again/,
    );
  });

  test('202 that is documented is a result', async () => {
    const { http } = await connect([{ status: 202, json: { token: '5' } }]);
    expect(await http.call('storageReport.startStorageReport', { body: {} })).toEqual({
      token: '5',
    });
  });

  test('a login page with status 200 is named as one', async () => {
    const { services } = await connect([{ body: '<html><title>Sign in</title></html>' }]);
    const error = await services.entity
      .getEntity({ id: 'syn1' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SynapseHttpError);
    expect((error as Error).message).toMatch(/not JSON: "Sign in".*login page/);
  });

  test('a redirect is an error that names the new place', async () => {
    const other = await connect([{ json: {} }]);
    const { services } = await connect(
      [{ status: 301, headers: { location: `${other.server.url}/repo/v1/entity/syn1` } }],
      { accessToken: () => 'canary' },
    );
    await expect(services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(
      `The server redirects to ${other.server.url}/repo/v1/entity/syn1: correct the endpoint`,
    );
    expect(other.server.requests).toEqual([]);
  });

  test('errors are thrown by services but returned by rest', async () => {
    const reason = 'Object: syn1 was updated since you last fetched it';
    const { services, rest } = await connect([
      { status: 412, json: { reason } },
      { status: 404, json: { reason, errorCode: 'X' } },
      { status: 404, json: { msg: 'no object', status_code: 404 } },
      { status: 400, body: '<html><title>Bad</title></html>' },
      { status: 404 },
    ]);
    const init = { params: { path: { id: 'syn1' } } };
    await expect(services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(
      PreconditionFailedError,
    );
    const first = await rest.GET('/repo/v1/entity/{id}', init);
    expect(first.data).toBeUndefined();
    expect(first.response.status).toBe(404);
    expect(first.error).toMatchObject({ reason, errorCode: 'X' });
    expect((await rest.GET('/repo/v1/entity/{id}', init)).error).toMatchObject({
      reason: 'no object',
      status_code: 404,
    });
    expect((await rest.GET('/repo/v1/entity/{id}', init)).error?.reason).toBe('Bad');
    expect((await rest.GET('/repo/v1/entity/{id}', init)).error?.reason).toBe('Not found');
  });
});

describe('the access token', () => {
  test('is asked for anew for each call', async () => {
    let token: string | undefined = 'one';
    const { server, services } = await connect([{ json: {} }], { accessToken: () => token });
    await services.entity.getEntity({ id: 'syn1' });
    token = 'two';
    await services.entity.getEntity({ id: 'syn1' });
    token = undefined;
    await services.entity.getEntity({ id: 'syn1' });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer one',
      'Bearer two',
      undefined,
    ]);
  });

  test('gives way to credentials of the call', async () => {
    const { server, services } = await connect([{ json: {} }], { accessToken: () => 'one' });
    await services.entity.getEntity({ id: 'syn1' }, { headers: { Authorization: 'Basic x' } });
    expect(server.requests[0]?.headers.authorization).toBe('Basic x');
  });

  test('that HTTP cannot carry is refused without being shown', async () => {
    const { server, services } = await connect([{ json: {} }], { accessToken: () => 'canary\n' });
    const refused = await services.entity
      .getEntity({ id: 'syn1' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ArgumentError);
    expect(inspect(refused)).not.toContain('canary');
    const headers = { 'x-secret': 'canary\r\nhost: evil' };
    const injected = await services.entity
      .getEntity({ id: 'syn1' }, { headers })
      .catch((error: unknown) => error);
    expect(injected).toBeInstanceOf(ArgumentError);
    expect((injected as Error).message).toContain('"x-secret"');
    expect(inspect(injected)).not.toContain('canary');
    expect(server.requests).toEqual([]);
  });

  test('is nowhere in an error', async () => {
    const { services, server } = await connect(
      [{ status: 401, json: { reason: 'Invalid access token' } }, 'drop'],
      {
        accessToken: () => 'canary',
        retry: { maxAttempts: 1 },
      },
    );
    const refused = await services.entity
      .getEntity({ id: 'syn1' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AuthenticationError);
    const broken = await services.entity.getEntity({ id: 'syn1' }).catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(NetworkError);
    expect(inspect([refused, broken], { depth: 10, showHidden: true })).not.toContain('canary');
    expect(server.requests[0]?.headers.authorization).toBe('Bearer canary');
  });
});

describe('endpoints of their own for the services', () => {
  test('keep their base path', async () => {
    const repo = await startServer(() => ({ json: {} }));
    const file = await startServer(() => ({ json: {} }));
    cleanUps.push(
      () => repo.close(),
      () => file.close(),
    );
    const { server, http } = await connect([{ json: {} }], {
      endpoints: { repo: `${repo.url}/services/repo/v1/`, file: `${file.url}/file/v1` },
      accessToken: () => 't',
    });
    await http.services.entity.getEntity({ id: 'syn1' });
    await http.call('file.getFileHandle', { handleId: '7' });
    await http.call('openIdConnect.getUserInfo');
    expect(repo.requests.map(({ url }) => url)).toEqual(['/services/repo/v1/entity/syn1']);
    expect(file.requests.map(({ url }) => url)).toEqual(['/file/v1/fileHandle/7']);
    expect(server.requests.map(({ url }) => url)).toContain('/auth/v1/oauth2/userinfo');
    for (const { requests } of [server, repo, file]) {
      expect(requests.every(({ headers }) => headers.authorization === 'Bearer t')).toBe(true);
    }
  });

  test.each(['synapse.org', 'ftp://h', 'https://user@h', 'https://h?x=1', ''])(
    '%p is none',
    (endpoint) => {
      expect(() => createHttp({ endpoint })).toThrow(ArgumentError);
    },
  );
});

describe('retries', () => {
  test('a busy server is asked again until it answers', async () => {
    const notices: WaitNotice[] = [];
    const { server, services, clock } = await connect(
      [busy, { status: 502 }, 'drop', 'half', { json: { id: 'syn1' } }],
      {
        onWait: (notice) => notices.push(notice),
      },
    );
    expect(await services.entity.getEntity({ id: 'syn1' })).toEqual({ id: 'syn1' });
    expect(server.requests).toHaveLength(5);
    expect(clock.slept.filter((ms) => ms < 60_000)).toEqual([250, 500, 1000, 2000]);
    expect(notices.map(({ kind, waitMs }) => [kind, waitMs])).toEqual([
      ['retry', 1000],
      ['retry', 2000],
    ]);
    expect(notices[0]?.message).toMatch(
      /^ECONNRESET on GET to 127\.0\.0\.1:\d+: trying again in 1 s$/,
    );
  });

  test('the last answer is the one that is told', async () => {
    const { server, services, rest } = await connect([busy], { retry: { maxAttempts: 3 } });
    await expect(services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(ServerError);
    expect(server.requests).toHaveLength(3);
    const { error, response } = await rest.GET('/repo/v1/entity/{id}', {
      params: { path: { id: 'syn1' } },
    });
    expect([response.status, error?.reason]).toEqual([503, 'The stack is down']);
  });

  test('a body is sent whole every time', async () => {
    const { server, services } = await connect([busy, { status: 201, json: {} }]);
    await services.entity.createEntity({ body: project });
    expect(server.requests.map(({ body }) => JSON.parse(body) as unknown)).toEqual([
      project,
      project,
    ]);
  });

  test.each<[string, Scripted]>([
    ['a broken connection', 'drop'],
    ['half an answer', 'half'],
    ['a gateway that gave up', { status: 504 }],
  ])('a create is not repeated after %s', async (_name, reply) => {
    const { server, services } = await connect([reply, { status: 201, json: {} }]);
    const error = await services.entity
      .createEntity({ body: project })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(reply === 'drop' || reply === 'half' ? NetworkError : ServerError);
    if (error instanceof NetworkError) expect(error.message).toContain('may have been applied');
    expect(server.requests).toHaveLength(1);
  });

  test('a conflict after an attempt without an answer says so', async () => {
    const { services } = await connect(['drop', { status: 409, json: { reason: 'taken' } }]);
    const error = await services.entity
      .updateEntity({ id: 'syn1', body: project })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
    expect((error as Error).message).toContain(
      'An earlier attempt of this request got no response',
    );
  });

  test('so does one after a gateway that gave up', async () => {
    const { services } = await connect([
      { status: 502 },
      { status: 412, json: { reason: 'stale' } },
    ]);
    const update = services.entity.updateEntity({ id: 'syn1', body: project });
    await expect(update).rejects.toThrow('An earlier attempt of this request got no response');
  });

  test('pauses count against the time that a call may take', async () => {
    const { server, services } = await connect([busy], {
      retry: { maxElapsed: 1500, maxAttempts: undefined },
    });
    await expect(services.entity.getEntity({ id: 'syn1' })).rejects.toThrow(ServerError);
    // 250 ms and 500 ms were waited; another second would be too much.
    expect(server.requests).toHaveLength(3);
  });

  test('a call that is repeated goes before those that came later', async () => {
    let answerSecond = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      answerSecond = resolve;
    });
    const clock = new FakeClock();
    const { server, services } = await connect(
      async (_request, index) => {
        if (index === 0) return busy;
        if (index === 1) await held;
        return { json: {} };
      },
      { clock, maxConcurrent: 1 },
    );
    const calls = ['syn1', 'syn2', 'syn3'].map((id) => services.entity.getEntity({ id }));
    while (server.requests.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(250);
    answerSecond();
    await Promise.all(calls);
    expect(server.requests.map(({ url }) => url.slice(-4))).toEqual([
      'syn1',
      'syn2',
      'syn1',
      'syn3',
    ]);
  });

  test('a host that cannot be reached is given up soon', async () => {
    const gone = await startServer(() => ({}));
    await gone.close();
    const clock = new FakeClock({ skip: 60_000 });
    const http = createHttp({ endpoint: gone.url, clock });
    await expect(http.services.entity.createEntity({ body: project })).rejects.toThrow(
      `Cannot connect to ${new URL(gone.url).host} (ECONNREFUSED). Check the endpoint`,
    );
    expect(clock.slept.filter((ms) => ms < 60_000)).toHaveLength(3);
  });

  test('429 stops all calls for as long as the server asks', async () => {
    const clock = new FakeClock({ skip: 60_000 });
    const starts: number[] = [];
    const { server, services } = await connect(
      (_request, index): Scripted => {
        starts.push(clock.now());
        if (index > 0) return { json: {} };
        return {
          status: 429,
          headers: { 'retry-after': '7' },
          json: { reason: 'Please slow down.' },
        };
      },
      { clock, maxConcurrent: 1 },
    );
    const ids = ['syn1', 'syn2', 'syn3'];
    const all = await Promise.all(ids.map((id) => services.entity.getEntity({ id })));
    expect(all).toEqual([{}, {}, {}]);
    expect(server.requests).toHaveLength(4);
    expect(starts.map((start) => start >= 7000)).toEqual([false, true, true, true]);
  });

  test('429 for longer than we may wait is an error that says how long', async () => {
    const { server, services } = await connect([
      { status: 429, headers: { 'retry-after': '3600' }, json: { reason: 'Please slow down.' } },
      { json: { id: 'syn1' } },
    ]);
    const error = await services.entity
      .getEntity({ id: 'syn1' })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ retryAfter: 3_600_000 });
    expect(server.requests).toHaveLength(1);
    expect(await services.entity.getEntity({ id: 'syn1' })).toEqual({ id: 'syn1' });
  });
});

describe('how many at a time', () => {
  test('never exceed what is allowed', async () => {
    let active = 0;
    let most = 0;
    const { services, server } = await connect(async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setTimeout(resolve, 2));
      active -= 1;
      return { json: {} };
    });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => services.entity.getEntity({ id: `syn${n}` })),
    );
    expect(most).toBe(8);
    expect(server.requests).toHaveLength(20);
  });

  test('settings that let nothing through are refused', () => {
    expect(() => createHttp({ maxConcurrent: 0 })).toThrow(ArgumentError);
    expect(() => createHttp({ requestsPerMinute: Number.NaN })).toThrow(ArgumentError);
  });
});

describe('aborts and time-outs', () => {
  const gone = async (server: ScriptedServer, count: number): Promise<void> => {
    while (server.aborted.length < count) await new Promise((resolve) => setImmediate(resolve));
  };

  test.each<[string, unknown]>([
    ['an error', new Error('stop')],
    ['a text', 'stop'],
    ['nothing', undefined],
  ])('an abort with %s rejects with exactly that, and ends the request', async (_name, reason) => {
    const controller = new AbortController();
    const { server, services } = await connect(() => {
      controller.abort(reason);
      return 'hang';
    });
    const call = services.entity.getEntity({ id: 'syn1' }, { signal: controller.signal });
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toBe(controller.signal.reason);
    await gone(server, 1);
  });

  test('an abort while waiting for the next attempt or for a turn ends it at once', async () => {
    const controller = new AbortController();
    const clock = new FakeClock();
    const { server, services } = await connect([busy], { clock, maxConcurrent: 1 });
    const { signal } = controller;
    const pausing = services.entity.getEntity({ id: 'syn1' }, { signal });
    while (!clock.slept.includes(250)) await new Promise((resolve) => setImmediate(resolve));
    controller.abort('enough');
    await expect(pausing).rejects.toBe('enough');
    await expect(services.entity.getEntity({ id: 'syn1' }, { signal })).rejects.toBe('enough');
    expect(server.requests).toHaveLength(1);
    expect(clock.sleepers).toBe(0);
  });

  test('a call that is not done in its time ends with a TimeoutError', async () => {
    const clock = new FakeClock();
    const { server, services } = await connect(() => 'hang', { clock });
    const call = services.entity.getEntity({ id: 'syn1' }, { timeout: 5000 });
    const outcome = call.catch((error: unknown) => error);
    while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5000);
    const error = await outcome;
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toContain('did not finish within 5 s');
    await gone(server, 1);
    expect(clock.sleepers).toBe(0);
  });

  test('an attempt without an answer is repeated unless it creates something', async () => {
    const clock = new FakeClock({ skip: 1000 });
    const { server, services } = await connect(
      ({ method }, index) => (method === 'GET' && index > 0 ? { json: { id: 'syn1' } } : 'hang'),
      { clock, retry: { attemptTimeout: 30_000 } },
    );
    const read = services.entity.getEntity({ id: 'syn1' });
    while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(30_000);
    expect(await read).toEqual({ id: 'syn1' });
    const create = services.entity.createEntity({ body: project }).catch((error: unknown) => error);
    while (server.requests.length < 3) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(30_000);
    const error = await create;
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toMatch(/did not answer POST .*may have been applied/);
    expect(server.requests).toHaveLength(3);
  });

  test('the time of the client is that of every call without its own', async () => {
    const clock = new FakeClock();
    const { server, services } = await connect(() => 'hang', { clock, timeout: 1000 });
    const outcome = services.entity.getEntity({ id: 'syn1' }).catch((error: unknown) => error);
    while (server.requests.length < 1) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1000);
    expect(await outcome).toBeInstanceOf(TimeoutError);
  });

  test('a signal that outlives many calls keeps nothing of them', async () => {
    const { services } = await connect([{ json: {} }]);
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    for (let n = 0; n < 5; n += 1) await services.entity.getEntity({ id: 'syn1' }, { signal });
    expect(listeners).toBe(0);
  });
});

describe('the package', () => {
  test('names its own version', async () => {
    const { readFile } = await import('node:fs/promises');
    const manifest = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
    expect(version).toBe(manifest.version);
  });

  test('404 is what others catch by class', async () => {
    const { services } = await connect([{ status: 404, json: { reason: 'x' } }]);
    await expect(services.entity.getEntity({ id: 'syn1' })).rejects.toBeInstanceOf(NotFoundError);
  });
});
