import type { RequiredAction } from './requiredActions.js';

/** A file of the list, after its download. */
export interface DownloadedListFile {
  /** The id of the file. */
  id: string;
  /** The version that the list names. Absent: the version that was current. */
  versionNumber?: number;
  /** The local path. */
  path: string;
}

/** A file of the list that was not downloaded. It stays on the list. */
export interface FailedListFile {
  id: string;
  versionNumber?: number;
  name?: string;
  error: Error;
}

/** What {@link DownloadList.download} did. */
export interface DownloadListReport {
  /** Files that were downloaded, or copied from the cache. */
  done: DownloadedListFile[];
  /** Files that were in the directory already, with the same content. */
  skipped: DownloadedListFile[];
  failed: FailedListFile[];
  /** Files on the list that the caller cannot download now: see `actionsRequired`. Those without an action were deleted. */
  blocked: number;
  actionsRequired: RequiredAction[];
  /** Entries that were removed from the list, as the service counts them. */
  removed: number;
  /** The path of the manifest. Absent when there was nothing to download. */
  manifest?: string;
  /** Bytes that were transferred. */
  bytes: number;
}
