import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Cache, type VerifiedFile } from '../../src/cache/cache.js';
import { systemClock } from '../../src/net/clock.js';
import { withCacheLock, type LockClock } from '../../src/cache/cacheLock.js';
import { ArgumentError, FileSystemError, TimeoutError } from '../../src/errors.js';
import { countRounds, isThorough } from '../faults/rounds.js';
import { withTempDir } from '../helpers/tempDir.js';

/** Runs a hundred times as fast. */
const fastClock: LockClock = {
  ...systemClock,
  now: () => performance.now() * 100,
  sleep: (ms) => setTimeout(ms / 100),
};

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** A cache with a file of its own in it. */
async function withCache(
  use: (cache: Cache, path: string, directory: string) => Promise<void>,
): Promise<void> {
  await withTempDir(async (directory) => {
    const cache = new Cache({ root: join(directory, 'cache') });
    const path = join(cache.directory('123'), 'data.txt');
    await mkdir(cache.directory('123'), { recursive: true });
    await writeFile(path, 'data');
    await use(cache, path, directory);
  });
}

describe('a cache', () => {
  test('makes nothing on disk before something is added', () =>
    withTempDir(async (directory) => {
      const cache = new Cache({ root: join(directory, 'cache') });
      expect(await cache.get('1')).toBeUndefined();
      expect(await cache.contains('1', '/x')).toBe(false);
      expect(await cache.remove('1')).toEqual([]);
      expect(await cache.size()).toEqual({ files: 0, bytes: 0 });
      expect(await collect(cache.list())).toEqual([]);
      expect(await cache.purge({ before: new Date() })).toEqual({ folders: [], bytes: 0 });
      expect(await readdir(directory)).toEqual([]);
    }));

  test('keeps all of many entries added at once', () =>
    withCache(async (cache, path, directory) => {
      const paths = Array.from({ length: 40 }, (_, index) => join(directory, `copy${index}`));
      for (const copy of paths) await writeFile(copy, 'data');
      const other = new Cache({ root: cache.root });
      await Promise.all(
        paths.map((copy, index) => (index % 2 === 0 ? cache : other).add('123', copy)),
      );
      expect((await collect(cache.list())).map((file) => file.path).sort()).toEqual(paths.sort());
      expect((await readdir(cache.directory('123'))).sort()).toEqual(['.cacheMap', 'data.txt']);
      expect(path).toContain('data.txt');
    }));

  test('that cannot be written says so at once', () =>
    withTempDir(async (directory) => {
      await writeFile(join(directory, 'file'), 'data');
      const cache = new Cache({ root: join(directory, 'file') });
      const adding = cache.add('1', join(directory, 'file'));
      await expect(adding).rejects.toThrow(FileSystemError);
      await expect(adding).rejects.toThrow(/Choose a cache folder other than/);
      expect(await cache.get('1')).toBeUndefined();
    }));

  test('survives a map that was cut anywhere', () =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      const map = join(cache.directory('123'), '.cacheMap');
      const whole = await readFile(map);
      for (let length = 0; length < whole.length; length += 1) {
        await writeFile(map, whole.subarray(0, length));
        // The last byte is the end of the line.
        expect(await cache.get('123')).toBe(length === whole.length - 1 ? path : undefined);
        await cache.add('123', path);
        expect(await readFile(map)).toEqual(whole);
      }
    }));

  test('can be purged while copies are recorded', () =>
    withCache(async (cache, _, directory) => {
      const path = join(directory, 'outside');
      await writeFile(path, 'data');
      const purging = { isOn: true };
      const purges = (async () => {
        while (purging.isOn) await new Cache({ root: cache.root }).purge({ maxBytes: 0 });
      })();
      for (let round = 0; round < 20; round += 1) {
        await Promise.all(
          Array.from({ length: 5 }, () => new Cache({ root: cache.root }).add('123', path)),
        );
      }
      purging.isOn = false;
      await purges;
      await cache.add('123', path);
      expect(await cache.get('123')).toBe(path);
      expect(await readdir(cache.directory('123'))).toEqual(['.cacheMap']);
    }));

  test('keeps a copy of a damaged map before it is replaced, and says so', () =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      const map = join(cache.directory('123'), '.cacheMap');
      const damaged = (await readFile(map, 'utf8')).slice(0, -5);
      await writeFile(map, damaged);
      const messages: string[] = [];
      const later = new Cache({ root: cache.root, log: (message) => messages.push(message) });
      expect(await later.get('123')).toBeUndefined();
      await later.add('123', path);
      expect(await later.get('123')).toBe(path);
      expect(await readFile(`${map}.damaged`, 'utf8')).toBe(damaged);
      expect(messages).toEqual([expect.stringContaining(`${map} is damaged`)]);
      await later.add('123', path);
      expect(messages).toHaveLength(1);
    }));

  test('survives a map with any byte changed', () =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      const map = join(cache.directory('123'), '.cacheMap');
      const whole = await readFile(map);
      for (let index = 0; index < whole.length; index += isThorough ? 1 : 7) {
        for (const change of [0x01, 0x20, 0x80, 0xff]) {
          const flipped = Buffer.from(whole);
          flipped.writeUInt8(flipped.readUInt8(index) ^ change, index);
          await writeFile(map, flipped);
          expect([undefined, path]).toContain(await cache.get('123'));
          for await (const { path: listed } of cache.list()) expect(typeof listed).toBe('string');
          await cache.add('123', path);
          expect(await cache.get('123', path)).toBe(path);
        }
      }
      await writeFile(map, Buffer.alloc(whole.length));
      expect(await cache.get('123')).toBeUndefined();
      countRounds(whole.length * 4);
    }));

  test('never gives a file out for another content', () =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      await utimes(path, 1_700_000_000, 1_700_000_000);
      await cache.add('123', path);
      await writeFile(path, 'DATA');
      await utimes(path, 1_700_000_000, 1_700_000_000);
      expect(await cache.get('123')).toBeUndefined();
      expect(await cache.get('123', path)).toBeUndefined();
    }));

  test('an entry that says nothing hides no other copy', () =>
    withCache(async (cache, path, directory) => {
      await cache.add('123', path);
      const map = join(cache.directory('123'), '.cacheMap');
      const entries = JSON.parse(await readFile(map, 'utf8')) as Record<string, unknown>;
      const other = join(directory, 'other.txt');
      await writeFile(map, JSON.stringify({ [other]: '', ...entries }));
      expect(await cache.get('123', other)).toBe(path);
    }));

  test('takes a time beyond the calendar for modified', () =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      const map = join(cache.directory('123'), '.cacheMap');
      await writeFile(map, JSON.stringify({ [path]: '+010000-01-01T00:00:00.000Z' }));
      await utimes(path, 253_402_300_800, 253_402_300_800);
      expect(await cache.get('123')).toBeUndefined();
      expect(await cache.contains('123', path)).toBe(false);
    }));

  test('checks every folder that is named like one of the cache', () =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      for (const name of ['9/99', '12a/5', '1/x1'])
        await mkdir(join(cache.root, name), { recursive: true });
      const { folders } = await cache.purge({ before: new Date(Date.now() + 10_000) });
      expect(folders.sort()).toEqual([cache.directory('123'), join(cache.root, '9/99')].sort());
      expect(existsSync(join(cache.root, '12a/5'))).toBe(true);
    }));

  test('tells the state of its copies', () =>
    withCache(async (cache, path, directory) => {
      const states: VerifiedFile['state'][] = ['ok', 'missing', 'modified', 'corrupt'];
      for (const state of states) {
        const copy = join(directory, state);
        await writeFile(copy, 'data');
        await utimes(copy, 1_700_000_000, 1_700_000_000);
        await cache.add('123', copy);
        if (state === 'missing') await rm(copy);
        if (state === 'modified') await utimes(copy, 1_700_000_001, 1_700_000_001);
        if (state !== 'corrupt') continue;
        await writeFile(copy, 'DATA');
        await utimes(copy, 1_700_000_000, 1_700_000_000);
      }
      const verified = await collect(cache.verify());
      expect(verified.map((file) => file.state)).toEqual(states);
      expect(verified[0]).toEqual({
        fileHandleId: '123',
        path: join(directory, 'ok'),
        modified: '2023-11-14T22:13:20.000Z',
        md5: '8d777f385d3dfec8815d20f7496026dc',
        state: 'ok',
      });
      expect(await cache.size()).toEqual({ files: 1, bytes: expect.any(Number) });
      expect(path).toContain('cache');
    }));

  test.each([
    ['a Date', new Date('2023-11-15T00:00:00Z')],
    ['milliseconds', Date.UTC(2023, 10, 15)],
    ['an ISO date', '2023-11-15'],
    ['an ISO date with an offset', '2023-11-15T01:00+01:00'],
  ])('purges by %s', (_kind, time) =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      const map = join(cache.directory('123'), '.cacheMap');
      const folders = [cache.directory('123')];
      await utimes(map, Date.UTC(2023, 10, 15) / 1000 + 1, Date.UTC(2023, 10, 15) / 1000 + 1);
      expect((await cache.purge({ before: time, dryRun: true })).folders).toEqual([]);
      expect((await cache.purge({ after: time, dryRun: true })).folders).toEqual(folders);
      await utimes(map, Date.UTC(2023, 10, 15) / 1000 - 1, Date.UTC(2023, 10, 15) / 1000 - 1);
      expect((await cache.purge({ after: time, dryRun: true })).folders).toEqual([]);
      expect((await cache.purge({ before: time })).folders).toEqual(folders);
    }),
  );

  test.each<[string, object]>([
    ['nothing', {}],
    ['a text that is no date', { before: 'last week' }],
    ['a date that does not exist', { before: new Date('2023-02-31T99:00') }],
    ['a number that is none', { after: Number.NaN }],
    ['something else', { after: {} }],
    ['a time before that is earlier than the one after', { before: 1, after: '2023-11-15' }],
    ['a size as text', { maxBytes: '10' }],
    ['a negative size', { maxBytes: -1 }],
    ['a size that is no number', { maxBytes: Number.NaN }],
  ])('refuses to purge by %s, and removes nothing', (_what, options) =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      await expect(cache.purge(options)).rejects.toThrow(ArgumentError);
      expect(existsSync(cache.directory('123'))).toBe(true);
    }),
  );

  test('purges nothing on a dry run', () =>
    withCache(async (cache, path) => {
      await cache.add('123', path);
      const busy = cache.directory('456');
      await mkdir(busy, { recursive: true });
      await writeFile(join(busy, 'x.synapse_download_456.part'), 'bytes');
      const future = new Date(Date.now() + 10_000);
      const dry = await cache.purge({ before: future, dryRun: true });
      expect(dry.folders).toEqual([cache.directory('123')]);
      expect(existsSync(path)).toBe(true);
      expect(await cache.purge({ before: future })).toEqual(dry);
      expect(existsSync(path)).toBe(false);
      expect(existsSync(busy)).toBe(true);
      await utimes(join(busy, 'x.synapse_download_456.part'), 1, 1);
      expect((await cache.purge({ before: future })).folders).toEqual([busy]);
    }));
});

