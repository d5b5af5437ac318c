import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cacheKey } from '../../src/cache/cacheMap.js';
import { ArgumentError } from '../../src/errors.js';
import { uniquePath, type Collision } from '../../src/transfer/collision.js';
import {
  chooseDownloadPath,
  downloadFolder,
  partialPaths,
} from '../../src/transfer/downloadPath.js';

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
  fileHandleId: string;
  args: (string | null)[];
}

interface Case {
  name: string;
  input: Input;
  expected: { value?: unknown; error?: { type: string; message: string } };
}

const folder = process.env['VECTORS_DIR'] ?? join(import.meta.dirname, '../fixtures/vectors');
const { cases } = JSON.parse(readFileSync(join(folder, 'filenames.json'), 'utf8')) as {
  cases: Case[];
};

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
  applies: (input: Input) => boolean;
  check: (input: Input, expected: unknown) => Promise<void> | void;
}[] = [
  {
    reason: 'a file name that the server gives never chooses a folder: its separators become "_"',
    applies: ({ fn, file_name: name }) => fn === 'resolve' && /[/\\]/.test(name),
    check: async (input) => {
      const name = input.file_name.replace(/[/\\]/g, '_');
      expect(await resolve(input)).toBe(join(input.download_location, name));
    },
  },
  {
    reason:
      'parts arrive out of order, so the temporary file must not look like the prefix that the Python client resumes; a folder is never a destination',
    applies: ({ fn }) => fn === 'temp_download_filename',
    check: ({ destination, fileHandleId }, expected) => {
      const { part, journal } = partialPaths(destination, fileHandleId);
      expect(part).toBe(`${destination}.synapse_download_${fileHandleId}.part`);
      expect([part, journal]).not.toContain(expected);
    },
  },
];

const isFile = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

async function resolve(input: Input): Promise<string | undefined> {
  return chooseDownloadPath({
    location: input.download_location,
    fileName: input.file_name,
    ifCollision: (input.if_collision ?? undefined) as Collision | undefined,
    cachedPath: input.cached_file_path ?? undefined,
    cacheDirectory: join(root, 'cache/23/123'),
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
      return downloadFolder(input.path, isFile, input.env);
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

describe('filename vectors', () => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', async (_name, raw) => {
    const text = JSON.stringify(raw).replaceAll('{ROOT}', root);
    const { input, expected } = JSON.parse(text) as Case;
    await prepare(input.existing ?? []);
    const departure = departures.find(({ applies }) => applies(input));
    if (departure !== undefined) await departure.check(input, expected.value);
    else if (expected.error !== undefined) await expect(run(input)).rejects.toThrow(ArgumentError);
    else expect(await run(input)).toBe(expected.value);
  });
});
