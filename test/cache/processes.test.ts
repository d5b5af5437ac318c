import { expect, test } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Cache } from '../../src/cache/cache.js';
import { countRounds, isThorough } from '../faults/rounds.js';
import { withTempDir } from '../helpers/tempDir.js';
import { runChild } from '../transfer/runChild.js';

const processes = isThorough ? 32 : 4;
const files = 25;

test(
  'many processes on one cache lose no entry',
  () =>
    withTempDir(async (directory) => {
      const root = join(directory, 'cache');
      const found = await Promise.all(
        Array.from({ length: processes }, (_, index) =>
          runChild('cache/children/addMany.ts', [root, `process${index}`, String(files)]),
        ),
      );
      expect(found).toEqual(Array<string>(processes).fill(String(files)));
      let entries = 0;
      const cache = new Cache({ root });
      for await (const { state } of cache.verify()) {
        expect(state).toBe('ok');
        entries += 1;
      }
      expect(entries).toBe(processes * files);
      expect(await readdir(cache.directory('123'))).toEqual(['.cacheMap']);
      countRounds(processes);
    }),
  300_000,
);
