import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  NotFoundError,
  type Project,
  type Stored,
  type Synapse,
  type WikiTree,
} from '../../src/index.js';
import * as synapseutils from '../../src/synapseutils/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let from: Project & Stored;
let to: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
});
beforeEach(async () => {
  from = await clients.project(syn);
  to = await clients.project(syn);
});

async function texts(owner: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { id, title = '' } of syn.wiki.headers(owner)) {
    found[title] = (await syn.wiki.get(owner, { id })).markdown;
  }
  return found;
}

function titles({ title = '', children }: WikiTree): unknown {
  return children.length === 0 ? title : [title, ...children.map(titles)];
}

describe('copyWiki', () => {
  test('copies all pages with their tree, texts and attachments', async () => {
    const file = await clients.file('a.txt', 'attached');
    const root = await syn.wiki.store(from, {
      title: 'Home',
      markdown: 'home',
      attachments: [file],
    });
    const a = await syn.wiki.store(from, { title: 'A', parentId: root.id, markdown: 'text of a' });
    await syn.wiki.store(from, { title: 'A1', parentId: a.id, markdown: '', attachments: [file] });
    await syn.wiki.store(from, { title: 'B', parentId: root.id, markdown: 'ü 🧬' });
    const copies = await syn.wiki.copy(from, to);
    expect(copies.map(({ title }) => title)).toEqual(['Home', 'A', 'A1', 'B']);
    expect(copies[0]).toEqual({ id: expect.any(String), title: 'Home', copyOf: root.id });
    expect(copies[1]).toMatchObject({ copyOf: a.id, parentId: copies[0]?.id });
    expect(titles(await syn.wiki.tree(to))).toEqual(titles(await syn.wiki.tree(from)));
    expect(await texts(to.id)).toEqual(await texts(from.id));
    const { attachments } = await syn.wiki.attachments(to, copies[2]);
    expect(attachments).toMatchObject([{ fileName: 'a.txt', contentSize: 8 }]);
    const original = await syn.wiki.get(from);
    expect(attachments[0]?.id).not.toBe(original.attachmentFileHandleIds[0]);
  });

  test('rewrites links to pages and ids of entities', async () => {
    const root = await syn.wiki.store(from, { title: 'Home' });
    const sub = await syn.wiki.store(from, { title: 'Sub', parentId: root.id });
    const link = (owner: string, page: string) => `[x](#!Synapse:${owner}/wiki/${page})`;
    const text = (owner: string, pages: string[], entity: string) =>
      `${pages.map((page) => link(owner, page)).join(' ')} ${owner} ${owner}9 ${entity}.2 x${owner}`;
    const old = text(from.id, [root.id, sub.id], 'syn12');
    await syn.wiki.store(from, { markdown: old });
    await syn.wiki.store(from, { id: sub.id, markdown: old });
    const [newRoot, newSub] = await syn.wiki.copy(from, to, { entityMap: { syn12: 'syn777' } });
    const ids = [newRoot?.id ?? '', newSub?.id ?? ''];
    const expected = text(to.id, ids, 'syn777')
      .replace(`${to.id}9`, `${from.id}9`)
      .replace(`x${to.id}`, `x${from.id}`);
    expect(await texts(to.id)).toEqual({ Home: expected, Sub: expected });
    expect(await texts(from.id)).toEqual({ Home: old, Sub: old });
  });

  test('leaves the texts as they are on request', async () => {
    await syn.wiki.store(from, { title: 'Home', markdown: `${from.id} syn12` });
    const entityMap = new Map([['syn12', 'syn777']]);
    const keep = { updateLinks: false, updateSynIds: false, entityMap };
    await syn.wiki.copy(from, to, keep);
    expect(await texts(to.id)).toEqual({ Home: `${from.id} syn12` });
    await syn.wiki.copy(from, to, { ...keep, updateSynIds: true });
    expect(await texts(to.id)).toEqual({ Home: `${from.id} syn777` });
  });

  test('writes a page once, unless it links to pages after it', async () => {
    const root = await syn.wiki.store(from, { title: 'Home', markdown: 'no links' });
    for (const title of ['A', 'B', 'C']) {
      const markdown = `up: ${from.id}/wiki/${root.id}`;
      await syn.wiki.store(from, { title, parentId: root.id, markdown });
    }
    const self = await syn.wiki.store(from, { title: 'Self', parentId: root.id });
    await syn.wiki.store(from, { id: self.id, markdown: `${from.id}/wiki/${self.id}` });
    const calls = await clients.calls(() => syn.wiki.copy(from, to));
    const count = (name: string) => calls.filter((call) => call === name).length;
    expect(count('wiki.createEntityWikiPage')).toBe(5);
    expect(count('wiki.updateEntityWikiPage')).toBe(1);
    expect(count('wiki.getEntityWikiPage')).toBe(5);
    expect(count('file.copyFileHandleBatch')).toBe(1);
    expect(count('file.createMultipartUpload')).toBe(4);
  });

  test('maps the order of the pages', async () => {
    const root = await syn.wiki.store(from, { title: 'Home' });
    const ids: string[] = [];
    for (const title of ['A', 'B', 'C']) {
      ids.push((await syn.wiki.store(from, { title, parentId: root.id })).id);
    }
    await syn.wiki.setOrderHint(from, [root.id, ...ids.reverse()]);
    await syn.wiki.copy(from, to);
    expect(titles(await syn.wiki.tree(to))).toEqual(['Home', 'C', 'B', 'A']);
  });

  test('gives nothing, and writes nothing, without a wiki', async () => {
    const calls = await clients.calls(async () => {
      expect(await syn.wiki.copy(from, to)).toEqual([]);
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
  });

  test('is an error without the entity', async () => {
    await expect(syn.wiki.copy('syn99999999', to)).rejects.toThrow(NotFoundError);
    await syn.wiki.store(from, { title: 'Home' });
    await expect(syn.wiki.copy(from, 'syn99999999')).rejects.toThrow(NotFoundError);
    await expect(syn.wiki.copy(`${from.id}.1`, to)).rejects.toThrow(ArgumentError);
  });

  test('refuses an entityMap with what is not an id', async () => {
    await syn.wiki.store(from, { title: 'Home' });
    const maps: Record<string, string>[] = [{ syn1: 'x' }, { 'syn1.2': 'syn3' }, { '.*': 'syn3' }];
    for (const entityMap of maps) {
      await expect(syn.wiki.copy(from, to, { entityMap })).rejects.toThrow(ArgumentError);
    }
  });
});

describe('copyWiki to a destination with a wiki', () => {
  test('replaces the content of the root page and keeps it in the history', async () => {
    const file = await clients.file('a.txt', 'attached');
    const page = { title: 'Home', markdown: 'new', attachments: [file] };
    const root = await syn.wiki.store(from, page);
    await syn.wiki.store(from, { title: 'A', parentId: root.id, markdown: 'a' });
    const there = await syn.wiki.store(to, { title: 'Old', markdown: 'old' });
    await syn.wiki.store(to, { title: 'Old sub', parentId: there.id, markdown: 'stays' });
    const [first] = await syn.wiki.copy(from, to);
    expect(first).toEqual({ id: there.id, title: 'Home', copyOf: root.id });
    expect(await texts(to.id)).toEqual({ Home: 'new', 'Old sub': 'stays', A: 'a' });
    expect(await syn.wiki.get(to, { version: 0 })).toMatchObject({ title: 'Old', markdown: 'old' });
  });

  test('copies a page and what is below it over a page', async () => {
    const root = await syn.wiki.store(from, { title: 'Home', markdown: 'home' });
    const a = await syn.wiki.store(from, { title: 'A', parentId: root.id, markdown: 'a' });
    const links = `${from.id}/wiki/${a.id} ${from.id}/wiki/${root.id}`;
    await syn.wiki.store(from, { title: 'A1', parentId: a.id, markdown: links });
    const there = await syn.wiki.store(to, { title: 'Root', markdown: 'root' });
    const sub = await syn.wiki.store(to, { title: 'Sub', parentId: there.id, markdown: 'sub' });
    const copies = await synapseutils.copyWiki(syn, from, to, {
      entitySubPageId: a.id,
      destinationSubPageId: Number(sub.id),
    });
    expect(copies.map(({ title }) => title)).toEqual(['A', 'A1']);
    expect(await texts(to.id)).toEqual({
      Root: 'root',
      A: 'a',
      A1: `${to.id}/wiki/${sub.id} ${from.id}/wiki/${root.id}`,
    });
    expect(titles(await syn.wiki.tree(to))).toEqual(['Root', ['A', 'A1']]);
  });

  test('refuses pages that do not exist before anything is written', async () => {
    await syn.wiki.store(from, { title: 'Home' });
    const missing = { entitySubPageId: '999999' };
    await expect(syn.wiki.copy(from, to, missing)).rejects.toThrow('no wiki page 999999');
    await syn.wiki.store(to, { title: 'Root' });
    const nowhere = { destinationSubPageId: '999999' };
    const calls = await clients.calls(() =>
      expect(syn.wiki.copy(from, to, nowhere)).rejects.toThrow(NotFoundError),
    );
    expect(calls.filter((call) => /create|update|copy/.test(call))).toEqual([]);
  });

  test('refuses to copy a page over itself, but copies one within a wiki', async () => {
    const root = await syn.wiki.store(from, { title: 'Home', markdown: 'home' });
    const a = await syn.wiki.store(from, { title: 'A', parentId: root.id, markdown: 'a' });
    const b = await syn.wiki.store(from, { title: 'B', parentId: root.id, markdown: 'b' });
    await expect(syn.wiki.copy(from, from)).rejects.toThrow('copied over itself');
    const below = { destinationSubPageId: a.id };
    await expect(syn.wiki.copy(from, from, below)).rejects.toThrow('copied over itself');
    await syn.wiki.copy(from, from, { entitySubPageId: a.id, destinationSubPageId: b.id });
    expect(titles(await syn.wiki.tree(from))).toEqual(['Home', 'A', 'A']);
  });
});

describe('copyWiki of another user’s wiki', () => {
  test('copies attachments that the caller may download', async () => {
    const file = await clients.file('a.txt', 'attached');
    await syn.wiki.store(from, { title: 'Home', markdown: 'x', attachments: [file] });
    const bob = await clients.open('bob');
    const mine = await clients.project(bob);
    await expect(bob.wiki.copy(from.id, mine)).rejects.toThrow(AuthorizationError);
    await syn.setPermissions(from, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
    await bob.wiki.copy(from.id, mine);
    const { attachments } = await bob.wiki.attachments(mine);
    expect(attachments).toMatchObject([{ fileName: 'a.txt' }]);
  });

  test('writes nothing where the caller may not write', async () => {
    await syn.wiki.store(from, { title: 'Home', markdown: 'x' });
    await syn.setPermissions(from, 'bob', { accessType: ['READ', 'DOWNLOAD'] });
    await syn.setPermissions(to, 'bob', { accessType: ['READ'] });
    const bob = await clients.open('bob');
    await expect(bob.wiki.copy(from.id, to.id)).rejects.toThrow(AuthorizationError);
    await expect(syn.wiki.get(to)).rejects.toThrow(NotFoundError);
  });
});
