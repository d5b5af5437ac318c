import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { idsIn } from '../../src/cli/idsIn.js';
import { File, Folder, Project } from '../../src/index.js';
import { withCommands } from './withCommands.js';

const commands = withCommands();
let project: string;
let count = 0;
beforeAll(async () => {
  project = (await commands.syn.store(new Project({ name: 'Ids' }))).id;
});

/** A folder with some files in it. */
async function folderOf(...names: string[]): Promise<{ folder: string; ids: string[] }> {
  const { syn, home } = commands;
  count += 1;
  const folder = (await syn.store(new Folder({ name: `folder ${count}`, parent: project }))).id;
  const ids: string[] = [];
  for (const name of names) {
    const path = join(home, name);
    await writeFile(path, `${name}\n`);
    ids.push((await syn.store(new File({ path, parent: folder, name }))).id);
  }
  return { folder, ids };
}

const run = (args: string[], input?: string): ReturnType<typeof commands.run> =>
  commands.run(args, { input });

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of commands.syn.getChildren(folder)) names.push(name);
  return names;
}

describe('ids in a text', () => {
  test.each([
    ['', []],
    ['\n \r\n', []],
    ['syn1\nsyn2\n', ['syn1', 'syn2']],
    ['\uFEFFsyn1\r\nsyn2.3', ['syn1', 'syn2.3']],
    ['syn1 syn2 syn3', ['syn1', 'syn2', 'syn3']],
    ['# old\nsyn1', ['syn1']],
    ['syn1  counts.csv\nsyn2    raw/\n', ['syn1', 'syn2']],
    ['syn1  syn4 and more', ['syn1']],
    ['syn1\tcounts.csv', ['syn1']],
    ['ID    VERSION\nsyn1  1', ['syn1']],
    ['id\nsyn1', ['syn1']],
    ['syn://My project/a b.csv@2\tx', ['syn://My project/a b.csv@2']],
    ['syn1             alice 2024-01-01 00:00  a.csv', ['syn1']],
  ])('%j', (text, ids) => {
    expect(idsIn(text)).toEqual(ids);
  });

  test.each([
    ['syn1\nfoo', 'Line 2 of standard input: "foo" is not a Synapse id.'],
    ['syn1\n\n# x\nsyn2 foo', 'Line 4 of standard input: "foo" is not'],
    ['syn1,syn2', '"syn1,syn2" is not'],
    ['syn1\nID', 'Line 2'],
    ['syn1  syn2', 'may be several ids, or an id and a name'],
    ['syn1\tsyn2\tsyn3', 'may be several ids'],
    ['syn://P//x', 'Line 1 of standard input: "syn://P//x" has an empty name'],
  ])('%j is refused', (text, reason) => {
    expect(() => idsIn(text)).toThrow(reason);
  });
});

