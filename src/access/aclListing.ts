import type * as M from '../../generated/models.js';
import { isOtherKind, type TargetKind } from './accessTarget.js';
import { entryText, type AclEntry } from './aclEntries.js';
import type { AclNode } from './aclTree.js';
import { drawTree, type NodeText } from './drawTree.js';

/** The access control list of an object, or the one that it inherits. */
export interface ListedAcl {
  id: string;
  /** Only entities have it. */
  name?: string;
  type: M.EntityType | Exclude<TargetKind, 'entity'>;
  /** The container that the entity was listed in. The target itself has none. */
  parentId?: string;
  /** The container that the list belongs to. Absent for an own list. */
  inheritedFrom?: string;
  entries: AclEntry[];
}

/** An entity that has no list of its own. */
export interface InheritingEntity {
  id: string;
  name: string;
  type: M.EntityType;
  parentId: string;
  /** The container whose list applies. */
  inheritedFrom: string;
}

/** An own list that could not be read. */
export interface UnreadAcl {
  id: string;
  name: string;
  type: M.EntityType;
  error: Error;
}

/** What a listing consists of. */
export interface AclListingData {
  lists: readonly ListedAcl[];
  inheriting: readonly InheritingEntity[];
  failed: readonly UnreadAcl[];
  /** The folders of the tree, for the picture. */
  folders: readonly AclNode[];
}

/** The access control lists of an object, and of what is in it. `String(listing)` is a picture of the tree. */
export class AclListing {
  /** The list that applies to the target, then the own lists of what is in it, folders before their content. */
  readonly lists: readonly ListedAcl[];
  /** What is in the target and has no list of its own. */
  readonly inheriting: readonly InheritingEntity[];
  /** Own lists that could not be read. */
  readonly failed: readonly UnreadAcl[];
  readonly #folders: ReadonlyMap<string, AclNode>;

  /** @internal */
  constructor({ lists, inheriting, failed, folders }: AclListingData) {
    this.lists = lists;
    this.inheriting = inheriting;
    this.failed = failed;
    this.#folders = new Map(folders.map((folder) => [folder.id, folder]));
  }

  /** What `JSON.stringify(listing)` writes. */
  toJSON(): object {
    const failed = this.failed.map(({ error, ...entity }) => ({
      ...entity,
      error: error.message,
    }));
    return { lists: this.lists, inheriting: this.inheriting, failed };
  }

  /** A tree of the entities that have lists of their own, with who has which access. */
  toString(): string {
    const [top, ...others] = this.lists;
    if (top === undefined) return '';
    const lists = new Map(this.lists.map((list) => [list.id, list]));
    const failed = new Map(this.failed.map((entity) => [entity.id, entity]));
    const shown = new Map<string, ShownNode>();
    for (const node of [...others, ...this.failed]) {
      // The folders that lead to it.
      for (let up = this.#folders.get(node.id)?.parentId; up !== undefined;) {
        const folder = this.#folders.get(up);
        if (folder === undefined || shown.has(up)) break;
        shown.set(up, folder);
        up = folder.parentId;
      }
      shown.set(node.id, { ...this.#folders.get(node.id), ...node });
    }
    const counts = new Map<string, number>();
    for (const { inheritedFrom } of this.inheriting) {
      counts.set(inheritedFrom, (counts.get(inheritedFrom) ?? 0) + 1);
    }
    return drawTree<ShownNode>([top, ...shown.values()], ({ id }) => {
      const problem = failed.get(id);
      if (problem !== undefined) return { note: `: ${problem.error.message}`, details: [] };
      const list = lists.get(id);
      return list === undefined ? { note: '', details: [] } : listText(list, counts);
    });
  }
}

type ShownNode = Pick<ListedAcl, 'id' | 'name' | 'type' | 'parentId'>;

function listText(list: ListedAcl, counts: ReadonlyMap<string, number>): NodeText {
  const { id, type, inheritedFrom, entries } = list;
  const count = counts.get(inheritedFrom ?? id) ?? 0;
  const whose = inheritedFrom === undefined ? 'own list' : `inherits from ${inheritedFrom}`;
  const inherit = count === 0 ? '' : `, ${count} in it ${count === 1 ? 'inherits' : 'inherit'} it`;
  const kind = isOtherKind(type) ? type : 'entity';
  return { note: `: ${whose}${inherit}`, details: entries.map((entry) => entryText(entry, kind)) };
}
