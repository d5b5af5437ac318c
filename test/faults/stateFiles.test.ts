import { cpSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createRandom } from '../../src/server/conditions/random.js';
import { DataDamageError, startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { DataCheck } from '../../src/server/state/dataCheck.js';
import type { Commit } from '../../src/server/state/store.js';
import { Store } from '../../src/server/state/store.js';
import { api } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { flipBit, openState, valuesOf } from '../server/dataDirectory.js';
import { Session } from '../server/entitySession.js';
import { contentUrl, md5Of, storage, uploadFile } from '../server/filesClient.js';
import { TableSession } from '../server/tableSession.js';
import { countRounds, isThorough } from './rounds.js';

const seed = 20_270_118;
const flips = 200;
const cuts = 100;
/** Rounds with a whole server, which take longer. */
const serverFlips = isThorough ? flips : 12;
const serverCuts = isThorough ? cuts : 8;

type Damage = (directory: string, random: () => number) => string;

const pick = (random: () => number, below: number): number => Math.floor(random() * below);

/** Inverts one bit of one of the files. Returns the name of the file. */
function flip(names: readonly string[]): Damage {
  return (directory, random) => {
    const name = names[pick(random, names.length)] ?? '';
    const { size } = statSync(join(directory, name));
    flipBit(directory, name, { byte: pick(random, size), bit: pick(random, 8) });
    return name;
  };
}

/** Cuts one of the files at any byte. */
function cut(names: readonly string[]): Damage {
  return (directory, random) => {
    const name = names[pick(random, names.length)] ?? '';
    const { size } = statSync(join(directory, name));
    truncateSync(join(directory, name), pick(random, size));
    return name;
  };
}

interface History {
  readonly entries: readonly (readonly [string, unknown])[];
  readonly commits: readonly Commit[];
}

/** A state with a snapshot and 40 later records, and its history. */
async function makeHistory(directory: string): Promise<History> {
  const random = createRandom(seed);
  const change = (store: Store): void => {
    store.transaction(() => {
      for (let n = pick(random, 3); n >= 0; n -= 1) {
        const id = String(pick(random, 30));
        const things = store.collection<object>(`things${pick(random, 3)}`);
        if (random() < 0.2) things.delete(id);
        else things.put(id, { note: 'Zoë'.repeat(pick(random, 20)), n: random() });
      }
      store.sequence('ids')();
    });
  };
  const first = openState(directory, { compactionBytes: 1 });
  for (let n = 0; n < 40; n += 1) change(first.store);
  await first.journal.settled();
  await first.journal.close();
  const compacted = openState(directory, { compactionBytes: 1 });
  await compacted.journal.settled();
  await compacted.journal.close();
  const commits: Commit[] = [];
  const second = openState(directory, { onWrite: (commit) => commits.push(commit) });
  const entries = [...valuesOf(second.store)];
  for (let n = 0; n < 40; n += 1) change(second.store);
  await second.journal.close();
  return { entries, commits };
}

/** The values without some of the entries and commits. */
function replay(
  { entries, commits }: History,
  isLost: (tx: number) => boolean,
  lostIds: ReadonlySet<string>,
): Map<string, unknown> {
  const store = new Store();
  for (const [key, value] of entries) {
    const [name = '', id = ''] = key.split(' ');
    if (!lostIds.has(key)) store.replay({ tx: 0, changes: [[name, id, value]] });
  }
  for (const commit of commits) if (!isLost(commit.tx)) store.replay(commit);
  return valuesOf(store);
}

test.each([
  ['flipped', flips, flip(['journal.jsonl', 'snapshot.jsonl', 'head.json'])],
  ['cut', cuts, cut(['journal.jsonl', 'snapshot.jsonl', 'head.json'])],
])(
  'state files %s at %i places are refused by name, and a recovery loses exactly what it reports',
  async (_, rounds, damage) => {
    await withTempDir(async (top) => {
      const whole = join(top, 'whole');
      mkdirSync(whole);
      const history = await makeHistory(whole);
      const random = createRandom(seed);
      for (let round = 0; round < rounds; round += 1) {
        const directory = join(top, String(round));
        cpSync(whole, directory, { recursive: true });
        const file = damage(directory, random);
        expect(() => openState(directory)).toThrow(
          new RegExp(`${file}(?: is damaged at byte \\d+|: )`),
        );

        const { store, journal, check } = openState(directory, { recover: true });
        const { lost = [] } = check.report() ?? {};
        await journal.close();
        const found = valuesOf(store);
        const isLost = (tx: number): boolean =>
          lost.some(({ records }) => records !== undefined && tx >= records[0] && tx <= records[1]);
        const entries = lost.reduce((sum, one) => sum + (one.entries ?? 0), 0);
        // The entries of the snapshot that are missing are as many as it says, less those that the journal has again.
        const complete = replay(history, isLost, new Set());
        const missing = [...complete.keys()].filter((key) => !found.has(key));
        expect(missing.length).toBeLessThanOrEqual(entries);
        expect(found).toEqual(replay(history, isLost, new Set(missing)));
        if (file !== 'snapshot.jsonl') expect(missing).toEqual([]);
        if (file === 'head.json') expect(lost).toEqual([]);
        const again = openState(directory);
        expect(valuesOf(again.store)).toEqual(found);
        await again.journal.close();
        rmSync(directory, { recursive: true });
      }
      countRounds(rounds);
    });
  },
  300_000,
);

/** Everything of a server that a client sees. */
interface Content {
  readonly project: string;
  readonly folder: string;
  readonly file: string;
  readonly handle: string;
  readonly table: string;
}

let top: string;
let leave: () => void;
let left: Promise<void>;
let content: Content;

const sessionOf = (local: LocalSynapse): Session => new Session(api(local, local.authToken));
const quiet = { onWarning: () => undefined } as const;

async function fill(local: LocalSynapse): Promise<Content> {
  const session = sessionOf(local);
  const project = await session.create('project', { name: 'study' });
  const folder = await session.create('folder', { name: 'raw', parentId: project.id });
  const bytes = Buffer.from('a line of a file\n'.repeat(3000));
  const handle = await uploadFile(session, bytes, { fileName: 'lines.txt' });
  const file = await session.create('file', {
    name: 'lines.txt',
    parentId: folder.id,
    dataFileHandleId: handle.id,
  });
  const tables = new TableSession(session);
  const { id: table, columns } = await tables.filled();
  await tables.append(
    table,
    columns,
    Array.from({ length: 300 }, (_, row) => [`row ${row}`, String(row)]),
  );
  return { project: project.id, folder: folder.id, file: file.id, handle: handle.id, table };
}

/** What a client reads. What is refused is named; content that is damaged must be refused. */
async function observe(local: LocalSynapse): Promise<Record<string, unknown>> {
  const session = sessionOf(local);
  const seen: Record<string, unknown> = {};
  for (const id of [content.project, content.folder, content.file, content.table]) {
    seen[id] = (await session.get(`/entity/${id}`)).body;
    seen[`${id} acl`] = (await session.get(`/entity/${id}/acl`)).body;
    seen[`${id} annotations`] = (await session.get(`/entity/${id}/annotations2`)).body;
  }
  const url = await contentUrl(session, content.handle).catch(() => undefined);
  const answer = url === undefined ? undefined : await storage(url);
  seen['content'] = answer?.status === 200 ? md5Of(answer.body) : 'refused';
  seen['rows'] = await new TableSession(session)
    .rows(`select * from ${content.table}`)
    .catch(() => 'refused');
  return seen;
}

beforeAll(async () => {
  await new Promise<void>((entered, failed) => {
    left = withTempDir(async (directory) => {
      top = directory;
      const dataDir = join(top, 'running');
      const first = await startLocalSynapse({ dataDir });
      content = await fill(first);
      await first.close();
      const compacted = openState(dataDir, { compactionBytes: 1 });
      await compacted.journal.settled();
      await compacted.journal.close();
      const second = await startLocalSynapse({ dataDir });
      const session = sessionOf(second);
      const annotations = (await session.get(`/entity/${content.folder}/annotations2`)).body;
      await session.put(`/entity/${content.folder}/annotations2`, {
        ...(annotations as object),
        annotations: { note: { type: 'STRING', value: ['kept'] } },
      });
      const tables = new TableSession(session);
      const columns = (await session.get(`/entity/${content.table}/column`)).body as {
        results: [];
      };
      await tables.append(content.table, columns.results, [['last', '1']]);
      // As a killed server leaves it: with its lock and its log.
      cpSync(dataDir, join(top, 'killed'), { recursive: true });
      await second.close();
      cpSync(dataDir, join(top, 'closed'), { recursive: true });
      entered();
      await new Promise<void>((resolve) => (leave = resolve));
    });
    left.catch(failed);
  });
}, 60_000);
afterAll(async () => {
  leave();
  await left;
});

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(directory, name)).isFile(),
  );
}

