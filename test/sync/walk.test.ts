import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  Folder,
  Link,
  NotFoundError,
  SynapseError,
  Table,
  type Project,
  type SkippedLink,
  type Stored,
  type Synapse,
  type WalkOptions,
  type WalkStep,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
beforeAll(async () => {
  syn = await clients.open('alice');
});

async function steps(parent: string | (Project & Stored), options?: WalkOptions) {
  const found: WalkStep[] = [];
  for await (const step of syn.walk(parent, options)) found.push(step);
  return found;
}

const pathsOf = (found: WalkStep[]): string[] => found.map(({ path }) => path);
const folder = (name: string, parent: string) => syn.store(new Folder({ name, parent }));
const link = (name: string, parent: string, target: string) =>
  syn.store(new Link({ name, parent, target }));
const table = (name: string, parent: string) => syn.store(new Table({ name, parent, columns: [] }));
const listed = (calls: string[]): number =>
  calls.filter((name) => name === 'entity.listEntityChildren').length;

/** The operations that were called, also those whose answer has just arrived. */
const callsOf = (run: () => Promise<unknown>): Promise<string[]> => {
  // The server keeps the newest ones only.
  clients.server.requests.clear();
  return clients.calls(async () => {
    await run();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
};

/** A project with `wide` folders, each with two folders. */
async function wideTree(wide: number): Promise<string> {
  const { id } = await clients.project(syn);
  const names = Array.from({ length: wide }, (_, index) => `f${String(index).padStart(2, '0')}`);
  await Promise.all(
    names.map(async (name) => {
      const { id: outer } = await folder(name, id);
      await folder('a', outer);
      await folder('b', outer);
    }),
  );
  return id;
}

describe('a walk', () => {
  test('is the same for every concurrency: depth first, from the top down', async () => {
    const id = await wideTree(6);
    const expected = pathsOf(await steps(id, { concurrency: 1 }));
    expect(expected.slice(0, 5)).toEqual(['', 'f00', 'f00/a', 'f00/b', 'f01']);
    expect(expected).toHaveLength(19);
    for (const concurrency of [2, 3, 16]) {
      expect(pathsOf(await steps(id, { concurrency }))).toEqual(expected);
    }
  });

  test('lists each container once', async () => {
    const id = await wideTree(6);
    expect(await callsOf(() => steps(id))).toEqual(Array(19).fill('entity.listEntityChildren'));
  });

  test('lists no more ahead than the concurrency, and nothing after a break', async () => {
    const id = await wideTree(20);
    const calls = await callsOf(async () => {
      for await (const { path } of syn.walk(id, { concurrency: 4 })) if (path === '') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    expect(listed(calls)).toBeLessThanOrEqual(5);
  });

  test('lists nothing ahead with a concurrency of 1', async () => {
    const id = await wideTree(3);
    const calls = await callsOf(async () => {
      for await (const { path } of syn.walk(id, { concurrency: 1 })) if (path === 'f00') break;
    });
    expect(listed(calls)).toBe(2);
  });

  test('goes no deeper than maxDepth, and shows the folders that are there', async () => {
    const id = await wideTree(2);
    const found = await steps(id, { maxDepth: 1 });
    expect(pathsOf(found)).toEqual(['', 'f00', 'f01']);
    expect(found[1]?.folders.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(pathsOf(await steps(id, { maxDepth: 0 }))).toEqual(['']);
  });

  test('has the given types only, and goes into all folders', async () => {
    const { id } = await clients.project(syn);
    const { id: inner } = await folder('inner', id);
    await table('t', inner);
    await link('l', inner, id);
    const names = async (includeTypes: WalkOptions['includeTypes']) =>
      (await steps(id, { includeTypes })).flatMap(({ files }) => files.map(({ name }) => name));
    expect(await names(['link'])).toEqual(['l']);
    expect(await names(['table'])).toEqual(['t']);
    expect(await names([])).toEqual([]);
    expect(await names(undefined)).toEqual(['l', 't']);
  });

  test('of what is no container is an error, as is one of what does not exist', async () => {
    const { id } = await clients.project(syn);
    const { id: tableId } = await table('t', id);
    const { id: linkId } = await link('l', id, id);
    await expect(steps(tableId)).rejects.toThrow(ArgumentError);
    await expect(steps(linkId)).rejects.toThrow(/is a Link.*followLinks/);
    await expect(steps('syn999999999')).rejects.toThrow(NotFoundError);
    await expect(steps(id, { concurrency: 0 })).rejects.toThrow(ArgumentError);
  });

  test('ends with an error that names the folder that cannot be listed', async () => {
    const { id } = await clients.project(syn);
    const { id: outer } = await folder('outer', id);
    const { id: inner } = await folder('inner', outer);
    const found: string[] = [];
    const all = async (): Promise<void> => {
      for await (const { path } of syn.walk(id, { concurrency: 1 })) {
        found.push(path);
        if (path === 'outer') await syn.delete(inner);
      }
    };
    const error: unknown = await all().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SynapseError);
    expect(error).toMatchObject({ code: 'NOT_FOUND', cause: expect.any(NotFoundError) });
    expect((error as Error).message).toContain(`Cannot list the folder outer/inner (${inner}): `);
    expect(found).toEqual(['', 'outer']);
  });

  test('ends with the reason of its signal', async () => {
    const id = await wideTree(3);
    const controller = new AbortController();
    const reason = new Error('enough');
    const all = async (): Promise<void> => {
      for await (const { path } of syn.walk(id, { signal: controller.signal })) {
        if (path === 'f00') controller.abort(reason);
      }
    };
    await expect(all()).rejects.toBe(reason);
  });

  test('sums the sizes of files where that is asked for', async () => {
    const { id } = await clients.project(syn);
    const { id: inner } = await folder('inner', id);
    const { File } = await import('../../src/index.js');
    const path = await clients.file('a.txt', 'four');
    await syn.store(new File({ path, parent: inner }));
    const found = await steps(id, { includeSumFileSizes: true });
    expect(found.map(({ sumFileSizesBytes }) => sumFileSizesBytes)).toEqual([0, 4]);
    expect((await steps(id)).every((step) => !('sumFileSizesBytes' in step))).toBe(true);
  });
});

describe('links', () => {
  const follow = async (id: string, options: WalkOptions = {}) => {
    const skipped: SkippedLink[] = [];
    const onSkippedLink = (one: SkippedLink): void => void skipped.push(one);
    const found = await steps(id, { followLinks: true, onSkippedLink, ...options });
    return { found, skipped };
  };

  test('are files of the walk when they are not followed', async () => {
    const { id } = await clients.project(syn);
    const { id: target } = await clients.project(syn);
    await link('l', id, target);
    const [step] = await steps(id);
    expect(step?.files.map(({ name, type }) => [name, type])).toEqual([
      ['l', 'org.sagebionetworks.repo.model.Link'],
    ]);
  });

  test('to a folder are walked under the name of the link', async () => {
    const { id: far } = await clients.project(syn);
    const { id: farFolder } = await folder('far', far);
    const { id: farTable } = await table('t', farFolder);
    const { id } = await clients.project(syn);
    const { id: linkId } = await link('near', id, farFolder);
    const { found, skipped } = await follow(id);
    expect(pathsOf(found)).toEqual(['', 'near']);
    expect(found[0]?.folders[0]).toMatchObject({
      id: farFolder,
      name: 'near',
      link: { id: linkId },
    });
    expect(found[1]?.files[0]).toMatchObject({ id: farTable, name: 't' });
    expect(skipped).toEqual([]);
  });

  test('to links lead to the end of the chain', async () => {
    const { id } = await clients.project(syn);
    const { id: target } = await clients.project(syn);
    const { id: other } = await clients.project(syn);
    const { id: first } = await link('l1', other, target);
    await link('l2', id, first);
    const { found, skipped } = await follow(id);
    expect(found.map(({ path, id: each }) => [path, each])).toEqual([
      ['', id],
      ['l2', target],
    ]);
    expect(skipped).toEqual([]);
  });

  test('to a folder that they are in are not followed, and said', async () => {
    const { id } = await clients.project(syn);
    const { id: inner } = await folder('inner', id);
    const { id: loop } = await link('loop', inner, id);
    const { found, skipped } = await follow(id);
    expect(pathsOf(found)).toEqual(['', 'inner']);
    expect(found[1]?.folders).toMatchObject([
      { id, name: 'loop', link: { id: loop }, isSkipped: true },
    ]);
    expect(skipped).toMatchObject([{ id: loop, name: 'loop', path: 'inner/loop' }]);
    expect(skipped[0]?.reason).toContain('would never end');
  });

  test('through which a folder is in itself are followed up to there', async () => {
    const { id } = await clients.project(syn);
    const { id: inner } = await folder('inner', id);
    await link('up', inner, id);
    const { found, skipped } = await follow(inner);
    expect(pathsOf(found)).toEqual(['', 'up']);
    expect(found[1]?.folders).toMatchObject([{ id: inner, isSkipped: true }]);
    expect(skipped).toMatchObject([{ id: inner, path: 'up/inner' }]);
    expect(skipped[0]?.reason).toContain('through a link, it is');
  });

  test('that are dead are said, and stay in the list', async () => {
    const { id } = await clients.project(syn);
    const { id: inner } = await folder('inner', id);
    const { id: gone } = await folder('gone', inner);
    const { id: dead } = await link('dead', id, gone);
    await syn.delete(gone);
    const { found, skipped } = await follow(id);
    expect(found[0]?.files.map(({ id: each }) => each)).toEqual([dead]);
    expect(skipped).toMatchObject([{ id: dead, path: 'dead' }]);
    const { notes } = clients;
    const before = notes.length;
    await steps(id, { followLinks: true });
    expect(notes.slice(before).join()).toMatch(/not followed: dead \(syn\d+\): /);
  });

  test('that multiply a folder without end are cut, and said', async () => {
    const { id } = await clients.project(syn);
    const folders = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((n) => folder(n, id)));
    for (const each of folders) {
      for (const other of folders) {
        if (each !== other) await link(`to ${other.name}`, each.id, other.id);
      }
    }
    const { found, skipped } = await follow(id);
    expect(found.length).toBeLessThan(700);
    expect(skipped.some(({ reason }) => reason.includes('reached 100 times'))).toBe(true);
  });

  test('to a folder that comes later do not hide it', async () => {
    const { id } = await clients.project(syn);
    const { id: a } = await folder('a', id);
    const { id: b } = await folder('b', id);
    const { id: c } = await folder('c', b);
    await link('to c', a, c);
    const { found, skipped } = await follow(id);
    expect(pathsOf(found)).toEqual(['', 'a', 'a/to c', 'b', 'b/c']);
    expect(skipped).toEqual([]);
  });

  test('as the start are followed on request', async () => {
    const { id } = await clients.project(syn);
    const { id: other } = await clients.project(syn);
    const { id: start } = await link('l', other, id);
    const { found } = await follow(start);
    expect(found.map(({ id: each }) => each)).toEqual([id]);
  });
});

describe('getChildren', () => {
  test('tells the totals of the children with the first page', async () => {
    const { id } = await clients.project(syn);
    for (const name of ['a', 'b', 'c']) await folder(name, id);
    const totals: unknown[] = [];
    const calls = await callsOf(async () => {
      const children = syn.getChildren(id, {
        includeTotalChildCount: true,
        includeSumFileSizes: true,
        onTotals: (one) => totals.push(one),
      });
      for await (const { name } of children) expect(name).toBeTruthy();
    });
    expect(totals).toEqual([{ totalChildCount: 3, sumFileSizesBytes: 0 }]);
    expect(calls).toEqual(['entity.listEntityChildren']);
  });
});
