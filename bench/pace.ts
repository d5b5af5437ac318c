import { build } from 'esbuild';
import { fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createHttp } from '../src/api/createHttp.js';
import type { ConditionSettings } from '../src/server/index.js';
import type { Answers } from './lib/paceServer.js';
import { nextMessage, type BenchServer } from './lib/nextMessage.js';
import { median, printFigures, type Figure } from './measure.js';

/**
 * A thousand small files up and down through the command line with default settings, as a user meets it: without limits,
 * beside a bare loop of the same requests, and with the limits of the service on 1, 3 and 10 machines.
 *
 * `BENCH_ROUNDS` is how often what has no limits is done (3), `BENCH_MACHINES` the numbers of machines (1,3,10).
 * `BENCH_PEER` is the command of the Python client, where there is one (`python3 -m synapseclient`).
 */
const count = 1000;
const size = 100 * 1024;
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const machineCounts = (process.env['BENCH_MACHINES'] ?? '1,3,10')
  .split(',')
  .map(Number)
  .filter(Boolean);
const peer = process.env['BENCH_PEER']?.split(' ');
const minute = 60;
const lib = join(import.meta.dirname, 'lib');

type Direction = 'up' | 'down';

const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'synapse-pace-'));
const command = join(import.meta.dirname, '../bin/run.js');

const bareLoop = join(import.meta.dirname, '../node_modules/.cache/bench/bareLoop.mjs');
await build({
  entryPoints: [join(lib, 'bareLoop.ts')],
  outfile: bareLoop,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
});
const serverProcess = fork(join(lib, 'paceServer.ts'), {
  execArgv: ['--import', 'tsx'],
  env: { ...process.env, TMPDIR: root },
});
const server = await nextMessage<BenchServer>(serverProcess);
const http = createHttp({ endpoint: server.endpoint, accessToken: () => server.authToken });

/** @returns what was answered under the conditions before */
async function setConditions(conditions: ConditionSettings): Promise<Answers> {
  serverProcess.send(conditions);
  return nextMessage<Answers>(serverProcess);
}

let made = 0;

/** An environment without the files and settings of the current user. */
function newDirectory(name: string): string {
  const path = join(root, `${name}-${made++}`);
  mkdirSync(path);
  return path;
}

function filledDirectory(): string {
  const path = newDirectory('files');
  for (let n = 0; n < count; n += 1) writeFileSync(join(path, `file-${n}.bin`), randomBytes(size));
  return path;
}

async function newProject(): Promise<string> {
  const { id = '' } = await http.services.entity.createEntity({
    body: { concreteType: 'org.sagebionetworks.repo.model.Project', name: `pace-${made++}` },
  });
  return id;
}

/** Runs a command to its end. @returns seconds */
function timed(argv: readonly string[], home: string): number {
  const [file = '', ...args] = argv;
  const { PATH, PYTHONPATH } = process.env;
  const start = performance.now();
  const { status, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    cwd: home,
    maxBuffer: 2 ** 28,
    env: {
      PATH,
      PYTHONPATH,
      HOME: home,
      CI: 'true',
      SYNAPSE_ENDPOINT: server.endpoint,
      SYNAPSE_AUTH_TOKEN: server.authToken,
    },
  });
  const seconds = (performance.now() - start) / 1000;
  if (status !== 0)
    throw new Error(`${argv.join(' ')} ended with ${status ?? 'a signal'}: ${stderr}`);
  return seconds;
}

const synapse = (...args: string[]): string[] => [process.execPath, command, ...args];
const bare = (direction: Direction, parent: string, directory: string): string[] => [
  process.execPath,
  bareLoop,
  direction,
  server.endpoint,
  server.authToken,
  parent,
  directory,
];

function checkCount(directory: string): void {
  const found = readdirSync(directory).filter((name) => name.startsWith('file-')).length;
  if (found !== count) throw new Error(`${directory} has ${found} files instead of ${count}.`);
}

/** Stores a thousand files and downloads them with a new home directory, without a cache. */
async function upAndDown(): Promise<{ up: number; down: number; parent: string }> {
  const [source, target, parent] = [filledDirectory(), newDirectory('got'), await newProject()];
  const up = timed(synapse('store', '-r', source, '--parent-id', parent), newDirectory('home'));
  const down = timed(
    synapse('get', '-r', parent, '--download-location', target),
    newDirectory('home'),
  );
  checkCount(target);
  for (const path of [source, target]) rmSync(path, { recursive: true });
  return { up, down, parent };
}

