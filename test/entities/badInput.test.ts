import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  FileSystemError,
  Folder,
  Link,
  Project,
  type Entity,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

/** Stores what cannot be stored: the error, and proof that Synapse was not asked. */
async function refused(
  entity: Entity,
  options: Parameters<Synapse['store']>[1] = {},
): Promise<unknown> {
  let error: unknown;
  const calls = await clients.calls(async () => {
    error = await syn.store(entity, options).catch((e: unknown) => e);
  });
  expect(calls).toEqual([]);
  return error;
}

describe('refused before anything is sent', () => {
  test('a local file that cannot be stored', async () => {
    const missing = await refused(new File({ path: '/no/such/file.txt', parent: project }));
    expect(missing).toBeInstanceOf(FileSystemError);
    expect(missing).toMatchObject({ code: 'ENOENT', path: '/no/such/file.txt' });
    const folder = await refused(new File({ path: clients.folder, parent: project }));
    expect(folder).toBeInstanceOf(ArgumentError);
    expect(String(folder)).toContain('is a folder');
    const empty = await refused(
      new File({ path: await clients.file('empty.txt', ''), parent: project }),
    );
    expect(empty).toBeInstanceOf(ArgumentError);
    expect(String(empty)).toContain('is empty');
  });

  test('entities that lack a required member', async () => {
    const path = await clients.file('file.txt', 'x');
    const bad: Entity[] = [
      new File({ path }),
      new Folder({ name: 'nowhere' }),
      new Folder({ parent: project }),
      new Project(),
      new File({ name: 'no content', parent: project }),
      new Link({ name: 'nowhere', parent: project }),
      new File({ path, parent: project, name: 'no/slashes' }),
      new File({ path, parent: project, name: 'x'.repeat(257) }),
    ];
    for (const entity of bad) expect(await refused(entity)).toBeInstanceOf(ArgumentError);
  });

  test('ids that are none', async () => {
    expect(await refused(new Folder({ name: 'x', parent: 'projekt' }))).toBeInstanceOf(
      ArgumentError,
    );
    expect(await refused(new Folder({ id: '123', name: 'x' }))).toBeInstanceOf(ArgumentError);
    expect(() => new Folder({ name: 'x', parent: new Project({ name: 'not stored' }) })).toThrow(
      ArgumentError,
    );
  });

  test('used items that are none', async () => {
    const folder = new Folder({ name: 'x', parent: project });
    expect(await refused(folder, { used: 'not-an-id' })).toBeInstanceOf(ArgumentError);
    expect(await refused(folder, { activity: {}, executed: 'syn1' })).toBeInstanceOf(ArgumentError);
  });
});

describe('refused by Synapse, and nothing is changed', () => {
  test('a container that is not there costs no upload', async () => {
    const path = await clients.file('orphan.txt', 'x');
    const calls = await clients.calls(() =>
      expect(syn.store(new File({ path, parent: 'syn999999999' }))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      }),
    );
    expect(calls).not.toContain('file.createMultipartUpload');
  });

  test('a user who may not write', async () => {
    const nobody = await clients.open();
    const bob = await clients.open('bob');
    for (const client of [nobody, bob]) {
      const folder = new Folder({ name: 'intruder', parent: project });
      await expect(client.store(folder)).rejects.toThrow(AuthorizationError);
      await expect(client.delete(project.id)).rejects.toThrow(AuthorizationError);
      await expect(client.setAnnotations(project, { a: 1 })).rejects.toThrow(AuthorizationError);
    }
    await expect(nobody.store(new Project({ name: 'anonymous' }))).rejects.toThrow(
      AuthorizationError,
    );
    expect(await syn.findEntityId('intruder', project)).toBeUndefined();
    expect(await syn.getAnnotations(project)).toEqual({});
  });
});

describe('local faults', () => {
  // An administrator may read and write everything.
  const asUser = process.getuid?.() === 0 ? test.skip : test;

  asUser('a file that may not be read', async () => {
    const path = await clients.file('secret.txt', 'x');
    await chmod(path, 0o000);
    await expect(syn.store(new File({ path, parent: project }))).rejects.toMatchObject({
      code: 'EACCES',
    });
  });

  asUser('a folder that may not be written', async () => {
    const path = await clients.file('readable.txt', 'readable');
    const file = await syn.store(new File({ path, parent: project }));
    const downloadLocation = join(clients.folder, 'read-only');
    await mkdir(downloadLocation, { mode: 0o500 });
    const other = await clients.open('alice');
    await expect(other.get(file.id, { downloadLocation })).rejects.toMatchObject({
      code: 'EACCES',
    });
  });

  test('a cache that cannot be made is an error that names it', async () => {
    const path = await clients.file('cached.txt', 'cached');
    const file = await syn.store(new File({ path, parent: project }));
    const cacheDir = join(await clients.file('a-file', 'x'), 'cache');
    const other = await clients.open('alice', { cacheDir });
    const error: unknown = await other.get(file.id).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FileSystemError);
    expect(String(error)).toContain(cacheDir);
  });
});
