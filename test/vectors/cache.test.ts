import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Cache, isUnmodified } from '../../src/cache/cache.js';
import { isSameTime } from '../../src/cache/cacheMap.js';
import { ArgumentError, FileSystemError } from '../../src/errors.js';

interface Input {
  op: string;
  fileHandleId: unknown;
  path: string | null;
  md5: string | null;
  modified: number | null;
  cached: string;
  entry: unknown;
  files?: { path: string; content?: string; mtime?: number; dir?: boolean }[];
  cacheMaps?: Record<string, unknown>;
  delete: boolean;
  mapMtimes: Record<string, number | null>;
  extraDirs: string[];
  before: number | { $datetime: string } | null;
  after: number | { $datetime: string } | null;
}

interface Case {
  name: string;
  input: Input;
  expected: { value?: unknown; error?: { type: string; message: string } };
}

const folder = process.env['VECTORS_DIR'] ?? join(import.meta.dirname, '../fixtures/vectors');
const { cases } = JSON.parse(readFileSync(join(folder, 'cache.json'), 'utf8')) as { cases: Case[] };

let root: string;
let cache: Cache;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'synapse-cache-'));
  cache = new Cache({ root: join(root, 'cache') });
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** {ROOT} stands for the scratch folder in every string. */
function rooted<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll('{ROOT}', root)) as T;
}

function jsonOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function prepare(input: Input): Promise<void> {
  for (const file of input.files ?? []) {
    await mkdir(file.dir === true ? file.path : dirname(file.path), { recursive: true });
    if (file.dir === true) continue;
    await writeFile(file.path, file.content ?? '');
    if (file.mtime !== undefined) await utimes(file.path, file.mtime, file.mtime);
  }
  for (const [id, map] of Object.entries(input.cacheMaps ?? {})) {
    await mkdir(cache.directory(id), { recursive: true });
    await writeFile(join(cache.directory(id), '.cacheMap'), jsonOf(map));
  }
}

/** The text of a map, in the notation of the Python client: the cases give maps as JSON values. */
async function mapText(id: unknown): Promise<string | null> {
  const path = join(cache.directory(String(id)), '.cacheMap');
  return existsSync(path) ? readFile(path, 'utf8') : null;
}

/** A map that no operation wrote is as the case gave it; only its meaning can be compared. */
function sameMap(actual: string | null, expected: unknown): void {
  if (actual === null || typeof expected !== 'string') expect(actual).toBe(expected);
  else if (actual.endsWith('\n')) expect(actual).toBe(expected);
  else expect(meaning(actual)).toEqual(meaning(expected));
}

function meaning(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Where we depart from the Python client, and what we do instead.
 * The table for readers is docs/departures.md.
 */
const departures: {
  reason: string;
  applies: (input: Input) => boolean;
  check: (input: Input) => Promise<void> | void;
}[] = [
  {
    reason: 'an id that is not a whole number in ASCII digits names no file handle: it is refused',
    applies: ({ op, fileHandleId }) =>
      op === 'cache_dir' && !/^-?[0-9]+$/.test(String(handleId(fileHandleId))),
    check: ({ fileHandleId }) =>
      expect(() => cache.directory(handleId(fileHandleId) as string)).toThrow(ArgumentError),
  },
  {
    reason: 'an entry of no known form is a copy that cannot be trusted, not a crash',
    applies: ({ op, entry }) =>
      op === 'item_unmodified' && (typeof entry === 'number' || entry === 'modified_time'),
    check: async ({ entry, path }) => expect(await isUnmodified(path ?? '', entry)).toBe(false),
  },
  {
    reason: 'a map that is JSON but not a map is damaged like one that is not JSON: it is rebuilt',
    applies: ({ op, cacheMaps }) =>
      op === 'add' &&
      Object.values(cacheMaps ?? {}).some((map) => Array.isArray(meaning(jsonOf(map)))),
    check: async (input) => {
      await cache.add('123', input.path ?? '', input.md5 ?? undefined);
      expect(Object.keys(meaning((await mapText('123')) ?? '') as object)).toEqual([input.path]);
    },
  },
  {
    reason:
      'nothing was recorded before 1970: "before 0" removes nothing but folders without a map',
    applies: ({ op, before, after }) => op === 'purge' && before === 0 && after === null,
    check: async (input) => {
      const { folders } = await cache.purge({ before: new Date(0) });
      const withoutMap = Object.values(input.mapMtimes).filter((time) => time === null);
      expect(folders).toHaveLength(withoutMap.length);
    },
  },
  {
    reason: 'a folder is a cache folder when its whole name is a number, not only the start of it',
    applies: ({ op, extraDirs }) =>
      op === 'purge' && extraDirs.some((name) => /^\d/.test(name) && !/^\d+\/\d+$/.test(name)),
    check: async (input) => {
      await cache.purge({ before: time(input.before) ?? new Date(0) });
      for (const name of input.extraDirs) expect(existsSync(join(cache.root, name))).toBe(true);
    },
  },
];

/** The Python client also takes an entity or a file handle where it wants the id of one. */
function handleId(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { dataFileHandleId, concreteType, id } = value as Record<string, unknown>;
  if (dataFileHandleId !== undefined) return dataFileHandleId;
  return typeof concreteType === 'string' && concreteType.includes('FileHandle') ? id : value;
}

function time(value: Input['before']): Date | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return new Date(value * 1000);
  return new Date(/[Z+]/.test(value.$datetime) ? value.$datetime : `${value.$datetime}Z`);
}

