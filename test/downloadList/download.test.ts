import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  Folder,
  Md5MismatchError,
  type DownloadListReport,
  type File,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';
import { listedKeys, requireTerms, storeText } from './listWorld.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let folder: Folder & Stored;
let a: File & Stored;
let sameName: File & Stored;
let count = 0;
let directory: string;

beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  folder = await syn.store(new Folder({ name: 'Folder', parent: project }));
  a = await storeText(clients, syn, project, { name: 'a.txt', content: 'first' });
  sameName = await storeText(clients, syn, folder, { name: 'a.txt', content: 'the other' });
});

beforeEach(async () => {
  await syn.downloadList.clear();
  count += 1;
  directory = join(clients.folder, `downloads ${count}`);
});

/** The files of a directory with their contents, without the manifests. */
async function contents(path = directory): Promise<Record<string, string>> {
  const names = (await readdir(path)).filter((name) => !name.startsWith('manifest_')).sort();
  const texts = names.map(async (name) => [name, await readFile(join(path, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(texts)) as Record<string, string>;
}

/** The cells of the manifest, by the names of the columns. No cell of these tests has a line break. */
async function manifestRows({ manifest = '' }: DownloadListReport): Promise<object[]> {
  const [header = '', ...lines] = (await readFile(manifest, 'utf8')).trimEnd().split('\r\n');
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
  });
}

test('everything on the list is downloaded, verified, written to a manifest and removed', async () => {
  await syn.downloadList.add([`${a.id}.1`, sameName.id]);
  // The files are in the cache of the client that has uploaded them.
  const fresh = await clients.open('alice');
  const report = await fresh.downloadList.download(directory);
  expect(report).toMatchObject({ failed: [], skipped: [], blocked: 0, removed: 2, bytes: 14 });
  expect(report.done).toEqual([
    { id: a.id, versionNumber: 1, path: join(directory, 'a.txt') },
    { id: sameName.id, versionNumber: undefined, path: join(directory, 'a(1).txt') },
  ]);
  expect(await contents()).toEqual({ 'a.txt': 'first', 'a(1).txt': 'the other' });
  expect(await manifestRows(report)).toEqual([
    expect.objectContaining({
      ID: a.id,
      versionNumber: '1',
      path: join(directory, 'a.txt'),
      error: '',
    }),
    expect.objectContaining({ ID: sameName.id, path: join(directory, 'a(1).txt'), error: '' }),
  ]);
  expect(basename(report.manifest ?? '')).toMatch(/^manifest_\d{19}\.csv$/);
  expect(await syn.downloadList.statistics()).toMatchObject({ totalNumberOfFiles: 0 });
});

test('an empty list is no error, and takes one question', async () => {
  const calls = await clients.calls(async () => {
    const report = await syn.downloadList.download(directory);
    expect(report).toEqual({
      done: [],
      skipped: [],
      failed: [],
      blocked: 0,
      actionsRequired: [],
      removed: 0,
      bytes: 0,
    });
  });
  expect(new Set(calls)).toEqual(
    new Set(['downloadList.startDownloadListQuery', 'downloadList.getDownloadListQueryResult']),
  );
  await expect(stat(directory)).rejects.toThrow('ENOENT');
});

test('files stay on the list when that is asked for', async () => {
  await syn.downloadList.add([a.id, sameName]);
  const calls = await clients.calls(async () => {
    const report = await syn.downloadList.download(directory, { removeFromList: false });
    expect(report).toMatchObject({ removed: 0 });
  });
  expect(calls).not.toContain('downloadList.removeFromDownloadList');
  expect(await listedKeys(syn)).toEqual([a.id, `${sameName.id}.1`].sort());
});

test('files that are there already are found by the cache or by their content, and removed from the list', async () => {
  await syn.downloadList.add([a, sameName]);
  await syn.downloadList.download(directory, { removeFromList: false });
  const cached = await syn.downloadList.download(directory, { removeFromList: false });
  expect(cached).toMatchObject({ done: [], failed: [], bytes: 0 });
  expect(cached.skipped.map(({ path }) => basename(path))).toEqual(['a.txt', 'a(1).txt']);
  const other = await clients.open('alice', { useCache: false });
  const found = await other.downloadList.download(directory);
  expect(found).toMatchObject({ done: [], failed: [], removed: 2, bytes: 0 });
  expect(Object.keys(await contents())).toEqual(['a(1).txt', 'a.txt']);
});

test('a copy in the cache is used, and no local file is replaced', async () => {
  await mkdir(directory);
  await writeFile(join(directory, 'a.txt'), 'mine');
  await syn.get(a.id, { downloadLocation: join(clients.folder, 'elsewhere') });
  await syn.downloadList.add(a);
  const report = await syn.downloadList.download(directory);
  expect(report).toMatchObject({ bytes: 0, done: [{ path: join(directory, 'a(1).txt') }] });
  expect(await contents()).toEqual({ 'a.txt': 'mine', 'a(1).txt': 'first' });
});

test('a version and the current version of a file are two files', async () => {
  const file = await storeText(clients, syn, project, { name: 'two.txt', content: 'old' });
  await writeFile(file.path ?? '', 'new');
  await syn.store(file);
  await syn.downloadList.add([`${file.id}.1`, file.id]);
  const report = await syn.downloadList.download(directory);
  expect(report).toMatchObject({ removed: 2, failed: [] });
  expect(Object.values(await contents()).sort()).toEqual(['new', 'old']);
  expect(await manifestRows(report)).toEqual([
    expect.objectContaining({ versionNumber: '1' }),
    expect.objectContaining({ versionNumber: '2' }),
  ]);
});

test('what fails its check stays on the list, with its reason in the manifest', async () => {
  await syn.downloadList.add([a, sameName]);
  const fresh = await clients.open('alice');
  const { conditions } = clients.server;
  // The first file is the manifest of the service, and only the longer one of the others has so many bytes.
  conditions.set({ faults: [{ method: 'GET', path: '/storage/*', skip: 1, corruptAt: 7 }] });
  const report = await fresh.downloadList.download(directory).finally(() => {
    conditions.set({ faults: [] });
  });
  expect(report).toMatchObject({ removed: 1, failed: [{ id: sameName.id, name: 'a.txt' }] });
  expect(report.failed[0]?.error).toBeInstanceOf(Md5MismatchError);
  expect(await contents()).toEqual({ 'a.txt': 'first' });
  expect(await listedKeys(syn)).toEqual([`${sameName.id}.1`]);
  expect(await manifestRows(report)).toEqual([
    expect.objectContaining({ ID: a.id, error: '' }),
    expect.objectContaining({ ID: sameName.id, path: '', error: expect.stringContaining('MD5') }),
  ]);
});

test('files that cannot be downloaded are reported with what to do', async () => {
  const admin = await clients.open('admin');
  const bob = await clients.open('bob');
  const other = await clients.project(syn);
  const open = await storeText(clients, syn, other, { name: 'open.txt', content: 'open' });
  const closed = await storeText(clients, syn, other, { name: 'closed.txt', content: 'closed' });
  const gone = await storeText(clients, syn, other, { name: 'gone.txt', content: 'gone' });
  await syn.access.set(other, 'bob');
  const requirement = await requireTerms(admin, closed.id);
  await bob.downloadList.add([open.id, closed.id, gone.id]);
  await syn.delete(gone.id);
  const report = await bob.downloadList.download(directory);
  expect(report).toMatchObject({
    done: [{ id: open.id }],
    failed: [],
    blocked: 2,
    removed: 1,
    actionsRequired: [
      { files: 1, action: { accessRequirementId: requirement } },
      { files: 1, todo: expect.stringContaining('trash') },
    ],
  });
  const again = await bob.downloadList.download(directory);
  expect(again).toMatchObject({ done: [], blocked: 2 });
  expect(again.manifest).toBeUndefined();
});

test('a file in the place of the directory is refused before the first request', async () => {
  await writeFile(directory, 'a file');
  const calls = await clients.calls(async () => {
    await expect(syn.downloadList.download(directory)).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(syn.downloadList.download('x', { concurrency: 0 })).rejects.toMatchObject({
      code: 'ARGUMENT',
    });
  });
  expect(calls).toEqual([]);
  await rm(directory);
});

test('an annotation with the name of a column of ours keeps its values in another column', async () => {
  const file = await storeText(clients, syn, project, { name: 'annotated.txt', content: 'x' });
  file.annotations = { path: ['of the author'], tissue: ['liver'] };
  await syn.store(file);
  await syn.downloadList.add(file.id);
  const report = await syn.downloadList.download(directory);
  expect(await manifestRows(report)).toEqual([
    expect.objectContaining({
      'annotation.path': 'of the author',
      tissue: 'liver',
      path: join(directory, 'annotated.txt'),
    }),
  ]);
});

test('a stopped download rejects with the reason, and removes nothing', async () => {
  await syn.downloadList.add([a, sameName]);
  const controller = new AbortController();
  const reason = new Error('enough');
  const stopped = syn.downloadList.download(directory, {
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await expect(stopped).rejects.toBe(reason);
  expect(await listedKeys(syn)).toHaveLength(2);
});

test('content that is on the list twice is transferred once', async () => {
  const fresh = await clients.open('alice');
  await fresh.downloadList.add([`${a.id}.1`, a.id]);
  const calls = await clients.calls(async () => {
    const report = await fresh.downloadList.download(directory);
    expect(report).toMatchObject({ failed: [], removed: 2, bytes: 5 });
  });
  expect(calls.filter((call) => call === 'file.getFileHandleBatch')).toHaveLength(1);
  expect(await contents()).toEqual({ 'a.txt': 'first', 'a(1).txt': 'first' });
});
