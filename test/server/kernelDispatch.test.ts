import { createHash } from 'node:crypto';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { reply } from '../../src/server/kernel/reply.js';
import { forbidden, notFound, preconditionFailed } from '../../src/server/kernel/serviceError.js';
import { api, type Api } from '../helpers/api.js';
import { startBareServer, type BareServer } from '../helpers/bareServer.js';

let server: BareServer;
let alice: Api;
let bob: Api;

beforeEach(async () => {
  server = await startBareServer({ strict: true });
  alice = api(server, server.tokens.get('alice'));
  bob = api(server, server.tokens.get('bob'));
});

afterEach(async () => {
  await server.close();
});

/** What a handler of broken code might return. */
function invalid(value: unknown): never {
  return value as never;
}

describe('handlers', () => {
  test('run in a transaction: what fails changes nothing', async () => {
    const { routes, world } = server;
    const things = world.store.collection<number>('things');
    routes.post('/repo/v1/log', () => {
      things.put('1', 1);
      throw forbidden('Not so.');
    });
    routes.put('/repo/v1/notificationEmail', async ({ body }) => {
      things.put('before', 1);
      await Promise.resolve();
      world.store.transaction(() => {
        things.put('after', 1);
        if (body.email === 'bad@example.org') {
          throw notFound('No such address.');
        }
      });
    });
    expect(await alice.post('/repo/v1/log', {})).toMatchObject({
      status: 403,
      body: { reason: 'Not so.' },
    });
    expect([...things.entries()]).toEqual([]);
    expect(
      await alice.put('/repo/v1/notificationEmail', { email: 'bad@example.org' }),
    ).toMatchObject({ status: 404 });
    expect([...things.entries()]).toEqual([['before', 1]]);
    await alice.put('/repo/v1/notificationEmail', { email: 'good@example.org' });
    expect([...things.entries()]).toEqual([
      ['before', 1],
      ['after', 1],
    ]);
  });

  test('an answer that does not fit the description is a 500 when strict', async () => {
    const { routes, problems } = server;
    routes.get('/repo/v1/version', () => invalid({ version: 5 }));
    routes.put('/repo/v1/notificationEmail', () => invalid({ email: 'x' }));
    expect(await alice.get('/repo/v1/version')).toMatchObject({
      status: 500,
      body: {
        reason:
          'The answer of stackStatus.getVersion is not a valid SynapseVersionInfo: /version must be string.',
      },
    });
    expect(await alice.put('/repo/v1/notificationEmail', {})).toMatchObject({ status: 500 });
    expect(problems.violations).toEqual([
      {
        operation: 'stackStatus.getVersion',
        model: 'SynapseVersionInfo',
        problem: '/version must be string',
      },
      expect.objectContaining({ problem: 'must have no body' }),
    ]);
    const lenient = await startBareServer({});
    lenient.routes.get('/repo/v1/version', () => invalid({ version: 5 }));
    expect(await api(lenient).get('/repo/v1/version')).toMatchObject({
      status: 200,
      body: { version: 5 },
    });
    expect(lenient.problems.violations).toHaveLength(1);
    await lenient.close();
  });

  test('a defect is a 500 with a bare body', async () => {
    const { routes, problems } = server;
    routes.get('/repo/v1/version', () => {
      throw new TypeError('oops');
    });
    expect(await alice.get('/repo/v1/version')).toMatchObject({
      status: 500,
      body: { reason: 'Internal error of the embedded Synapse: TypeError: oops' },
    });
    expect(problems.errors).toEqual([new TypeError('oops')]);
  });

  test('a full disk is a 503', async () => {
    const { routes, problems } = server;
    routes.get('/repo/v1/status', () => {
      throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    });
    expect(await alice.get('/repo/v1/status')).toMatchObject({ status: 503 });
    expect(problems.errors).toEqual([]);
  });

  test('redirects follow the redirect parameter', async () => {
    const { routes } = server;
    const path = '/repo/v1/userProfile/1/image';
    routes.get('/repo/v1/userProfile/{profileId}/image', () => 'http://elsewhere/x?y=z');
    expect((await alice.get(path)).headers.get('location')).toBe('http://elsewhere/x?y=z');
    expect(await alice.get(path)).toMatchObject({ status: 307, body: '' });
    expect(await alice.get(`${path}?redirect=true`)).toMatchObject({ status: 307 });
    const text = await alice.get(`${path}?redirect=false`);
    expect(text).toMatchObject({ status: 200, body: 'http://elsewhere/x?y=z' });
    expect(text.headers.get('content-type')).toContain('text/plain');
  });

  test('a reply has its own headers and bytes', async () => {
    const { routes } = server;
    routes.get('/repo/v1/version', () =>
      reply({ headers: { 'content-type': 'text/csv' }, body: Readable.from(['a,', 'b']) }),
    );
    expect(await alice.get('/repo/v1/version')).toMatchObject({ status: 200, body: 'a,b' });
  });

  test('an operation gets its parameters by their kinds', async () => {
    const { routes } = server;
    routes.get('/repo/v1/entity/{id}/version', ({ path, query }) =>
      invalid({ results: [], totalNumberOfResults: 0, seen: { path, query } }),
    );
    expect(
      await alice.get('/repo/v1/entity/syn%2012%2F3/version?limit=5&offset=+7&other=1'),
    ).toMatchObject({ status: 400 });
    expect(await alice.get('/repo/v1/entity/syn%2012%2F3/version?limit=5&other=1')).toMatchObject({
      body: { seen: { path: { id: 'syn 12/3' }, query: { limit: 5 } } },
    });
  });

  test('bytes below a prefix are streamed', async () => {
    const { routes } = server;
    routes.raw('/bytes/', async ({ method, url, body }) => {
      if (url.pathname === '/bytes/refused') {
        throw notFound('No such bytes.', { body: '<Error/>' });
      }
      const received = await buffer(body);
      return reply({
        headers: { 'content-length': String(received.length), 'x-method': method },
        body: Readable.from([received]),
      });
    });
    const sent = Buffer.alloc(3 * 1024 * 1024, 'abc');
    const answer = await fetch(`${server.endpoint}/bytes/x`, { method: 'PUT', body: sent });
    expect(answer.headers.get('x-method')).toBe('PUT');
    expect(Buffer.from(await answer.arrayBuffer()).equals(sent)).toBe(true);
    expect(await api(server).get('/bytes/refused')).toMatchObject({
      status: 404,
      body: '<Error/>',
    });
    expect(server.log.count('PUT /bytes')).toBe(1);
  });
});

