import type { Failure } from '../../errors.js';
import type { PlanItem } from './planData.js';

/** What a sync did. */
export interface SyncReport<Item extends PlanItem = PlanItem> {
  /** Items that were created, updated, moved or deleted, with the ids and paths that they have now. */
  done: Item[];
  /** Items that needed nothing. */
  skipped: Item[];
  /** Entities without content to transfer, and what was excluded. */
  leftOut: Item[];
  /** Problems of the plan, conflicts, and items that could not be applied. The rest is done. */
  failures: Failure[];
  /** Manifests that were written; absolute paths. */
  manifests: string[];
  /** Bytes that were transferred. */
  bytes: number;
}
