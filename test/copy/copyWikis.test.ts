import { describe, expect, test } from '@jest/globals';
import { Folder, type Synapse } from '../../src/index.js';
import { complete, withCopies } from './copies.js';

const copies = withCopies();

async function pagesOf(syn: Synapse, id: string): Promise<[string, string][]> {
  const pages: [string, string][] = [];
  for await (const { id: pageId, title = '' } of syn.wiki.headers(id)) {
    pages.push([title, (await syn.wiki.get(id, { id: pageId })).markdown]);
  }
  return pages;
}

describe('wikis', () => {
  test('are copied with their pages and attachments, and refer to the copies', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const folder = await copies.syn.store(new Folder({ name: 'f', parentId: from }));
    const file = await copies.storeFile('a', folder.id);
    const picture = await copies.syn.fileHandles.upload(Buffer.from('picture'), {
      fileName: 'p.txt',
    });
    const root = await copies.syn.wiki.store(from, {
      title: 'Root',
      markdown: `See ${file.id} and ${from} λ`,
      attachmentFileHandleIds: [picture.id ?? ''],
    });
    await copies.syn.wiki.store(from, {
      title: 'Sub',
      parentId: root.id,
      markdown: `Up: ${from}/wiki/${root.id}, and ${folder.id}1`,
    });
    await copies.syn.wiki.store(folder.id, { title: 'F', markdown: `In ${folder.id}` });
    const mapping = complete(await copies.syn.copy(from, { to }));
    const top = await copies.syn.wiki.tree(to);
    expect(await pagesOf(copies.syn, to)).toEqual([
      ['Root', `See ${mapping.get(file.id)} and ${to} λ`],
      ['Sub', `Up: ${to}/wiki/${top.id}, and ${folder.id}1`],
    ]);
    const folderCopy = mapping.get(folder.id) ?? '';
    expect(await pagesOf(copies.syn, folderCopy)).toEqual([['F', `In ${folderCopy}`]]);
    const { attachments: files } = await copies.syn.wiki.attachments(to, top.id);
    expect(files.map(({ fileName }) => fileName)).toEqual(['p.txt']);

    const writes = await copies.writesOf(async () => {
      const report = await copies.syn.copy(from, { to, updateExisting: true });
      expect(complete(report).size).toBe(3);
      expect(report.done).toEqual([]);
    });
    expect(writes).toEqual({});
  });

  test('that were left half done are completed, and no page is there twice', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    const root = await copies.syn.wiki.store(from, { title: 'Root', markdown: 'root' });
    for (const title of ['One', 'Two']) {
      await copies.syn.wiki.store(from, { title, markdown: title, parentId: root.id });
    }
    const there = await copies.syn.wiki.store(to, { title: 'Root', markdown: 'old' });
    await copies.syn.wiki.store(to, { title: 'Two', markdown: 'old', parentId: there.id });
    await copies.syn.wiki.store(to, { title: 'Own', markdown: 'own', parentId: there.id });
    await expect(copies.syn.copy(from, { to })).rejects.toThrow('has a wiki');
    complete(await copies.syn.copy(from, { to, updateExisting: true }));
    expect((await pagesOf(copies.syn, to)).sort()).toEqual([
      ['One', 'One'],
      ['Own', 'own'],
      ['Root', 'root'],
      ['Two', 'Two'],
    ]);
  });

  test('take the place of an empty page, as the website makes it', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    await copies.syn.wiki.store(from, { title: 'Root', markdown: 'root' });
    await copies.syn.wiki.store(to, { markdown: '' });
    complete(await copies.syn.copy(from, { to }));
    expect(await pagesOf(copies.syn, to)).toEqual([['Root', 'root']]);
  });

  test('can be left out', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    await copies.syn.wiki.store(from, { title: 'Root', markdown: 'root' });
    complete(await copies.syn.copy(from, { to, skipCopyWiki: true }));
    await expect(copies.syn.wiki.get(to)).rejects.toThrow();
  });

  test('that cannot be copied are failures, and the rest is copied', async () => {
    const [from, to] = [await copies.newProject(), await copies.newProject()];
    await copies.syn.wiki.store(from, { title: 'Root', markdown: 'root' });
    const file = await copies.storeFile('a', from);
    const plan = await copies.syn.planCopy(from, { to });
    copies.server.synapse.conditions.set({
      faults: [{ operation: 'wiki.createEntityWikiPage', status: 400, reason: 'no wiki' }],
    });
    const report = await plan.apply();
    copies.server.synapse.conditions.set({ faults: [] });
    expect(report.failures).toHaveLength(1);
    expect(Object.keys(report.mapping)).toEqual([from, file.id]);
  });
});
