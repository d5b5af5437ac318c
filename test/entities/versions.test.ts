import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  File,
  Folder,
  Link,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let file: string;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  const path = await clients.file('versions.txt', 'one');
  const stored = await syn.store(new File({ path, parent: project, annotations: { v: 1 } }));
  await syn.store(stored, { versionLabel: 'two' });
  file = stored.id;
});

const one = (): string => `${file}.1`;
const drain = async (items: AsyncIterable<unknown>): Promise<number> => {
  let count = 0;
  for await (const item of items) count += item === undefined ? 0 : 1;
  return count;
};

describe('an id with a version', () => {
  const refused: Record<string, () => unknown> = {
    setAnnotations: () => syn.setAnnotations(one(), { a: 1 }),
    'setAnnotations of an object': () => syn.setAnnotations({ id: one() }, { a: 1 }),
    move: () => syn.move(one(), project),
    'move into it': () => syn.move(file, `${project.id}.1`),
    store: () => syn.store(new File({ id: one(), name: 'x.txt' })),
    'store into it': () => syn.store(new Folder({ name: 'x', parentId: `${project.id}.1` })),
    getChildren: () => drain(syn.getChildren(`${project.id}.1`)),
    walk: () => drain(syn.walk(`${project.id}.1`)),
    findEntityId: () => syn.findEntityId('x', `${project.id}.1`),
    'sync.storeDirectory': () => drain(syn.sync.storeDirectory(clients.folder, `${project.id}.1`)),
    getPermissions: () => syn.getPermissions(one()),
    getAcl: () => syn.getAcl(one()),
    setPermissions: () => syn.setPermissions(one(), 'bob'),
    setProvenance: () => syn.setProvenance(one(), { name: 'x' }),
    'provenance.delete': () => syn.provenance.delete(one()),
    getStsToken: () => syn.storageLocations.getStsToken(one(), { permission: 'read_only' }),
  };

  test.each(Object.keys(refused))('is refused by %s before a request', async (name) => {
    const run = () => Promise.resolve().then(refused[name]);
    const calls = await clients.calls(async () => {
      const error: unknown = await run().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(ArgumentError);
      expect(String(error)).toMatch(/names version 1 of syn\d+, but .*: write syn\d+\./);
    });
    expect(calls).toEqual([]);
  });

  const contradicted: Record<string, () => unknown> = {
    get: () => syn.get(one(), { version: 2, downloadFile: false }),
    download: () => syn.download(one(), { version: 2 }),
    getAnnotations: () => syn.getAnnotations(one(), { version: 2 }),
    getProvenance: () => syn.getProvenance(one(), { version: 2 }),
    delete: () => syn.delete(one(), { version: 2 }),
    Link: () => new Link({ target: one(), targetVersion: 2 }),
    used: () => syn.setProvenance(file, { used: [{ target: one(), targetVersion: 2 }] }),
    'used of an object': () =>
      syn.setProvenance(file, { used: [{ target: { id: one() }, targetVersion: 2 }] }),
  };

  test.each(Object.keys(contradicted))('and another version is refused by %s', async (name) => {
    const run = () => Promise.resolve().then(contradicted[name]);
    const calls = await clients.calls(() => expect(run()).rejects.toThrow(ArgumentError));
    expect(calls).toEqual([]);
  });

  test('and the same version names that version', async () => {
    expect(await syn.get(one(), { version: 1, downloadFile: false })).toMatchObject({
      versionNumber: 1,
    });
    expect(await syn.getAnnotations(one(), { version: 1 })).toEqual({ v: [1] });
    expect(new Link({ target: one(), targetVersion: 1 }).linksTo).toEqual({
      targetId: file,
      targetVersionNumber: 1,
    });
  });

  test('is part of the address of its page', () => {
    expect(syn.onweb(one())).toBe(`${clients.server.endpoint}/Synapse:${file}.1`);
  });
});

test('an entity that was read in an older version is changed as a whole', async () => {
  const old = await syn.get(one(), { downloadFile: false });
  await syn.setAnnotations(old, { w: 2 });
  expect(await syn.getAnnotations(file)).toEqual({ v: [1], w: [2] });
  expect(await syn.getAnnotations(`${file}.1`)).toEqual({ v: [1] });
});

test('a version for a local file is refused', async () => {
  const path = await clients.file('local.txt', 'one');
  await expect(syn.get(path, { version: 1 })).rejects.toThrow('is not a Synapse id');
});
