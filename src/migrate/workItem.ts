import type { IndexedType } from './indexRows.js';

/** An entity to index. */
export interface WorkItem {
  id: string;
  type: IndexedType;
  parentId: string | null;
  /** How many folders it is below the top. */
  depth: number;
}
