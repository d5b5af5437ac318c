import type * as M from '../../generated/models.js';
import { isContainer } from '../entities/isContainer.js';
import type { CommonOptions } from '../options.js';

/** What {@link walk} needs of a client. */
export interface ChildLister {
  getChildren(parent: string, options?: CommonOptions): AsyncIterable<M.EntityHeader>;
}

/** A project or folder, and what is directly in it. */
export interface WalkStep {
  /** Names from the start down to this container, joined by `/`; empty for the start itself. */
  path: string;
  id: string;
  folders: M.EntityHeader[];
  /** Everything that is not a folder: files, links, tables, views. */
  files: M.EntityHeader[];
}

/**
 * Goes through a project or folder from the top down: first the container itself, then each folder in it in
 * order of name.
 */
export async function* walk(
  syn: ChildLister,
  id: string,
  options: CommonOptions = {},
  path = '',
): AsyncGenerator<WalkStep> {
  const folders: M.EntityHeader[] = [];
  const files: M.EntityHeader[] = [];
  for await (const child of syn.getChildren(id, options)) {
    (isContainer(child) ? folders : files).push(child);
  }
  yield { path, id, folders, files };
  for (const folder of folders) {
    yield* walk(syn, folder.id, options, path === '' ? folder.name : `${path}/${folder.name}`);
  }
}
