import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  AsyncJobError,
  EntityView,
  Folder,
  sql,
  type File,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { listedKeys, requireTerms, storeText } from './listWorld.js';

const clients = withClients();
let syn: Synapse;
let bob: Synapse;
let project: Project & Stored;
let folder: Folder & Stored;
let inner: Folder & Stored;
let files: (File & Stored)[];
let view: EntityView & Stored;

beforeAll(async () => {
  syn = await clients.open('alice');
  bob = await clients.open('bob');
  project = await clients.project(syn);
  folder = await syn.store(new Folder({ name: 'Folder', parent: project }));
  inner = await syn.store(new Folder({ name: 'Inner', parent: folder }));
  files = [];
  for (const [parent, name] of [
    [project, 'a.txt'],
    [folder, 'b.txt'],
    [inner, 'c (1).txt'],
  ] as const) {
    files.push(await storeText(clients, syn, parent, { name, content: `content of ${name}` }));
  }
  view = await syn.store(
    new EntityView({ name: 'Files', parent: project, scope: [project], types: ['file'] }),
  );
});
beforeEach(() => syn.downloadList.clear());

const keys = (...which: number[]): string[] => which.map((each) => files[each]?.id ?? '').sort();

describe('add', () => {
  test('takes ids, entities and items, with or without a version', async () => {
    const [a, b, c] = files;
    const result = await syn.downloadList.add([
      `${a?.id ?? ''}.1`,
      { id: b?.id, concreteType: 'org.sagebionetworks.repo.model.FileEntity' },
      { fileEntityId: c?.id ?? '', versionNumber: 1 },
    ]);
    expect(result).toEqual({ added: 3, alreadyListed: 0, failed: [] });
    expect(await listedKeys(syn)).toEqual([`${a?.id}.1`, b?.id, `${c?.id}.1`].sort());
  });

  test('adds a stored file in its version, with one request', async () => {
    const [a] = files;
    if (a === undefined) throw new Error('no file');
    const calls = await clients.calls(() => syn.downloadList.add(a));
    expect(calls).toEqual(['downloadList.addToDownloadList']);
    expect(await listedKeys(syn)).toEqual([`${a.id}.1`]);
  });

  test('adds a folder with all below it, and only its own files without recursive', async () => {
    expect(await syn.downloadList.add(project, { useVersionNumber: false })).toMatchObject({
      added: 3,
    });
    expect(await listedKeys(syn)).toEqual(keys(0, 1, 2));
    await syn.downloadList.clear();
    const options = { recursive: false, useVersionNumber: false };
    expect(await syn.downloadList.add(folder, options)).toMatchObject({ added: 1 });
    expect(await listedKeys(syn)).toEqual(keys(1));
  });

  test('finds out which of many ids are folders', async () => {
    const [a] = files;
    const result = await syn.downloadList.add([a?.id ?? '', folder.id]);
    expect(result).toEqual({ added: 3, alreadyListed: 0, failed: [] });
  });

  test('adds what a query selects: SQL, a fragment, a query with its filters', async () => {
    const text = `select * from ${view.id} where name = 'a.txt'`;
    for (const query of [text, sql`select * from ${view.id} where name = ${'a.txt'}`]) {
      expect(await syn.downloadList.add(query)).toMatchObject({ added: 1, failed: [] });
      await syn.downloadList.clear();
    }
    const filtered = syn.tables.query(`select * from ${view.id}`, {
      filters: [
        {
          concreteType: 'org.sagebionetworks.repo.model.table.ColumnSingleValueQueryFilter',
          columnName: 'name',
          operator: 'EQUAL',
          values: ['b.txt'],
        },
      ],
    });
    const calls = await clients.calls(async () => {
      expect(await syn.downloadList.add([filtered])).toMatchObject({ added: 1 });
    });
    expect(calls).not.toContain('table.startTableQuery');
    expect(await listedKeys(syn)).toEqual([`${files[1]?.id}.1`]);
  });

  test('adds the versions that a snapshot of a view has', async () => {
    const file = await storeText(clients, syn, inner, { name: 'old.txt', content: 'old' });
    await syn.tables.query(`select * from ${view.id}`);
    const { versionedId } = await syn.tables.snapshot(view, {});
    await writeFile(file.path ?? '', 'new');
    await syn.store(file);
    const query = `select * from ${versionedId} where name = 'old.txt'`;
    expect(await syn.downloadList.add(query)).toMatchObject({ added: 1 });
    expect(await listedKeys(syn)).toEqual([`${file.id}.1`]);
    await syn.delete(file);
  });

  test('takes the children of a folder as they are listed', async () => {
    expect(await syn.downloadList.add(syn.getChildren(folder))).toMatchObject({ added: 2 });
  });

  test('tells what was not added, and why', async () => {
    const [a, b] = files;
    await syn.downloadList.add(`${a?.id}`);
    const { failed, ...counts } = await syn.downloadList.add([
      a?.id ?? '',
      b?.id ?? '',
      view.id,
      'syn999999',
      `${b?.id}.7`,
    ]);
    // The service takes any version of a file, also one that does not exist.
    expect(counts).toEqual({ added: 2, alreadyListed: 0 });
    expect(failed.map(({ name, error }) => [name, error.message])).toEqual([
      [view.id, `${view.id} is not a file (EntityView): a download list holds files only.`],
      ['syn999999', expect.stringMatching(/^syn999999 does not exist, or you may not see it/)],
      [`${b?.id}.7`, expect.stringMatching(/does not exist, or you may not see it/)],
    ]);
  });

  test('sends a thousand files at a time, each once', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => `${files[0]?.id}.${(index % 2) + 1}`);
    const calls = await clients.calls(() => syn.downloadList.add(many));
    expect(calls).toEqual(['downloadList.addToDownloadList']);
    const different = Array.from({ length: 2_500 }, (_, index) => `syn${900_000 + index}`);
    const more = await clients.calls(async () => {
      const { failed } = await syn.downloadList.add(different);
      expect(failed).toHaveLength(2_500);
    });
    expect(more.filter((call) => call === 'downloadList.addToDownloadList')).toHaveLength(3);
  });

  test('refuses what cannot be right before the first request', async () => {
    const tooMany = Array.from({ length: 100_001 }, (_, index) => `syn${index + 1}`);
    const calls = await clients.calls(async () => {
      for (const wrong of ['a.txt', 'delete from syn1', 'syn1.0', { fileEntityId: 'x' }] as const) {
        await expect(syn.downloadList.add(wrong)).rejects.toMatchObject({ code: 'ARGUMENT' });
      }
      await expect(syn.downloadList.add(tooMany)).rejects.toThrow('holds 100000 files at most');
      const clash = { fileEntityId: 'syn1.2', versionNumber: 3 };
      await expect(syn.downloadList.add(clash)).rejects.toThrow('different versions');
    });
    expect(calls).toEqual([]);
  });

  test('reports a query that is refused after files were added', async () => {
    const { added, failed } = await syn.downloadList.add([
      files[0]?.id ?? '',
      `select * from ${view.id} where nonsense = 1`,
    ]);
    expect(added).toBe(1);
    expect(failed).toEqual([
      { name: `select * from ${view.id} where nonsense = 1`, error: expect.any(AsyncJobError) },
    ]);
    await expect(
      syn.downloadList.add(`select * from ${view.id} where nonsense = 1`),
    ).rejects.toThrow(AsyncJobError);
  });

  test('adds nothing for an empty list', async () => {
    const calls = await clients.calls(async () => {
      expect(await syn.downloadList.add([])).toEqual({ added: 0, alreadyListed: 0, failed: [] });
    });
    expect(calls).toEqual([]);
  });
});