/** The Python client has no recursive store: its manifest is made beforehand, and is not timed. */
async function peerUpAndDown(run: readonly string[]): Promise<{ up: number; down: number }> {
  const [source, target, parent] = [filledDirectory(), newDirectory('got'), await newProject()];
  const home = newDirectory('home');
  const { endpoint, authToken } = server;
  writeFileSync(
    join(home, '.synapseConfig'),
    `[default]\nauthtoken = ${authToken}\n[endpoints]\nrepoEndpoint = ${endpoint}/repo/v1\n` +
      `authEndpoint = ${endpoint}/auth/v1\nfileHandleEndpoint = ${endpoint}/file/v1\nportalEndpoint = ${endpoint}/\n`,
  );
  const manifest = join(home, 'manifest.tsv');
  const lines = readdirSync(source).map((name) => `${join(source, name)}\t${parent}`);
  writeFileSync(manifest, ['path\tparent', ...lines, ''].join('\n'));
  const up = timed([...run, 'sync', manifest], home);
  rmSync(join(home, '.synapseCache'), { recursive: true, force: true });
  const down = timed([...run, 'get', '-r', parent, '--downloadLocation', target], home);
  checkCount(target);
  for (const path of [source, target]) rmSync(path, { recursive: true });
  return { up, down };
}

async function withoutLimits(): Promise<Figure[]> {
  const times: Record<string, number[]> = {};
  const note = (name: string, value: number): void => void (times[name] ??= []).push(value);
  for (let round = 0; round < rounds; round += 1) {
    const [source, target, parent] = [filledDirectory(), newDirectory('bare'), await newProject()];
    const bareUp = timed(bare('up', parent, source), root);
    const bareDown = timed(bare('down', parent, target), root);
    for (const path of [source, target]) rmSync(path, { recursive: true });
    const ours = await upAndDown();
    note('up', ours.up);
    note('down', ours.down);
    note('up of bare', ours.up / bareUp);
    note('down of bare', ours.down / bareDown);
    if (peer === undefined) continue;
    const theirs = await peerUpAndDown(peer);
    note('peer up', theirs.up);
    note('peer down', theirs.down);
    note('up of peer', ours.up / theirs.up);
    note('down of peer', ours.down / theirs.down);
  }
  const of = (name: string): number => median(times[name] ?? []);
  const figures = (direction: Direction): Figure[] => [
    { what: `${count} of ${size / 1024} KiB ${direction}`, value: of(direction), unit: 's' },
    {
      what: '  of a bare loop of the same requests',
      value: of(`${direction} of bare`),
      unit: 'times',
      budget: 1.5,
    },
    ...(peer === undefined
      ? []
      : [
          { what: '  the Python client', value: of(`peer ${direction}`), unit: 's' },
          {
            what: '  of the Python client',
            value: of(`${direction} of peer`),
            unit: 'times',
            budget: 0.2,
          },
        ]),
  ];
  return [...figures('up'), ...figures('down')];
}

interface Run extends Answers {
  direction: Direction;
  seconds: number;
}

/** Stores and downloads a thousand files under limits. */
async function underLimits(limits: ConditionSettings['limits']): Promise<Run[]> {
  const runs: Run[] = [];
  const [source, target, parent] = [filledDirectory(), newDirectory('got'), await newProject()];
  const commands = {
    up: synapse('store', '-r', source, '--parent-id', parent),
    down: synapse('get', '-r', parent, '--download-location', target),
  };
  for (const direction of ['up', 'down'] as const) {
    // What was served to the command before counts for a minute.
    await setTimeout(minute * 1000);
    await setConditions({ limits });
    const seconds = timed(commands[direction], newDirectory('home'));
    runs.push({ direction, seconds, ...(await setConditions({ limits: false })) });
  }
  checkCount(target);
  for (const path of [source, target]) rmSync(path, { recursive: true });
  return runs;
}

/** @param free - The same without limits, also after a minute in which the server did nothing: it is slower then. */
async function withMachines(machines: number, free: readonly Run[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { direction, seconds, served, refused, late } of await underLimits({ machines })) {
    const unlimited = free.find((run) => run.direction === direction)?.seconds ?? 0;
    const windows = Math.floor((served - 1) / (600 * machines));
    const least = Math.max(windows * minute, unlimited);
    const share = (100 * late.refused) / Math.max(1, late.refused + late.served);
    figures.push(
      { what: `${direction}, ${machines} machines, ${served} calls`, value: seconds, unit: 's' },
      { what: '  of what the limits allow', value: seconds / least, unit: 'times', budget: 1.15 },
      { what: '  answers 429', value: (100 * refused) / (refused + served), unit: '%' },
      { what: '  answers 429 after the first minute', value: share, unit: '%', budget: 2 },
    );
  }
  return figures;
}

try {
  const figures = await withoutLimits();
  const free = machineCounts.length === 0 ? [] : await underLimits(false);
  for (const machines of machineCounts) figures.push(...(await withMachines(machines, free)));
  printFigures(figures);
} finally {
  serverProcess.disconnect();
  await http.close();
  rmSync(root, { recursive: true, force: true });
}
