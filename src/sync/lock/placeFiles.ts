import { safeName } from '../../files/safeName.js';
import { uniquePath } from '../../transfer/collision.js';
import type { FileTree, ReadFile, TreeFile, TreeNode, TreeNote } from './treeData.js';

/**
 * Chooses the local paths of a tree, as a download does. Two names that become the same local name get numbers, in the order of the
 * ids: the result depends on nothing else, and is the same on each system.
 */
export async function placeFiles(
  folders: readonly TreeNode[],
  read: readonly ReadFile[],
): Promise<Pick<FileTree, 'folders' | 'files' | 'failures'>> {
  const places = new Places();
  const placed: FileTree['folders'] = [];
  const inDepth = [...folders].sort((a, b) => depthOf(a) - depthOf(b) || byId(a, b));
  for (const node of inDepth) {
    const path = await places.add(node, node.name);
    if (path !== undefined) placed.push({ id: node.id, path });
  }
  const files: TreeFile[] = [];
  for (const { node, file } of [...read].sort((a, b) => byId(a.node, b.node))) {
    const { fileName, id, version, name, ...content } = file;
    const path = await places.add(node, fileName ?? name);
    if (path !== undefined) files.push({ id, version, name, path, ...content });
  }
  return { folders: placed.sort(inOrder), files: files.sort(inOrder), failures: places.failures };
}

class Places {
  readonly failures: TreeNote[] = [];
  readonly #paths = new Map<TreeNode, string>();
  readonly #taken = new Set<string>();

  /** @returns `undefined` when it, or what it is in, can have no local path */
  async add(node: TreeNode, wanted: string): Promise<string | undefined> {
    const above = node.above === undefined ? '' : this.#paths.get(node.above);
    try {
      if (above === undefined) throw new Error('the folder that it is in has no local path.');
      const name = safeName(wanted, 'linux');
      const path = await uniquePath(above === '' ? name : `${above}/${name}`, (each) =>
        this.#taken.has(each),
      );
      this.#taken.add(path);
      this.#paths.set(node, path);
      return path;
    } catch (error) {
      this.failures.push({ id: node.id, path: node.path, reason: (error as Error).message });
      return undefined;
    }
  }
}

function depthOf({ above }: TreeNode): number {
  return above === undefined ? 0 : 1 + depthOf(above);
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : 1);
}

function inOrder(a: Pick<TreeNote, 'path'>, b: Pick<TreeNote, 'path'>): number {
  return a.path < b.path ? -1 : 1;
}
