import type * as M from '../../generated/models.js';
import type { Parent } from '../entities/entityClasses.js';
import type { Failure } from '../errors.js';
import type { CommonOptions } from '../options.js';
import type { PlanItem, PlanProblem } from '../sync/plan/planData.js';

/** Where the provenance of copied files comes from. */
export type CopiedProvenance =
  /** An activity `Copied file`, which used the version of the file that was copied. */
  | 'traceback'
  /** The activity of the version that was copied, if it has one. The copy shares it. */
  | 'existing'
  | 'none';

/** Types of entities that a copy can leave out. */
export type CopyType = Exclude<M.EntityType, 'folder' | 'project'>;

/** How {@link Synapse.planCopy} plans. */
export interface PlanCopyOptions extends CommonOptions {
  /** The project or folder to copy into. A project is copied into another project, whose own properties stay. */
  to?: Parent;
  /** The same as `to`. */
  destinationId?: string;
  /** The version of a file. @default the current one */
  version?: number;
  /**
   * Whether entities that the destination has already, by name and type, are brought up to date. What is there and is the same stays
   * as it is, so that a copy that was interrupted continues. Otherwise a name that is taken is an error before anything is copied.
   * @default false
   */
  updateExisting?: boolean;
  /** The provenance of the copies of files. `null` is the same as `none`. @default 'traceback' */
  setProvenance?: CopiedProvenance | null;
  /** Types of entities to leave out. @default [] */
  excludeTypes?: readonly CopyType[];
  /** Whether annotations are left out. @default false */
  skipCopyAnnotations?: boolean;
  /** Whether wikis are left out. @default false */
  skipCopyWiki?: boolean;
  /** Whether links in wikis to pages of the same wiki lead to the copies. @default true */
  updateLinks?: boolean;
  /** Whether ids in wikis of entities that are copied become those of the copies. @default true */
  updateSynIds?: boolean;
  /** Whether ids in ENTITYID columns of tables of entities that are copied become those of the copies. @default false */
  updateTableIds?: boolean;
}

/** How {@link Synapse.applyCopy} works. */
export interface ApplyCopyOptions extends CommonOptions {
  /** Entities that are written at the same time. @default 16 */
  concurrency?: number;
  /** Called for each entity that is not copied although nothing excludes it. @default it is logged */
  onLeftOut?: (item: CopyItem) => void;
}

/** Options of {@link Synapse.copy}. */
export type CopyOptions = ApplyCopyOptions & PlanCopyOptions;

/** Why an item is not copied. */
export type LeftOutBecause =
  /** Its type is in `excludeTypes`. */
  | 'excluded'
  /** The caller may not download it. */
  | 'permission'
  /** It has access requirements, which the copy would not have. */
  | 'restricted'
  /** Synapse offers no way to copy its type. */
  | 'type'
  /** A link whose target does not exist, or that the caller may not read. */
  | 'deadLink';

/** How an item is copied. */
export type CopiedBy =
  /** The copy has the same file handle, which the caller owns. */
  | 'ownHandle'
  /** The copy has a copy of the file handle; the content itself is not copied. */
  | 'copiedHandle'
  /** A container with properties and annotations. */
  | 'container'
  /** A table with the same columns, and its rows. */
  | 'rows'
  /** A link to the copy of the target, or to the target itself. */
  | 'link'
  /** A view or dataset with the same definition, for the copies where they are copied as well. */
  | 'definition';

/** An entity of a copy. All is plain JSON. */
export interface CopyItem extends PlanItem {
  /** The entity that is copied. */
  id: string;
  type: M.EntityType | 'other';
  /** The version that is copied; of a file only. */
  version?: number;
  how?: CopiedBy;
  because?: LeftOutBecause;
  /** The etag of the entity when the plan was made. */
  etag?: string;
  /** The container that it is in; absent for the entity that was asked for. */
  parentId?: string;
  /** The entity in the destination that it is copied onto. */
  to?: string;
  /** The etag of that entity when the plan was made. */
  toEtag?: string;
  /** The version of that entity when the plan was made; of a file only. */
  toVersion?: number;
  /** What is done with its wiki. Absent when it has none, or when the copy has the same. */
  wiki?: 'create' | 'update';
}

/** What a plan of a copy consists of, as JSON. It can be kept and applied later. */
export interface CopyPlanData {
  format: 'synapse-copy-plan';
  version: 1;
  /** The entity that is copied. */
  sourceId: string;
  destinationId: string;
  setProvenance: CopiedProvenance;
  copyAnnotations: boolean;
  updateLinks: boolean;
  updateSynIds: boolean;
  updateTableIds: boolean;
  items: CopyItem[];
  problems: PlanProblem[];
}

/** What a copy did. */
export interface CopyReport {
  /** The id of each copy by the id of its original, also of those that were there before. */
  mapping: Record<string, string>;
  /** Items that were created or updated. */
  done: CopyItem[];
  /** Items whose copies were there, and the same. */
  skipped: CopyItem[];
  /** Items that were not copied, and why. Everything in a container that was not copied is not listed. */
  leftOut: CopyItem[];
  /** Items that could not be copied. Everything else is. */
  failures: Failure[];
}
