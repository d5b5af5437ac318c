import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { File, PartialFailureError, Project, Synapse, type Progress } from '../../src/index.js';
import { withTempDir } from '../helpers/tempDir.js';
import { withServer } from '../helpers/withServer.js';

const server = withServer();
let syn: Synapse;
let count = 0;

beforeAll(async () => {
  const { endpoint, authToken } = server.synapse;
  syn = new Synapse({ endpoint, environment: {}, configPath: '/dev/null', log: () => undefined });
  await syn.login({ authToken });
});

afterAll(() => syn.close());

async function newProject(): Promise<string> {
  count += 1;
  return (await syn.store(new Project({ name: `Directories ${count}` }))).id;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function makeTree(root: string): Promise<void> {
  await mkdir(join(root, 'a', 'deep'), { recursive: true });
  await mkdir(join(root, 'empty'));
  await writeFile(join(root, 'top.txt'), 'top');
  await writeFile(join(root, 'a', 'one.txt'), 'one');
  await writeFile(join(root, 'a', 'deep', 'one.txt'), 'another one');
}

/** The calls of an action, by operation; the requests of storage are not among them. */
async function callsOf(action: () => Promise<unknown>): Promise<Record<string, number>> {
  const { requests } = server.synapse;
  requests.clear();
  await action();
  const calls = Object.entries(requests.counts()).filter(([name]) => /^\w+\.\w+$/.test(name));
  return Object.fromEntries(calls);
}

describe('the calls that small files take', () => {
  const uploads = (count: number): Record<string, number> => ({
    'file.createMultipartUpload': count,
    'file.getMultipartUploadUrlBatch': count,
    'file.addMultipartUploadPart': count,
    'file.completeMultipartUpload': count,
    'entity.createEntity': count,
  });

  test('new ones take five each, and two for their folder', async () => {
    await withTempDir(async (root) => {
      for (const name of ['a', 'b', 'c']) await writeFile(join(root, name), `${root} ${name}`);
      const projectId = await newProject();
      expect(await callsOf(() => collect(syn.sync.storeDirectory(root, projectId)))).toEqual({
        ...uploads(3),
        'entity.listEntityChildren': 1,
        'file.getDefaultUploadDestination': 1,
      });
    });
  });

  test('a new folder is not listed', async () => {
    await withTempDir(async (root) => {
      await mkdir(join(root, 'new'));
      await writeFile(join(root, 'new', 'a'), root);
      const projectId = await newProject();
      expect(await callsOf(() => collect(syn.sync.storeDirectory(root, projectId)))).toEqual({
        ...uploads(1),
        'entity.createEntity': 2,
        'entity.listEntityChildren': 1,
        'file.getDefaultUploadDestination': 1,
      });
    });
  });

  test('an existing folder without local files is not listed', async () => {
    await withTempDir(async (root) => {
      await mkdir(join(root, 'empty'));
      const projectId = await newProject();
      await collect(syn.sync.storeDirectory(root, projectId));
      expect(await callsOf(() => collect(syn.sync.storeDirectory(root, projectId)))).toEqual({
        'entity.listEntityChildren': 1,
        'entityBundle.getEntityBundle': 1,
      });
    });
  });

  test('unchanged ones take one each', async () => {
    await withTempDir(async (root) => {
      for (const name of ['a', 'b', 'c']) await writeFile(join(root, name), `${root} ${name}`);
      const projectId = await newProject();
      await collect(syn.sync.storeDirectory(root, projectId));
      expect(await callsOf(() => collect(syn.sync.storeDirectory(root, projectId)))).toEqual({
        'entityBundle.getEntityBundle': 3,
        'entity.listEntityChildren': 1,
      });
    });
  });

  test('downloads take one each, besides the calls for their URLs', async () => {
    await withTempDir(async (root) => {
      for (const name of ['a', 'b', 'c']) await writeFile(join(root, name), `${root} ${name}`);
      const projectId = await newProject();
      await collect(syn.sync.storeDirectory(root, projectId));
      const { endpoint, authToken } = server.synapse;
      const settings = { environment: {}, configPath: '/dev/null', cacheDir: join(root, 'cache') };
      const other = new Synapse({ endpoint, ...settings });
      await other.login({ authToken });
      const target = join(root, 'got');
      const { 'file.getFileHandleBatch': batches, ...calls } = await callsOf(() =>
        collect(other.sync.getDirectory(projectId, target)),
      );
      expect(calls).toEqual({ 'entityBundle.getEntityBundle': 3, 'entity.listEntityChildren': 1 });
      expect(batches).toBeLessThanOrEqual(3);
      await other.close();
    });
  });
});

describe('a directory', () => {
  test('comes back the same after it was stored', async () => {
    await withTempDir(async (root) => {
      const source = join(root, 'source');
      await mkdir(source);
      await makeTree(source);
      const projectId = await newProject();
      const stored = await collect(syn.sync.storeDirectory(source, projectId));
      expect(stored.map(({ name }) => name).sort()).toEqual(
        ['a', 'deep', 'empty', 'one.txt', 'one.txt', 'top.txt'].sort(),
      );

      const steps = await collect(syn.walk(projectId));
      expect(steps.map(({ path, folders, files }) => [path, folders.length, files.length])).toEqual(
        [
          ['', 2, 1],
          ['a', 1, 1],
          ['a/deep', 0, 1],
          ['empty', 0, 0],
        ],
      );

      const target = join(root, 'target');
      const got = await collect(syn.sync.getDirectory(projectId, target));
      expect(got).toHaveLength(3);
      expect(await readFile(join(target, 'a', 'deep', 'one.txt'), 'utf8')).toBe('another one');
      expect(await readFile(join(target, 'a', 'one.txt'), 'utf8')).toBe('one');

      server.synapse.requests.clear();
      const events: Progress[] = [];
      const onProgress = (event: Progress): void => void events.push(event);
      await collect(syn.sync.storeDirectory(source, projectId, { onProgress }));
      const states = (name: string): string[] =>
        events.filter(({ path }) => path === join(source, name)).map(({ state }) => state);
      expect(states('top.txt')).toEqual(['waiting', 'skipped']);
      expect(events.slice(0, 3).map(({ state }) => state)).toEqual(Array(3).fill('waiting'));
      expect(server.synapse.requests.count('file.createMultipartUpload')).toBe(0);
      expect(server.synapse.requests.count('entity.updateEntity')).toBe(0);
    });
  });

  test('of many files asks for their URLs together', async () => {
    await withTempDir(async (root) => {
      const source = join(root, 'source');
      await mkdir(source);
      const names = Array.from({ length: 120 }, (_, index) => `file ${index}.txt`);
      for (const name of names) await writeFile(join(source, name), name);
      const projectId = await newProject();
      const { endpoint, authToken } = server.synapse;
      const fast = new Synapse({
        endpoint,
        configPath: '/dev/null',
        environment: { SYNAPSE_CACHE_DIR: join(root, 'cache') },
        // All of it is more than the service allows a user in a minute.
        requestsPerMinute: 100_000,
      });
      await fast.login({ authToken });
      await collect(fast.sync.storeDirectory(source, projectId));
      await fast.cache.purge({ before: new Date(Date.now() + 60_000) });
      server.synapse.requests.clear();
      const got = await collect(fast.sync.getDirectory(projectId, join(root, 'target')));
      await fast.close();
      expect(got).toHaveLength(names.length);
      expect((await readdir(join(root, 'target'))).sort()).toEqual(names.sort());
      const { requests } = server.synapse;
      expect(requests.count('entityBundle.getEntityBundle')).toBe(names.length);
      // As many calls as files, were each to ask for itself.
      expect(requests.count('file.getFileHandleBatch')).toBeLessThan(names.length / 4);
    });
  });

  test.each(['keep.both', 'keep.local', 'overwrite.local'] as const)(
    'gives two files of one file name the same paths each time (%s)',
    async (ifCollision) => {
      await withTempDir(async (root) => {
        const parent = await newProject();
        for (const content of ['one', 'two', 'three']) {
          const path = join(root, content, 'data.txt');
          await mkdir(join(root, content));
          await writeFile(path, content);
          await syn.store(new File({ path, parent, name: content }));
        }
        const target = join(root, 'target');
        const environment = { SYNAPSE_CACHE_DIR: join(root, 'cache') };
        const { endpoint, authToken } = server.synapse;
        const log = () => undefined;
        const reader = new Synapse({ endpoint, environment, configPath: '/dev/null', log });
        await reader.login({ authToken });
        for (let round = 0; round < 2; round += 1) {
          const got = await collect(reader.sync.getDirectory(parent, target, { ifCollision }));
          const names = ['data(1).txt', 'data(2).txt', 'data.txt'];
          expect((await readdir(target)).sort()).toEqual(names);
          const contents = names.map((name) => readFile(join(target, name), 'utf8'));
          expect((await Promise.all(contents)).sort()).toEqual(['one', 'three', 'two']);
          // What is kept has no path of the download.
          for (const { path, name = '' } of got) {
            if (path !== undefined) expect(await readFile(path, 'utf8')).toBe(name);
            else expect([ifCollision, round]).toEqual(['keep.local', 1]);
          }
        }
        await reader.close();
      });
    },
  );

  test('with an empty file is stored without that file', async () => {
    await withTempDir(async (root) => {
      await writeFile(join(root, 'fine.txt'), 'x');
      await writeFile(join(root, 'empty.txt'), '');
      const projectId = await newProject();
      const stored: string[] = [];
      const run = async (): Promise<void> => {
        for await (const { name } of syn.sync.storeDirectory(root, projectId)) stored.push(name);
      };
      const error: unknown = await run().catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(PartialFailureError);
      expect((error as PartialFailureError).failures.map(({ path }) => path)).toEqual([
        join(root, 'empty.txt'),
      ]);
      expect(stored).toEqual(['fine.txt']);
    });
  });

  test('that is no folder is an error', async () => {
    await withTempDir(async (root) => {
      await writeFile(join(root, 'file'), 'x');
      for (const path of [join(root, 'file'), join(root, 'none')]) {
        await expect(collect(syn.sync.storeDirectory(path, 'syn1'))).rejects.toThrow(path);
      }
    });
  });
});
