import { execFile, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EntityView, Folder, Project, Synapse } from '../src/index.js';
import { runPool } from '../src/transfer/pool.js';
import { bundleClient } from './lib/bundleClient.js';
import { nextMessage, type BenchServer } from './lib/nextMessage.js';
import type { ServedCalls } from './lib/syncServer.js';
import type { SyncOutcome, SyncTask } from './lib/syncClient.js';
import { median, printFigures, type Figure } from './measure.js';

/**
 * Whole directories, against the embedded Synapse: plans of a large tree, and small files through the built command with its
 * default settings, beside the same files one by one (the transfer engine alone) and beside the Python client.
 *
 * `BENCH_SYNC_TREE` is the number of files that are planned (10000, 20 in a folder), `BENCH_SYNC_FILES` the number of small files
 * that are transferred (1000), `BENCH_SYNC_ROUNDS` how often (3), `BENCH_DIR` where the files are (memory, where there is a disk of it). `SYNAPSE_PYTHON` is the command of the Python client, such as
 * `python -m synapseclient`; without it, that client is left out.
 */
const treeFiles = Number(process.env['BENCH_SYNC_TREE'] ?? 10_000);
const smallFiles = Number(process.env['BENCH_SYNC_FILES'] ?? 1000);
const rounds = Number(process.env['BENCH_SYNC_ROUNDS'] ?? 3);
const python = process.env['SYNAPSE_PYTHON']?.split(' ');
const command = [process.execPath, join(import.meta.dirname, '../bin/run.js')];
const filesInFolder = 20;
/** Children in a page of a container. */
const pageSize = 50;

const execute = promisify(execFile);
// Disks would be measured otherwise.
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const folder = await mkdtemp(join(process.env['BENCH_DIR'] ?? memory, 'bench-sync-'));
const clientPath = await bundleClient('syncClient');
const serverProcess = fork(join(import.meta.dirname, 'lib/syncServer.ts'), {
  execArgv: ['--import', 'tsx'],
  env: { ...process.env, TMPDIR: folder },
});
const server = await nextMessage<BenchServer>(serverProcess);
const syn = new Synapse({
  endpoint: server.endpoint,
  environment: {},
  useCache: false,
  configPath: join(folder, 'none'),
  log: () => undefined,
});
await syn.login({ authToken: server.authToken });
// The Python client takes the addresses from here only. Downloads have a home of their own: the cache of the other one knows the files.
const homes = { up: join(folder, 'up'), down: join(folder, 'down') };
for (const home of Object.values(homes)) {
  await mkdir(home);
  await writeFile(join(home, '.synapseConfig'), clientConfig());
}

function clientConfig(): string {
  return [
    '[default]',
    `authtoken = ${server.authToken}`,
    '[endpoints]',
    ...['repo', 'auth', 'file'].map(
      (part) => `${part === 'file' ? 'fileHandle' : part}Endpoint = ${server.endpoint}/${part}/v1`,
    ),
    `portalEndpoint = ${server.endpoint}/`,
  ].join('\n');
}

async function client(task: SyncTask): Promise<SyncOutcome> {
  const child = fork(clientPath, { execArgv: [] });
  await nextMessage(child);
  child.send({ server, task });
  return nextMessage<SyncOutcome>(child);
}

/** Runs a task, and counts the calls of it that the server answers. */
async function counted(task: SyncTask): Promise<SyncOutcome & ServedCalls> {
  await takeCalls();
  const outcome = await client(task);
  return { ...outcome, ...(await takeCalls()) };
}

function takeCalls(): Promise<ServedCalls> {
  const answer = nextMessage<ServedCalls>(serverProcess);
  serverProcess.send('report');
  return answer;
}

async function newProject(): Promise<string> {
  const name = `bench ${Math.random().toString(36).slice(2)}`;
  return (await syn.store(new Project({ name }))).id;
}

