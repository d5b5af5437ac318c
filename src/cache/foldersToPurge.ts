import { ArgumentError } from '../errors.js';
import { parseIsoDate } from '../values/dates.js';

/** A time: a `Date`, milliseconds since 1970, or an ISO 8601 date, which is UTC unless it has an offset. */
export type PurgeTime = Date | number | string;

/** What to remove from the cache; see {@link Cache.purge}. */
export interface PurgeOptions {
  /** Removes files last recorded before this time. */
  before?: PurgeTime;
  /** Removes files last recorded after this time. */
  after?: PurgeTime;
  /** Then removes the files recorded longest ago until the total is at most this many bytes. */
  maxBytes?: number;
  /** Reports what would be removed, and removes nothing. @default false */
  dryRun?: boolean;
}

/** The folders to remove; times in milliseconds since 1970. */
export interface PurgeRule {
  beforeMs: number | undefined;
  afterMs: number | undefined;
  maxBytes: number | undefined;
}

/** @throws {@link ArgumentError} when no option selects files, and for an invalid time or size. */
export function purgeRule({ before, after, maxBytes }: PurgeOptions): PurgeRule {
  if (before === undefined && after === undefined && maxBytes === undefined) {
    throw new ArgumentError(
      'Select what to remove from the cache with "before", "after" or "maxBytes".',
    );
  }
  const beforeMs = timeMs('before', before);
  const afterMs = timeMs('after', after);
  if (beforeMs !== undefined && afterMs !== undefined && beforeMs < afterMs) {
    throw new ArgumentError('The time "before" must be later than the time "after".');
  }
  if (maxBytes !== undefined && !(typeof maxBytes === 'number' && maxBytes >= 0)) {
    throw new ArgumentError(
      `maxBytes should be a number of bytes, 0 or more, not ${String(maxBytes)}.`,
    );
  }
  return { beforeMs, afterMs, maxBytes };
}

function timeMs(name: string, time: PurgeTime | undefined): number | undefined {
  if (time === undefined) return undefined;
  const date = typeof time === 'string' ? parseIsoDate(time, { timeZone: 'UTC' }) : time;
  const ms = date instanceof Date ? date.getTime() : date;
  if (typeof ms === 'number' && Number.isFinite(ms)) return ms;
  throw new ArgumentError(
    `${name} should be a Date, milliseconds since 1970 or a date such as 2026-01-31, not ${String(time)}.`,
  );
}

/** The folder of a file handle in the cache. */
export interface FolderUse {
  folder: string;
  bytes: number;
  /** When its files were last recorded, in milliseconds since 1970. A folder may have no record. */
  recordedMs: number | undefined;
}

/** Selects the folders to remove: first by time, then the oldest ones until the rest is small enough. */
export function foldersToPurge(
  folders: readonly FolderUse[],
  { beforeMs, afterMs, maxBytes }: PurgeRule,
): FolderUse[] {
  const byTime = beforeMs !== undefined || afterMs !== undefined;
  const isOutdated = ({ recordedMs }: FolderUse): boolean => {
    if (!byTime) return false;
    if (recordedMs === undefined) return true;
    if (beforeMs !== undefined && recordedMs >= beforeMs) return false;
    return afterMs === undefined || recordedMs > afterMs;
  };
  const chosen = folders.filter(isOutdated);
  if (maxBytes === undefined) return chosen;
  const kept = folders.filter((folder) => !isOutdated(folder));
  kept.sort((one, other) => (one.recordedMs ?? -1) - (other.recordedMs ?? -1));
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const folder of kept) {
    if (total <= maxBytes) break;
    chosen.push(folder);
    total -= folder.bytes;
  }
  return chosen;
}
