import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { File, Folder, Project, type Stored, type Synapse } from '../../src/index.js';
import type { Ended } from './runSynapse.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let home: string;
let syn: Synapse;
let count = 0;

beforeAll(() => {
  ({ home, syn } = commands);
});

function synapse(...args: string[]): Promise<Ended> {
  return commands.run(args);
}

/** A project with `a.txt` and `sub/b.csv`. */
async function newProject() {
  count += 1;
  const project = await syn.store(new Project({ name: `Tree ${count} of ${process.pid}` }));
  const folder = await syn.store(new Folder({ name: 'sub', parent: project }));
  const a = await storeFile('a.txt', 'one', project);
  const b = await storeFile('b.csv', 'b', folder);
  return { project, folder, a, b, directory: join(home, `tree-${count}`) };
}

async function storeFile(
  name: string,
  content: string,
  parent: { id: string },
): Promise<File & Stored> {
  const path = join(await mkdtemp(join(home, 'files-')), name);
  await writeFile(path, content);
  return syn.store(new File({ path, parent }));
}

test('get -r writes manifests, and replaces only what was not changed here', async () => {
  const { project, a, directory } = await newProject();
  const first = await synapse('get', '-r', project.id, directory, '--no-cache');
  expect(first).toMatchObject({ status: 0 });
  expect(first.stdout.trimEnd().split('\n').sort()).toEqual([
    `Creating ${join(directory, 'a.txt')}`,
    `Creating ${join(directory, 'sub', 'b.csv')}`,
  ]);
  expect((await readdir(directory)).sort()).toEqual([
    'SYNAPSE_METADATA_MANIFEST.tsv',
    'a.txt',
    'manifest.csv',
    'sub',
  ]);
  const manifest = await readFile(join(directory, 'manifest.csv'), 'utf8');
  expect(manifest.split('\r\n')[0]).toMatch(/^path,parentId,name,ID,synapseStore,contentType,used/);
  expect(manifest).toContain(join(directory, 'sub', 'b.csv'));

  await writeFile(join(home, 'a.txt'), 'two!');
  a.path = join(home, 'a.txt');
  await syn.store(a);
  const second = await synapse('get', '-r', project.id, directory, '--no-cache');
  expect(second).toMatchObject({ status: 0 });
  expect(second.stderr).toMatch(/^1 downloaded \(4 B\), 1 skipped in /m);
  expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('two!');

  await writeFile(join(directory, 'a.txt'), 'mine');
  const third = await synapse('get', '-r', project.id, directory, '--no-cache');
  expect(third.status).toBe(5);
  expect(third.stderr).toContain(`a.txt (${a.id}): the local file was changed`);
  expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('mine');
  const forced = await synapse('get', '-r', project.id, directory, '--overwrite-changes');
  expect(forced).toMatchObject({ status: 0 });
  expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('two!');
});

test('get -r --dry-run prints the plan and changes nothing', async () => {
  const { project, directory } = await newProject();
  const ended = await synapse('get', '-r', project.id, directory, '--dry-run');
  expect(ended).toMatchObject({ status: 0 });
  expect(ended.stdout).toMatch(/^create +a\.txt \(syn\d+\) 3 B$/m);
  expect(ended.stdout).toMatch(/^3 create: 4 B, \d+ requests$/m);
  await expect(readdir(directory)).rejects.toThrow('ENOENT');
  const json = await synapse('get', '-r', project.id, directory, '--dry-run', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ direction: 'download', directory });
});

test('get -r --plan keeps the plan, and sync --apply does what it says', async () => {
  const { project, directory } = await newProject();
  const plan = join(home, 'plan.json');
  expect(await synapse('get', '-r', project.id, directory, '--plan', plan)).toMatchObject({
    status: 0,
    stdout: '',
  });
  const applied = await synapse('sync', '--apply', plan);
  expect(applied).toMatchObject({ status: 0 });
  expect(applied.stdout).toContain(`Creating ${join(directory, 'a.txt')}`);
  expect(await readFile(join(directory, 'sub', 'b.csv'), 'utf8')).toBe('b');
});

test('get -r takes patterns, depth, and the spellings of the Python client', async () => {
  const { project, directory } = await newProject();
  const args = ['get', '-r', project.id, '--downloadLocation', directory];
  const ended = await synapse(
    ...args,
    '--multiThreaded',
    '--manifest',
    'suppress',
    '--include',
    '*.csv',
  );
  expect(ended).toMatchObject({ status: 0 });
  expect(ended.stderr).toMatch(/1 left out/);
  expect(await readdir(directory)).toEqual(['sub']);
  await rm(directory, { recursive: true });
  await synapse(...args, '--max-depth', '0', '--manifest', 'root');
  expect((await readdir(directory)).sort()).toEqual([
    'SYNAPSE_METADATA_MANIFEST.tsv',
    'a.txt',
    'manifest.csv',
  ]);
});

test('get -r --delete removes what Synapse has no more', async () => {
  const { project, folder, directory } = await newProject();
  await synapse('get', '-r', project.id, directory);
  await syn.delete(folder.id);
  const args = ['get', '-r', project.id, directory, '--delete'];
  const ended = await synapse(...args);
  expect(ended).toMatchObject({ status: 0 });
  expect(ended.stdout).toContain(`Deleted ${join(directory, 'sub', 'b.csv')}`);
  expect(await readdir(directory)).not.toContain('sub');
});

test('get -r --shard divides the files, and each shard writes its part of the manifest', async () => {
  const { project, directory } = await newProject();
  for (const index of [1, 2]) {
    const ended = await synapse('get', '-r', project.id, directory, '--shard', `${index}/2`);
    expect(ended).toMatchObject({ status: 0 });
    expect(ended.stdout.match(/^Creating /gm)).toHaveLength(1);
  }
  expect((await readdir(directory)).sort()).toEqual([
    'a.txt',
    'manifest.1-of-2.csv',
    'manifest.2-of-2.csv',
    'sub',
  ]);
});

test('flags of trees are refused without -r', async () => {
  const ended = await synapse('get', 'syn1', '--manifest', 'root');
  expect(ended.status).toBe(2);
  expect(ended.stderr).toContain('--recursive');
});
