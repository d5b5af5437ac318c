import { afterEach, describe, expect, test } from '@jest/globals';
import { jobs } from '../../generated/jobs.js';
import { operations } from '../../generated/operations.js';
import {
  ArgumentError,
  AsyncJobError,
  AuthenticationError,
  AuthorizationError,
  ServerError,
  SynapseHttpError,
  TimeoutError,
} from '../../src/errors.js';
import { createHttp } from '../../src/api/createHttp.js';
import type { Progress } from '../../src/options.js';
import { FakeClock, settle } from './fakeClock.js';
import { startServer } from './scriptedServer.js';
import type { Received, Scripted } from './scriptedServer.js';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A server that starts job 77 and then answers as scripted; the last answer repeats. */
async function connect(
  polls: Scripted[] | ((index: number) => Scripted),
  clock = new FakeClock({ skip: 60_000 }),
) {
  const server = await startServer((request, index) => {
    if (request.method === 'POST') return { status: 201, json: { token: '77' } };
    if (!Array.isArray(polls)) return polls(index - 1);
    return polls[Math.min(index - 1, polls.length - 1)] ?? {};
  });
  const http = createHttp({ endpoint: server.url, clock });
  cleanUps.push(
    () => http.close(),
    () => server.close(),
  );
  return { server, clock, runJob: http.runJob };
}

const processing = (current?: number, message?: string, total?: number): Scripted => ({
  status: 202,
  json: {
    jobState: 'PROCESSING',
    jobId: '77',
    ...(current !== undefined && { progressCurrent: current }),
    ...(total !== undefined && { progressTotal: total }),
    ...(message !== undefined && { progressMessage: message }),
  },
});
const done = (json: unknown): Scripted => ({ status: 201, json });
const query = {
  concreteType: 'org.sagebionetworks.repo.model.table.QueryBundleRequest',
  query: { sql: 'select * from syn1' },
} as const;
const failure = (error: unknown): unknown => error;

describe('a job that ends well', () => {
  test('is polled with growing pauses', async () => {
    const { server, clock, runJob } = await connect((index) =>
      index < 14 ? processing(index) : done({ columnModels: [] }),
    );
    const bundle = await runJob(query, { id: 'syn1' });
    expect(bundle.columnModels).toEqual([]);
    const [start, ...polls] = server.requests;
    expect(start).toMatchObject({
      method: 'POST',
      url: '/repo/v1/entity/syn1/table/query/async/start',
    });
    expect(JSON.parse(start?.body ?? '')).toEqual(query);
    expect(new Set(polls.map(({ method, url }) => `${method} ${url}`))).toEqual(
      new Set(['GET /repo/v1/entity/syn1/table/query/async/get/77']),
    );
    const pauses = clock.slept.filter((ms) => ms <= 5000).map(Math.round);
    expect(pauses.slice(0, 4)).toEqual([100, 140, 196, 274]);
    expect(pauses.at(-1)).toBe(5000);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
  });

  test('200 is as good an end as 201', async () => {
    const { runJob } = await connect([{ status: 200, json: { doi: {} } }]);
    const request = {
      concreteType: 'org.sagebionetworks.repo.model.doi.v2.DoiRequest',
      doi: {},
    } as never;
    expect(await (runJob as unknown as (request: never) => Promise<unknown>)(request)).toEqual({
      doi: {},
    });
  });

  test('the next page of a table query is a job like any other', async () => {
    const { server, runJob } = await connect([done({ queryResults: { rows: [] } })]);
    const request = {
      concreteType: 'org.sagebionetworks.repo.model.table.QueryNextPageToken',
      entityId: 'syn1',
      token: 't',
    } as const;
    const result = await runJob(request, { id: 'syn1' });
    expect(result.queryResults).toEqual({ rows: [] });
    expect(server.requests[0]?.url).toBe('/repo/v1/entity/syn1/table/query/nextPage/async/start');
  });

  test('tells of progress that never falls', async () => {
    const { runJob } = await connect([
      processing(),
      processing(30, 'reading', 100),
      processing(30, 'reading', 100),
      processing(5, 'writing', 100),
      done({}),
    ]);
    const seen: Progress[] = [];
    await runJob(query, { id: 'syn1' }, { onProgress: (progress) => seen.push(progress) });
    const common = { kind: 'job', path: 'QueryBundleRequest' };
    expect(seen).toEqual([
      { ...common, state: 'start', transferredBytes: 0, message: 'job 77' },
      { ...common, state: 'progress', transferredBytes: 0 },
      { ...common, state: 'progress', transferredBytes: 30, totalBytes: 100, message: 'reading' },
      { ...common, state: 'progress', transferredBytes: 30, totalBytes: 100, message: 'writing' },
      { ...common, state: 'done', transferredBytes: 30 },
    ]);
  });

  test('every job has a start with a get that belongs to it', () => {
    for (const [concreteType, { start, get }] of Object.entries(jobs)) {
      const [startMethod, startPath] = operations[start] ?? [];
      const [getMethod, getPath] = operations[get] ?? [];
      expect([concreteType, startMethod, getMethod]).toEqual([concreteType, 'POST', 'GET']);
      expect(getPath).toBe(startPath?.replace(/start$/, 'get/{asyncToken}'));
    }
    expect(Object.keys(jobs).length).toBeGreaterThanOrEqual(26);
  });
});

