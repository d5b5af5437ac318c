/** What applying a plan does with an item. */
export type PlanAction =
  /** It is not there yet. */
  | 'create'
  /** Its content has changed: it is transferred. */
  | 'updateContent'
  /** Only its name, annotations, provenance or other properties have changed. */
  | 'updateMetadata'
  /** It is in another place: nothing is transferred. */
  | 'move'
  /** It is only at the target, and deleting was asked for. */
  | 'delete'
  /** It is the same on both sides. */
  | 'skip'
  /** Both sides have changed, or something is in its place: nothing is done, and the report counts it as failed. */
  | 'conflict'
  /** It has no content to transfer, or was excluded. */
  | 'leaveOut';

export const planActions: readonly PlanAction[] = [
  'create',
  'updateContent',
  'updateMetadata',
  'move',
  'delete',
  'skip',
  'conflict',
  'leaveOut',
];

/** The members of an item that plans of both directions have. All are plain JSON. */
export interface PlanItem {
  action: PlanAction;
  kind: 'file' | 'folder' | 'other';
  /** The names from the top of the tree down to the item, joined by `/`. */
  path: string;
  /** The local path, absolute. */
  localPath?: string;
  /** The Synapse id, if the entity exists. */
  id?: string;
  name: string;
  /** Why: what has changed, what is in the way, why nothing is to be done. */
  reason?: string;
  /** Bytes that applying transfers. */
  bytes: number;
  /** Calls of the Synapse API that applying makes, without retries. */
  requests: number;
}

/** Something that prevents an item, or the whole, from being planned. Nothing is done for it, and it is never left unsaid. */
export interface PlanProblem {
  /** The local path, or the path in Synapse. */
  path: string;
  /** What is wrong, and what to do. */
  message: string;
  /** The Synapse id, if there is one. */
  id?: string;
  /** The row of the manifest, from 1 for the first row below the header. */
  row?: number;
  /** The column of the manifest. */
  column?: string;
  /** The value in the manifest. */
  value?: string;
}

/** The sums of a plan. */
export interface PlanTotals {
  /** Items by action; actions without items are 0. */
  actions: Record<PlanAction, number>;
  problems: number;
  /** Bytes to transfer. */
  bytes: number;
  /** Calls of the Synapse API to come. */
  requests: number;
}

/** What a plan consists of, as JSON. A plan that was written to a file can be read and applied later. */
export interface PlanData<Item extends PlanItem = PlanItem> {
  format: 'synapse-sync-plan';
  version: 1;
  direction: 'download' | 'upload';
  /** The local directory; absolute. Absent for the upload of a manifest. */
  directory?: string;
  /** The container in Synapse. Absent for the upload of a manifest. */
  parentId?: string;
  /** The manifest of an upload; absolute, or `-` for standard input. */
  manifest?: string;
  items: Item[];
  problems: PlanProblem[];
  /** What applying a download needs besides its items. */
  download?: DownloadSettings;
}

/** Which manifests a download writes: one in each directory, only one at the top, or none. */
export type ManifestMode = 'all' | 'root' | 'suppress';

/** The options of a download that its items do not show. */
export interface DownloadSettings {
  manifest: ManifestMode;
  /** Whether the manifest has the provenance of files. */
  includeActivity: boolean;
  /** Which part of the work this is: `2/8`. */
  shard?: string;
  /** Whether the MD5 of each download is compared. */
  verify: boolean;
}
