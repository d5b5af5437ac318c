import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  File,
  Folder,
  NotFoundError,
  Table,
  type Project,
  type Stored,
  type Synapse,
  type TreeDiff,
} from '../../../src/index.js';
import { withClients } from '../../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let directory: string;

beforeAll(async () => {
  syn = await clients.open('alice');
});
beforeEach(async () => {
  project = await clients.project(syn);
  directory = await mkdtemp(join(clients.folder, 'diff-'));
});

async function storeFile(
  name: string,
  content: string,
  parent: { id: string } = project,
): Promise<File & Stored> {
  return syn.store(new File({ path: await clients.file(name, content), parent }));
}

function folderIn(parent: { id: string }, name: string): Promise<Folder & Stored> {
  return syn.store(new Folder({ name, parent }));
}

/** Writes a local file. */
async function write(path: string, content: string): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}

/** The states by path, with what is said about them. */
function states({ items }: TreeDiff): Record<string, string> {
  return Object.fromEntries(
    items.map(({ path, state, reason }) => [path, reason ? `${state}: ${reason}` : state]),
  );
}

describe('a directory and Synapse', () => {
  test('are the same after a download', async () => {
    await storeFile('a.txt', 'a');
    await storeFile('b.txt', 'b', await folderIn(project, 'folder'));
    await folderIn(project, 'empty');
    for await (const file of syn.sync.getDirectory(project, directory))
      expect(file.path).toBeDefined();
    const diff = await syn.sync.diff(directory, project);
    expect(diff).toMatchObject({ isSame: true, directory, id: project.id });
    expect(states(diff)).toEqual({
      'a.txt': 'same',
      empty: 'same',
      folder: 'same',
      'folder/b.txt': 'same',
    });
  });

  test('differ in sizes, contents, and what is only on one side', async () => {
    const names = ['same.txt', 'longer.txt', 'other.txt', 'missing.txt'];
    for (const name of names) await storeFile(name, 'abc');
    const inner = await folderIn(project, 'inner');
    await storeFile('deep.txt', 'deep', inner);
    await write('same.txt', 'abc');
    await write('longer.txt', 'abcd');
    await write('other.txt', 'abd');
    await write('extra/new.txt', 'new');
    await write('empty.txt', '');
    const diff = await syn.sync.diff(directory, project);
    expect(diff.isSame).toBe(false);
    expect(states(diff)).toEqual({
      'empty.txt': 'extra',
      extra: 'extra',
      'extra/new.txt': 'extra',
      inner: 'missing',
      'inner/deep.txt': 'missing',
      'longer.txt': 'changed: 4 B here, 3 B in Synapse',
      'missing.txt': 'missing',
      'other.txt': `changed: MD5 4911e516e5aa21d327512e0c8b197616 here, 900150983cd24fb0d6963f7d28e17f72 in Synapse`,
      'same.txt': 'same',
    });
    expect(diff.counts).toEqual({
      same: 1,
      changed: 2,
      missing: 3,
      extra: 3,
      unreadable: 0,
      leftOut: 0,
    });
  });

  test('are compared without a transfer: pages of children, and one request for each file', async () => {
    for (const name of ['a.txt', 'b.txt']) await storeFile(name, name);
    await write('a.txt', 'a.txt');
    const calls = await clients.calls(() => syn.sync.diff(directory, project));
    expect(calls.sort()).toEqual([
      'entity.listEntityChildren',
      'entityBundle.getEntityBundle',
      'entityBundle.getEntityBundle',
    ]);
  });

  test('have a file stored under another name, whichever name is there', async () => {
    const file = await storeFile('content.txt', 'abc');
    await syn.store(Object.assign(file, { name: 'entity.txt' }));
    await write('entity.txt', 'abc');
    expect(states(await syn.sync.diff(directory, project))).toEqual({ 'entity.txt': 'same' });
    await write('content.txt', 'abc');
    expect(states(await syn.sync.diff(directory, project))).toEqual({
      'content.txt': 'same',
      'entity.txt': 'extra',
    });
  });

  test('name what looks alike, what cannot be read, and what is in the way', async () => {
    await storeFile('Readme.txt', 'abc');
    await storeFile('folder', 'abc');
    await storeFile('pipe', 'abc');
    await folderIn(project, 'file');
    await write('README.TXT', 'abc');
    await write('folder/x.txt', 'x');
    await write('file', 'abc');
    await symlink('nowhere', join(directory, 'dangling'));
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    const found = states(await syn.sync.diff(directory, project));
    expect(found).toMatchObject({
      'Readme.txt': 'missing: "README.TXT" differs only in case or in its Unicode form',
      'README.TXT': 'extra',
      folder: 'unreadable: a directory is in the place of the file',
      'folder/x.txt': 'extra',
      file: 'unreadable: a file is in the place of the directory',
      dangling: expect.stringMatching(/^unreadable: it is a link to nowhere/),
      pipe: expect.stringMatching(/^unreadable: it is a named pipe/),
    });
    expect(Object.keys(found)).toHaveLength(7);
  });

  test('leave out tables and manifests, with a word', async () => {
    await syn.store(new Table({ name: 'table', parent: project, columns: { a: 'INTEGER' } }));
    await write('manifest.csv', 'path,parent\n');
    const diff = await syn.sync.diff(directory, project);
    expect(diff.isSame).toBe(true);
    expect(states(diff)).toEqual({
      'manifest.csv': 'leftOut: it is a manifest',
      table: 'leftOut: it is a TableEntity, not a file',
    });
  });

  test('of which one cannot be read are an error', async () => {
    await expect(syn.sync.diff(join(directory, 'none'), project)).rejects.toThrow(ArgumentError);
    await expect(syn.sync.diff(directory, 'syn999999')).rejects.toThrow(NotFoundError);
  });

  test('with a file that may not be downloaded name it', async () => {
    const file = await storeFile('a.txt', 'a');
    await syn.access.set(project, 'AUTHENTICATED_USERS', { accessType: ['READ'] });
    const bob = await clients.open('bob');
    const diff = await bob.sync.diff(directory, project.id);
    expect(diff.items).toEqual([
      expect.objectContaining({ state: 'unreadable', path: 'a.txt', id: file.id }),
    ]);
    expect(diff.isSame).toBe(false);
  });
});

