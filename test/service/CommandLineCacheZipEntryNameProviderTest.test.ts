import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { entryNames } from './bulkDownload.js';

const server = withSessions({
  seed: {
    projects: [
      {
        name: 'Many files',
        files: Array.from({ length: 1005 }, (_, index) => ({
          name: `${index}.bin`,
          content: String(index),
        })),
      },
    ],
  },
});

describe('CommandLineCacheZipEntryNameProviderTest', () => {
  test('testCreateZipEntryName: the folder is the id of the file handle modulo 1000', async () => {
    const { ids, names } = await entryNames(server.alice, ['foo.txt'], 'CommandLineCache');
    const id = Number(ids[0]);
    expect(id).toBeGreaterThan(1000);
    expect(names).toEqual([`${id % 1000}/${id}/foo.txt`]);
  });
});

describe('CommandLineCacheZipEntryNameProviderTest', () => {
  const small = withSessions();

  test('testCreateZipEntrySmall: an id below 1000 is its own folder', async () => {
    const { ids, names } = await entryNames(small.alice, ['foo.txt'], 'CommandLineCache');
    expect(names).toEqual([`${ids[0] ?? ''}/${ids[0] ?? ''}/foo.txt`]);
  });
});