async function withServerOn<T>(
  dataDir: string,
  recover: boolean,
  use: (local: LocalSynapse) => Promise<T>,
): Promise<T> {
  const local = await startLocalSynapse({ ...quiet, dataDir, recover });
  try {
    return await use(local);
  } finally {
    await local.close();
  }
}

/** The state is refused by name, or is what it was. Then it can be recovered, and what differs is reported. */
async function checkDamage(
  directory: string,
  { file, expected }: { file: string; expected: Record<string, unknown> },
): Promise<'refused' | 'harmless'> {
  let refusal: unknown;
  try {
    const seen = await withServerOn(directory, false, observe);
    if (file.startsWith('blobs'))
      expect(['refused', expected['content']]).toContain(seen['content']);
    expect({ ...seen, content: '' }).toEqual({ ...expected, content: '' });
    if (!file.startsWith('blobs')) expect(seen['content']).toBe(expected['content']);
    return 'harmless';
  } catch (error) {
    if (error instanceof Error && 'matcherResult' in error) throw error;
    refusal = error;
  }
  expect(String(refusal)).toContain(file === 'lock' ? join(directory, file) : file);
  if (file !== 'lock') expect(refusal).toBeInstanceOf(DataDamageError);
  const { recovery, seen } = await withServerOn(directory, true, async (local) => ({
    recovery: local.recovery,
    seen: await observe(local),
  }));
  if (recovery === undefined || recovery.lost.length === 0) expect(seen).toEqual(expected);
  await withServerOn(directory, false, async (local) => {
    expect(local.recovery).toBeUndefined();
    expect(await observe(local)).toEqual(seen);
  });
  return 'refused';
}

