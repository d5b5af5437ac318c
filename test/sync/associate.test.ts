import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  ArgumentError,
  AuthenticationError,
  File,
  NotFoundError,
  type Progress,
  type Project,
  type Stored,
  type Synapse,
} from '../../src/index.js';
import { withClients } from '../entities/withClients.js';

const clients = withClients();
let syn: Synapse;
let project: Project & Stored;
beforeAll(async () => {
  syn = await clients.open('alice');
  project = await clients.project(syn);
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

async function directoryOf(name: string, files: Record<string, string>): Promise<string> {
  const directory = join(clients.folder, name);
  await mkdir(directory, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    await writeFile(join(directory, file), content);
  }
  return directory;
}

describe('files that are associated', () => {
  test('are not downloaded afterwards', async () => {
    const stored = await syn.store(
      new File({ path: await clients.file('remote.txt', 'known content'), parent: project }),
    );
    const path = await clients.file('remote.txt', 'known content');
    const other = await clients.open('alice');
    const calls = await clients.calls(async () => {
      expect(await all(other.sync.associate(path))).toEqual([
        { path, id: stored.id, versionNumber: 1 },
      ]);
    });
    expect(calls).toEqual(['entity.listEntitiesByMd5', 'entityBundle.getEntityVersionBundle']);
    const got = await clients.calls(async () => {
      expect((await other.get(File, stored.id)).path).toBe(path);
    });
    expect(got).toEqual(['entityBundle.getEntityBundle']);
  });

  test('of a directory come in order, and report their progress', async () => {
    const names = Array.from(
      { length: 40 },
      (_, index) => `f${String(index).padStart(2, '0')}.txt`,
    );
    const files = Object.fromEntries(names.map((name) => [name, `many ${name}`]));
    const directory = await directoryOf('many', { ...files, 'none.txt': 'nowhere' });
    const known = names.filter((_, index) => index % 4 === 0);
    for (const name of known) {
      await syn.store(new File({ path: join(directory, name), parent: project }));
    }
    const events: Progress[] = [];
    const found = await all(
      syn.sync.associate(directory, {
        recursive: true,
        limitSearch: project,
        concurrency: 4,
        onProgress: (event) => events.push(event),
      }),
    );
    expect(found.map(({ path }) => path)).toEqual(
      [...names, 'none.txt'].map((name) => join(directory, name)),
    );
    expect(found.filter(({ id }) => id !== undefined)).toHaveLength(known.length);
    const last = new Map(events.map(({ path, state }) => [path, state]));
    expect([...last.values()].filter((state) => state === 'done')).toHaveLength(known.length);
    expect([...last.values()].filter((state) => state === 'skipped')).toHaveLength(31);
  });

  test('are looked up only in the container that is given', async () => {
    const elsewhere = await clients.project(syn);
    const path = await clients.file('here.txt', 'only in one project');
    await syn.store(new File({ path, parent: project }));
    expect(await all(syn.sync.associate(path, { limitSearch: elsewhere }))).toEqual([{ path }]);
    const unknown = syn.sync.associate(path, { limitSearch: 'syn999999999' });
    await expect(all(unknown)).rejects.toThrow(NotFoundError);
  });
});

test('what is no file is refused before a request', async () => {
  const directory = await directoryOf('plain', {});
  const calls = await clients.calls(async () => {
    await expect(all(syn.sync.associate(directory))).rejects.toThrow(ArgumentError);
    await expect(all(syn.sync.associate('/dev/null'))).rejects.toThrow(ArgumentError);
    const missing = join(directory, 'missing');
    await expect(all(syn.sync.associate(missing))).rejects.toThrow('no such file');
  });
  expect(calls).toEqual([]);
  expect(await all(syn.sync.associate(directory, { recursive: true }))).toEqual([]);
});

test('an error that would meet all files ends it', async () => {
  const directory = await directoryOf('refused', { a: '1', b: '2', c: '3' });
  const { conditions } = clients.server;
  conditions.set({ faults: [{ operation: 'entity.listEntitiesByMd5', status: 401 }] });
  try {
    const files = syn.sync.associate(directory, { recursive: true, concurrency: 1 });
    await expect(all(files)).rejects.toThrow(AuthenticationError);
    expect(conditions.faultHits()[0]).toBe(1);
  } finally {
    conditions.reset();
  }
});

test('an abort ends it with its reason', async () => {
  const directory = await directoryOf('aborted', { a: '1', b: '2' });
  const reason = new Error('enough');
  const files = syn.sync.associate(directory, {
    recursive: true,
    signal: AbortSignal.abort(reason),
  });
  await expect(all(files)).rejects.toBe(reason);
});
