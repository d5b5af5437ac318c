import type { PlanItem } from '../plan/planData.js';

/** An item of a download: a file, a folder, or an entity that has no content. */
export interface DownloadItem extends PlanItem {
  /** The container in Synapse. For a link, the container of the link. */
  parentId?: string;
  /** The concrete type of an entity that is left out. */
  type?: string;
  /** The version that a link or the id names. Absent: the current version. */
  version?: number;
  /** The version of the content. */
  versionNumber?: number;
  /** The etag of the entity when the plan was made. */
  etag?: string;
  /** When the entity was changed last, ISO 8601. */
  modifiedOn?: string;
  fileHandleId?: string;
  /** MD5 of the content in Synapse, lower-case hexadecimal. */
  md5?: string;
  /** Size of the content in Synapse, in bytes. */
  size?: number;
  /** What was at `localPath` when the plan was made. Absent: nothing. */
  local?: LocalLook;
  /** Whether a different local file is at `localPath`, and is kept. */
  isKept?: boolean;
}

/** The state of a local file, to notice later changes. */
export interface LocalLook {
  /** Bytes. */
  size: number;
  /** When it was changed, in milliseconds since 1970. */
  modifiedMs: number;
}
