import type * as M from '../../generated/models.js';
import type { Parent } from '../entities/entityClasses.js';
import { isContainer } from '../entities/isContainer.js';
import type { WalkOptions } from '../sync/walkStep.js';
import type { Synapse } from '../synapse.js';

/** A container: the names from the start down to it, joined by `/` (the start included), and its id. */
export type WalkedPath = [path: string, id: string];

/** A name and an id. */
export type WalkedName = [name: string, id: string];

/** One container, the folders in it, and everything else in it. */
export type WalkTuple = [dirpath: WalkedPath, dirnames: WalkedName[], filenames: WalkedName[]];

/**
 * Lists a project or folder and everything below it, from the top down, like `os.walk` of Python. `syn.walk` gives the same as
 * objects, with the types and versions of the entities.
 *
 * @param parent - A project or folder. What is neither has no steps.
 * @returns One step for each container. Its path begins with the name of the start.
 * @throws NotFoundError when the container does not exist.
 */
export async function* walk(
  syn: Pick<Synapse, 'get' | 'walk'>,
  parent: Parent,
  options: WalkOptions = {},
): AsyncGenerator<WalkTuple> {
  const { signal, followLinks: followLink } = options;
  const start = await syn.get(parent, { downloadFile: false, followLink, signal });
  if (!isContainer({ type: start.concreteType })) return;
  for await (const { path, id, folders, files } of syn.walk(start.id, options)) {
    const dirpath = path === '' ? start.name : `${start.name}/${path}`;
    yield [[dirpath, id], folders.map(nameOf), files.map(nameOf)];
  }
}

function nameOf({ name, id }: M.EntityHeader): WalkedName {
  return [name, id];
}
