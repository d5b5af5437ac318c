import type * as M from '../../../generated/models.js';

/** The two forms of manifests that the Python client has: `manifest.csv` of 4.13, and `SYNAPSE_METADATA_MANIFEST.tsv`. */
export type ManifestForm = 'csv' | 'tsv';

/** A row of a manifest: a file and where it belongs in Synapse. */
export interface ManifestRow {
  /** From 1 for the first row below the header. */
  row: number;
  /** The local path, absolute, with `~` and `$NAME` expanded; or a URL, which makes a link to external content. */
  path: string;
  parentId: string;
  /** @default the file name of `path` */
  name?: string;
  /** The Synapse id of an existing file. */
  id?: string;
  /** Whether the content is uploaded. Otherwise the entity refers to the path or URL. */
  synapseStore: boolean;
  contentType?: string;
  /** Whether changed properties create a new version. */
  forceVersion: boolean;
  /** Synapse ids (`syn1`, `syn1.2`), URLs, or local paths (absolute) of files of the manifest or of files that Synapse has. */
  used: string[];
  executed: string[];
  activityName?: string;
  activityDescription?: string;
  /** The other columns, with their types. A blank cell is no annotation. */
  annotations: Record<string, M.AnnotationsValue>;
  /** What the manifest of a download says of the file. */
  facts?: ManifestFacts;
}

/** A file as manifests of downloads describe it, besides the members of a row. Uploads ignore these columns. */
export interface ManifestFacts {
  error?: string;
  versionNumber?: number;
  dataFileSizeBytes?: number;
  createdBy?: string;
  createdOn?: string;
  modifiedBy?: string;
  modifiedOn?: string;
  synapseURL?: string;
  dataFileMD5Hex?: string;
}

/** A row to write: only `path` and `parentId` are needed. */
export type ManifestEntry = Partial<Omit<ManifestRow, 'row'>> &
  Pick<ManifestRow, 'path' | 'parentId'>;
