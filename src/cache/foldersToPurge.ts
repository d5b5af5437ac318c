import { ArgumentError } from '../errors.js';
import { parseIsoDate } from '../values/dates.js';

/** A time: a `Date`, milliseconds since 1970, or an ISO 8601 date, which is UTC unless it has an offset. */
export type PurgeTime = Date | number | string;

/** What to remove from the cache; see {@link Cache.purge}. */
export interface PurgeOptions {
  /** Removes what was last recorded before this time. */
  before?: PurgeTime;
  /** Removes what was last recorded after this time. */
  after?: PurgeTime;
  /** Then removes what was recorded longest ago, until no more than this many bytes are left. */
  maxBytes?: number;
  /** Reports what would be removed, and removes nothing. @default false */
  dryRun?: boolean;
}

/** Which folders are removed; times in milliseconds since 1970. */
export interface PurgeRule {
  beforeMs: number | undefined;
  afterMs: number | undefined;
  maxBytes: number | undefined;
}

/** @throws {@link ArgumentError} when nothing is asked for, and for a value that is no time or no size. */
export function purgeRule({ before, after, maxBytes }: PurgeOptions): PurgeRule {
  if (before === undefined && after === undefined && maxBytes === undefined) {
    throw new ArgumentError(
      'Say what to remove from the cache: a time before or after which, or a size to shrink it to.',
    );
  }
  const beforeMs = timeMs('before', before);
  const afterMs = timeMs('after', after);
  if (beforeMs !== undefined && afterMs !== undefined && beforeMs < afterMs) {
    throw new ArgumentError('Nothing can be both: the time "before" must be later than "after".');
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
  /** When its files were last recorded, in milliseconds since 1970; a folder can be without a record. */
  recordedMs: number | undefined;
}

/** Chooses the folders to remove: by time, then the oldest ones while the rest is too large. */
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
