import { expect, test } from '@jest/globals';

import type { ConditionSettings } from '../../src/server/conditions/conditions.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { api } from '../helpers/api.js';
import { Session } from './entitySession.js';
import { bytesOf, contentUrl, storage, uploadFile } from './filesClient.js';
import { TableSession, tableModel } from './tableSession.js';

/** The clock of a server. */
interface Clock {
  now: number;
}

/** One condition, and what a client sees of it. */
interface Kind {
  readonly settings: ConditionSettings;
  readonly look: (alice: Session, clock: Clock) => Promise<unknown>;
  /** What is seen without the condition, and with it. */
  readonly off: unknown;
  readonly on: unknown;
}

const content = bytesOf(100_000);
const stored = { method: 'GET', path: '/storage/*' };
const sending = { method: 'PUT', path: '/storage/*' };

/** What became of the content of a file: how much of it arrived, and how much of that is right. */
async function read(alice: Session): Promise<unknown> {
  const handle = await uploadFile(alice, content);
  try {
    const { status, body } = await storage(await contentUrl(alice, handle.id));
    const wrong = body.filter((byte, index) => byte !== content[index]).length;
    return { status, size: body.length, wrong };
  } catch {
    return 'broken';
  }
}

const whole = { status: 200, size: content.length, wrong: 0 };

/** A machine may be slow by itself: only what must be is held against anything. */
async function timed(work: Promise<unknown>): Promise<unknown> {
  const started = performance.now();
  const result = await work;
  return [result, performance.now() - started >= 99 ? 'late' : 'soon'];
}

const sooner = expect.stringMatching('soon|late');

async function version(alice: Session): Promise<number> {
  return (await alice.get('/version')).status;
}

async function outcome(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    () => 'broken',
  );
}

async function entityStatus(alice: Session): Promise<number> {
  const body = { concreteType: 'org.sagebionetworks.repo.model.Project' };
  return (await alice.post('/entity', body)).status;
}

/** How many times a job is said to be running before it is done. */
async function roundsOfJob(alice: Session): Promise<number> {
  const { id } = await new TableSession(alice).filled();
  const path = `/entity/${id}/table/query/async`;
  const started = await alice.post(`${path}/start`, {
    concreteType: `${tableModel}.QueryBundleRequest`,
    query: { sql: `select * from ${id}` },
  });
  const { token } = started.body as { token: string };
  for (let rounds = 0; ; rounds += 1) {
    const { status } = await alice.get(`${path}/get/${token}`);
    if (status === 201) return rounds;
    expect(status).toBe(202);
  }
}

/** How many rows a view has after something was added to its scope. */
async function rowsOfView(alice: Session): Promise<number> {
  const tables = new TableSession(alice);
  const project = await tables.project();
  const [name] = await tables.columns({ name: 'name', columnType: 'STRING' });
  const view = await alice.create('entityview', {
    name: 'view',
    parentId: project.id,
    viewTypeMask: 8,
    columnIds: [name?.id],
    scopeIds: [project.id],
  });
  const rows = async () => (await tables.rows(`select * from ${view.id}`)).length;
  expect(await rows()).toBe(0);
  await alice.create('folder', { name: 'new', parentId: project.id });
  return rows();
}

async function statusOfOldUrl(alice: Session, clock: Clock): Promise<number> {
  const url = await contentUrl(alice, (await uploadFile(alice, content)).id);
  clock.now += 6000;
  return (await storage(url)).status;
}