/** A tree of files in Synapse. They share contents, so that it is made quickly. */
async function remoteTree(count: number): Promise<string> {
  const parentId = await newProject();
  const handles: string[] = [];
  for (let number = 0; number < filesInFolder; number += 1) {
    const fileName = `file-${number}.txt`;
    const { id = '' } = await syn.fileHandles.upload(Buffer.from(fileName), { fileName });
    handles.push(id);
  }
  const folders = Array.from({ length: count / filesInFolder }, (_, number) => number);
  await runPool(folders, { limit: 16 }, async (number) => {
    const { id } = await syn.store(new Folder({ name: `folder-${number}`, parentId }));
    for (const [index, dataFileHandleId] of handles.entries()) {
      await syn.services.entity.createEntity({
        body: {
          concreteType: 'org.sagebionetworks.repo.model.FileEntity',
          name: `file-${index}.txt`,
          parentId: id,
          dataFileHandleId,
        },
      });
    }
  });
  return parentId;
}

async function plans(): Promise<Figure[]> {
  const parentId = await remoteTree(treeFiles);
  const small = await remoteTree(treeFiles / 10);
  const view = await syn.store(
    new EntityView({
      name: 'files',
      parentId: await newProject(),
      scope: [parentId],
      types: ['file', 'folder'],
    }),
  );
  await syn.tables.query(`select count(*) from ${view.id}`).toArray();
  const directory = join(folder, 'planned');
  const plan = await counted({ what: 'plan', parentId, directory });
  const tenth = await counted({ what: 'plan', parentId: small, directory });
  const viewed = await counted({ what: 'plan', parentId, directory, view: view.id });
  const folders = treeFiles / filesInFolder;
  for (const { items } of [plan, viewed]) {
    if (items < treeFiles) throw new Error(`A plan has ${items} items of ${treeFiles} files.`);
  }
  const size = `${treeFiles} files in ${folders} folders`;
  // The login, the pages of the project and of each folder, and one read a file.
  const fewest = 2 + Math.ceil(folders / pageSize) + 1 + folders + treeFiles;
  const ready = (outcome: SyncOutcome & ServedCalls): number =>
    (outcome.endedAt - outcome.lastAt) / 1000;
  return [
    { what: `plan of ${size}`, value: plan.seconds, unit: 's' },
    { what: '  calls', value: plan.calls, unit: '', budget: fewest },
    { what: '  ready after the last answer', value: ready(plan), unit: 's', budget: 2 },
    { what: '  peak memory', value: plan.rssMiB, unit: 'MiB' },
    { what: '  peak memory, a tenth of it', value: tenth.rssMiB, unit: 'MiB' },
    { what: 'the same with a view', value: viewed.seconds, unit: 's' },
    { what: '  calls', value: viewed.calls, unit: '', budget: 30 },
    { what: '  ready after the last answer', value: ready(viewed), unit: 's', budget: 2 },
    { what: '  peak memory', value: viewed.rssMiB, unit: 'MiB' },
  ];
}

/** Files of 1 KiB to 100 KiB, fifty in a folder. Every round has contents of its own: Synapse knows those of the round before. */
async function localTree(name: string): Promise<string> {
  const source = join(folder, name);
  for (let number = 0; number < smallFiles; number += 1) {
    const directory = join(source, `folder-${Math.floor(number / 50)}`);
    await mkdir(directory, { recursive: true });
    const size = 1024 * (1 + ((number * 37) % 100));
    await writeFile(
      join(directory, `file-${number}.bin`),
      Buffer.alloc(size, `${name} ${number} `),
    );
  }
  return source;
}

async function run(home: string, [program = '', ...args]: string[]): Promise<number> {
  const env = {
    ...process.env,
    HOME: home,
    CI: 'true',
    SYNAPSE_ENDPOINT: server.endpoint,
    SYNAPSE_AUTH_TOKEN: server.authToken,
  };
  const start = performance.now();
  await execute(program, args, { env, cwd: folder, maxBuffer: 1 << 28 });
  return (performance.now() - start) / 1000;
}

async function filesOf(parentId: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { files } of syn.walk(parentId)) ids.push(...files.map(({ id }) => id));
  return ids;
}

