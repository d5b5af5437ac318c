import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/**
 * `npm run demo`: the main job on real data, with the commands that a user types. It starts a local Synapse,
 * stores the documents of this repository and a large file, gets them back and compares every checksum.
 */
const root = join(import.meta.dirname, '..');
const synapseCommand = join(root, 'bin/run.js');
const work = await mkdtemp(join(tmpdir(), 'synapse-demo-'));
const config = join(work, 'demo.synapseConfig');

// The demo does not use the token, the cache or the configuration of the current user.
const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('SYNAPSE_'));
const env = { ...Object.fromEntries(inherited), HOME: work, USERPROFILE: work, CI: 'true' };

let server: ChildProcess | undefined;
try {
  await demo();
} catch (error) {
  say(`\nThe demo failed: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await rm(work, { recursive: true, force: true });
}

async function demo(): Promise<void> {
  const started = Date.now();
  step('A Synapse on this machine');
  server = await startServer();
  step('Log in');
  await synapse('login');

  step('A project, and a directory with everything in it');
  const source = await gatherFiles();
  const { id: projectId } = await synapseJson<{ id: string }>(
    'create',
    'Project',
    '--name',
    'Demo project',
  );
  await synapse('store', source, '--recursive', '--parent-id', projectId);

  step('Annotations');
  const [first] = await synapseJson<{ id: string; name: string }[]>('list', projectId);
  if (!first) throw new Error('the project is empty');
  await synapse(
    'set-annotations',
    '--id',
    first.id,
    '--annotations',
    '{"tissue": ["liver"], "age": 4}',
  );
  await synapse('get-annotations', '--id', first.id);

  step('The content of the project');
  await synapse('list', projectId, '--recursive', '--long');

  step('Download everything into another folder');
  const target = join(work, 'downloaded');
  await mkdir(target);
  // Otherwise the cache would find the local files and copy them.
  await synapse('get', projectId, '--recursive', '--download-location', target, '--no-cache');
  await compare(source, target);

  step('Any endpoint of the REST API');
  await synapse('api', 'entity.getEntity', '--id', projectId);

  step('Shut down');
  server.kill('SIGTERM');
  const [status] = (await once(server, 'exit')) as [number | null];
  if (status !== 0) throw new Error(`the local Synapse ended with status ${status}`);
  say(`Done in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
}

async function startServer(): Promise<ChildProcess> {
  const args = ['local', 'start', '--write-config', config];
  showCommand(args);
  const child = spawn(process.execPath, [synapseCommand, ...args], {
    env,
    cwd: work,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const ready = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as unknown[];
  if (child.exitCode !== null) throw new Error('the local Synapse did not start');
  say(String(ready[0]));
  return child;
}

/** The documents of this repository, and a large file that is sent in several parts. */
async function gatherFiles(): Promise<string> {
  const directory = join(work, 'study');
  await mkdir(directory);
  for (const name of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'LICENSE', 'docs']) {
    await cp(join(root, name), join(directory, name), {
      recursive: true,
      filter: (path) => !path.includes(join('docs', 'api')),
    });
  }
  await writeFile(join(directory, 'reads.bin'), randomBytes(21 * 1024 * 1024 + 1));
  return directory;
}

async function compare(source: string, target: string): Promise<void> {
  const names = await filesBelow(source);
  for (const name of names) {
    const [sent, received] = await Promise.all([md5(join(source, name)), md5(join(target, name))]);
    say(`${sent === received ? 'same' : 'DIFFERENT'}  ${sent}  ${name}`);
    if (sent !== received) throw new Error(`${name} came back changed`);
  }
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

async function md5(path: string): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function synapse(...args: string[]): Promise<string> {
  showCommand(args);
  const child = spawn(process.execPath, [synapseCommand, ...args, '--config-path', config], {
    env,
    cwd: work,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  say(output.trimEnd());
  if (child.exitCode !== 0)
    throw new Error(`synapse ${args[0] ?? ''} ended with status ${child.exitCode}`);
  return output;
}

async function synapseJson<T>(...args: string[]): Promise<T> {
  return JSON.parse(await synapse(...args, '--json')) as T;
}

function step(title: string): void {
  say(`\n== ${title}`);
}

function showCommand(args: string[]): void {
  const shown = args.map((word) => (/[\s{"]/.test(word) ? `'${word}'` : word.replace(work, '.')));
  say(`$ synapse ${shown.join(' ')}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
