import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthorizationError,
  File,
  Folder,
  Link,
  NoCredentialsError,
  NotFoundError,
  Project,
  type Progress,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from './withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
let file: File & Stored;
let target: string;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
  const path = await clients.file('data.txt', 'version one');
  const annotations = { species: 'mouse', weight: 1.5, born: new Date(0), ids: [1n, 2n ** 60n] };
  file = await syn.store(new File({ path, parent: project, annotations }));
  target = join(clients.folder, 'downloads');
});

/** The path of a download, which has to be there. */
async function download(options: Parameters<Synapse['get']>[1], from = syn): Promise<string> {
  const got = await from.get(file.id, options);
  return got instanceof File && got.path !== undefined ? got.path : 'no path';
}

describe('finding an entity', () => {
  test('takes an id or a name or an object', async () => {
    const withoutFile = { downloadFile: false };
    const found = await syn.get(file.id, withoutFile);
    expect(found).toBeInstanceOf(File);
    expect(found).toMatchObject({
      id: file.id,
      name: 'data.txt',
      parentId: project.id,
      versionNumber: 1,
      annotations: {
        species: ['mouse'],
        weight: [1.5],
        born: [new Date(0)],
        ids: [1, 2n ** 60n],
      },
      fileHandle: { contentSize: 11 },
    });
    expect(found).not.toHaveProperty('path');
    for (const other of [`${file.id}.1`, file, { name: 'data.txt', parent: project }]) {
      expect(await syn.get(other, withoutFile)).toMatchObject({ id: file.id, versionNumber: 1 });
    }
    const { name } = project;
    expect(await syn.get({ name })).toBeInstanceOf(Project);
    expect(await syn.get(file.id, { version: 1, downloadFile: false })).toMatchObject({
      versionNumber: 1,
    });
  });

  test('takes the class that it must have', async () => {
    const got = await syn.get(File, file.id, { downloadLocation: join(target, 'of a class') });
    expect(got).toBeInstanceOf(File);
    expect(await readFile(got.path, 'utf8')).toBe('version one');
    const folder = await syn.store(new Folder({ name: 'a class', parent: project }));
    expect(await syn.get(Folder, { name: 'a class', parent: project })).toBeInstanceOf(Folder);
    expect(await syn.get(Project, project)).toBeInstanceOf(Project);

    // Nothing is downloaded for an entity of another class.
    const calls = await clients.calls(async () => {
      await expect(syn.get(Folder, file.id)).rejects.toThrow(
        `${file.id} (data.txt) is a File, not a Folder.`,
      );
    });
    expect(calls).toEqual(['entityBundle.getEntityBundle']);
    await expect(syn.get(File, folder.id)).rejects.toThrow(ArgumentError);

    const link = await syn.store(new Link({ name: 'to data', target: file, parent: folder }));
    expect(await syn.get(Link, link.id)).toBeInstanceOf(Link);
    await expect(syn.get(File, link.id)).rejects.toThrow(/is a Link, not a File.*followLink/);
    expect(await syn.get(File, link.id, { followLink: true })).toMatchObject({ id: file.id });
  });

  test('finds a local file by its content', async () => {
    const path = await clients.file('copy of data.txt', 'version one');
    expect(await syn.get(path)).toMatchObject({ id: file.id, path });
    const other = await clients.project(syn);
    const calls = await clients.calls(() =>
      expect(syn.get(path, { limitSearch: other })).rejects.toThrow(NotFoundError),
    );
    expect(calls).toEqual(['entity.listEntitiesByMd5', 'entity.getEntityPath']);
    expect(await syn.get(path, { limitSearch: project.id })).toMatchObject({ id: file.id });
    const unknown = await clients.file('unknown.txt', 'not in Synapse');
    await expect(syn.get(unknown)).rejects.toThrow(NotFoundError);
  });

  test('nothing is sent for what is no id', async () => {
    const folder = clients.folder;
    const bad = ['', 'syn', 'syn1.', 'SYN12', '12', 'syn12x', 'no-such-file.txt', folder];
    const calls = await clients.calls(async () => {
      for (const id of bad) await expect(syn.get(id)).rejects.toThrow(ArgumentError);
      await expect(syn.get(file.id, { version: 0 })).rejects.toThrow(ArgumentError);
      await expect(syn.get({ versionNumber: 1 })).rejects.toThrow(ArgumentError);
    });
    expect(calls).toEqual([]);
  });

  test('an entity that is not there is not found', async () => {
    await expect(syn.get('syn999999999')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(syn.get(`${file.id}.77`)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const named = { name: 'nothing of that name', parent: project };
    await expect(syn.get(named)).rejects.toThrow(NotFoundError);
    await expect(syn.get(named)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    await expect(syn.get({ name: named.name })).rejects.toThrow(
      'There is no project named "nothing of that name".',
    );
  });
});

describe('downloading', () => {
  test('takes the copy in the cache the second time', async () => {
    const other = await clients.open('alice');
    let path = '';
    const calls = await clients.calls(async () => {
      path = await download({}, other);
    });
    expect(calls).toEqual([
      'entityBundle.getEntityBundle',
      'file.getFileHandleBatch',
      'GET /storage',
    ]);
    expect(path.startsWith(other.cache.root)).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('version one');
    const again = await clients.calls(async () => {
      expect(await download({}, other)).toBe(path);
      const copy = await download({ downloadLocation: join(target, 'copied') }, other);
      expect(copy).toBe(join(target, 'copied', 'data.txt'));
    });
    expect(again).toEqual(['entityBundle.getEntityBundle', 'entityBundle.getEntityBundle']);
  });

  test('goes to a folder that is made for it', async () => {
    const other = await clients.open('alice');
    const events: Progress[] = [];
    const downloadLocation = join(target, 'new', 'folder');
    const path = await download(
      { downloadLocation, onProgress: (event) => events.push(event) },
      other,
    );
    expect(path).toBe(join(downloadLocation, 'data.txt'));
    expect(events.at(-1)).toMatchObject({ kind: 'download', path, state: 'done' });
    expect(await readdir(downloadLocation)).toEqual(['data.txt']);
    expect(await other.cache.get(file.fileHandle?.id ?? '')).toBe(path);
  });

  test('is no file that another Synapse has under the number of its handle', async () => {
    const other = await clients.open('alice');
    const foreign = await clients.file('foreign.txt', 'of another server');
    await other.cache.add(file.fileHandle?.id ?? '', foreign);
    const path = await download({ downloadLocation: join(target, 'own') }, other);
    expect(await readFile(path, 'utf8')).toBe('version one');
    expect(await other.cache.get(file.fileHandle?.id ?? '', dirname(foreign))).toBe(foreign);
  });

  test('treats a file of that name as asked', async () => {
    const other = await clients.open('alice');
    const downloadLocation = join(target, 'collisions');
    await mkdir(downloadLocation, { recursive: true });
    const local = join(downloadLocation, 'data.txt');
    await writeFile(local, 'my own');

    const kept = await other.get(file.id, { downloadLocation, ifCollision: 'keep.local' });
    expect(kept).not.toHaveProperty('path');
    expect(await readFile(local, 'utf8')).toBe('my own');

    expect(await download({ downloadLocation }, other)).toBe(join(downloadLocation, 'data(1).txt'));
    expect(await readFile(local, 'utf8')).toBe('my own');

    const options = { downloadLocation, ifCollision: 'overwrite.local' as const };
    expect(await download(options, other)).toBe(local);
    expect(await readFile(local, 'utf8')).toBe('version one');
  });

  test('replaces a copy in the cache that was changed', async () => {
    const other = await clients.open('alice');
    const cached = await download({}, other);
    await writeFile(cached, 'spoiled');
    await utimes(cached, new Date(0), new Date(0));
    expect(await download({}, other)).toBe(cached);
    expect(await readFile(cached, 'utf8')).toBe('version one');
  });

  test('of an older version gives its content', async () => {
    const path = await clients.file('versions.txt', 'one');
    const versions = await syn.store(new File({ path, parent: project }));
    await writeFile(path, 'two');
    await syn.store(versions);
    const other = await clients.open('alice');
    const contents = await Promise.all(
      ['', '.1'].map(async (version) => {
        const got = await other.get(versions.id + version);
        return got instanceof File && got.path ? readFile(got.path, 'utf8') : undefined;
      }),
    );
    expect(contents).toEqual(['two', 'one']);
  });

  test('needs a folder that can be written', async () => {
    const path = await clients.file('a-file', 'x');
    const calls = await clients.calls(() =>
      expect(download({ downloadLocation: path })).rejects.toThrow(ArgumentError),
    );
    expect(calls).not.toContain('GET /storage');
    const other = await clients.open('alice');
    await expect(
      download({ downloadLocation: join(path, 'below a file') }, other),
    ).rejects.toMatchObject({ name: 'FileSystemError' });
    expect((await stat(path)).isFile()).toBe(true);
  });

  test('to a folder works without a cache', async () => {
    const cacheDir = join(await clients.file('no-cache', 'x'), 'cache');
    const other = await clients.open('alice', { cacheDir });
    const downloadLocation = join(target, 'without cache');
    const path = await download({ downloadLocation }, other);
    expect(await readFile(path, 'utf8')).toBe('version one');
    expect(clients.notes.at(-1)).toContain(cacheDir);
  });

  test('leaves nothing behind when it is stopped', async () => {
    const other = await clients.open('alice');
    const controller = new AbortController();
    const reason = new Error('enough');
    const downloadLocation = join(target, 'stopped');
    await expect(
      download(
        {
          downloadLocation,
          signal: controller.signal,
          onProgress: () => controller.abort(reason),
        },
        other,
      ),
    ).rejects.toBe(reason);
    const left = await readdir(downloadLocation).catch(() => []);
    expect(left).not.toContain('data.txt');
    await rm(downloadLocation, { recursive: true, force: true });
  });
});

describe('without the right to download', () => {
  let shared: Project & Stored;
  let readable: File & Stored;
  beforeAll(async () => {
    shared = await clients.project(syn);
    const path = await clients.file('readable.txt', 'readable');
    readable = await syn.store(new File({ path, parent: shared }));
    await syn.setPermissions(shared, 273949, { accessType: ['READ'] });
  });

  test('the entity can be read', async () => {
    const bob = await clients.open('bob');
    const read = await bob.get(readable.id, { downloadFile: false });
    expect(read).toMatchObject({ name: 'readable.txt' });
    expect(read).not.toHaveProperty('fileHandle');
    await expect(bob.get(readable.id)).rejects.toThrow(AuthorizationError);
    await expect(bob.get(readable.id)).rejects.toThrow('DOWNLOAD');
  });

  test('somebody who is not logged in is told to', async () => {
    const nobody = await clients.open();
    expect(await nobody.get(readable.id, { downloadFile: false })).toMatchObject({
      versionNumber: 1,
    });
    await expect(nobody.get(readable.id)).rejects.toThrow(NoCredentialsError);
  });

  test('what cannot be read is refused', async () => {
    const bob = await clients.open('bob');
    await expect(bob.get(file.id)).rejects.toThrow(AuthorizationError);
    const folder = new Folder({ name: 'not mine', parent: shared });
    await expect(bob.store(folder)).rejects.toThrow(AuthorizationError);
  });
});
