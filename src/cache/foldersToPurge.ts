/** What to remove from the cache; see {@link Cache.purge}. */
export interface PurgeOptions {
  /** Removes what was last recorded before this time. */
  before?: Date;
  /** Removes what was last recorded after this time. */
  after?: Date;
  /** Then removes what was recorded longest ago, until no more than this is left. */
  maxBytes?: number;
  /** Removes nothing, and tells what would be removed. @default false */
  dryRun?: boolean;
}

/** The folder of a file handle in the cache. */
export interface FolderUse {
  folder: string;
  bytes: number;
  /** When its files were last recorded, in milliseconds since 1970; a folder can be without a record. */
  recordedMs: number | undefined;
}

/** Chooses the folders to remove: by time, then those recorded longest ago for as long as the rest is too large. */
export function foldersToPurge(
  folders: readonly FolderUse[],
  { before, after, maxBytes }: PurgeOptions,
): FolderUse[] {
  const byTime = before !== undefined || after !== undefined;
  const isOutdated = ({ recordedMs }: FolderUse): boolean => {
    if (!byTime) return false;
    if (recordedMs === undefined) return true;
    if (before !== undefined && recordedMs >= before.getTime()) return false;
    return after === undefined || recordedMs > after.getTime();
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
