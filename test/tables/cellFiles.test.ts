import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  CellValueError,
  File,
  type DownloadedCellFile,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { cellsOf, createTable } from './withTables.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

const table = (): Promise<string> =>
  createTable(syn, project.id, { name: 'STRING', file: 'FILEHANDLEID' });

const directory = (): Promise<string> => mkdtemp(join(clients.folder, 'files of cells '));

async function all(files: AsyncIterable<DownloadedCellFile>): Promise<DownloadedCellFile[]> {
  const list: DownloadedCellFile[] = [];
  for await (const file of files) list.push(file);
  return list.sort((one, other) => (one.row.rowId ?? 0) - (other.row.rowId ?? 0));
}

describe('append of local files', () => {
  test('uploads each once, and stores the ids of its file handles', async () => {
    const id = await table();
    const one = await clients.file('one.txt', 'content of one');
    const two = await clients.file('two.bin', 'content of two');
    const rows = [
      { name: 'a', file: { path: one } },
      { name: 'b', file: { path: two, fileName: 'other.txt', contentType: 'text/x' } },
      { name: 'c', file: { path: one } },
      { name: 'd', file: null },
    ];
    for (const maxTransactionBytes of [10_000, 60]) {
      const report = await syn.tables.append(id, rows, { maxTransactionBytes });
      expect(report).toMatchObject({ rows: 4, files: 2 });
    }
    const cells = await cellsOf(syn, `SELECT name, file FROM ${id}`);
    expect(cells.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']);
    const ids = cells.map(([, file]) => file ?? '');
    expect(ids[0]).toBe(ids[2]);
    expect(await syn.fileHandles.get(ids[4] ?? '')).toMatchObject({ fileName: 'one.txt' });
    const other = { fileName: 'other.txt', contentType: 'text/x' };
    expect(await syn.fileHandles.get(ids[5] ?? '')).toMatchObject(other);
  });

  test('refuses a missing and an empty file before anything is sent', async () => {
    const id = await table();
    const good = await clients.file('good.txt', 'good');
    const empty = await clients.file('empty.txt', '');
    for (const path of [join(clients.folder, 'missing'), empty, clients.folder]) {
      const rows = [{ file: { path: good } }, { file: { path } }];
      const calls = await clients.calls(async () => {
        const append = syn.tables.append(id, rows);
        await expect(append).rejects.toMatchObject({ row: 2, column: 'file', value: path });
        await expect(syn.tables.append(id, rows, { dryRun: true })).rejects.toThrow(CellValueError);
      });
      expect(new Set(calls)).toEqual(new Set(['table.listTableColumns']));
    }
  });

  test('is possible in columns of files only', async () => {
    const id = await table();
    const path = await clients.file('x.txt', 'x');
    const append = syn.tables.append(id, [{ name: { path } }]);
    await expect(append).rejects.toThrow(CellValueError);
  });

  test('is possible through a batcher', async () => {
    const id = await table();
    const batcher = syn.tables.batcher(id);
    for (const name of ['a', 'b']) {
      await batcher.add({
        name,
        file: { path: await clients.file(`${name}.txt`, `batch ${name}`) },
      });
      await batcher.flush();
    }
    await batcher.close();
    const cells = await cellsOf(syn, `SELECT file FROM ${id}`);
    expect(new Set(cells.flat()).size).toBe(2);
  });
});

describe('downloadFiles', () => {
  async function filled(): Promise<string> {
    const id = await table();
    const paths = [];
    for (const content of ['first', 'second', 'third']) {
      paths.push(await clients.file('same name.txt', `${content} of ${id}`));
    }
    const rows = [...paths, ...paths.slice(0, 1)].map((path) => ({ name: 'x', file: { path } }));
    await syn.tables.append(id, [...rows, { name: 'none' }]);
    return id;
  }

  test('downloads the file of each cell under a name of its own', async () => {
    const id = await filled();
    const folder = join(await directory(), 'new');
    const files = await all(syn.tables.downloadFiles(id, { directory: folder }));
    expect(files).toHaveLength(4);
    const contents = files.map(({ path = '' }) => readFile(path, 'utf8'));
    expect(await Promise.all(contents)).toEqual(
      ['first', 'second', 'third', 'first'].map((content) => `${content} of ${id}`),
    );
    const second = files[1]?.fileHandleId ?? '';
    expect((await readdir(folder)).sort()).toContain(`same name_${second}.txt`);
    expect(files.map(({ column, state }) => `${column} ${state}`)).toEqual(
      Array(4).fill('file downloaded'),
    );
  });

  test('continues where it was interrupted', async () => {
    const id = await filled();
    const folder = await directory();
    const query = `SELECT file FROM ${id} LIMIT 2`;
    const some = syn.tables.downloadFiles(query, { directory: folder, concurrency: 1 });
    for await (const { state } of some) {
      expect(state).toBe('downloaded');
      break;
    }
    const files = await all(syn.tables.downloadFiles(`SELECT * FROM ${id}`, { directory: folder }));
    expect(files.map(({ state }) => state).sort()).toEqual([
      'downloaded',
      'downloaded',
      'present',
      'present',
    ]);
    const again = await all(syn.tables.downloadFiles(id, { directory: folder }));
    expect(again.every(({ state }) => state === 'present')).toBe(true);
    expect(await readdir(folder)).toHaveLength(3);
  });

  test('does not replace a file with another content unless it is told to', async () => {
    const id = await filled();
    const folder = await directory();
    await writeFile(join(folder, 'same name.txt'), 'mine');
    const [first] = await all(syn.tables.downloadFiles(id, { directory: folder }));
    expect(first).toMatchObject({ state: 'failed', column: 'file' });
    expect(first?.error?.message).toMatch('is already there');
    expect(await readFile(join(folder, 'same name.txt'), 'utf8')).toBe('mine');
    const options = { directory: folder, overwrite: true };
    const files = await all(syn.tables.downloadFiles(id, options));
    expect(files.every(({ state }) => state !== 'failed')).toBe(true);
  });

  test('downloads the files of a file view', async () => {
    const file = await syn.store(
      new File({ parent: project, path: await clients.file('seen.txt', 'seen in a view') }),
    );
    const view = await syn.services.entity.createEntity({
      body: {
        concreteType: 'org.sagebionetworks.repo.model.table.EntityView',
        name: 'files',
        parentId: project.id,
        scopeIds: [project.id],
        viewTypeMask: 1,
        columnIds: await fileColumn(),
      },
    });
    const folder = await directory();
    await mkdir(folder, { recursive: true });
    const files = await all(syn.tables.downloadFiles(view.id ?? '', { directory: folder }));
    expect(files).toMatchObject([
      {
        row: { rowId: Number(file.id.slice(3)) },
        state: 'downloaded',
        path: join(folder, 'seen.txt'),
      },
    ]);
  });

  test('needs columns with files', async () => {
    const id = await table();
    const none = syn.tables.downloadFiles(`SELECT name FROM ${id}`, { directory: '.' });
    await expect(all(none)).rejects.toThrow(ArgumentError);
    const other = syn.tables.downloadFiles(id, { directory: '.', columns: ['name'] });
    await expect(all(other)).rejects.toThrow('"name" is none of them');
  });
});

async function fileColumn(): Promise<string[]> {
  const list = [{ name: 'dataFileHandleId', columnType: 'FILEHANDLEID' as const }];
  const created = await syn.services.table.createColumnBatch({ body: { list } });
  return (created.list ?? []).map(({ id = '' }) => id);
}
