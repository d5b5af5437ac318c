import type { WalkedEntity, WalkStep } from '../index.js';

/** An entity in the JSON of a tree. */
export type TreeNode = WalkedEntity & {
  /** The size of a file in bytes, where it was looked up. */
  contentSize?: number;
  /** What is in a container. Absent for one that was not listed. */
  children?: TreeNode[];
};

/** Puts the steps of a walk into nested objects. */
export class TreeJson {
  readonly top: TreeNode;
  readonly #maxDepth: number;
  /** The containers to come, the next one last. */
  readonly #pending: TreeNode[];

  /** @param maxDepth - Depth of the folders that are walked. */
  constructor(top: WalkedEntity, maxDepth: number) {
    this.top = { ...top };
    this.#maxDepth = maxDepth;
    this.#pending = [this.top];
  }

  add({ depth, files, folders }: WalkStep, sizes: ReadonlyMap<string, number>): void {
    const node = this.#pending.pop();
    if (node === undefined) return;
    const children = [...files, ...folders].map((entity): TreeNode => {
      const contentSize = sizes.get(entity.id);
      return contentSize === undefined ? { ...entity } : { ...entity, contentSize };
    });
    node.children = children;
    if (depth >= this.#maxDepth) return;
    const below = children.slice(files.length).filter(({ isSkipped }) => isSkipped !== true);
    this.#pending.push(...below.reverse());
  }
}
