import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { File, Folder, Table } from '../../src/index.js';
import { treeOf, withCopies } from '../copy/copies.js';
import { runSynapse, startSynapse, type Ended } from './runSynapse.js';

const copies = withCopies();
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'synapse-cp-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const env = (): Record<string, string> => {
  const { endpoint, authToken } = copies.server.synapse;
  return { SYNAPSE_ENDPOINT: endpoint, SYNAPSE_AUTH_TOKEN: authToken };
};
const synapse = (...args: string[]): Promise<Ended> => runSynapse(args, { home, env: env() });

async function newTree(): Promise<{ from: string; to: string; folder: string; file: string }> {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  const { id: folder } = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
  const { id: file } = await copies.storeFile('a.txt', folder, { annotations: { n: 1 } });
  return { from, to, folder, file };
}

describe('cp', () => {
  test('prints a line for each copy', async () => {
    const { from, to, folder, file } = await newTree();
    const { status, stdout, stderr } = await synapse('cp', from, '--destinationId', to);
    expect(status).toBe(0);
    expect(stderr.split('\n').slice(-3)).toEqual([
      expect.stringMatching(/^copied .*a.txt$/),
      '2 copied, 1 unchanged',
      '',
    ]);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe(`Copied ${from} to ${to}`);
    expect(lines.slice(0, -1).map((line) => line.split(' ')[1])).toEqual([from, folder, file]);
    expect(lines.at(-1)).toMatch(/^\{'syn\d+': 'syn\d+', .*\}$/);
    expect(await treeOf(copies.syn, to)).toEqual(await treeOf(copies.syn, from));
  });

  test('prints an object with --json', async () => {
    const { to, folder, file } = await newTree();
    const { status, stdout } = await synapse('cp', folder, to, '--json');
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as { mapping: Record<string, string> };
    expect(Object.keys(report.mapping)).toEqual([folder, file]);
    expect(report).toMatchObject({ leftOut: [], failures: [] });
  });

  test('takes the flags of the Python client', async () => {
    const { from, to, file } = await newTree();
    await copies.syn.store(new Table({ name: 't', parentId: from, columns: { a: 'STRING' } }));
    const { status } = await synapse(
      ...['cp', from, '--destinationId', to, '--setProvenance', 'None', '--skipCopyAnnotations'],
      ...['--skipCopyWiki', '--updateExisting', '--excludeTypes', 'table', 'link'],
    );
    expect(status).toBe(0);
    expect(await treeOf(copies.syn, to)).toEqual(['f Folder', 'f/a.txt FileEntity']);
    await copies.storeFile('a.txt', (await copies.syn.get(File, file)).parentId ?? '', {
      text: 'two',
    });
    const other = await copies.newProject();
    const old = await synapse('cp', file, '-v', '1', '--destinationId', other);
    expect(old.status).toBe(0);
    const copy = /to (syn\d+)/.exec(old.stdout)?.[1] ?? '';
    expect(
      (await copies.syn.get(File, copy, { downloadFile: false })).fileHandle?.contentSize,
    ).toBe(5);
  });

  test('changes nothing with --dry-run, and prints the plan', async () => {
    const { from, to, file } = await newTree();
    const { status, stdout, stderr } = await synapse('cp', from, to, '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain(`f/a.txt (${file}) 5 B - your own file handle is used again\n`);
    expect(stderr).toBe('Nothing was copied: this was a dry run.\n');
    const json = await synapse('cp', from, to, '--dry-run', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({ format: 'synapse-copy-plan', sourceId: from });
    expect(await treeOf(copies.syn, to)).toEqual([]);
  });

  test('refuses names that are taken, and copies nothing', async () => {
    const { folder, to } = await newTree();
    await copies.syn.store(new Folder({ name: 'f', parentId: to }));
    const { status, stdout, stderr } = await synapse('cp', folder, to);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('An entity named "f" already exists in this location');
    expect(stderr).toContain('--update-existing');
    expect((await synapse('cp', folder, to, '--dry-run')).status).toBe(1);
    expect(await treeOf(copies.syn, to)).toEqual(['f Folder']);
  });

  test('ends with 5 when something is left out that was not excluded', async () => {
    const { from, to, file } = await newTree();
    const restricted = new Blob(['x']).stream();
    await copies.syn.store(new File({ name: 'locked', parentId: from, stream: restricted }), {
      isRestricted: true,
    });
    const { status, stdout, stderr } = await synapse('cp', from, to, '--quiet');
    expect(status).toBe(5);
    expect(stdout).toContain(`Copied ${file} to syn`);
    expect(stderr).toContain('access requirements');
    const json = await synapse('cp', from, to, '--update-existing', '--json');
    expect(json.status).toBe(5);
    expect(JSON.parse(json.stdout)).toMatchObject({ leftOut: [{ because: 'restricted' }] });
  });

  test.each([
    [['cp'], 'Missing ID and DESTINATION'],
    [['cp', 'syn1'], 'Missing DESTINATION'],
    [['cp', 'syn1', 'syn1'], 'cannot be copied into itself'],
    [['cp', 'syn1', 'x'], 'not a Synapse id'],
    [['cp', 'syn1', 'syn2', '--exclude-types', 'folder'], 'excludeTypes has "folder"'],
    [['cp', 'syn1', 'syn2', '--set-provenance', 'all'], 'it must be traceback, existing or none'],
  ])('%j is a usage error', async (args, message) => {
    const { status, stderr } = await synapse(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

test('a copy that was killed is continued with --update-existing', async () => {
  const [from, to] = [await copies.newProject(), await copies.newProject()];
  for (const name of ['a', 'b', 'c']) {
    const { id } = await copies.syn.store(new Folder({ name, parentId: from }));
    for (let index = 0; index < 20; index += 1) await copies.storeFile(`${index}`, id);
    const columns = { x: 'STRING', y: 'INTEGER' } as const;
    const table = await copies.syn.store(new Table({ name: 't', parentId: id, columns }));
    await copies.syn.tables.append(table, [{ x: name, y: 1 }]);
    await copies.syn.wiki.store(id, { title: name, markdown: `In ${from} and ${id}` });
  }
  const { conditions, requests } = copies.server.synapse;
  for (const moment of [3, 30, 75]) {
    requests.clear();
    conditions.set({ latency: 20 });
    const child = startSynapse(['cp', from, to, '--update-existing'], { home, env: env() });
    const ended = new Promise((resolve) => child.once('close', resolve));
    const isOver = (): boolean => {
      const counts = requests.counts();
      const created =
        (counts['entity.createEntity'] ?? 0) + (counts['activity.createActivity'] ?? 0);
      return created >= moment || child.exitCode !== null;
    };
    while (!isOver()) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await ended;
    conditions.set({ latency: 0 });
  }
  const { status } = await synapse('cp', from, to, '--update-existing');
  expect(status).toBe(0);
  expect(await treeOf(copies.syn, to)).toEqual(await treeOf(copies.syn, from));
  const again = await synapse('cp', from, to, '--update-existing');
  expect(again.stderr).toMatch(/\n0 copied, 67 unchanged\n$/);
}, 120_000);
