import type * as M from '../../generated/models.js';
import { entryText, type AclEntry } from './aclEntries.js';
import { drawTree, type NodeText } from './drawTree.js';

/**
 * What a deletion does to an entity: `delete` its list; `inherit` another list than before, because that of a container is deleted; `keep`
 * its list; `none`, because it has no list; `fail`.
 */
export type AclDeletionAction = 'delete' | 'inherit' | 'keep' | 'none' | 'fail';

/** What a deletion did to an entity, or would do. */
export interface AclDeletionItem {
  id: string;
  name: string;
  type: M.EntityType;
  /** The container that it was listed in. The target itself has none. */
  parentId?: string;
  action: AclDeletionAction;
  /** The entity whose list applied before: itself, or a container. */
  benefactor: string;
  /** The entity whose list applies afterwards. Absent above the target: only a dry run looks there. */
  newBenefactor?: string;
  /** The list that would be deleted. Only in a dry run with `showAclDetails`. */
  entries?: AclEntry[];
  /** Why a list is kept. */
  reason?: string;
  /** Why it failed. */
  error?: Error;
}

/** How the picture of a deletion looks. */
interface PictureOptions {
  showFilesInContainers: boolean;
}

/**
 * Which lists were deleted, or would be, and what inherits from where afterwards. `String(deletion)` is a picture of the tree.
 */
export class AclDeletion {
  /** Whether nothing was changed. */
  readonly dryRun: boolean;
  /** The target, then the entities in it that have a list, or inherit another one than before; folders before their content. */
  readonly items: readonly AclDeletionItem[];
  readonly #all: readonly AclDeletionItem[];
  readonly #picture: PictureOptions;

  /**
   * @param all - All entities, also those to which nothing happens.
   * @internal
   */
  constructor(all: readonly AclDeletionItem[], dryRun: boolean, picture: PictureOptions) {
    this.dryRun = dryRun;
    this.#all = all;
    this.#picture = picture;
    this.items = all.filter(({ action }, index) => index === 0 || action !== 'none');
  }

  /** Entities whose list was deleted, or would be. */
  get deleted(): AclDeletionItem[] {
    return this.#with('delete');
  }

  /** Entities that have a list which is not deleted. */
  get kept(): AclDeletionItem[] {
    return this.#with('keep');
  }

  /** Entities whose list could not be deleted. The others are done. */
  get failed(): AclDeletionItem[] {
    return this.#with('fail');
  }

  #with(wanted: AclDeletionAction): AclDeletionItem[] {
    return this.items.filter(({ action }) => action === wanted);
  }

  /** What `JSON.stringify(deletion)` writes. */
  toJSON(): object {
    const items = this.items.map(({ error, ...item }) => ({
      ...item,
      ...(error && { error: error.message }),
    }));
    return { dryRun: this.dryRun, items };
  }

  /** A tree of the entities that something happens to, and the sums. */
  toString(): string {
    const parents = new Map(this.#all.map((item) => [item.id, item.parentId]));
    const [top] = this.#all;
    const { showFilesInContainers } = this.#picture;
    const shown = new Set<string | undefined>([top?.id]);
    for (const { id, type, action } of this.items) {
      if (action === 'inherit' && type === 'file' && !showFilesInContainers) continue;
      for (let up: string | undefined = id; up !== undefined && !shown.has(up);) {
        shown.add(up);
        up = parents.get(up);
      }
    }
    const drawn = this.#all.filter(({ id }) => shown.has(id));
    const tree = drawTree(drawn, (item) => textOf(item, this.dryRun));
    return tree === '' ? '' : `${tree}\n\n${this.#sums()}`;
  }

  #sums(): string {
    const count = (action: AclDeletionAction): number => this.#with(action).length;
    const lists = (n: number): string => `${n} ${n === 1 ? 'list' : 'lists'}`;
    const failed = count('fail');
    const parts = [
      `${lists(count('delete'))} ${this.dryRun ? 'would be deleted' : 'deleted'}`,
      `${count('inherit')} more ${this.dryRun ? 'would inherit' : 'inherit'} from another container`,
      `${lists(count('keep'))} kept`,
      ...(failed === 0 ? [] : [`${failed} failed`]),
    ];
    return `${parts.join(', ')}.`;
  }
}

function textOf(item: AclDeletionItem, dryRun: boolean): NodeText {
  const { action, benefactor, newBenefactor, entries = [], reason = '', error } = item;
  const from = newBenefactor ?? 'a container above';
  const details = entries.map((entry) => `- ${entryText(entry)}`);
  const inherits = dryRun ? 'would inherit' : 'inherits';
  switch (action) {
    case 'delete':
      return {
        note: `: list ${dryRun ? 'would be deleted' : 'deleted'}, ${inherits} from ${from}`,
        details,
      };
    case 'inherit':
      return { note: `: ${inherits} from ${from}, before from ${benefactor}`, details };
    case 'keep':
      return { note: `: keeps its list, ${reason}`, details };
    case 'none':
      return { note: `: inherits from ${benefactor}`, details };
    case 'fail':
      return { note: `: failed: ${error?.message ?? ''}`, details };
  }
}