describe('the lock of a cache folder', () => {
  const lockOf = (directory: string): string => join(directory, '.cacheMap.lock');

  test('waits for another client', () =>
    withTempDir(async (directory) => {
      await mkdir(lockOf(directory));
      const order: string[] = [];
      const locked = withCacheLock(directory, async (lock) => {
        order.push('we');
        expect(await lock.isHeld()).toBe(true);
        expect(existsSync(lockOf(directory))).toBe(true);
      });
      await setTimeout(30);
      order.push('they');
      await rm(lockOf(directory), { recursive: true });
      await locked;
      expect(order).toEqual(['they', 'we']);
      expect(existsSync(lockOf(directory))).toBe(false);
    }));

  test('that is older than 10 seconds is broken', () =>
    withTempDir(async (directory) => {
      await mkdir(lockOf(directory));
      const old = new Date(Date.now() - 11_000);
      await utimes(lockOf(directory), old, old);
      expect(await withCacheLock(directory, () => Promise.resolve('done'))).toBe('done');
      expect(await readdir(directory)).toEqual([]);
    }));

  test.each([3600, -8])('is broken when nobody renews it whatever its clock says (%d s)', (skew) =>
    withTempDir(async (directory) => {
      await mkdir(lockOf(directory));
      const time = new Date(Date.now() + skew * 1000);
      await utimes(lockOf(directory), time, time);
      const result = withCacheLock(directory, () => Promise.resolve('done'), fastClock);
      expect(await result).toBe('done');
    }),
  );

  test('that changes hands all the time is given up after 70 seconds', () =>
    withTempDir(async (directory) => {
      await mkdir(lockOf(directory));
      let tick = Date.now();
      const busy = setInterval(() => {
        tick += 1000;
        void utimes(lockOf(directory), new Date(tick), new Date(tick)).catch(() => undefined);
      }, 10);
      const result = withCacheLock(directory, () => Promise.resolve(), fastClock);
      await expect(result).rejects.toThrow(TimeoutError);
      clearInterval(busy);
    }));

  test('that was broken is not ours any more', () =>
    withTempDir(async (directory) => {
      await withCacheLock(directory, async (lock) => {
        await rm(lockOf(directory), { recursive: true });
        expect(await lock.isHeld()).toBe(false);
        await setTimeout(5);
        await mkdir(lockOf(directory));
        expect(await lock.isHeld()).toBe(false);
      });
      // It is somebody else's.
      expect(existsSync(lockOf(directory))).toBe(true);
    }));

  test('is released when the work fails', () =>
    withTempDir(async (directory) => {
      const failing = withCacheLock(directory, () => Promise.reject(new Error('no')));
      const next = withCacheLock(directory, () => Promise.resolve('next'));
      await expect(failing).rejects.toThrow('no');
      expect(await next).toBe('next');
      expect(await readdir(directory)).toEqual([]);
    }));
});
