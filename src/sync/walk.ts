import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import type { Parent } from '../entities/entityClasses.js';
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

/** Implements {@link Sync.walk}. */
export function walk(
  ctx: Context,
  parent: Parent,
  options: CommonOptions = {},
): AsyncGenerator<WalkStep> {
  return walkFrom(ctx, containerOf(parent), '', options);
}

async function* walkFrom(
  ctx: Context,
  id: string,
  path: string,
  options: CommonOptions,
): AsyncGenerator<WalkStep> {
  const folders: M.EntityHeader[] = [];
  const files: M.EntityHeader[] = [];
  for await (const child of getChildren(ctx, id, options)) {
    (isContainer(child) ? folders : files).push(child);
  }
  yield { path, id, folders, files };
  for (const folder of folders) {
    const below = path === '' ? folder.name : `${path}/${folder.name}`;
    yield* walkFrom(ctx, folder.id, below, options);
  }
}
