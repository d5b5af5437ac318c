import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { Parent } from '../entities/entityClasses.js';
import { TreeGuard } from '../entities/endlessTree.js';
import { getChildren } from '../entities/getChildren.js';
import { isContainer } from '../entities/isContainer.js';
import type { CommonOptions } from '../options.js';
import { containerOf } from '../values/ids.js';

/** A project or folder, and what is directly in it. */
export interface WalkStep {
  /** The names of the folders from the start down to this container, joined by `/`. Empty for the start itself. */
  path: string;
  id: string;
  folders: M.EntityHeader[];
  /** Everything that is not a folder: files, links, tables, views. */
  files: M.EntityHeader[];
}

/**
 * Implements {@link Sync.walk}.
 *
 * @throws SynapseError (`MALFORMED_RESPONSE`) when the server lists a folder in itself.
 */
export function walk(
  ctx: Context,
  parent: Parent,
  options: CommonOptions = {},
): AsyncGenerator<WalkStep> {
  const id = containerOf(parent);
  return walkFrom({ ctx, guard: new TreeGuard(id), options }, id, []);
}

interface Walk {
  ctx: Context;
  guard: TreeGuard;
  options: CommonOptions;
}

async function* walkFrom(
  walk: Walk,
  id: string,
  names: readonly string[],
): AsyncGenerator<WalkStep> {
  const folders: M.EntityHeader[] = [];
  const files: M.EntityHeader[] = [];
  for await (const child of getChildren(walk.ctx, id, walk.options)) {
    (isContainer(child) ? folders : files).push(child);
  }
  yield { path: names.join('/'), id, folders, files };
  for (const folder of folders) {
    const below = [...names, folder.name];
    walk.guard.enter(folder, below.length);
    yield* walkFrom(walk, folder.id, below);
  }
}
