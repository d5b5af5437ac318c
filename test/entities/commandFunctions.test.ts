import { beforeAll, describe, expect, test } from '@jest/globals';
import { UserNames } from '../../src/users/userNames.js';
import { annotationsFromJson } from '../../src/entities/annotationsFromJson.js';
import { listTree } from '../../src/entities/listTree.js';
import { resolveUsed } from '../../src/entities/resolveUsed.js';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  NotFoundError,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { storeDescription } from '../../src/wiki/storeDescription.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

describe('storeDescription', () => {
  const pageOf = (ownerId: string) => syn.services.wikiV1.getEntityRootWikiPageV1({ ownerId });

  test('makes the root page', async () => {
    const { id } = await syn.store(new Folder({ name: 'described', parent: project }));
    await storeDescription(syn, id, 'one');
    expect(await pageOf(id)).toMatchObject({ markdown: 'one' });
  });

  test('changes the text of a root page, and nothing else of it', async () => {
    const { id } = await syn.store(new Folder({ name: 'titled', parent: project }));
    const body = { title: 'A title', markdown: 'one' };
    await syn.services.wikiV1.createEntityWikiPageV1({ ownerId: id, body });
    await storeDescription(syn, id, 'two');
    expect(await pageOf(id)).toMatchObject({ title: 'A title', markdown: 'two' });
  });

  test('writes nothing when the page has that text', async () => {
    const { id } = await syn.store(new Folder({ name: 'same text', parent: project }));
    await storeDescription(syn, id, 'one');
    const { etag } = await pageOf(id);
    await storeDescription(syn, id, 'one');
    expect(await pageOf(id)).toMatchObject({ etag });
  });

  test('of an entity of others is refused', async () => {
    const bob = await clients.open('bob');
    await expect(storeDescription(bob, project.id, 'mine')).rejects.toThrow(AuthorizationError);
  });
});

describe('resolveUsed', () => {
  test('replaces a local file by the version that has its content', async () => {
    const path = await clients.file('used.txt', 'used by another');
    const { id } = await syn.store(new File({ path, parent: project }));
    const items = ['syn1.2', path, 'https://example.org/x'];
    expect(await resolveUsed(syn, items)).toEqual(['syn1.2', `${id}.1`, 'https://example.org/x']);
  });

  test('is an error for a local file that Synapse does not have', async () => {
    const path = await clients.file('unknown.txt', 'nobody has this');
    await expect(resolveUsed(syn, [path])).rejects.toThrow(NotFoundError);
  });

  test('looks for local files in a container', async () => {
    const path = await clients.file('elsewhere.txt', 'in another place');
    await syn.store(new File({ path, parent: project }));
    const { id: limitSearch } = await clients.project(syn);
    await expect(resolveUsed(syn, [path], { limitSearch })).rejects.toThrow(NotFoundError);
  });
});

describe('listTree', () => {
  const namesOf = async (options: { maxDepth?: number }, id: string): Promise<string[]> => {
    const names: string[] = [];
    for await (const { header, depth, isContainer } of listTree(syn, id, options)) {
      names.push(`${'  '.repeat(depth)}${header.name}${isContainer ? '/' : ''}`);
    }
    return names;
  };
  let root: Project & Stored;
  beforeAll(async () => {
    root = await clients.project(syn);
    const a = await syn.store(new Folder({ name: 'a', parent: root }));
    const b = await syn.store(new Folder({ name: 'b', parent: a }));
    await syn.store(new File({ path: await clients.file('c.txt', 'c'), parent: b }));
    await syn.store(new File({ path: await clients.file('z.txt', 'z'), parent: root }));
  });

  test('lists what a folder holds right after it', async () => {
    expect(await namesOf({}, root.id)).toEqual(['a/', '  b/', '    c.txt', 'z.txt']);
  });

  test('goes no deeper than it is told', async () => {
    expect(await namesOf({ maxDepth: 0 }, root.id)).toEqual(['a/', 'z.txt']);
    expect(await namesOf({ maxDepth: 1 }, root.id)).toEqual(['a/', '  b/', 'z.txt']);
  });
});

describe('UserNames', () => {
  test('asks once for each user, and calls an unknown one by the id', async () => {
    const names = new UserNames(syn);
    const alice = clients.server.userId;
    const calls = await clients.calls(async () => {
      const found = await names.of([alice, '987654321', undefined, alice]);
      expect([found.get(alice), found.get('987654321')]).toEqual(['alice', '987654321']);
      await names.of([alice, '987654321']);
      await names.of([]);
    });
    expect(calls).toEqual(['userProfile.listUserGroupHeadersByIds']);
  });
});

describe('annotationsFromJson', () => {
  test('takes scalars and arrays of them', () => {
    const object = { a: 'x', b: [1, 2], c: true };
    expect(annotationsFromJson(object)).toEqual(object);
  });

  test.each([[{ key: {} }], [{ key: null }], [{ key: [['x']] }]])('refuses %j', (object) => {
    expect(() => annotationsFromJson(object)).toThrow(ArgumentError);
    expect(() => annotationsFromJson(object)).toThrow('The value of "key" must be a string');
  });
});