test.each([
  ['a closed', 'flipped', serverFlips, flip],
  ['a killed', 'flipped', serverFlips, flip],
  ['a closed', 'cut', serverCuts, cut],
  ['a killed', 'cut', serverCuts, cut],
])(
  'files of %s server %s at %i places are refused by name, or nothing differs',
  async (kind, how, rounds, damage) => {
    const whole = join(top, kind.slice(2));
    const random = createRandom(seed + rounds + kind.length);
    const names = filesIn(whole);
    const pristine = join(top, `${kind} ${how}`);
    cpSync(whole, pristine, { recursive: true });
    const expected = await withServerOn(pristine, false, observe);
    let refused = 0;
    for (let round = 0; round < rounds; round += 1) {
      const directory = join(top, `${kind} ${how} ${round}`);
      cpSync(whole, directory, { recursive: true });
      const file = damage(names)(directory, random);
      const result = await checkDamage(directory, { file, expected });
      if (result === 'refused') refused += 1;
      rmSync(directory, { recursive: true });
    }
    expect(refused).toBeGreaterThan(rounds / 2);
    countRounds(rounds);
  },
  600_000,
);

test('a check that does not recover keeps no copies', async () => {
  await withTempDir((directory) => {
    const check = new DataCheck(directory);
    check.add({ file: 'x', problem: 'y' });
    expect(() => check.refuse()).toThrow('x: y');
    expect(readdirSync(directory)).toEqual([]);
    return Promise.resolve();
  });
});
