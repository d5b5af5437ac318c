import type { Context } from '../../context.js';
import type { CommonOptions } from '../../options.js';
import { versionOf, type EntityRef } from '../../values/ids.js';
import { readFileTree } from './fileTree.js';
import type { TreeNote } from './treeData.js';
import type { Lock } from './lockData.js';

/** How {@link Sync.lock} works. */
export interface LockOptions extends CommonOptions {
  /** Called for each entity that is no file: tables, views, links. @default the client logs it */
  onLeftOut?: (note: TreeNote) => void;
}

/** Implements {@link Sync.lock}. */
export async function lockFiles(
  ctx: Context,
  entities: EntityRef | readonly EntityRef[],
  options: LockOptions = {},
): Promise<Lock> {
  const {
    onLeftOut = ({ id, path, reason }: TreeNote) =>
      ctx.log(`not locked: ${path} (${id}): ${reason}`),
    signal,
  } = options;
  const roots = listOf(entities).map((entity) => versionOf(entity, undefined));
  const tree = await readFileTree(ctx, roots, { signal });
  for (const note of tree.leftOut) onLeftOut(note);
  const { files, failures } = tree;
  return {
    format: 'synapse-lock',
    version: 1,
    roots: tree.roots,
    files,
    ...(failures.length > 0 && { failures }),
  };
}

function listOf(entities: EntityRef | readonly EntityRef[]): readonly EntityRef[] {
  return Array.isArray(entities) ? (entities as readonly EntityRef[]) : [entities as EntityRef];
}