describe('remove', () => {
  test('finds a file by the version that it was added with, with one request', async () => {
    const [a, b] = files;
    await syn.downloadList.add([`${a?.id}.1`, `${b?.id}.1`]);
    const calls = await clients.calls(async () => {
      const removed = await syn.downloadList.remove([`${a?.id}.1`, `${b?.id}.1`]);
      expect(removed).toEqual({ removed: 2, notListed: 0 });
    });
    expect(calls).toEqual(['downloadList.removeFromDownloadList']);
    expect(await listedKeys(syn)).toEqual([]);
  });

  test('takes an id without a version for all versions on the list', async () => {
    const [a, b] = files;
    await syn.downloadList.add([`${a?.id}.1`, `${a?.id}`, `${b?.id}.1`]);
    expect(await syn.downloadList.remove([`${a?.id}`, `${b?.id}`, 'syn99'])).toEqual({
      removed: 3,
      notListed: 1,
    });
  });

  test('counts what is not on the list', async () => {
    const [a, b] = files;
    await syn.downloadList.add(`${b?.id}`);
    expect(await syn.downloadList.remove([`${a?.id}.1`, `${b?.id}`])).toEqual({
      removed: 1,
      notListed: 1,
    });
    expect(await syn.downloadList.remove(`${b?.id}.1`)).toEqual({ removed: 0, notListed: 1 });
  });
});

