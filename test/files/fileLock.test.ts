import { readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { TimeoutError } from '../../src/errors.js';
import { withFileLock, type FileLockClock } from '../../src/files/fileLock.js';
import { replaceFile } from '../../src/files/replaceFile.js';
import { withTempDir } from '../helpers/tempDir.js';

/** A clock that jumps when it is waited for. */
function fastClock(): FileLockClock {
  let time = 0;
  return {
    now: () => time,
    random: () => 0.5,
    sleep: (ms) => {
      time += ms;
      return Promise.resolve();
    },
  };
}

const owner = (of: object): string =>
  JSON.stringify({ host: hostname(), pid: process.pid, nonce: 'another', ...of });

test('callers in one process come one after the other', async () => {
  await withTempDir(async (folder) => {
    const path = join(folder, 'counter');
    await Promise.all(
      Array.from({ length: 20 }, () =>
        replaceFile(path, (content) => String(Number(content?.toString() ?? '0') + 1)),
      ),
    );
    expect(await readFile(path, 'utf8')).toBe('20');
    expect(await readdir(folder)).toEqual(['counter']);
  });
});

test.each([
  ['a process that has ended', owner({ pid: 2 ** 22 - 7 })],
  ['an earlier process with the same id', owner({})],
  ['a process on another machine, after a while', owner({ host: 'elsewhere' })],
  ['nobody, after a while', ''],
  ['a damaged lock, after a while', '{"host":"x'],
])('the lock of %s is taken over', async (_, text) => {
  await withTempDir(async (folder) => {
    const path = join(folder, 'file');
    await writeFile(`${path}.lock`, text);
    expect(await withFileLock(path, () => Promise.resolve('done'), fastClock())).toBe('done');
    expect(await readdir(folder)).toEqual([]);
  });
});

test('a lock that others take again and again is given up with its name', async () => {
  await withTempDir(async (folder) => {
    const path = join(folder, 'file');
    const clock = fastClock();
    let count = 0;
    const busy: FileLockClock = {
      ...clock,
      sleep: async (ms) => {
        await clock.sleep(ms * 10);
        await writeFile(`${path}.lock`, owner({ host: 'elsewhere', nonce: String((count += 1)) }));
      },
    };
    await writeFile(`${path}.lock`, owner({ host: 'elsewhere' }));
    const waiting = withFileLock(path, () => Promise.resolve(), busy);
    await expect(waiting).rejects.toThrow(TimeoutError);
    await expect(waiting).rejects.toThrow(`${path}.lock`);
  });
});

test('a change whose lock was lost is made again on the new content', async () => {
  await withTempDir(async (folder) => {
    const path = join(folder, 'file');
    await writeFile(path, 'one');
    let attempts = 0;
    await replaceFile(path, async (content) => {
      attempts += 1;
      if (attempts === 1) {
        await unlink(`${path}.lock`);
        await writeFile(path, 'two');
      }
      return `${content?.toString() ?? ''} and more`;
    });
    expect(await readFile(path, 'utf8')).toBe('two and more');
    expect(await readdir(folder)).toEqual(['file']);
  });
});