describe('a job that fails', () => {
  test('gives the reason of the server', async () => {
    const reason = 'Encountered " "selec" at line 1';
    const { runJob } = await connect([processing(), { status: 400, json: { reason } }]);
    const seen: Progress[] = [];
    const error = await runJob(query, { id: 'syn1' }, { onProgress: (p) => seen.push(p) }).catch(
      failure,
    );
    expect(error).toBeInstanceOf(AsyncJobError);
    expect(error).toMatchObject({ jobId: '77', code: 'ASYNC_JOB' });
    expect((error as Error).message.startsWith(reason)).toBe(true);
    expect((error as Error).cause).toBeInstanceOf(SynapseHttpError);
    expect((error as Error).cause).toMatchObject({ status: 400, reason });
    expect(seen.map(({ state }) => state)).toEqual(['start', 'progress', 'error']);
  });

  test('keeps the class of its status', async () => {
    const { runJob } = await connect([{ status: 403, json: { reason: 'no' } }]);
    const error = await runJob(query, { id: 'syn1' }).catch(failure);
    expect((error as Error).cause).toBeInstanceOf(AuthorizationError);
  });

  test('with 503 is not asked for ten minutes', async () => {
    const { server, runJob } = await connect([
      { status: 503, json: { reason: 'The table is locked' } },
    ]);
    const error = await runJob(query, { id: 'syn1' }).catch(failure);
    expect(error).toBeInstanceOf(AsyncJobError);
    expect((error as Error).cause).toBeInstanceOf(ServerError);
    expect(server.requests).toHaveLength(4);
  });

  test('in a status of its own', async () => {
    const { runJob } = await connect([
      { status: 202, json: { jobState: 'FAILED', jobId: '77', errorMessage: 'out of memory' } },
    ]);
    const error = await runJob(query, { id: 'syn1' }).catch(failure);
    expect(error).toBeInstanceOf(AsyncJobError);
    expect((error as Error).message).toBe('out of memory');
  });

  test('a token that lapses on the way is no failure of the job', async () => {
    const { runJob } = await connect([processing(), { status: 401, json: { reason: 'expired' } }]);
    expect(await runJob(query, { id: 'syn1' }).catch(failure)).toBeInstanceOf(AuthenticationError);
  });

  test('that cannot be followed is an error', async () => {
    const server = await startServer(() => ({ status: 201, json: {} }));
    const http = createHttp({ endpoint: server.url });
    cleanUps.push(() => server.close());
    await expect(http.runJob(query, { id: 'syn1' })).rejects.toThrow(AsyncJobError);
    const run = http.runJob as unknown as (request: object) => Promise<unknown>;
    await expect(run({ concreteType: 'org.x.Nothing' })).rejects.toThrow(
      'no asynchronous job for requests of the type org.x.Nothing',
    );
    await expect(run(query)).rejects.toThrow(ArgumentError);
    expect(server.requests).toHaveLength(1);
  });
});

describe('time', () => {
  test('ends a job that makes no progress', async () => {
    // 21 looks at the job see it move, 5 s after each other, which takes longer than it may stand still; then it stops.
    const clock = new FakeClock({ skip: (ms) => ms === 5000 });
    const { server, runJob } = await connect((index) => processing(Math.min(index, 20)), clock);
    const options = { stallTimeout: 12_000, pauses: { first: 5000, factor: 1, longest: 5000 } };
    const error = await runJob(query, { id: 'syn1' }, options).catch(failure);
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toMatch(
      /^The job 77 \(QueryBundleRequest\) made no progress for 12 s/,
    );
    expect(server.requests).toHaveLength(1 + 21 + 2);
  });

  test.each([
    ['always changes', (index: number) => processing(index)],
    ['goes up and down', (index: number) => processing(index % 2)],
    ['has other words', (index: number) => processing(1, String(index))],
  ])('ends a job whose progress %s', async (_name, poll) => {
    const clock = new FakeClock({ skip: 5000 });
    const { server, runJob } = await connect(poll, clock);
    const options = { timeout: 60_000, pauses: { first: 5000, factor: 1, longest: 5000 } };
    const error = await runJob(query, { id: 'syn1' }, options).catch(failure);
    expect(error).toBeInstanceOf(TimeoutError);
    expect((error as Error).message).toMatch(
      /^The job 77 \(QueryBundleRequest\) did not finish within 60 s.*Increase `timeout`/,
    );
    expect(server.requests.length).toBeLessThanOrEqual(1 + 12);
  });

  test('a server that falls silent does not outlast it', async () => {
    const clock = new FakeClock({ skip: 5000 });
    const { server, runJob } = await connect(() => 'hang', clock);
    const outcome = runJob(query, { id: 'syn1' }, { timeout: 12_000 }).catch(failure);
    while (server.requests.length < 2) await settle();
    await clock.advance(12_000);
    expect(await outcome).toBeInstanceOf(TimeoutError);
    expect(((await outcome) as Error).message).toContain('The job 77');
  });

  test('an abort ends the wait with its reason', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const { runJob } = await connect(() => processing());
    const options = {
      signal: controller.signal,
      onProgress: ({ state }: Progress) => {
        seen.push(state);
        if (state === 'progress') controller.abort('enough');
      },
    };
    await expect(runJob(query, { id: 'syn1' }, options)).rejects.toBe('enough');
    expect(seen).toEqual(['start', 'progress', 'error']);
  });
});

test('requests carry the headers of the call', async () => {
  const { server, runJob } = await connect([done({})]);
  await runJob(query, { id: 'syn1' }, { headers: { 'x-trace': '1' } });
  expect(server.requests.map(({ headers }: Received) => headers['x-trace'])).toEqual(['1', '1']);
});