describe('- reads ids', () => {
  test('that list prints, also with details', async () => {
    const { folder, ids } = await folderOf('a.csv', 'b.csv', 'syn7 copy.csv');
    for (const flags of [[], ['--long'], ['--modified'], ['--ids']]) {
      const { stdout } = await run(['list', folder, ...flags]);
      const shown = await run(['get-annotations', '-'], stdout);
      expect(Object.keys(JSON.parse(shown.stdout) as object)).toEqual(ids);
    }
  }, 60_000);

  test('to delete', async () => {
    const { folder, ids } = await folderOf('a.csv', 'b.csv');
    const listed = await run(['list', folder]);
    const deleted = await run(['delete', '-'], listed.stdout);
    const lines = ids.map((id) => `Deleted entity: ${id}\n`).join('');
    expect(deleted).toEqual({ status: 0, stdout: lines, stderr: '' });
    expect(await namesIn(folder)).toEqual([]);
  }, 60_000);

  test('and paths', async () => {
    const { folder, ids } = await folderOf('a b.csv');
    const shown = await run(['show', '-', '--json'], `syn://${folder}/a b.csv\n`);
    expect(JSON.parse(shown.stdout)).toMatchObject([{ entity: { id: ids[0] } }]);
  }, 60_000);

  test('to move and copy, before the container', async () => {
    const { folder, ids } = await folderOf('a.csv', 'b.csv');
    const other = await folderOf();
    const copied = await run(['cp', '-', other.folder, '--ids'], ids.join('\n'));
    expect(copied.stdout).toMatch(/^syn\d+\nsyn\d+\n$/);
    expect(await namesIn(other.folder)).toEqual(['a.csv', 'b.csv']);
    const third = await folderOf();
    const moved = await run(['mv', '-', third.folder, '--json'], ids.join('\n'));
    expect(JSON.parse(moved.stdout)).toEqual(ids.map((id) => ({ id, parentId: third.folder })));
    expect(await namesIn(folder)).toEqual([]);
    const without = await run(['mv', '-'], ids.join('\n'));
    expect(without).toMatchObject({ status: 2, stdout: '' });
    expect(without.stderr).toContain('Missing PARENT');
  }, 90_000);

  test('to get, lock, label, annotate, and for the download list', async () => {
    const { ids } = await folderOf('a.csv', 'b.csv');
    const input = ids.join('\n');
    const got = await run(['get', '-', 'together'], input);
    expect(got.status).toBe(0);
    expect(await readdir(join(commands.home, 'together'))).toEqual(['a.csv', 'b.csv']);
    const locked = await run(['lock', '-', '--output', '-'], input);
    expect(JSON.parse(locked.stdout)).toMatchObject({ files: ids.map((id) => ({ id })) });
    const labelled = await run(['version', 'label', '-', '--label', 'v1', '--json'], input);
    expect(JSON.parse(labelled.stdout)).toMatchObject(
      ids.map((id) => ({ id, versionLabel: 'v1' })),
    );
    const set = await run(['set-annotations', '-', '--annotations', '{"a": 1}', '--json'], input);
    expect(JSON.parse(set.stdout)).toEqual(ids.map((id) => ({ id, annotations: { a: [1] } })));
    const added = await run(['download-list', 'add', '-'], input);
    expect(added.stdout).toBe('Added: 2\n');
    const listed = await run(['download-list', 'list', '--ids']);
    expect(listed.stdout).toBe(`${input}\n`);
    const removed = await run(['download-list', 'remove', '-'], listed.stdout);
    expect(removed.stdout).toBe('Removed: 2\n');
  }, 120_000);

  test('and paths of files, to associate', async () => {
    const { ids } = await folderOf('with  two spaces.csv');
    const found = await run(['associate', '-'], 'with  two spaces.csv\n');
    expect(found.stdout).toBe(`${ids[0] ?? ''}.1\twith  two spaces.csv\n`);
  }, 60_000);

  test('of which nothing is done when one is wrong', async () => {
    const { folder, ids } = await folderOf('a.csv');
    const deleted = await run(['delete', '-'], `${ids[0] ?? ''}\nfoo\n`);
    expect([deleted.status, deleted.stdout]).toEqual([2, '']);
    expect(deleted.stderr).toContain('Line 2 of standard input: "foo" is not a Synapse id');
    expect(await namesIn(folder)).toEqual(['a.csv']);
  }, 60_000);

  test('of which some can fail', async () => {
    const { ids } = await folderOf('a.csv');
    const input = `syn999999999\n${ids[0] ?? ''}\n`;
    const deleted = await run(['delete', '-', '--json'], input);
    expect([deleted.status, JSON.parse(deleted.stdout)]).toEqual([5, [{ id: ids[0] }]]);
    expect(deleted.stderr).toContain('syn999999999');
  }, 60_000);

  test('of which there can be none', async () => {
    for (const args of [
      ['delete', '-'],
      ['show', '-'],
      ['get', '-'],
      ['mv', '-', project],
    ]) {
      const ended = await run(args, '');
      expect([ended.status, ended.stdout]).toEqual([0, '']);
      expect(ended.stderr).toContain('Standard input has no ids.');
    }
    const json = await run(['delete', '-', '--json'], '');
    expect([json.status, json.stdout]).toEqual([0, '[]\n']);
  }, 60_000);

  test('only once', async () => {
    const { status, stderr } = await run(['delete', '-', '-'], 'syn1');
    expect([status, stderr]).toEqual([
      2,
      'synapse delete: Give - only once: it is read only once.\n',
    ]);
    const both = await run(['set-annotations', '-', '--annotations', '-'], 'syn1');
    expect(both.status).toBe(2);
    expect(both.stderr).toContain('Give - only once');
  }, 60_000);
});

