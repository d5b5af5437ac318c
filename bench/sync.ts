import { execFile, fork } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Project, Synapse } from '../src/index.js';
import { nextMessage, type BenchServer } from './lib/nextMessage.js';

/**
 * Whole directories, through the built command with its default settings, beside the library in this process and the Python client.
 * `BENCH_SYNC_FILES` sets the number of small files. `SYNAPSE_PYTHON` is the command that runs the Python client, such as
 * `python -m synapseclient`; without it, that column is left out.
 */
const run = promisify(execFile);
const files = Number(process.env['BENCH_SYNC_FILES'] ?? 1000);
const rounds = Number(process.env['BENCH_SYNC_ROUNDS'] ?? 3);
const python = process.env['SYNAPSE_PYTHON']?.split(' ');
const command = [process.execPath, join(import.meta.dirname, '../bin/run.js')];

const folder = await mkdtemp(join(tmpdir(), 'bench-sync-'));
const child = fork(join(import.meta.dirname, 'lib/transferServer.ts'));
const syn = await connect(await nextMessage<BenchServer>(child));
const environment = {
  ...process.env,
  HOME: folder,
  CI: 'true',
  SYNAPSE_ENDPOINT: syn.server.endpoint,
  SYNAPSE_AUTH_TOKEN: syn.server.authToken,
};
try {
  const source = await smallFiles();
  const seconds: Record<string, number[]> = {};
  const measure = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work();
    (seconds[name] ??= []).push((performance.now() - start) / 1000);
  };
  for (let round = 0; round < rounds; round += 1) {
    const place = join(folder, `round-${round}`);
    const [ours, library, theirs] = [await project(), await project(), await project()];
    await measure('up, command', () =>
      cli([...command, 'store', '-r', source, '--parent-id', ours]),
    );
    await measure('up, library', () => drain(syn.client.sync.storeDirectory(source, library)));
    await measure('down, command', () =>
      cli([...command, 'get', '-r', ours, '--no-cache', '--download-location', `${place}-ours`]),
    );
    await measure('down, library', () =>
      drain(syn.client.sync.getDirectory(library, `${place}-library`)),
    );
    if (python === undefined) continue;
    const manifest = join(folder, `manifest-${round}.tsv`);
    await cli([...python, 'manifest', source, '--parent-id', theirs, '--manifest-file', manifest]);
    await measure('up, Python', () => cli([...python, 'sync', manifest]));
    await measure('down, Python', () =>
      cli([...python, 'get', '-r', theirs, '--downloadLocation', `${place}-python`]),
    );
  }
  print(seconds);
} finally {
  await syn.client.close();
  child.disconnect();
  await rm(folder, { recursive: true, force: true });
}

async function connect(server: BenchServer): Promise<{ client: Synapse; server: BenchServer }> {
  const client = new Synapse({
    endpoint: server.endpoint,
    environment: {},
    useCache: false,
    configPath: join(folder, 'none'),
    log: () => undefined,
  });
  await client.login({ authToken: server.authToken });
  return { client, server };
}

async function project(): Promise<string> {
  const name = `bench ${Math.random().toString(36).slice(2)}`;
  return (await syn.client.store(new Project({ name }))).id;
}

/** Files of 1 KiB to 100 KiB, fifty in a folder. */
async function smallFiles(): Promise<string> {
  const source = join(folder, 'source');
  for (let number = 0; number < files; number += 1) {
    const directory = join(source, `folder-${Math.floor(number / 50)}`);
    await mkdir(directory, { recursive: true });
    const size = 1024 * (1 + ((number * 37) % 100));
    await writeFile(join(directory, `file-${number}.bin`), Buffer.alloc(size, `${number} `));
  }
  return source;
}

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  while ((await iterator.next()).done !== true);
}

async function cli([program = '', ...args]: string[]): Promise<void> {
  await run(program, args, { env: environment, cwd: folder, maxBuffer: 1 << 28 });
}

function print(seconds: Record<string, number[]>): void {
  const median = (name: string): number | undefined =>
    [...(seconds[name] ?? [])].sort((a, b) => a - b)[Math.floor(rounds / 2)];
  const text = (value: number | undefined): string => value?.toFixed(2) ?? 'not measured';
  console.log(`${files} files, ${rounds} rounds, medians in seconds`);
  for (const way of ['up', 'down']) {
    const [ours, library, theirs] = ['command', 'library', 'Python'].map((who) =>
      median(`${way}, ${who}`),
    );
    const ratio = (a?: number, b?: number): string =>
      a === undefined || b === undefined ? '-' : `${(a / b).toFixed(2)}x`;
    console.log(
      `${way.padEnd(5)} command ${text(ours)}, library ${text(library)} (${ratio(ours, library)}), ` +
        `Python ${text(theirs)} (${ratio(theirs, ours)} as long)`,
    );
  }
  if (python === undefined)
    console.log('SYNAPSE_PYTHON is not set: the Python client is not measured.');
}
