import type * as M from '../../../generated/models.js';
import type { PlanItem } from '../plan/planData.js';

/** What applying an item writes to Synapse. */
export type UploadChange =
  'content' | 'contentType' | 'annotations' | 'provenance' | 'name' | 'parent';

/** How a file was made. */
export interface UploadActivity {
  /** Absent: the name of the activity in Synapse stays. */
  name?: string;
  /** Absent: the description of the activity in Synapse stays. */
  description?: string;
  /**
   * Synapse ids (`syn1`, `syn1.2`), URLs, or local paths of files of the same plan. A path becomes the id and version that its
   * file has when the plan is applied. Absent: the list of the activity in Synapse stays.
   */
  used?: string[];
  /** As `used`. */
  executed?: string[];
}

/** A folder or file of a plan for an upload. */
export interface UploadItem extends PlanItem {
  /** The row of the manifest. */
  row?: number;
  /** The container, if it exists. */
  parentId?: string;
  /** The `path` of the planned folder that is the container, if it is yet to be created. */
  parentPath?: string;
  /** The URL of content that is not uploaded. */
  url?: string;
  /** Size of the local file in bytes. */
  size?: number;
  /** When the local file was changed, in milliseconds since 1970. */
  modifiedMs?: number;
  /** MD5 of the local file, if it was needed. */
  md5?: string;
  /** Media type. Absent: guessed for new content. */
  contentType?: string;
  /** Annotations in the form of the API. Absent: those in Synapse stay. */
  annotations?: Record<string, M.AnnotationsValue>;
  /** Whether annotations in Synapse that `annotations` does not name are removed. */
  replaceAnnotations?: boolean;
  /** Absent: the activity in Synapse stays. */
  activity?: UploadActivity;
  /** Whether a new version that has other content keeps the activity of the version before. */
  keepActivity?: boolean;
  /** Whether the content of the local file is uploaded. Otherwise Synapse stores its `file:` URL. */
  synapseStore?: boolean;
  /** Whether changed properties, besides the content, create a new version. */
  forceVersion?: boolean;
  /** Whether the name may be changed to one that Synapse accepts. */
  safeName?: boolean;
  /** The etag of the entity when the plan was made. */
  etag?: string;
  /** The version of the file when the plan was made, or after it was applied. */
  versionNumber?: number;
  /** When the entity was changed last; for what is deleted. */
  modifiedOn?: string;
  /** What is written. */
  changes?: UploadChange[];
}
