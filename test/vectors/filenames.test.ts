import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { cacheKey } from '../../src/cache/cacheMap.js';
import { ArgumentError } from '../../src/errors.js';
import { uniquePath, type Collision } from '../../src/transfer/collision.js';
import {
  chooseDownloadPath,
  downloadFolder,
  partialPaths,
} from '../../src/transfer/downloadPath.js';
import { readVectors, testEach } from './readVectors.js';

interface Input {
  fn: string;
  existing?: string[];
  path: string;
  download_location: string;
  file_name: string;
  if_collision: string | null;
  cached_file_path: string | null;
  env?: Record<string, string>;
  destination: string;
  fileHandleId: string | number;
  args: (string | null)[];
}

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-names-'));
  await mkdir(join(root, 'dir'));
  await mkdir(join(root, 'isdir'));
  await writeFile(join(root, 'file'), '');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/**
 * Where we depart from the Python client, and what we do instead.
 * The table for readers is docs/departures.md.
 */
const departures: {
  reason: string;
  applies: (input: Input, expected: unknown) => boolean;
  check: (input: Input, expected: unknown) => Promise<void> | void;
}[] = [
  {
    reason: 'a name that names no file, or is longer than one can be, is refused',
    applies: ({ fn, file_name: name }) =>
      fn === 'resolve' && (['', '.', '..'].includes(name) || Buffer.byteLength(name) > 255),
    check: (input) => expect(resolve(input)).rejects.toThrow(ArgumentError),
  },
  {
    reason:
      'a file name that the server gives never chooses a folder, and can be shown: separators, control characters and marks that reverse text become "_"',
    applies: ({ fn, file_name: name }) => fn === 'resolve' && unsafe.test(name),
    check: async (input) => {
      const safe = {
        ...input,
        file_name: input.file_name.replaceAll(new RegExp(unsafe, 'gu'), '_'),
      };
      const path = await resolve(input);
      expect(path).toBe(await resolve(safe));
      if (path !== undefined) expect(dirname(path)).toBe(resolvePath(input.download_location));
    },
  },
  {
    reason: 'a file named as one of the cache keeps beside its files the files of the cache',
    applies: ({ fn, download_location: location, file_name: name }) =>
      fn === 'resolve' && resolvePath(location) === handleFolder() && /^\.cacheMap/i.test(name),
    check: async (input) =>
      expect(await resolve(input)).toBe(join(handleFolder(), `_${input.file_name}`)),
  },
  {
    reason: 'an unmodified copy that once got a number is used, not copied once more',
    applies: ({ fn, cached_file_path: cached }, expected) =>
      fn === 'resolve' && cached !== null && numberAfter(cached, expected) > 0,
    check: async (input) => expect(await resolve(input)).toBe(input.cached_file_path),
  },
  {
    reason:
      'parts arrive out of order, so the temporary file must not look like the prefix that the Python client resumes; a folder is never a destination',
    applies: ({ fn }) => fn === 'temp_download_filename',
    check: ({ destination, fileHandleId }, expected) => {
      const { part, journal } = partialPaths(destination, String(fileHandleId));
      expect(part).toBe(`${resolvePath(destination)}.synapse_download_${fileHandleId}.part`);
      expect([part, journal]).not.toContain(expected);
    },
  },
];

const handleFolder = (): string => join(root, 'cache/23/123');

/** How much higher the number of a path is than that of another, where nothing else differs. */
function numberAfter(path: string, later: unknown): number {
  const numbered = /^(.*)\((\d+)\)([^/()]*)$/s;
  const [, stem, number, end] = numbered.exec(path) ?? [];
  const [, laterStem, laterNumber, laterEnd] = numbered.exec(String(later)) ?? [];
  const isSame = stem === laterStem && end === laterEnd && stem !== undefined;
  return isSame ? Number(laterNumber) - Number(number) : 0;
}

const unsafe = /[/\\\p{Cc}\u2028-\u202e\u2066-\u2069]/u;

async function isFile(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ?? false;
}

async function resolve(input: Input): Promise<string | undefined> {
  return chooseDownloadPath({
    location: input.download_location,
    fileName: input.file_name,
    ifCollision: (input.if_collision || undefined) as Collision | undefined,
    cachedPath: input.cached_file_path ?? undefined,
    cacheDirectory: handleFolder(),
    exists: existsSync,
  });
}

async function run(input: Input): Promise<unknown> {
  switch (input.fn) {
    case 'unique_filename':
      return uniquePath(join(root, input.path), existsSync);
    case 'resolve':
      return (await resolve(input)) ?? null;
    case 'ensure_dir':
      return downloadFolder(input.path, isFile, {
        home: input.env?.['HOME'],
        variables: input.env,
      });
    case 'normalize_path':
      return typeof input.args[0] === 'string' ? cacheKey(input.args[0]) : null;
    default:
      throw new Error(`unknown function ${input.fn}`);
  }
}

async function prepare(existing: readonly string[]): Promise<void> {
  for (const name of existing) {
    const path = name.startsWith(root) ? name : join(root, name);
    await mkdir(path.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!path.endsWith('/')) await writeFile(path, 'old');
  }
}

describe('the names of downloaded files', () => {
  testEach(readVectors<Input>('filenames'), async (raw) => {
    const text = JSON.stringify(raw).replaceAll('{ROOT}', root);
    const { input, expected } = JSON.parse(text) as typeof raw;
    await prepare(input.existing ?? []);
    const departure = departures.find(({ applies }) => applies(input, expected.value));
    if (departure !== undefined) await departure.check(input, expected.value);
    else if (expected.error !== undefined) await expect(run(input)).rejects.toThrow(ArgumentError);
    else expect(await run(input)).toBe(expected.value);
  });
});