describe('several ids on the command line', () => {
  test('are all downloaded: the second is no directory', async () => {
    const { ids } = await folderOf('x.csv', 'y.csv');
    const got = await run(['get', ...ids, 'several']);
    expect(got.status).toBe(0);
    const lines = got.stdout.trim().split('\n').sort();
    expect(lines.map((line) => line.replace(/ .*several/, ' '))).toEqual([
      'Creating /x.csv',
      'Creating /y.csv',
    ]);
    await mkdir(join(commands.home, 'syn5'));
    const directory = await run(['get', ids[0] ?? '', './syn5']);
    expect(directory.stdout).toMatch(/^Creating .*syn5\/x\.csv\n$/);
    const missing = await run(['get', ids[0] ?? '', 'syn999999999', 'partly']);
    expect(missing.status).toBe(5);
    expect(await readFile(join(commands.home, 'partly/x.csv'), 'utf8')).toBe('x.csv\n');
  }, 90_000);

  test.each([
    [['get', 'syn1', 'x', 'y'], '"x" is not a Synapse id'],
    [['get', 'syn1', 'syn2', '-'], '- is for one file'],
    [['get', 'syn1', 'syn2', '--recursive'], '--recursive takes one id'],
    [['get', 'syn1', 'syn2', '--version', '1'], '--version takes one id'],
    [['delete', 'syn1', 'syn2', '--version', '1'], '--version takes one id'],
    [['cp', 'syn1', 'syn2', 'syn3', '--version', '1'], '--version takes one id'],
    [['show', 'syn1', 'x'], '"x" is not a Synapse id'],
    [['mv', 'syn1'], 'Missing PARENT'],
    [['mv'], 'Missing ID and PARENT'],
    [['mv', '--id', 'syn1', 'syn2', 'syn3'], 'give only one of them'],
    [['get-annotations', 'syn1', '--id', 'syn2'], 'give only one of them'],
    [['create', 'Project', '--name', 'x', '-q', '--json'], '--ids'],
  ])('%s is refused', async (args, reason) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(reason);
  });

  test('are shown, read and moved one by one', async () => {
    const { ids } = await folderOf('a.csv', 'b.csv');
    const shown = await run(['show', ...ids]);
    expect(shown.stdout.match(/^File: /gm)).toHaveLength(2);
    const content = await run(['cat', ...ids]);
    expect(content.stdout).toBe('a.csv\nb.csv\n');
    const partly = await run(['cat', ids[0] ?? '', 'syn999999999', ids[1] ?? '']);
    expect([partly.status, partly.stdout]).toEqual([5, 'a.csv\nb.csv\n']);
    const { folder } = await folderOf();
    const moved = await run(['mv', ...ids, '--parent-id', folder]);
    expect(moved.stdout).toBe(ids.map((id) => `Moved ${id} to ${folder}\n`).join(''));
  }, 90_000);

  test('have their provenance and annotations by id', async () => {
    const { ids } = await folderOf('a.csv', 'b.csv');
    await commands.syn.setAnnotations(ids[1] ?? '', { a: [1, 2] });
    const read = await run(['get-annotations', ...ids]);
    expect(JSON.parse(read.stdout)).toEqual({ [ids[0] ?? '']: {}, [ids[1] ?? '']: { a: [1, 2] } });
    await commands.syn.setProvenance(ids[0] ?? '', { name: 'step' });
    const known = await run(['get-provenance', ...ids]);
    expect(known.status).toBe(5);
    expect(JSON.parse(known.stdout)).toMatchObject({ [ids[0] ?? '']: { name: 'step' } });
    expect(known.stderr).toContain(`No activity is recorded for ${ids[1] ?? ''}`);
  }, 60_000);
});

describe('--ids prints ids alone', () => {
  test.each([
    [['create', 'Project', '--name', 'Ids 2', '-q']],
    [['create', 'Folder', '--name', 'made', '--parent-id', 'PROJECT', '--ids']],
    [['store', 'new.csv', '--parent-id', 'PROJECT', '-q']],
    [['table', 'create', 'table', '--parent-id', 'PROJECT', '--columns', 'a:STRING', '-q']],
    [['view', 'create', 'view', '--parent-id', 'PROJECT', '--scope', 'PROJECT', '-q']],
    [['dataset', 'create', 'dataset', '--parent-id', 'PROJECT', '-q']],
    [['store-table', '--name', 'csv', '--parentid', 'PROJECT', '--csv', 'new.csv', '-q']],
    [['evaluation', 'create', 'Queue', '--project', 'PROJECT', '-q']],
    [['team', 'create', 'Team of ids', '-q']],
    [['wiki', 'store', 'PROJECT', '--title', 'Home', '--markdown', 'x', '-q']],
    [['discussion', 'post', 'PROJECT', '--title', 'x', '--body', 'y', '-q']],
  ])('of %s', async (args) => {
    await writeFile(join(commands.home, 'new.csv'), 'a,b\n1,2\n');
    const { stdout, status } = await run(args.map((word) => (word === 'PROJECT' ? project : word)));
    expect(status).toBe(0);
    expect(stdout).toMatch(/^(?:syn)?\d+\n$/);
  });

  test('of a directory, a list and a tree', async () => {
    const { folder } = await folderOf();
    await mkdir(join(commands.home, 'tree/below'), { recursive: true });
    await writeFile(join(commands.home, 'tree/below/a.csv'), 'a');
    const stored = await run(['store', 'tree', '-r', '--parent-id', folder, '-q']);
    const ids = stored.stdout.trim().split('\n');
    expect(ids).toHaveLength(2);
    const listed = await run(['list', folder, '--recursive', '-q']);
    expect(listed.stdout.trim().split('\n')).toEqual(ids);
    const tree = await run(['tree', folder, '-q']);
    expect(tree.stdout.trim().split('\n')).toEqual([folder, ...ids]);
    const none = await run(['list', (await folderOf()).folder, '-q']);
    expect([none.status, none.stdout]).toEqual([0, '']);
  }, 90_000);

  test('of queues and submissions', async () => {
    const made = await run(['evaluation', 'create', 'Queue 2', '--project', project, '-q']);
    const queue = made.stdout.trim();
    const listed = await run(['evaluation', 'list', '--project', project, '-q']);
    expect(listed.stdout.split('\n')).toContain(queue);
    const { ids } = await folderOf('a.csv');
    const sent = await run(['submit', '--evaluation', queue, '--entity', ids[0] ?? '', '-q']);
    expect(sent.stdout).toMatch(/^\d+\n$/);
    const submissions = await run(['evaluation', 'submissions', queue, '--ids']);
    expect(submissions.stdout).toBe(sent.stdout);
  }, 60_000);
});
