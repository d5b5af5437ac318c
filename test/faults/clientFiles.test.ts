import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from '../../src/auth/config.js';
import { writeLogin } from '../../src/auth/writeConfig.js';
import { Cache } from '../../src/cache/cache.js';
import { ConfigError } from '../../src/errors.js';
import { createRandom } from '../../src/server/conditions/random.js';
import { openPendingUpload } from '../../src/storages/pendingUploads.js';
import { withTempDir } from '../helpers/tempDir.js';
import { bytes, FakeStore, md5 } from '../transfer/fakeStore.js';
import { downloadFile } from '../transfer/transfers.js';
import { countRounds, isThorough } from './rounds.js';

const seed = 20_270_119;
const rounds = isThorough ? 200 : 20;

/** Inverts a bit of a file, or cuts it, or appends to it. */
function damage(content: Buffer, random: () => number): Buffer {
  const kind = random();
  const at = Math.floor(random() * content.length);
  if (kind < 0.2) return content.subarray(0, at);
  if (kind < 0.3) return Buffer.concat([content, Buffer.from('garbage')]);
  const copy = Buffer.from(content);
  copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return copy;
}

test('a download whose partial file or journal is damaged anywhere ends in the right bytes', async () => {
  const store = await FakeStore.start();
  const part = 1024 * 1024 + 4096;
  const content = bytes(3 * part);
  store.put('7', content);
  const fileHandle = {
    fileHandleId: '7',
    associateObjectId: 'syn1',
    associateObjectType: 'FileEntity',
  } as const;
  try {
    await withTempDir(async (root) => {
      const destination = join(root, 'file.bin');
      const [partial, journal] = ['part', 'journal'].map(
        (kind) => `${destination}.synapse_download_7.${kind}`,
      ) as [string, string];
      const controller = new AbortController();
      store.fault = (request) => {
        if (request.headers.range?.startsWith(`bytes=${2 * part}-`) === true) controller.abort();
        return false;
      };
      const options = { fileHandle, destination, partSize: part };
      const interrupted = downloadFile(store.context({}), {
        ...options,
        concurrency: 1,
        signal: controller.signal,
      });
      await expect(interrupted).rejects.toThrow('aborted');
      store.fault = undefined;
      const kept = await Promise.all([partial, journal].map((path) => readFile(path)));
      const random = createRandom(seed);
      for (let round = 0; round < rounds; round += 1) {
        await rm(destination, { force: true });
        const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = kept;
        await writeFile(partial, random() < 0.7 ? damage(first, random) : first);
        await writeFile(journal, random() < 0.5 ? damage(second, random) : second);
        const aMinuteAgo = Date.now() / 1000 - 60;
        await utimes(journal, aMinuteAgo, aMinuteAgo);
        await downloadFile(store.context({}), options);
        expect((await readFile(destination)).equals(content)).toBe(true);
        expect(await readdir(root)).toEqual(['file.bin']);
      }
    });
  } finally {
    await store.close();
  }
  countRounds(rounds);
}, 300_000);

test('a cache map that is damaged anywhere gives out no other content, and loses no entry without a copy', async () => {
  await withTempDir(async (directory) => {
    const cache = new Cache({ root: join(directory, 'cache') });
    const paths = await Promise.all(
      [0, 1, 2].map(async (number) => {
        const path = join(directory, `copy${number}`);
        await writeFile(path, `content ${number}`);
        await cache.add('5', path);
        return path;
      }),
    );
    const folder = cache.directory('5');
    const map = join(folder, '.cacheMap');
    const whole = await readFile(map);
    const wanted = md5(Buffer.from('content 1'));
    const random = createRandom(seed);
    for (let round = 0; round < rounds; round += 1) {
      const damaged = damage(whole, random);
      await rm(folder, { recursive: true });
      await mkdir(folder);
      await writeFile(map, damaged);
      const messages: string[] = [];
      const client = new Cache({ root: cache.root, log: (message) => messages.push(message) });
      const found = await client.get('5', undefined, { md5: wanted });
      if (found !== undefined) expect(await readFile(found, 'utf8')).toBe('content 1');
      await client.add('5', paths[0] ?? '');
      const copy = await readFile(`${map}.damaged`).catch(() => undefined);
      expect(messages).toHaveLength(copy === undefined ? 0 : 1);
      if (copy !== undefined) expect(copy).toEqual(damaged);
      // What is still JSON keeps the entries that can be read from it. Damage can make two paths equal.
      else expect(await pathsIn(map)).toEqual(expect.arrayContaining(pathsOf(damaged.toString())));
    }
  });
  countRounds(rounds);
});

test('the record of an upload that is damaged anywhere is not used, or names the same upload', async () => {
  await withTempDir(async (folder) => {
    const place = { uploadId: 'an-upload', key: 'a/key' };
    const first = await openPendingUpload(folder, ['file']);
    await first.keep(place);
    first.leave();
    const [name = ''] = await readdir(folder);
    const whole = await readFile(join(folder, name));
    const random = createRandom(seed);
    for (let round = 0; round < rounds; round += 1) {
      await writeFile(join(folder, name), damage(whole, random));
      const next = await openPendingUpload(folder, ['file']);
      expect([undefined, place]).toContainEqual(next.found);
      await next.forget();
    }
  });
  countRounds(rounds);
});

test('a configuration file that is damaged anywhere is read, or refused with its name, and not changed', async () => {
  await withTempDir(async (directory) => {
    const path = join(directory, '.synapseConfig');
    for (const profile of ['default', 'lab', 'other']) {
      await writeLogin({ profile, username: 'ünser', authToken: `token-of-${profile}` }, path);
    }
    const whole = await readFile(path);
    const random = createRandom(seed);
    let refused = 0;
    for (let round = 0; round < rounds; round += 1) {
      const damaged = damage(whole, random);
      await writeFile(path, damaged);
      try {
        readConfig(path);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(String(error)).toContain(path);
        expect(String(error)).not.toContain('token-of-');
        refused += 1;
      }
      expect(await readFile(path)).toEqual(damaged);
    }
    expect(refused).toBeGreaterThan(0);
    const latin = Buffer.concat([whole, Buffer.from([0x23, 0xe9, 0x0a])]);
    await writeFile(path, latin);
    await expect(writeLogin({ authToken: 'new' }, path)).rejects.toThrow(
      `${path}: it is not UTF-8 text`,
    );
    expect(await readFile(path)).toEqual(latin);
  });
  countRounds(rounds);
});

function pathsOf(map: string): string[] {
  return Object.keys(JSON.parse(map) as object);
}

async function pathsIn(file: string): Promise<string[]> {
  return pathsOf(await readFile(file, 'utf8'));
}
