import type { MigrationIndex } from './migrationIndex.js';
import type { WorkItem } from './workItem.js';

interface OpenContainer {
  type: 'folder' | 'project';
  parentId: string | null;
  /** Its list of children, and the children, that are not done. */
  open: number;
}

/** The projects and folders that are being indexed. One is noted in the index when everything in it is. */
export class Containers {
  readonly #index: MigrationIndex;
  readonly #open = new Map<string, OpenContainer>();

  constructor(index: MigrationIndex) {
    this.#index = index;
  }

  /** Begins with a container: its list of children is open. */
  enter({ id, type, parentId }: WorkItem): void {
    this.#open.set(id, { type: type === 'project' ? 'project' : 'folder', parentId, open: 1 });
  }

  /** A child of a container was found. */
  opened(parentId: string | null): void {
    const parent = this.#open.get(parentId ?? '');
    if (parent !== undefined) parent.open += 1;
  }

  /** A container was listed, or a child of it is done. */
  done(id: string | null): void {
    const container = this.#open.get(id ?? '');
    if (id === null || container === undefined) return;
    container.open -= 1;
    if (container.open > 0) return;
    this.#open.delete(id);
    this.#index.addContainer(id, container.type, container.parentId);
    this.done(container.parentId);
  }

  /** A container cannot be listed. It is not noted, but the others are. */
  failed({ id, parentId }: WorkItem): void {
    this.#open.delete(id);
    this.done(parentId);
  }
}
