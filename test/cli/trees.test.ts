import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { Folder, Link, Project, type Stored, type Synapse } from '../../src/index.js';
import type { Ended } from './runSynapse.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let home: string;
let syn: Synapse;
let project: Project & Stored;
let count = 0;

beforeAll(async () => {
  ({ home, syn } = commands);
  project = await syn.store(new Project({ name: 'Trees of the command line' }));
});

function synapse(...args: string[]): Promise<Ended> {
  return commands.run(args);
}

async function newFolder(): Promise<Folder & Stored> {
  count += 1;
  return syn.store(new Folder({ name: `Folder ${count}`, parent: project }));
}

/** A new local directory with one file. */
async function newDirectory(): Promise<string> {
  const path = await mkdtemp(join(home, 'tree-'));
  await writeFile(join(path, 'fine.txt'), path);
  return path;
}

const events = ({ stderr }: Ended): Record<string, unknown>[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const onUnix = process.platform === 'win32' ? test.skip : test;

onUnix('store -r names everything that it does not store, and stores the rest', async () => {
  const tree = await newDirectory();
  await symlink('nowhere', join(tree, 'dangling'));
  await symlink('.', join(tree, 'loop'));
  await writeFile(join(tree, 'naïve.txt'), 'x');
  await writeFile(join(tree, 'empty.txt'), '');
  execFileSync('mkfifo', [join(tree, 'pipe')]);
  const { id } = await newFolder();
  const ended = await synapse('store', tree, '--recursive', '--parent-id', id);
  expect(ended.status).toBe(5);
  expect(ended.stdout).toMatch(/^Created\/Updated entity: syn\d+\tfine\.txt\n$/);
  for (const name of ['dangling', 'loop', 'naïve.txt', 'empty.txt', 'pipe']) {
    expect(ended.stderr).toContain(`\n  ${join(tree, name)}: `);
  }
  expect(ended.stderr).toMatch(/^1 uploaded \(\d+ B\), 5 failed in \d+(\.\d)? s$/m);

  const again = await synapse('store', tree, '--recursive', '--parent-id', id, '--json');
  expect(again.status).toBe(5);
  expect(events(again).filter(({ state }) => state === 'error')).toHaveLength(5);
  expect(events(again).at(-2)).toMatchObject({
    kind: 'summary',
    transferred: 0,
    skipped: 1,
    failed: 5,
  });
  expect(events(again).at(-1)).toMatchObject({ error: { code: 'PARTIAL_FAILURE' } });
});

onUnix('store -r follows links to directories', async () => {
  const tree = await newDirectory();
  await symlink(await newDirectory(), join(tree, 'linked'));
  const { id } = await newFolder();
  const ended = await synapse('store', tree, '--recursive', '--parent-id', id);
  expect(ended.status).toBe(0);
  expect(ended.stdout.trimEnd().split('\n')).toHaveLength(3);
  expect((await synapse('list', id, '--recursive')).stdout.match(/fine\.txt/g)).toHaveLength(2);
});

test('store --safe-names stores what else is refused, and get restores the names', async () => {
  const tree = await newDirectory();
  await writeFile(join(tree, 'naïve.txt'), 'x');
  const { id } = await newFolder();
  const args = ['--recursive', '--parent-id', id, '--safe-names'];
  expect(await synapse('store', tree, ...args)).toMatchObject({ status: 0 });
  const again = await synapse('store', tree, ...args);
  expect(again.stderr).toMatch(/^0 uploaded \(0 B\), 2 unchanged in /m);
  const single = ['store', join(tree, 'naïve.txt'), '--parent-id', id];
  expect(await synapse(...single)).toMatchObject({ status: 2 });
  expect((await synapse(...single, '--safe-names')).stdout).toContain('naive-');
  const got = await synapse('get', '-r', id, 'restored', '--no-cache');
  expect(got.stderr).toMatch(/^2 downloaded \(\d+ B\) in /m);
  expect((await readdir(join(home, 'restored'))).sort()).toEqual([
    'SYNAPSE_METADATA_MANIFEST.tsv',
    'fine.txt',
    'manifest.csv',
    'naïve.txt',
  ]);
});

test('get -r names what is left out, and follows links on request', async () => {
  const tree = await newDirectory();
  const target = await newFolder();
  await mkdir(join(tree, 'sub'));
  await writeFile(join(tree, 'sub', 'deep.txt'), tree);
  await synapse('store', tree, '--recursive', '--parent-id', target.id);
  const folder = await newFolder();
  const link = await syn.store(new Link({ name: 'a link', target: target.id, parent: folder }));
  const { id: tableId } = await syn.services.entity.createEntity({
    body: {
      concreteType: 'org.sagebionetworks.repo.model.table.TableEntity',
      name: 'a table',
      parentId: folder.id,
      columnIds: [],
    },
  });
  const args = ['get', '-r', folder.id, '--download-location', 'left', '--no-cache'];
  const ended = await synapse(...args);
  expect(ended).toMatchObject({ status: 0, stdout: '' });
  expect(ended.stderr).toContain(`left out a link (${link.id}): links are not followed`);
  expect(ended.stderr).toContain(`left out a table (${tableId}): it is a TableEntity, not a file`);
  expect(ended.stderr).toMatch(/^0 downloaded \(0 B\), 2 left out in /m);
  expect(ended.stderr).not.toContain('has no files');
  expect(events(await synapse(...args, '--json'))).toEqual([
    expect.objectContaining({ kind: 'left-out', id: link.id }),
    expect.objectContaining({ kind: 'left-out', id: tableId }),
    expect.objectContaining({ kind: 'summary', leftOut: 2 }),
  ]);

  const followed = await synapse(...args, '--follow-link');
  expect(followed.status).toBe(0);
  expect(followed.stdout.trimEnd().split('\n').sort()).toEqual([
    `Creating ${join(home, 'left/a link/fine.txt')}`,
    `Creating ${join(home, 'left/a link/sub/deep.txt')}`,
  ]);
});

onUnix('get -r does not write through a planted link', async () => {
  const tree = await newDirectory();
  await mkdir(join(tree, 'sub'));
  await writeFile(join(tree, 'sub', 'deep.txt'), tree);
  const { id } = await newFolder();
  await synapse('store', tree, '--recursive', '--parent-id', id);
  const outside = await mkdtemp(join(home, 'outside-'));
  await mkdir(join(home, 'planted'));
  await symlink(outside, join(home, 'planted', 'sub'));
  const ended = await synapse('get', '-r', id, 'planted');
  expect(ended.status).toBe(5);
  expect(ended.stdout).toBe(`Creating ${join(home, 'planted', 'fine.txt')}\n`);
  expect(ended.stderr).toMatch(/sub \(syn\d+\): .*planted\/sub is a link/);
  expect(await readdir(outside)).toEqual([]);
});