async function small(): Promise<Figure[]> {
  const times: Record<string, number[]> = {};
  const note = (name: string, value: number): void => void (times[name] ??= []).push(value);
  for (let round = 0; round < rounds; round += 1) {
    const place = join(folder, `round-${round}`);
    const [ours, library, engine] = [await newProject(), await newProject(), await newProject()];
    const up = await run(homes.up, [
      ...command,
      'store',
      '-r',
      await localTree(`command-${round}`),
      '--parent-id',
      ours,
    ]);
    const upLibrary = await client({
      what: 'up',
      directory: await localTree(`library-${round}`),
      parentId: library,
    });
    const upEngine = await client({
      what: 'storeEach',
      directory: await localTree(`engine-${round}`),
      parentId: engine,
    });
    const down = await run(homes.down, [
      ...command,
      'get',
      '-r',
      ours,
      '--download-location',
      `${place}-command`,
    ]);
    const downLibrary = await client({
      what: 'down',
      parentId: library,
      directory: `${place}-library`,
    });
    const ids = await filesOf(engine);
    const downEngine = await client({ what: 'getEach', ids, directory: `${place}-engine` });
    // A sync also makes the folders.
    for (const { items } of [upLibrary, upEngine, downLibrary, downEngine]) {
      if (items < smallFiles) throw new Error(`${items} of ${smallFiles} files were transferred.`);
    }
    note('up', up);
    note('down', down);
    note('up engine', upLibrary.seconds / upEngine.seconds);
    note('down engine', downLibrary.seconds / downEngine.seconds);
    if (python === undefined) continue;
    const theirs = await newProject();
    const source = await localTree(`python-${round}`);
    const manifest = join(folder, `manifest-${round}.tsv`);
    await run(homes.up, [
      ...python,
      'manifest',
      source,
      '--parent-id',
      theirs,
      '--manifest-file',
      manifest,
    ]);
    const upPython = await run(homes.up, [...python, 'sync', manifest]);
    const downPython = await run(homes.down, [
      ...python,
      'get',
      '-r',
      theirs,
      '--downloadLocation',
      `${place}-python`,
    ]);
    note('up Python', upPython / up);
    note('down Python', downPython / down);
    note('Python, up', upPython);
    note('Python, down', downPython);
  }
  const of = (name: string): number => median(times[name] ?? []);
  const figures: Figure[] = [];
  for (const way of ['up', 'down']) {
    figures.push(
      { what: `${smallFiles} small files ${way}, the command`, value: of(way), unit: 's' },
      {
        what: '  the library, of each file by itself',
        value: of(`${way} engine`),
        unit: 'times',
        budget: 1.3,
      },
    );
    if (python === undefined) continue;
    figures.push(
      { what: '  the Python client', value: of(`Python, ${way}`), unit: 's' },
      { what: '  the Python client, of the command', value: of(`${way} Python`), unit: 'times' },
    );
  }
  return figures;
}

/** Puts all files of a project on the download list, and downloads it with a cache of its own. @returns seconds */
async function listDownload(parentId: string, name: string, line: string[]): Promise<number> {
  const home = join(folder, `home-${name}`);
  await mkdir(home);
  await writeFile(join(home, '.synapseConfig'), clientConfig());
  const { added } = await syn.downloadList.add(parentId);
  if (added < smallFiles) throw new Error(`${added} of ${smallFiles} files are on the list.`);
  return run(home, [...line, 'get-download-list', '--downloadLocation', join(folder, name)]);
}

/** The download list, by the command and by the Python client. */
async function downloadLists(): Promise<Figure[]> {
  const parentId = await newProject();
  await client({ what: 'storeEach', directory: await localTree('list'), parentId });
  const times: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const ours = await listDownload(parentId, `list-${round}`, command);
    times.push(ours);
    if (python === undefined) continue;
    ratios.push((await listDownload(parentId, `list-python-${round}`, python)) / ours);
  }
  const what = `download list of ${smallFiles} small files, the command`;
  const figures: Figure[] = [{ what, value: median(times), unit: 's' }];
  if (ratios.length === 0) return figures;
  const theirs = '  the Python client, of the command';
  return [...figures, { what: theirs, value: median(ratios), unit: 'times' }];
}

try {
  // First, while the server has nothing else.
  const figures = [...(await small()), ...(await downloadLists()), ...(await plans())];
  printFigures(figures);
  if (python === undefined) {
    process.stdout.write('SYNAPSE_PYTHON is not set: the Python client is not measured.\n');
  }
} finally {
  await syn.close();
  serverProcess.disconnect();
  await rm(folder, { recursive: true, force: true });
}
