import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Progress, Project, Stored, Synapse, WikiTree } from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let owner: Project & Stored;
let folder: string;
let count = 0;
beforeAll(async () => {
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
});
beforeEach(async () => {
  owner = await clients.project(syn);
  count += 1;
  folder = join(clients.folder, `folder-${count}`);
});
afterEach(() => clients.server.conditions.reset());

function shape({ title, children }: WikiTree): unknown {
  return [title, children.map(shape)];
}

/** A home page that links to the pages below it. */
async function pages(amount: number): Promise<string[]> {
  const { id: home } = await syn.wiki.store(owner, { title: 'Home', markdown: '' });
  const ids = [home];
  for (let index = 1; index < amount; index += 1) {
    const page = { title: `Page ${index}`, parentId: home, markdown: `text ${index}` };
    ids.push((await syn.wiki.store(owner, page)).id);
  }
  const markdown = ids.map((id) => `[p](#!Synapse:${owner.id}/wiki/${id})`).join('\n');
  await syn.wiki.store(owner, { id: home, markdown });
  return ids;
}

const losses = {
  'handled, and its answer lost': { loseAnswer: true },
  'lost on the way': { dropRequestAt: 0 },
  'given up by a gateway': { status: 504 },
} as const;

describe.each(Object.keys(losses) as (keyof typeof losses)[])('a request that is %s', (loss) => {
  test.each([
    ['wiki.createEntityWikiPage', 0],
    ['wiki.createEntityWikiPage', 2],
    ['wiki.updateEntityWikiPage', 0],
    ['wiki.updateEntityWikiOrderHint', 0],
    ['file.copyFileHandleBatch', 0],
  ])('imports each page once (%s, %i)', async (operation, skip) => {
    const ids = await pages(4);
    const path = await clients.file('a.txt', 'a');
    await syn.wiki.store(owner, { id: ids[1], attachments: [path] });
    await syn.wiki.setOrderHint(owner, ids.toReversed());
    await syn.wiki.export(owner, folder);
    const to = await clients.project(syn);
    clients.server.conditions.set({ faults: [{ operation, times: 1, skip, ...losses[loss] }] });
    expect((await syn.wiki.import(folder, to)).failures).toEqual([]);
    clients.server.conditions.reset();
    expect(shape(await syn.wiki.tree(to))).toEqual(shape(await syn.wiki.tree(owner)));
    const { pages: again } = await syn.wiki.import(folder, to);
    expect(again.map(({ action }) => action)).toEqual(Array(4).fill('keep'));
  });
});

describe('a failure of one page', () => {
  test('is told in an import, and the next import does the rest', async () => {
    await pages(5);
    await syn.wiki.export(owner, folder);
    const to = await clients.project(syn);
    const fault = { operation: 'wiki.createEntityWikiPage', times: 1, skip: 2, status: 403 };
    clients.server.conditions.set({ faults: [fault] });
    const { failures } = await syn.wiki.import(folder, to);
    expect(failures).toHaveLength(1);
    clients.server.conditions.reset();
    const next = await syn.wiki.import(folder, to);
    expect(next.failures).toEqual([]);
    expect(next.pages.filter(({ action }) => action === 'create')).toHaveLength(1);
    const titles = (await syn.wiki.tree(to)).children.map(({ title }) => title).sort();
    expect(titles).toEqual(['Page 1', 'Page 2', 'Page 3', 'Page 4']);
    const { markdown } = await syn.wiki.get(to);
    expect(markdown).not.toContain(owner.id);
    expect(markdown).not.toContain('.md');
  });

  test('is told for the pages below it, which cannot be stored', async () => {
    const { id: home } = await syn.wiki.store(owner, { title: 'Home', markdown: '' });
    const { id: parentId } = await syn.wiki.store(owner, { title: 'A', parentId: home });
    await syn.wiki.store(owner, { title: 'Below', parentId });
    await syn.wiki.export(owner, folder);
    const to = await clients.project(syn);
    const fault = { operation: 'wiki.createEntityWikiPage', times: 1, skip: 1, status: 403 };
    clients.server.conditions.set({ faults: [fault] });
    const { failures } = await syn.wiki.import(folder, to);
    expect(failures.map(({ path }) => path)).toEqual(['Home/A.md', 'Home/A/Below.md']);
    expect(failures[1]?.error.message).toBe('The page above it was not stored: Home/A.md.');
  });

  test('is told in an export, and the next export does the rest', async () => {
    await pages(3);
    const path = await clients.file('a.txt', 'attached');
    await syn.wiki.store(owner, { attachments: [path] });
    const fault = { method: 'GET', path: '/storage/*', status: 404 };
    clients.server.conditions.set({ faults: [fault] });
    const first = await syn.wiki.export(owner, folder);
    expect(first.failures.length).toBeGreaterThan(0);
    clients.server.conditions.reset();
    const { failures } = await syn.wiki.export(owner, folder);
    expect(failures).toEqual([]);
    const to = await clients.project(syn);
    await syn.wiki.import(folder, to);
    expect(shape(await syn.wiki.tree(to))).toEqual(shape(await syn.wiki.tree(owner)));
    expect((await syn.wiki.attachments(to)).attachments).toHaveLength(1);
  });
});