async function run(input: Input): Promise<unknown> {
  const id = String(input.fileHandleId);
  switch (input.op) {
    case 'cache_dir':
      return cache.directory(handleId(input.fileHandleId) as string);
    case 'add': {
      await cache.add(id, input.path ?? '', input.md5 ?? undefined);
      const text = (await mapText(id)) ?? '';
      return { returned: JSON.parse(text) as unknown, cacheMap: text };
    }
    case 'compare_timestamps':
      return input.modified !== null && isSameTime(input.modified, input.cached);
    case 'item_unmodified':
      return isUnmodified(input.path ?? '', input.entry);
    case 'contains':
      return cache.contains(id, input.path ?? '');
    case 'get':
      return (await cache.get(id, input.path ?? undefined)) ?? null;
    case 'remove':
      return cache.remove(id, { path: input.path ?? undefined, delete: input.delete });
    case 'purge': {
      const options: { before?: Date; after?: Date } = {};
      const before = time(input.before);
      const after = time(input.after);
      if (before !== undefined) options.before = before;
      if (after !== undefined) options.after = after;
      return (await cache.purge(options)).folders.length;
    }
    default:
      throw new Error(`unknown operation ${input.op}`);
  }
}

async function prepareFolders(input: Input): Promise<void> {
  for (const [id, mtime] of Object.entries(input.mapMtimes)) {
    await mkdir(cache.directory(id), { recursive: true });
    if (mtime === null) continue;
    const path = join(cache.directory(id), '.cacheMap');
    await writeFile(path, '{}\n');
    await utimes(path, mtime, mtime);
  }
  for (const name of input.extraDirs) await mkdir(join(cache.root, name), { recursive: true });
}

/** Folders two levels deep; a group without members is named alone. */
async function remainingFolders(): Promise<string[]> {
  const found: string[] = [];
  for (const group of await readdir(cache.root)) {
    const members = await readdir(join(cache.root, group));
    if (members.length === 0) found.push(group);
    else found.push(...members.map((member) => `${group}/${member}`));
  }
  return found.sort();
}

async function compare({ input, expected }: Case, actual: unknown): Promise<void> {
  const value = expected.value as Record<string, unknown>;
  switch (input.op) {
    case 'get':
      expect(actual).toEqual(value['result']);
      sameMap(await mapText(input.fileHandleId), value['cacheMapAfter']);
      break;
    case 'remove': {
      expect((actual as string[]).sort()).toEqual(value['removed']);
      sameMap(await mapText(input.fileHandleId), value['cacheMapAfter']);
      const left = (input.files ?? []).map(({ path }) => path).filter((path) => existsSync(path));
      expect(left.sort()).toEqual(value['filesLeft']);
      break;
    }
    case 'purge':
      expect(actual).toBe(value['count']);
      expect(await remainingFolders()).toEqual(value['remaining']);
      break;
    default:
      expect(actual).toEqual(expected.value);
  }
}

describe('cache vectors', () => {
  test.each(cases.map((each) => [each.name, each] as const))('%s', async (_name, raw) => {
    const { input, expected } = rooted(raw);
    if (input.op === 'purge') await prepareFolders(input);
    else await prepare(input);
    const departure = departures.find(({ applies }) => applies(input));
    if (departure !== undefined) {
      await departure.check(input);
    } else if (expected.error !== undefined) {
      const kind = expected.error.message.startsWith("Can't find file")
        ? FileSystemError
        : ArgumentError;
      await expect((async () => run(input))()).rejects.toThrow(kind);
    } else {
      await compare({ name: raw.name, input, expected }, await run(input));
    }
  });
});
