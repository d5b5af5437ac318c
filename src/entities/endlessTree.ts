import type * as M from '../../generated/models.js';
import { SynapseError } from '../errors.js';

/** Folders in folders. Synapse allows 50. */
export const maximumDepth = 100;

/** The error for folders that a correct server cannot have: to go through them all would never end. */
export function endlessTree({ id, name }: M.EntityHeader, problem: string): SynapseError {
  return new SynapseError(
    `Synapse lists the folder ${name} (${id}) as no folder can be: ${problem}. ` +
      'Nothing in it is read. If it was being moved meanwhile, try again.',
    { code: 'MALFORMED_RESPONSE' },
  );
}

/** Goes through the containers of a tree, and refuses one that it has met before. */
export class TreeGuard {
  readonly #seen: Set<string>;

  /** @param top - The id of the container at the top. */
  constructor(top: string) {
    this.#seen = new Set([top]);
  }

  /**
   * @param depth - 1 for the containers that are directly in the top.
   * @throws SynapseError for a container that was met before, or is deeper than Synapse allows
   */
  enter(container: M.EntityHeader, depth: number): void {
    if (this.#seen.has(container.id)) {
      throw endlessTree(container, 'it is in itself, or in two places');
    }
    if (depth > maximumDepth) throw endlessTree(container, 'its folders are too deep');
    this.#seen.add(container.id);
  }
}