describe('jobs', () => {
  const preview = 'org.sagebionetworks.repo.model.table.UploadToTablePreviewRequest';
  const transaction = 'org.sagebionetworks.repo.model.table.TableUpdateTransactionRequest';
  const base = '/repo/v1/table/upload/csv/preview/async';
  const response: M.UploadToTablePreviewResult = {
    concreteType: 'org.sagebionetworks.repo.model.table.UploadToTablePreviewResult',
    rowsScanned: 3,
  };

  const start = async (as: Api, path: string, body: unknown): Promise<string> => {
    const answer = await as.post(`${path}/start`, body);
    expect(answer).toMatchObject({ status: 201, body: { token: expect.stringMatching(/^\d+$/) } });
    return (answer.body as { token: string }).token;
  };

  test('a job that needs no waiting is done at once', async () => {
    server.world.jobs.define(preview, () => response);
    const token = await start(alice, base, { uploadFileHandleId: '5' });
    expect(await alice.get(`${base}/get/${token}`)).toMatchObject({ status: 201, body: response });
  });

  test('a job is shown to its starter alone', async () => {
    server.world.jobs.define(preview, () => response);
    const token = await start(alice, base, { uploadFileHandleId: '5' });
    expect(await bob.get(`${base}/get/${token}`)).toMatchObject({ status: 403 });
    expect(await alice.get(`${base}/get/12345`)).toMatchObject({ status: 404 });
    expect(
      await alice.get(`/repo/v1/entity/syn1/table/transaction/async/get/${token}`),
    ).toMatchObject({ status: 404, body: { reason: expect.stringContaining('of another kind') } });
  });

  test('the entity of the path goes before that of the body', async () => {
    const { world } = server;
    let seen: unknown;
    world.jobs.define(transaction, (request, { path, caller }) => {
      seen = { request, path, userId: caller.userId };
      return {
        concreteType: 'org.sagebionetworks.repo.model.table.TableUpdateTransactionResponse',
        results: [],
      };
    });
    await start(alice, '/repo/v1/entity/syn7/table/transaction/async', { entityId: 'syn9' });
    expect(seen).toEqual({
      request: { concreteType: transaction, entityId: 'syn7' },
      path: { id: 'syn7' },
      userId: expect.any(Number),
    });
  });

  test('a failure undoes the changes of the job', async () => {
    const { world, problems } = server;
    const things = world.store.collection<number>('things');
    world.jobs.define(preview, (request) => {
      things.put('1', 1);
      if (request.uploadFileHandleId === '1') {
        throw preconditionFailed('Changed meanwhile.', {
          errorCode: 'USER_CERTIFICATION_REQUIRED',
        });
      }
      throw new TypeError('oops');
    });
    const known = await start(alice, base, { uploadFileHandleId: '1' });
    expect(await alice.get(`${base}/get/${known}`)).toMatchObject({
      status: 412,
      body: { reason: 'Changed meanwhile.', errorCode: 'USER_CERTIFICATION_REQUIRED' },
    });
    expect(await alice.get(`/repo/v1/asynchronous/job/${known}`)).toMatchObject({
      status: 200,
      body: { jobState: 'FAILED', errorMessage: 'Changed meanwhile.' },
    });
    const unknown = await start(alice, base, {});
    expect(await alice.get(`${base}/get/${unknown}`)).toMatchObject({
      status: 400,
      body: { reason: 'oops' },
    });
    expect(problems.errors).toHaveLength(1);
    expect(things.size).toBe(0);
  });

  test('a job that takes its time answers 202 with its progress', async () => {
    server.world.jobs.define(
      preview,
      async (_request, { progress, signal }) => {
        await Promise.resolve();
        progress(2, 5, 'Reading');
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        });
        return response;
      },
      { readOnly: true },
    );
    const token = await start(alice, base, {});
    expect(await alice.get(`${base}/get/${token}`)).toMatchObject({
      status: 202,
      body: {
        jobState: 'PROCESSING',
        jobId: token,
        progressCurrent: 2,
        progressTotal: 5,
        progressMessage: 'Reading',
      },
    });
    expect(await alice.get(`/repo/v1/asynchronous/job/${token}/cancel`)).toMatchObject({
      status: 200,
      body: { jobCanceling: true },
    });
    expect(await alice.get(`${base}/get/${token}`)).toMatchObject({
      status: 400,
      body: { reason: 'The job was cancelled.' },
    });
  });

  test('a job runs for as many polls as are set', async () => {
    server.world.conditions.set({ jobRounds: 2 });
    server.world.jobs.define(preview, () => response);
    const token = await start(alice, base, {});
    const states: unknown[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { status, body } = await alice.get(`${base}/get/${token}`);
      states.push([status, (body as { jobState?: string }).jobState]);
    }
    expect(states).toEqual([
      [202, 'PROCESSING'],
      [202, 'PROCESSING'],
      [201, undefined],
    ]);
  });

  test('a job can be started by its type alone', async () => {
    server.world.jobs.define(preview, () => response);
    const started = await alice.post('/repo/v1/asynchronous/job', { concreteType: preview });
    expect(started).toMatchObject({
      status: 201,
      body: {
        jobState: 'COMPLETE',
        responseBody: response,
        requestBody: { concreteType: preview },
      },
    });
    expect(
      await alice.post('/repo/v1/asynchronous/job', {
        concreteType: 'org.sagebionetworks.repo.model.agent.AgentChatRequest',
      }),
    ).toMatchObject({ status: 501 });
  });

  test('old results are forgotten in the order of their age', () => {
    server.world.jobs.define(preview, () => response);
    const tokens: string[] = [];
    for (let n = 0; n < 1003; n += 1) {
      tokens.push(
        server.world.jobs.start({
          request: { concreteType: preview },
          caller: {
            userId: 5,
            isAnonymous: false,
            isAdmin: false,
            isCertified: false,
            groups: new Set(),
            scopes: new Set(),
          },
          path: {},
        }).id,
      );
    }
    expect(server.world.store.collection('jobs').size).toBe(1000);
    expect(
      tokens.map((token) => server.world.store.collection('jobs').has(token)).slice(0, 5),
    ).toEqual([false, false, false, true, true]);
  });
});

