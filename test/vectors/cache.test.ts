import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Cache, isUnmodified } from '../../src/cache/cache.js';
import { cacheKey, isSameTime, parseCacheMap } from '../../src/cache/cacheMap.js';
import { ArgumentError, FileSystemError } from '../../src/errors.js';
import { readVectors, testEach, type RecordedError } from './readVectors.js';

interface Input {
  op: string;
  fileHandleId: unknown;
  path: string | null;
  md5: string | null;
  modified: number | null;
  cached: unknown;
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
  expected: Expected;
}
interface Expected {
  value?: unknown;
  error?: RecordedError;
}

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
    if (file.mtime !== undefined) await setTime(file.path, file.mtime);
  }
  for (const [id, map] of Object.entries(input.cacheMaps ?? {})) {
    await mkdir(cache.directory(id), { recursive: true });
    await writeFile(join(cache.directory(id), '.cacheMap'), jsonOf(map));
  }
}

/** Sets the time to the microsecond; Node cuts what is below, and takes negative numbers for now. */
async function setTime(path: string, seconds: number): Promise<void> {
  const whole = Math.floor(seconds);
  const microseconds = Math.min(Math.round((seconds - whole) * 1e6), 999_999);
  const time = seconds < 0 ? new Date(seconds * 1000) : whole + (microseconds + 0.5) / 1e6;
  await utimes(path, time, time);
}

/** The text of a map, in the notation of the Python client: the cases give maps as JSON values. */
async function mapText(id: string): Promise<string | null> {
  const path = join(cache.directory(id), '.cacheMap');
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
  applies: (input: Input, expected: Expected) => boolean | Promise<boolean>;
  check: (input: Input, expected: Expected) => Promise<void> | void;
}[] = [
  {
    reason: 'an id that is not a whole number in ASCII digits names no file handle: it is refused',
    applies: ({ op, fileHandleId }) =>
      op === 'cache_dir' && !/^-?[0-9]+$/.test(handleId(fileHandleId)),
    check: ({ fileHandleId }) =>
      expect(() => cache.directory(handleId(fileHandleId))).toThrow(ArgumentError),
  },
  {
    reason: 'a folder is no copy of a file',
    applies: async ({ op, path }) => op === 'add' && (await isFolder(path)),
    check: (input) => expect(run(input)).rejects.toThrow(FileSystemError),
  },
  {
    reason: 'a map that is JSON but not a map is damaged like one that is not JSON: it is rebuilt',
    applies: ({ op, cacheMaps, fileHandleId }, { error }) =>
      ['add', 'contains', 'get', 'remove'].includes(op) &&
      error?.message.startsWith("Can't find file") !== true &&
      isOtherJson(jsonOf(cacheMaps?.[handleId(fileHandleId)] ?? {})),
    check: async (input) => {
      const nothing: Record<string, unknown> = { contains: false, get: null, remove: [] };
      if (input.op !== 'add') {
        expect(await run(input)).toEqual(nothing[input.op]);
        return;
      }
      await run(input);
      const text = await mapText(handleId(input.fileHandleId));
      expect([...parseCacheMap(text ?? '').keys()]).toEqual([cacheKey(input.path ?? '')]);
    },
  },
  {
    reason: 'an entry of no known form is a copy that cannot be trusted, not a crash',
    applies: ({ op }, { error }) =>
      ['compare_timestamps', 'contains', 'get', 'item_unmodified'].includes(op) && isCrash(error),
    check: async (input) => {
      const { op, cacheMaps, fileHandleId } = input;
      const paths = Object.keys(cacheMaps?.[handleId(fileHandleId)] ?? {});
      expect(op === 'get' ? [null, ...paths] : [false]).toContain(await run(input));
    },
  },
  {
    reason:
      'a name with a backslash, which no key of a map can hold, is not found again; no failure',
    applies: ({ op, path }) => op === 'add' && /\\/.test(path ?? ''),
    check: async (input) => {
      await run(input);
      expect(await cache.get(handleId(input.fileHandleId))).toBeUndefined();
    },
  },
  {
    reason: 'the same, where it is a question',
    applies: async ({ op, path }) =>
      ['item_unmodified', 'contains'].includes(op) && (await isFolder(path)),
    check: async (input) => expect(await run(input)).toBe(false),
  },
  {
    reason: 'where nothing is to be forgotten, nothing is written: no folder, no empty map',
    applies: ({ op }, { value }) => op === 'remove' && removedOf(value).length === 0,
    check: async (input, { value }) => {
      expect(await run(input)).toEqual([]);
      const after = (value as Record<string, string>)['cacheMapAfter'] ?? '';
      const text = await mapText(handleId(input.fileHandleId));
      expect(parseCacheMap(text ?? '')).toEqual(parseCacheMap(after));
    },
  },
  {
    reason: 'the time 0 is a time: nothing was recorded before 1970, and everything after it',
    applies: ({ op, before, after }) =>
      op === 'purge' && [before, after].some((limit) => time(limit)?.getTime() === 0),
    check: async (input) => {
      const before = time(input.before);
      const after = time(input.after) ?? new Date(-1);
      if (before !== undefined && before < after) {
        await expect(run(input)).rejects.toThrow(ArgumentError);
        return;
      }
      const isChosen = (seconds: number | null): boolean =>
        seconds === null ||
        ((before === undefined || seconds * 1000 < before.getTime()) &&
          seconds * 1000 > after.getTime());
      const chosen = Object.values(input.mapMtimes).filter(isChosen);
      expect(await run(input)).toBe(chosen.length);
    },
  },
  {
    reason: 'a folder is a cache folder when its whole name is a number, not only the start of it',
    applies: ({ op, extraDirs }) =>
      op === 'purge' &&
      extraDirs.some((name) => /^\d/.test(name) && !/^[0-9]+\/[0-9]+(\/|$)/.test(name)),
    check: async (input) => {
      await run(input);
      const isKept = (name: string): boolean => !/^[0-9]+\/[0-9]+(\/|$)/.test(name);
      for (const name of input.extraDirs.filter(isKept)) {
        expect(existsSync(join(cache.root, name))).toBe(true);
      }
    },
  },
];