describe('what the list tells', () => {
  test('files are listed page by page, filtered and sorted', async () => {
    await syn.downloadList.add(project);
    const names = async (...args: Parameters<typeof syn.downloadList.list>): Promise<unknown> =>
      (await syn.downloadList.list(...args).toArray()).map(({ fileName }) => fileName);
    expect(await names({ sort: [{ field: 'fileName', direction: 'DESC' }] })).toEqual([
      'c (1).txt',
      'b.txt',
      'a.txt',
    ]);
    expect(await names({ filter: 'ineligibleForPackaging' })).toEqual([]);
  });

  test('statistics are numbers, also of an empty list', async () => {
    expect(await syn.downloadList.statistics()).toEqual({
      totalNumberOfFiles: 0,
      numberOfFilesAvailableForDownload: 0,
      numberOfFilesAvailableForDownloadAndEligibleForPackaging: 0,
      numberOfFilesRequiringAction: 0,
      sumOfFileSizesAvailableForDownload: 0,
    });
    await syn.downloadList.add(files[0]?.id ?? '');
    expect(await syn.downloadList.statistics()).toMatchObject({
      totalNumberOfFiles: 1,
      sumOfFileSizesAvailableForDownload: 'content of a.txt'.length,
    });
  });

  test('required actions have a text and a page', async () => {
    const admin = await clients.open('admin');
    const other = await clients.project(syn);
    const closed = await storeText(clients, syn, other, { name: 'x.txt', content: 'x' });
    await syn.access.set(other, 'bob');
    const requirement = await requireTerms(admin, closed.id);
    await bob.downloadList.add([closed.id, files[0]?.id ?? '']);
    const actions = await bob.downloadList.actionsRequired().toArray();
    expect(actions.map(({ files: count, todo, url }) => [count, todo, url])).toEqual(
      expect.arrayContaining([
        [
          1,
          `meet the access requirement ${requirement}: read and accept it, or ask for access`,
          expect.stringMatching(`/AccessRequirement:AR_ID=${requirement}$`),
        ],
        [
          1,
          `ask an administrator of ${project.id}, whose sharing settings apply, for the permission to download`,
          expect.stringMatching(`/Synapse:${project.id}$`),
        ],
      ]),
    );
  });

  test('the manifest is a CSV file in the dialect that is asked for', async () => {
    await syn.downloadList.add(files[2] ?? '');
    const destination = join(clients.folder, 'list', 'files.tsv');
    const path = await syn.downloadList.manifest({ destination, separator: '\t' });
    expect(path).toBe(destination);
    const [header, row] = (await readFile(path, 'utf8')).split('\n');
    expect(header).toMatch(/^"?ID"?\t"?name"?\t/);
    expect(row).toContain('c (1).txt');
    await expect(syn.downloadList.manifest({ destination })).rejects.toMatchObject({
      code: 'EEXIST',
    });
    await syn.downloadList.manifest({ destination, header: false, overwrite: true });
    expect(await readFile(path, 'utf8')).toContain(`${files[2]?.id}`);
  });

  test('an empty list has no manifest and no package', async () => {
    const destination = join(clients.folder, 'nothing');
    await expect(syn.downloadList.manifest({ destination })).rejects.toThrow(
      'No files available for download',
    );
    await expect(syn.downloadList.package({ destination })).rejects.toThrow(AsyncJobError);
  });

  test('a package is a ZIP archive with a manifest', async () => {
    await syn.downloadList.add(project);
    expect(await syn.downloadList.statistics()).toMatchObject({ totalNumberOfFiles: 3 });
    const destination = join(clients.folder, 'package.zip');
    const path = await syn.downloadList.package({ destination });
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 2).toString()).toBe('PK');
    expect(bytes.includes('manifest.csv')).toBe(true);
    expect(await syn.downloadList.statistics()).toMatchObject({ totalNumberOfFiles: 0 });
  });
});