describe('two versions', () => {
  test('differ in content, name and annotations with their types', async () => {
    const file = await storeFile('a.txt', 'first');
    file.annotations = { tissue: ['liver'], age: [1], gone: ['x'] };
    await syn.store(file);
    file.path = await clients.file('b.txt', 'second');
    file.versionLabel = 'two';
    file.annotations = {
      tissue: ['brain'],
      age: { type: 'DOUBLE', value: [1] },
      born: [new Date(0)],
    } as never;
    await syn.store(file);
    const { versionNumber = 0 } = file;
    const diff = await syn.diff(`${file.id}.1`, `${file.id}.${versionNumber}`);
    expect(diff).toMatchObject({
      isSame: false,
      from: { id: file.id, version: 1, name: 'a.txt' },
      content: {
        isSame: false,
        from: { size: 5, fileName: 'a.txt' },
        to: { size: 6, fileName: 'b.txt' },
      },
      columns: [],
      isReordered: false,
    });
    expect(diff.annotations).toEqual([
      {
        name: 'age',
        change: 'changed',
        from: { type: 'LONG', value: ['1'] },
        to: { type: 'DOUBLE', value: ['1.0'] },
      },
      { name: 'gone', change: 'removed', from: { type: 'STRING', value: ['x'] } },
      {
        name: 'tissue',
        change: 'changed',
        from: { type: 'STRING', value: ['liver'] },
        to: { type: 'STRING', value: ['brain'] },
      },
      { name: 'born', change: 'added', to: { type: 'TIMESTAMP_MS', value: ['0'] } },
    ]);
    expect(diff.properties).toEqual([
      { name: 'versionLabel', change: 'changed', from: '1', to: 'two' },
    ]);
  });

  test('that are the same say so', async () => {
    const file = await storeFile('a.txt', 'first');
    const diff = await syn.diff(file.id, `${file.id}.1`);
    expect(diff).toMatchObject({ isSame: true, content: { isSame: true } });
  });

  test('take two requests', async () => {
    const file = await storeFile('a.txt', 'first');
    const calls = await clients.calls(() => syn.diff(file.id, `${file.id}.1`));
    expect(calls).toHaveLength(2);
  });

  test('of tables differ in columns and their order', async () => {
    const one = await syn.store(
      new Table({
        name: 'one',
        parent: project,
        columns: { a: 'INTEGER', b: 'STRING', c: 'DATE' },
      }),
    );
    const two = await syn.store(
      new Table({
        name: 'two',
        parent: project,
        columns: { c: 'DATE', a: 'DOUBLE', d: { type: 'STRING', maximumSize: 9 } },
      }),
    );
    const diff = await syn.diff(one, two);
    expect(diff.columns).toEqual([
      {
        name: 'a',
        change: 'changed',
        from: expect.objectContaining({ columnType: 'INTEGER' }),
        to: expect.objectContaining({ columnType: 'DOUBLE' }),
      },
      { name: 'b', change: 'removed', from: expect.objectContaining({ columnType: 'STRING' }) },
      { name: 'd', change: 'added', to: expect.objectContaining({ maximumSize: 9 }) },
    ]);
    expect(diff.isReordered).toBe(true);
    expect(diff.properties).toEqual([{ name: 'name', change: 'changed', from: 'one', to: 'two' }]);
  });

  test('of a table that was changed after a snapshot differ in columns', async () => {
    const table = await syn.store(
      new Table({ name: 'table', parent: project, columns: { a: 'INTEGER', b: 'STRING' } }),
    );
    await syn.tables.snapshot(table);
    const read = await syn.get(Table, table.id);
    read.columns = read.columns.filter(({ name }) => name !== 'b');
    await syn.store(read);
    const diff = await syn.diff(`${table.id}.1`, table.id);
    expect(diff.columns).toEqual([
      { name: 'b', change: 'removed', from: expect.objectContaining({ columnType: 'STRING' }) },
    ]);
  });

  test('of which one does not exist are an error', async () => {
    const file = await storeFile('a.txt', 'first');
    await expect(syn.diff(file.id, `${file.id}.7`)).rejects.toThrow(NotFoundError);
  });
});
