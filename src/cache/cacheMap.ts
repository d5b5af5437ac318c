import { resolve } from 'node:path';
import { ArgumentError } from '../errors.js';
import { isInRange } from '../values/dates.js';

/** The entry of a path in a `.cacheMap` file. The older form is only the time. */
export type CacheMapEntry = string | { modified_time: string; content_md5: string | null };

/**
 * The content of a `.cacheMap`: path to entry, in the order of the file. Entries that another
 * program wrote are kept unchanged.
 */
export type CacheMap = Map<string, unknown>;

/** Reads a `.cacheMap`. A damaged one counts as empty: its files are downloaded again. */
export function parseCacheMap(text: string): CacheMap {
  const value = parseJson(text);
  return new Map<string, unknown>(isRecord(value) ? Object.entries(value) : []);
}

/** Whether a text is a `.cacheMap`, and not damaged. */
export function isCacheMap(text: string): boolean {
  return isRecord(parseJson(text));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes a `.cacheMap` byte for byte as the Python client does. */
export function formatCacheMap(map: CacheMap): string {
  const entries = [...map].map(([path, entry]) => `${formatJson(path)}: ${formatJson(entry)}`);
  return `{${entries.join(', ')}}\n`;
}

/** The text of a map with one entry, before and after its modification time. */
export function firstEntryText(path: string, md5: string): [before: string, after: string] {
  const key = formatText(path);
  return [`{${key}: {"modified_time": "`, `", "content_md5": ${formatText(md5)}}}\n`];
}

/** JSON in the style of Python's `json.dumps`: `", "`, `": "`, ASCII only. */
function formatJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatJson).join(', ')}]`;
  if (isRecord(value)) {
    const members = Object.entries(value).map(
      ([key, item]) => `${formatJson(key)}: ${formatJson(item)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return formatText(value);
}

function formatText(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Reads the time and MD5 of an entry; `undefined` when it is not a valid entry. */
export function readEntry(entry: unknown): { time: string; md5: string | undefined } | undefined {
  if (typeof entry === 'string') return { time: entry, md5: undefined };
  if (!isRecord(entry) || typeof entry['modified_time'] !== 'string') return undefined;
  const md5 = entry['content_md5'];
  if (md5 !== undefined && md5 !== null && typeof md5 !== 'string') return undefined;
  return { time: entry['modified_time'], md5: md5 ?? undefined };
}

/** A path in the form of `.cacheMap` keys: absolute, with forward slashes, lower case on Windows. */
export function cacheKey(path: string): string {
  const absolute = resolve(path).replaceAll('\\', '/');
  if (process.platform === 'win32') return absolute.toLowerCase();
  // POSIX lets the system define two leading slashes, and Python keeps them.
  return /^\/\/(?!\/)/.test(path) ? `/${absolute}` : absolute;
}

/**
 * Whether a file's time is the recorded one. A recorded time on a full second matches all of that
 * second: the Python client records no fractions.
 * @param modifiedSeconds seconds since 1970, with fraction
 */
export function isSameTime(modifiedSeconds: number, recorded: string): boolean {
  const seconds = recorded.endsWith('.000Z') ? Math.floor(modifiedSeconds) : modifiedSeconds;
  return isInRange(seconds * 1000) && formatTime(seconds) === recorded;
}

/**
 * Seconds since 1970 in ISO 8601 with milliseconds, rounded as the Python client rounds.
 * @throws ArgumentError outside of the years 1 to 9999
 */
export function formatTime(seconds: number): string {
  if (!isInRange(seconds * 1000)) {
    throw new ArgumentError(`The time is outside the years 1 to 9999: ${seconds} s since 1970.`);
  }
  const whole = Math.floor(seconds);
  const microseconds = roundHalfEven((seconds - whole) * 1e6);
  const milliseconds = roundHalfEven(microseconds / 1000);
  return new Date(whole * 1000 + milliseconds).toISOString();
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