const kinds: Readonly<Record<string, Kind>> = {
  latency: {
    settings: { latency: [100, 120] },
    look: (alice) => timed(version(alice)),
    off: [200, sooner],
    on: [200, 'late'],
  },
  limits: {
    settings: { limits: { perMinute: 4 } },
    look: async (alice, clock) => {
      clock.now += 60_000;
      const statuses: number[] = [];
      while (statuses.length < 5) statuses.push(await version(alice));
      return statuses;
    },
    off: [200, 200, 200, 200, 200],
    on: [200, 200, 200, 200, 429],
  },
  'short life of URLs': {
    settings: { urlLifetime: 5000 },
    look: statusOfOldUrl,
    off: 200,
    on: 403,
  },
  'errors of a path': {
    settings: { faults: [{ path: '/repo/v1/version', status: 502, times: 1 }] },
    look: async (alice) => [await version(alice), await version(alice)],
    off: [200, 200],
    on: [502, 200],
  },
  'a delay of one operation': {
    settings: { faults: [{ operation: 'stackStatus.getVersion', delay: 100 }] },
    look: (alice) => timed(version(alice)),
    off: [200, sooner],
    on: [200, 'late'],
  },
  'a connection that ends within a body': {
    settings: { faults: [{ ...stored, dropAt: 1234 }] },
    look: read,
    off: whole,
    on: 'broken',
  },
  'a connection that ends within a request': {
    settings: { faults: [{ ...sending, dropRequestAt: 1234 }] },
    look: (alice) => outcome(uploadFile(alice, content)),
    off: 'done',
    on: 'broken',
  },
  'an answer that is lost': {
    settings: { faults: [{ operation: 'stackStatus.getVersion', loseAnswer: true }] },
    look: (alice) => outcome(version(alice)),
    off: 'done',
    on: 'broken',
  },
  'a stall': {
    settings: { faults: [{ ...stored, stallAt: 50_000, stallFor: 100 }] },
    look: (alice) => timed(read(alice)),
    off: [whole, sooner],
    on: [whole, 'late'],
  },
  'a slow body': {
    settings: { faults: [{ ...stored, bytesPerSecond: 400_000 }] },
    look: (alice) => timed(read(alice)),
    off: [whole, sooner],
    on: [whole, 'late'],
  },
  'a wrong byte': {
    settings: { faults: [{ ...stored, corruptAt: 77_777 }] },
    look: read,
    off: whole,
    on: { ...whole, wrong: 1 },
  },
  'jobs that take their time': { settings: { jobRounds: 3 }, look: roundsOfJob, off: 0, on: 3 },
  'views that lag': { settings: { viewLag: 600_000 }, look: rowsOfView, off: 1, on: 0 },
  'read-only mode': {
    settings: { readOnly: true },
    look: async (alice) => [
      (await alice.get('/status')).body,
      await entityStatus(alice),
      await version(alice),
    ],
    off: [{ status: 'READ_WRITE' }, 201, 200],
    on: [{ status: 'READ_ONLY' }, 503, 200],
  },
  'a full disk': {
    settings: { diskFull: true },
    look: async (alice) => [await entityStatus(alice), await version(alice)],
    off: [201, 200],
    on: [503, 200],
  },
};

async function withSynapse<T>(
  conditions: ConditionSettings,
  use: (alice: Session, synapse: LocalSynapse, clock: Clock) => Promise<T>,
): Promise<T> {
  const clock = { now: Date.now() };
  const now = () => new Date(clock.now);
  const synapse = await startLocalSynapse({ strict: true, conditions, now });
  try {
    return await use(new Session(api(synapse, synapse.authToken)), synapse, clock);
  } finally {
    await synapse.close();
  }
}

test.each(Object.entries(kinds))(
  'a client meets %s from the start or while an administrator wants it',
  async (_, { settings, look, off, on }) => {
    await withSynapse({}, async (alice, synapse, clock) => {
      const admin = api(synapse, synapse.users.admin.authToken);
      expect(await admin.put('/admin/conditions', settings)).toMatchObject({ status: 200 });
      expect(await look(alice, clock)).toEqual(on);
      expect(await admin.delete('/admin/conditions')).toMatchObject({ status: 200 });
      expect(await look(alice, clock)).toEqual(off);
    });
    await withSynapse(settings, async (alice, _synapse, clock) => {
      expect(await look(alice, clock)).toEqual(on);
    });
  },
);

test('the limits of the service are 600 requests a minute with 3 at a time', async () => {
  await withSynapse({ limits: true }, async (alice, synapse) => {
    synapse.conditions.set({ latency: 1 });
    const together = await Promise.all(Array.from({ length: 3 }, () => version(alice)));
    expect(together).toEqual([200, 200, 200]);
    synapse.conditions.set({ latency: 0 });
    for (let n = 3; n < 600; n += 1) expect(await version(alice)).toBe(200);
    expect(await alice.get('/version')).toMatchObject({
      status: 429,
      body: { reason: 'Requests are too frequent. Allowed 600 requests every 60 seconds.' },
    });
    expect(synapse.conditions.limits).toEqual({ concurrent: 3, perMinute: 600, machines: 1 });
  });
});

test('several machines serve several times as many requests', async () => {
  const limits = { perMinute: 10, machines: 3 };
  await withSynapse({ limits }, async (alice) => {
    const statuses: number[] = [];
    for (let n = 0; n < 60; n += 1) statuses.push(await version(alice));
    expect(statuses.filter((status) => status === 200)).toHaveLength(30);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30);
  });
});

test('the same seed gives the same faults', async () => {
  const run = (seed: number) =>
    withSynapse(
      {
        seed,
        latency: [0, 2],
        faults: [
          { path: '/repo/v1/version', probability: 0.4, status: 503 },
          { path: '/repo/v1/status', probability: 0.4, loseAnswer: true },
        ],
      },
      async (alice) => {
        const seen: unknown[] = [];
        for (let n = 0; n < 30; n += 1) {
          seen.push(await version(alice), await outcome(alice.get('/status')));
        }
        return seen;
      },
    );
  const first = await run(5);
  expect(new Set(first)).toEqual(new Set([200, 503, 'done', 'broken']));
  expect(await run(5)).toEqual(first);
  expect(await run(6)).not.toEqual(first);
});
