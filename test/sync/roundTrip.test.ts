import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { File, Folder, Link, Project, Table, type Annotations } from '../../src/index.js';
import type { Synapse } from '../../src/index.js';
import type { Used } from '../../src/types.js';
import { startSynapse } from '../cli/runSynapse.js';
import { withClients } from '../entities/withClients.js';
import { writesOf } from './writesOf.js';

jest.setTimeout(600_000);

const clients = withClients();
let syn: Synapse;
let folder: string;

beforeAll(async () => {
  // A real service would take these requests an hour.
  syn = await clients.open('alice', { requestsPerMinute: 1_000_000 });
  folder = await mkdtemp(join(tmpdir(), 'synapse-round-trip-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const names = ['données', '数据', 'plain', 'Größe 1', 'naïve (2)'];

/** Writes files into directories of five levels. */
async function writeTree(root: string, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const level = index % 5;
    const directories = Array.from({ length: level }, (_, at) => names[(index + at) % 3] ?? '');
    const path = [...directories, `${names[index % names.length] ?? ''} ${index}.txt`].join('/');
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `${path}\n${'x'.repeat(index % 97)}`);
  }
}

const cell = (text: string): string =>
  /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * Mirrors the directories in a project, and describes all files in a manifest: annotations of all types; each third file uses
 * the one before it and a file that all share.
 */
async function writeManifest(root: string, project: string): Promise<string> {
  const { text = '', failures } = await syn.sync.generateManifest(root, project, {
    safeNames: true,
  });
  expect(failures).toEqual([]);
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/);
  const extra = 'used,executed,activityName,text,whole,double,flag,when,several';
  const pathOf = (at: number): string => lines[at]?.split(',', 1)[0] ?? '';
  const rows = lines.map((line, index) => {
    const used = index % 3 === 2 ? `${pathOf(index - 1)};${pathOf(0)}` : '';
    const executed = used === '' ? '' : 'https://example.org/run?a=1,2';
    const day = `2024-02-${String((index % 28) + 1).padStart(2, '0')}T10:20:30Z`;
    const values = [used, executed, used && `step ${index}`, `naïve ${index} 数据`, `${index}`];
    values.push(`${index}.5`, index % 2 === 0 ? 'true' : 'false', day, `[${index},2,3]`);
    return [line, ...values.map(cell)].join(',');
  });
  const path = join(root, '..', 'manifest.csv');
  await writeFile(path, [`${header},${extra}`, ...rows, ''].join('\n'));
  return path;
}

interface Remote {
  annotations: Annotations;
  used: string[];
  version: number | undefined;
  md5: string | undefined;
}

/** All files of a project by their paths, as far as two uploads of the same manifest agree. */
async function remoteState(project: string): Promise<Map<string, Remote>> {
  const pathOf = new Map<string, string>();
  for await (const { path, files } of syn.walk(project)) {
    for (const { id, name, type } of files) {
      if (type.endsWith('FileEntity')) pathOf.set(id, `${path}/${name}`);
    }
  }
  const state = new Map<string, Remote>();
  const useOf = (use: Used): string =>
    'url' in use ? `${use.url} ${use.wasExecuted}` : usedPath(use);
  const usedPath = (use: object): string => {
    const { reference } = use as {
      reference?: { targetId?: string; targetVersionNumber?: number };
    };
    return `${pathOf.get(reference?.targetId ?? '')}.${reference?.targetVersionNumber}`;
  };
  const read = async ([id, path]: [string, string]): Promise<void> => {
    const [file, activity] = await Promise.all([
      syn.get(File, id, { downloadFile: false }),
      syn.getProvenance(id),
    ]);
    state.set(path, {
      annotations: file.annotations,
      used: (activity?.used ?? []).map(useOf).sort(),
      version: file.versionNumber,
      md5: file.fileHandle?.contentMd5,
    });
  };
  const all = [...pathOf];
  while (all.length > 0) await Promise.all(all.splice(0, 50).map(read));
  return state;
}

test('1,000 files with annotations and provenance go up, come back the same, and go up again without a write', async () => {
  const root = join(folder, 'source', 'tree');
  await mkdir(root, { recursive: true });
  await writeTree(root, 1000);
  const project = await syn.store(new Project({ name: 'Round trip' }));
  const manifest = await writeManifest(root, project.id);

  // A sync of files does not change these.
  const table = await syn.store(new Table({ name: 'a table', parent: project }));
  const other = await syn.store(new Folder({ name: 'another folder', parent: project }));
  await syn.store(new Link({ name: 'a link', target: table.id, parent: other }));
  await syn.wiki.store(project.id, { title: 'Read me', markdown: 'What this is.' });

  const plan = await syn.sync.planUpload(manifest);
  expect(plan.problems).toEqual([]);
  expect(plan.totals.actions.create).toBe(1000);
  const report = await plan.apply();
  expect(report.failures).toEqual([]);
  expect(report.done).toHaveLength(1000);

  const again = await writesOf(clients, () => syn.syncToSynapse(manifest));
  expect(again.writes).toEqual([]);
  expect(again.result.skipped).toHaveLength(1000);

  const state = await remoteState(project.id);
  expect(state.size).toBe(1000);
  expect([...state.values()].every(({ version }) => version === 1)).toBe(true);
  expect([...state.values()].filter(({ used }) => used.length === 3)).toHaveLength(333);
  const one = [...state.values()].find(({ annotations }) => annotations['whole']?.[0] === 500);
  expect(one?.annotations).toEqual({
    text: ['naïve 500 数据'],
    whole: [500],
    double: [500.5],
    flag: [true],
    when: [new Date('2024-02-25T10:20:30Z')],
    several: [500, 2, 3],
  });

  const target = join(folder, 'target');
  const reader = await clients.open('alice', { requestsPerMinute: 1_000_000 });
  const down = await reader.sync.syncFromSynapse(project.id, target, { manifest: 'root' });
  expect(down.failures).toEqual([]);
  const files = down.done.filter(({ kind }) => kind === 'file');
  expect(files).toHaveLength(1000);
  for (const { localPath = '' } of files) {
    const content = await readFile(localPath, 'utf8');
    // Each file begins with its own path: directories with other letters have safe names in Synapse.
    const own = content.split('\n', 1)[0] ?? '';
    expect(basename(localPath)).toBe(basename(own));
    expect(content).toBe(await readFile(join(root, own), 'utf8'));
  }

  // What came down goes up again, described by the manifest of the download, and nothing is different.
  const back = await writesOf(clients, () => reader.syncToSynapse(join(target, 'manifest.csv')));
  expect(back.writes).toEqual([]);
  expect(back.result).toMatchObject({ done: [], failures: [] });
  expect(back.result.skipped).toHaveLength(1000);
  expect(await syn.findEntityId('a table', project)).toBe(table.id);
});

test('an upload that is killed again and again under faults ends in the same state', async () => {
  const root = join(folder, 'faults', 'tree');
  await mkdir(root, { recursive: true });
  await writeTree(root, 60);
  const [calm, rough] = await Promise.all(
    ['calm', 'rough'].map((name) => syn.store(new Project({ name }))),
  );
  await syn.syncToSynapse(await writeManifest(root, calm?.id ?? ''));
  const manifest = await writeManifest(root, rough?.id ?? '');
  const { endpoint, users, conditions } = clients.server;
  conditions.set({ faults: [{ probability: 0.05, status: 503 }] });
  const env = { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: users.alice.authToken };
  const run = (): ReturnType<typeof startSynapse> =>
    startSynapse(['sync', manifest, '--quiet'], { home: folder, env });
  try {
    for (let round = 1; round <= 4; round += 1) {
      const child = run();
      const ended = once(child, 'close');
      const created = clients.server.requests.count('entity.createEntity');
      // In the middle: when some more files are stored.
      for (let tries = 0; tries < 600; tries += 1) {
        await wait(25);
        if (child.exitCode !== null) break;
        if (clients.server.requests.count('entity.createEntity') > created + 5) break;
      }
      child.kill('SIGKILL');
      await ended;
    }
    const last = run();
    await once(last, 'close');
    expect(last.exitCode).toBe(0);
  } finally {
    conditions.reset();
  }
  expect(await remoteState(rough?.id ?? '')).toEqual(await remoteState(calm?.id ?? ''));
  const again = await writesOf(clients, () => syn.syncToSynapse(manifest));
  expect(again.writes).toEqual([]);
});
