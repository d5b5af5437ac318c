import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Folder, Project, type Stored, type Synapse } from '../../src/index.js';
import { generateSyncManifest, readManifestFile } from '../../src/synapseutils/index.js';
import type { Ended } from './runSynapse.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let home: string;
let syn: Synapse;
let project: Project & Stored;

beforeAll(async () => {
  ({ home, syn } = commands);
  project = await syn.store(new Project({ name: 'Manifests of the command line' }));
});

function synapse(...args: string[]): Promise<Ended> {
  return commands.run(args);
}

let count = 0;
async function newParent(): Promise<string> {
  count += 1;
  return (await syn.store(new Folder({ name: `Folder ${count}`, parent: project }))).id;
}

/** A directory with two folders and three files. */
async function newTree(): Promise<string> {
  const tree = await mkdtemp(join(home, 'tree-'));
  await mkdir(join(tree, 'b', 'c'), { recursive: true });
  for (const name of ['z.txt', 'b/y.txt', 'b/c/x, y.txt']) await writeFile(join(tree, name), name);
  return tree;
}

/** The ids of the folders below a container, by path. */
async function foldersOf(parent: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { path, id } of syn.walk(parent)) found.set(path, id);
  return found;
}

describe('synapse manifest', () => {
  test('mirrors the folders and prints the older form, as the Python client does', async () => {
    const [tree, parent] = [await newTree(), await newParent()];
    const { status, stdout, stderr } = await synapse('manifest', tree, '--parent-id', parent);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '3 files in 3 folders\n' });
    const folders = await foldersOf(parent);
    expect([...folders.keys()]).toEqual(['', 'b', 'b/c']);
    expect(stdout).toBe(
      [
        'path\tparent',
        `${join(tree, 'z.txt')}\t${parent}`,
        `${join(tree, 'b/y.txt')}\t${folders.get('b') ?? ''}`,
        `${join(tree, 'b/c/x, y.txt')}\t${folders.get('b/c') ?? ''}`,
        '',
      ].join('\r\n'),
    );
  });

  test('finds the folders that are there, writes a file, and the file can be uploaded', async () => {
    const [tree, parent] = [await newTree(), await newParent()];
    const file = join(home, 'out.csv');
    await synapse('manifest', tree, '--parent-id', parent);
    const before = await foldersOf(parent);
    const made = await synapse(
      'manifest',
      tree,
      '--parent-id',
      parent,
      '--manifest-file',
      file,
      '--json',
    );
    expect(made.status).toBe(0);
    expect(JSON.parse(made.stdout)).toMatchObject({ path: file, rows: 3 });
    expect(await foldersOf(parent)).toEqual(before);
    expect(await readFile(file, 'utf8')).toContain(`"${join(tree, 'b/c/x, y.txt')}",`);
    expect(await readManifestFile(syn, file)).toMatchObject({
      form: 'csv',
      problems: [],
      warnings: [],
    });
  });

  test('names what is not in the manifest, with exit status 5', async () => {
    const [tree, parent] = [await newTree(), await newParent()];
    await symlink('nowhere', join(tree, 'dangling'));
    await symlink('.', join(tree, 'loop'));
    await writeFile(join(tree, 'empty.txt'), '');
    await writeFile(join(tree, 'naïve.txt'), 'x');
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    const { status, stdout, stderr } = await synapse(
      'manifest',
      tree,
      '--parent-id',
      parent,
      '--form',
      'csv',
    );
    expect(status).toBe(5);
    expect(stdout.trimEnd().split('\r\n')).toHaveLength(4);
    for (const name of ['dangling', 'loop', 'empty.txt', 'naïve.txt', 'pipe']) {
      expect(stderr).toContain(join(tree, name));
    }
  });

  test('gives similar names where Synapse does not accept the own ones', async () => {
    const [tree, parent] = [await newTree(), await newParent()];
    await writeFile(join(tree, 'naïve.txt'), 'x');
    const { status, stdout } = await synapse(
      'manifest',
      tree,
      '--parent-id',
      parent,
      '--safe-names',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/^path\tparent\tname\r\n/);
    expect(stdout).toMatch(/naïve\.txt\tsyn\d+\tnaive-[\da-f]{8}\.txt\r\n/);
  });

  test('refuses what is no directory, and a parent that is no container', async () => {
    const [tree, parent] = [await newTree(), await newParent()];
    const file = await synapse('manifest', join(tree, 'z.txt'), '--parent-id', parent);
    expect(file.status).toBe(2);
    expect(file.stderr).toContain('is a file: a manifest is made of a directory');
    const missing = await synapse('manifest', tree, '--parent-id', 'syn0');
    expect(missing.status).toBe(4);
    expect(missing.stdout).toBe('');
  });
});

test('synapse manifest merge joins parts, and refuses parts that contradict each other', async () => {
  const [one, two, three] = ['1.csv', '2.csv', '3.csv'].map((name) => join(home, name));
  await writeFile(one ?? '', 'path,parentId,k\n/a,syn1,x\n');
  await writeFile(two ?? '', 'path,parentId,l\n/b,syn1,2\n');
  await writeFile(three ?? '', 'path,parentId,l\n/b,syn1,3\n');
  const output = join(home, 'merged.csv');
  const joined = await synapse('manifest', 'merge', one ?? '', two ?? '', '--output', output);
  expect(joined).toMatchObject({ status: 0, stderr: '' });
  expect(joined.stdout).toBe(`${output}: 2 rows of 2 manifests\n`);
  expect(await readFile(output, 'utf8')).toMatch(
    /^path,parentId,.*,k,l\r\n\/a,.*,x,\r\n\/b,.*,,\[2\]\r\n$/s,
  );
  const refused = await synapse('manifest', 'merge', two ?? '', three ?? '', '--output', output);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(
    /row 1: row 1 of .*2\.csv has the same path with other cells: \/b/,
  );
});

test('generateSyncManifest writes the older form', async () => {
  const [tree, parent] = [await newTree(), await newParent()];
  const path = join(home, 'older.tsv');
  const { rows, failures } = await generateSyncManifest(syn, tree, parent, path);
  expect({ rows, failures }).toEqual({ rows: 3, failures: [] });
  expect(await readFile(path, 'utf8')).toMatch(/^path\tparent\r\n/);
});