describe('conditions', () => {
  const content = Buffer.alloc(200_000, 'abcdefgh');
  const digest = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex');

  beforeEach(() => {
    server.routes.raw('/bytes/', async ({ body }) => {
      await buffer(body);
      const headers = { 'content-length': String(content.length) };
      return reply({
        headers,
        body: Readable.from([content.subarray(0, 70_000), content.subarray(70_000)]),
      });
    });
    server.routes.get('/repo/v1/version', () => ({ version: '1' }));
    server.routes.put('/repo/v1/notificationEmail', () => undefined);
  });

  /** Reads as much of a body as comes. With node:http: fetch drops what it has when it fails. */
  const readAll = (path: string): Promise<{ received: Buffer; failed: boolean }> =>
    new Promise((resolve, reject) => {
      get(`${server.endpoint}${path}`, { agent: false }, (response) => {
        const chunks: Buffer[] = [];
        const finish = (failed: boolean) => resolve({ received: Buffer.concat(chunks), failed });
        response
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('end', () => finish(false))
          .on('error', () => finish(true));
      }).on('error', reject);
    });

  test('a fault hits exactly the requests that it names', async () => {
    const { conditions } = server.world;
    conditions.set({
      faults: [
        { operation: 'stackStatus.getVersion', skip: 1, times: 2, status: 503, retryAfter: 7 },
        { path: '/bytes/{name}', method: 'PUT', status: 500, reason: 'Broken.' },
      ],
    });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      statuses.push((await alice.get('/repo/v1/version')).status);
    }
    expect(statuses).toEqual([200, 503, 503, 200, 200]);
    expect(await api(server).put('/bytes/x', 'y')).toMatchObject({
      status: 500,
      body: { reason: 'Broken.' },
    });
    expect((await api(server).get('/bytes/x')).status).toBe(200);
    expect((await api(server).put('/bytes/x/y', 'y')).status).toBe(200);
    expect(conditions.faultHits()).toEqual([2, 1]);
    conditions.reset();
    expect((await api(server).put('/bytes/x', 'y')).status).toBe(200);
    conditions.set({ faults: [{ path: '/repo/*', status: 429, retryAfter: 3 }] });
    const limited = await alice.get('/repo/v1/version');
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '3']);
  });

  test('random faults are the same for the same seed', async () => {
    const { conditions } = server.world;
    const run = async (seed: number): Promise<number[]> => {
      conditions.set({ seed, faults: [{ path: '/repo/*', probability: 0.5, status: 502 }] });
      const statuses: number[] = [];
      for (let n = 0; n < 24; n += 1) {
        statuses.push((await alice.get('/repo/v1/version')).status);
      }
      return statuses;
    };
    const first = await run(11);
    expect(await run(11)).toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 502]));
    expect(await run(12)).not.toEqual(first);
  });

  test('a connection ends after exactly so many bytes of a body', async () => {
    for (const dropAt of [0, 1, 69_999, 70_000, 150_001]) {
      server.world.conditions.set({ faults: [{ path: '/bytes/*', dropAt }] });
      const { received, failed } = await readAll('/bytes/x');
      expect([received.length, failed]).toEqual([dropAt, true]);
      expect(received.equals(content.subarray(0, dropAt))).toBe(true);
    }
  });

  test('exactly one byte is wrong', async () => {
    server.world.conditions.set({ faults: [{ path: '/bytes/*', corruptAt: 70_001 }] });
    const { received, failed } = await readAll('/bytes/x');
    expect(failed).toBe(false);
    expect(digest(received)).not.toBe(digest(content));
    received.writeUInt8(~received.readUInt8(70_001) & 0xff, 70_001);
    expect(digest(received)).toBe(digest(content));
  });

  test('a slow or stalled body arrives whole in the end', async () => {
    const { conditions } = server.world;
    conditions.set({
      faults: [{ path: '/bytes/*', bytesPerSecond: 2_000_000, stallAt: 60_000, stallFor: 20 }],
    });
    expect(digest((await readAll('/bytes/x')).received)).toBe(digest(content));
  });

  test('a stall without end can be left', async () => {
    const { conditions } = server.world;
    conditions.set({ faults: [{ path: '/bytes/*', stallAt: 10 }] });
    const aborter = new AbortController();
    const response = await fetch(`${server.endpoint}/bytes/x`, { signal: aborter.signal });
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(first?.value).toHaveLength(10);
    aborter.abort();
    await expect(reader?.read()).rejects.toThrow();
  });

  test('a request can be lost on its way in', async () => {
    const { conditions } = server.world;
    conditions.set({ faults: [{ method: 'PUT', path: '/bytes/*', dropRequestAt: 100_000 }] });
    await expect(
      fetch(`${server.endpoint}/bytes/x`, { method: 'PUT', body: content }),
    ).rejects.toThrow();
    expect(server.problems.errors).toEqual([]);
    expect(
      (await fetch(`${server.endpoint}/bytes/x`, { method: 'PUT', body: 'short' })).status,
    ).toBe(200);
  });

  test('the answer to a request that was served can be lost', async () => {
    const { conditions, store } = server.world;
    const things = store.collection<number>('things');
    server.routes.post('/repo/v1/log', () => {
      things.put('1', 1);
    });
    conditions.set({ faults: [{ operation: 'log.createLogEntry', loseAnswer: true }] });
    await expect(alice.post('/repo/v1/log', {})).rejects.toThrow();
    expect(things.size).toBe(1);
    expect(server.problems.errors).toEqual([]);
  });

  test('limits are counted for each user', async () => {
    const { conditions } = server.world;
    conditions.set({ limits: { concurrent: 2 }, latency: 0 });
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    server.routes.get('/repo/v1/status', async () => {
      await gate;
      return { status: 'READ_WRITE' };
    });
    const waiting = [alice.get('/repo/v1/status'), alice.get('/repo/v1/status')];
    while (server.world.conditions.limits !== undefined) {
      const probe = await alice.get('/repo/v1/version');
      if (probe.status === 429) {
        expect(probe.body).toEqual({
          reason: 'Too many concurrent requests. Allowed 2 concurrent connections at any time.',
        });
        break;
      }
    }
    expect((await bob.get('/repo/v1/version')).status).toBe(200);
    expect((await api(server).get('/repo/v1/version')).status).toBe(200);
    release();
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await alice.get('/repo/v1/version')).status).toBe(200);

    conditions.set({ limits: { perMinute: 3 } });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) {
      statuses.push((await bob.get('/repo/v1/version')).status);
    }
    expect(statuses).toEqual([200, 200, 429, 429]);
  });

  test('read-only mode refuses writes but no reads', async () => {
    const { conditions, store } = server.world;
    server.routes.post('/repo/v1/log', () => {
      store.collection<number>('things').put('1', 1);
    });
    conditions.set({ readOnly: true });
    expect(await alice.post('/repo/v1/log', {})).toMatchObject({
      status: 503,
      body: { reason: expect.stringContaining('READ_ONLY') },
    });
    expect((await alice.get('/repo/v1/version')).status).toBe(200);
  });

  test('a full disk refuses writes', async () => {
    const { conditions, store } = server.world;
    server.routes.post('/repo/v1/log', () => {
      store.collection<number>('things').put('1', 1);
    });
    conditions.set({ diskFull: true });
    expect(await alice.post('/repo/v1/log', {})).toMatchObject({
      status: 503,
      body: { reason: expect.stringContaining('no space left') },
    });
    expect(store.collection('things').size).toBe(0);
    conditions.set({ diskFull: false });
    expect((await alice.post('/repo/v1/log', {})).status).toBe(200);
    expect(store.collection('things').size).toBe(1);
  });
});