/** What the Python client ends with where it takes a value for what it is not. */
function isCrash(error: RecordedError | undefined): boolean {
  return ['AttributeError', 'TypeError', 'KeyError'].includes(error?.type ?? '');
}

async function isFolder(path: string | null): Promise<boolean> {
  const info = path === null ? undefined : await stat(path).catch(() => undefined);
  return info?.isDirectory() ?? false;
}

/** Whether a text is JSON, but no object. */
function isOtherJson(text: string): boolean {
  try {
    return !/^\s*\{/.test(text) && JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function removedOf(value: unknown): unknown[] {
  return (value as { removed?: unknown[] } | undefined)?.removed ?? [];
}

/**
 * The id as text. The Python client also takes an entity or a file handle where it wants the id of one; what is
 * neither is shown as JSON.
 */
function handleId(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const { dataFileHandleId, concreteType, id, $int } = value as Record<string, unknown>;
  if (typeof $int === 'string') return $int;
  if (dataFileHandleId !== undefined) return handleId(dataFileHandleId);
  const isHandle = /^org\.sagebionetworks\.repo\.model\.file/.test(String(concreteType));
  return isHandle && id !== undefined ? handleId(id) : JSON.stringify(value);
}

function time(value: Input['before']): Date | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return new Date(value * 1000);
  const hasOffset = /(Z|[+-]\d\d:\d\d(:\d\d)?)$/.test(value.$datetime);
  return new Date(hasOffset ? value.$datetime : `${value.$datetime}Z`);
}

async function run(input: Input): Promise<unknown> {
  const id = handleId(input.fileHandleId);
  switch (input.op) {
    case 'cache_dir':
      return cache.directory(id);
    case 'add': {
      await cache.add(id, input.path ?? '', input.md5 ?? undefined);
      const text = (await mapText(id)) ?? '';
      return { returned: JSON.parse(text) as unknown, cacheMap: text };
    }
    case 'compare_timestamps':
      return (
        input.modified !== null &&
        typeof input.cached === 'string' &&
        isSameTime(input.modified, input.cached)
      );
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
  await mkdir(cache.root, { recursive: true });
  for (const [id, mtime] of Object.entries(input.mapMtimes)) {
    await mkdir(cache.directory(id), { recursive: true });
    if (mtime === null) continue;
    const path = join(cache.directory(id), '.cacheMap');
    await writeFile(path, '{}\n');
    await setTime(path, mtime);
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
      sameMap(await mapText(handleId(input.fileHandleId)), value['cacheMapAfter']);
      break;
    case 'remove': {
      expect((actual as string[]).sort()).toEqual(value['removed']);
      sameMap(await mapText(handleId(input.fileHandleId)), value['cacheMapAfter']);
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

async function departureFor(input: Input, expected: Expected) {
  for (const departure of departures) {
    if (await departure.applies(input, expected)) return departure;
  }
  return undefined;
}

describe('the file cache', () => {
  testEach(readVectors<Input>('cache'), async (raw) => {
    const { input, expected } = rooted<Case>(raw);
    if (input.op === 'purge') await prepareFolders(input);
    else await prepare(input);
    const departure = await departureFor(input, expected);
    if (departure !== undefined) {
      await departure.check(input, expected);
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
