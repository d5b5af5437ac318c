import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  PreconditionFailedError,
  type Project,
  type Stored,
  type Synapse,
  type WikiTree,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let owner: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice', { retry: { baseDelay: 1, maxDelay: 5 } });
});
beforeEach(async () => {
  owner = await clients.project(syn);
});
afterEach(() => clients.server.conditions.reset());

const losses = {
  'handled, and its answer lost': { loseAnswer: true },
  'lost on the way': { dropRequestAt: 0 },
  'given up by a gateway': { status: 504 },
} as const;
const allLosses = Object.keys(losses) as (keyof typeof losses)[];

function lose(operation: string, loss: keyof typeof losses, skip = 0): void {
  clients.server.conditions.set({ faults: [{ operation, times: 1, skip, ...losses[loss] }] });
}

async function pagesOf(id: string): Promise<{ title?: string; parentId?: string }[]> {
  const pages = [];
  for await (const { title, parentId } of syn.wiki.headers(id)) pages.push({ title, parentId });
  return pages;
}

describe.each(allLosses)('a request that is %s', (loss) => {
  test('creates one root page', async () => {
    lose('wiki.createEntityWikiPage', loss);
    const page = await syn.wiki.store(owner, { title: 'Home', markdown: 'x' });
    expect(await syn.wiki.get(owner)).toMatchObject({ id: page.id, markdown: 'x' });
    expect(await pagesOf(owner.id)).toHaveLength(1);
  });

  test('creates one page below another, also beside one of the same title and text', async () => {
    const { id: parentId } = await syn.wiki.store(owner, { title: 'Home' });
    const page = { title: 'Sub', parentId, markdown: 'same' };
    const first = await syn.wiki.store(owner, page);
    lose('wiki.createEntityWikiPage', loss);
    const second = await syn.wiki.store(owner, page);
    expect(second.id).not.toBe(first.id);
    expect(await pagesOf(owner.id)).toHaveLength(3);
  });

  test('updates a page once', async () => {
    await syn.wiki.store(owner, { title: 'Home', markdown: 'one' });
    lose('wiki.updateEntityWikiPage', loss);
    const page = await syn.wiki.store(owner, { markdown: 'two' });
    expect(await syn.wiki.get(owner)).toEqual({ ...page, markdown: 'two' });
    const versions = [];
    for await (const { version } of syn.wiki.history(owner)) versions.push(version);
    expect(versions).toEqual([1, 0]);
  });

  test('restores a version once', async () => {
    const page = await syn.wiki.store(owner, { title: 'Home', markdown: 'one' });
    await syn.wiki.store(owner, { markdown: 'two' });
    lose('wiki.restoreEntityWikiPageVersion', loss);
    await syn.wiki.restore(owner, page, 0);
    const versions = [];
    for await (const { version } of syn.wiki.history(owner)) versions.push(version);
    expect(versions).toEqual([2, 1, 0]);
    expect((await syn.wiki.get(owner)).markdown).toBe('one');
  });

  test('sets the order, and deletes', async () => {
    const { id } = await syn.wiki.store(owner, { title: 'Home' });
    lose('wiki.updateEntityWikiOrderHint', loss);
    expect((await syn.wiki.setOrderHint(owner, [id])).ids).toEqual([id]);
    lose('wiki.deleteEntityWikiPage', loss);
    await syn.wiki.delete(owner, id);
    await expect(pagesOf(owner.id)).rejects.toThrow('root wiki');
  });

  test.each([0, 1, 2])('copies each page once (page %i)', async (skip) => {
    const { id: parentId } = await syn.wiki.store(owner, { title: 'Home', markdown: 'x' });
    await syn.wiki.store(owner, { title: 'A', parentId, markdown: 'x' });
    await syn.wiki.store(owner, { title: 'A', parentId, markdown: 'x' });
    const to = await clients.project(syn);
    lose('wiki.createEntityWikiPage', loss, skip);
    await syn.wiki.copy(owner, to);
    expect(await pagesOf(to.id)).toHaveLength(3);
  });
});

test('a page that another user changed meanwhile is not overwritten', async () => {
  await syn.wiki.store(owner, { title: 'Home', markdown: 'one' });
  const page = await syn.wiki.get(owner);
  await syn.wiki.store(owner, { markdown: 'two' });
  lose('wiki.updateEntityWikiPage', 'lost on the way');
  const call = syn.wiki.store(owner, { ...page, markdown: 'three' });
  await expect(call).rejects.toThrow(PreconditionFailedError);
  expect((await syn.wiki.get(owner)).markdown).toBe('two');
});

describe('a wiki of 200 pages in 20 levels', () => {
  function shape({ title, children }: WikiTree): unknown {
    return [title, children.map(shape)];
  }

  test('is copied while one request in twenty fails', async () => {
    const ids = [(await syn.wiki.store(owner, { title: 'Page 0', markdown: 'start' })).id];
    for (let index = 1; index < 200; index += 1) {
      const parentId = ids[Math.floor((index - 1) / 10) * 10] ?? '';
      const markdown = `${owner.id}/wiki/${ids[0]} ${owner.id}/wiki/${ids.at(-1)} ${index}`;
      ids.push((await syn.wiki.store(owner, { title: `Page ${index}`, parentId, markdown })).id);
    }
    const to = await clients.project(syn);
    clients.server.conditions.set({ faults: [{ status: 503, probability: 0.05 }], seed: 7 });
    const copies = await syn.wiki.copy(owner, to);
    clients.server.conditions.reset();
    expect(copies).toHaveLength(200);
    const newIds = new Map(copies.map(({ copyOf, id }) => [copyOf, id]));
    expect(shape(await syn.wiki.tree(to))).toEqual(shape(await syn.wiki.tree(owner)));
    for (const index of [1, 57, 199]) {
      const { markdown } = await syn.wiki.get(to, { title: `Page ${index}` });
      const links = [ids[0], ids[index - 1]].map((id) => {
        return `${to.id}/wiki/${newIds.get(id ?? '')}`;
      });
      expect(markdown).toBe(`${links.join(' ')} ${index}`);
    }
  }, 60_000);
});