describe('an abort', () => {
  test('ends an export with its reason, and the next export completes it', async () => {
    await pages(20);
    const controller = new AbortController();
    clients.server.conditions.set({ faults: [{ operation: 'wiki.getEntityWikiPage', delay: 50 }] });
    setTimeout(() => controller.abort(new Error('enough')), 100);
    const call = syn.wiki.export(owner, folder, { signal: controller.signal });
    await expect(call).rejects.toThrow('enough');
    clients.server.conditions.reset();
    expect((await syn.wiki.export(owner, folder)).failures).toEqual([]);
    expect(await readdir(join(folder, 'Home'))).toHaveLength(19);
  });

  test('ends an import with its reason, and the next import completes it', async () => {
    await pages(20);
    await syn.wiki.export(owner, folder);
    const to = await clients.project(syn);
    const controller = new AbortController();
    let created = 0;
    const timer = setInterval(() => {
      created = clients.server.requests.counts()['wiki.createEntityWikiPage'] ?? 0;
      if (created > 3) controller.abort(new Error('enough'));
    }, 1);
    clients.server.requests.clear();
    const call = syn.wiki.import(folder, to, { signal: controller.signal });
    await expect(call).rejects.toThrow('enough');
    clearInterval(timer);
    const { failures } = await syn.wiki.import(folder, to);
    expect(failures).toEqual([]);
    expect((await syn.wiki.tree(to)).children).toHaveLength(19);
    const { pages: last } = await syn.wiki.import(folder, to);
    expect(last.every(({ action }) => action === 'keep')).toBe(true);
  });
});

test('progress is told for each attachment', async () => {
  const path = await clients.file('a.txt', 'attached');
  await syn.wiki.store(owner, { title: 'Home', attachments: [path] });
  const seen: Progress[] = [];
  const onProgress = (progress: Progress): number => seen.push(progress);
  await syn.wiki.export(owner, folder, { onProgress });
  expect(seen.at(-1)).toMatchObject({ kind: 'download', state: 'done', totalBytes: 8 });
  await writeFile(join(folder, 'Home.files/a.txt'), 'changed content');
  await syn.wiki.import(folder, owner, { onProgress });
  expect(seen.at(-1)).toMatchObject({ kind: 'upload', state: 'done', totalBytes: 15 });
});

test('249 pages are exported with one request per hundred files', async () => {
  await pages(249);
  const calls = await clients.calls(() => syn.wiki.export(owner, folder));
  const counts = (name: string): number => calls.filter((call) => call === name).length;
  expect(counts('wiki.getEntityWikiPage')).toBe(249);
  expect(counts('wiki.listEntityWikiHeaders')).toBe(5);
  expect(counts('file.getFileHandleBatch')).toBe(3);
  const again = await clients.calls(() => syn.wiki.import(folder, owner));
  expect(again).toHaveLength(6);
  const home = await readFile(join(folder, 'Home.md'), 'utf8');
  expect(home).toContain('[p](Home/Page%20248.md)');
}, 60_000);
