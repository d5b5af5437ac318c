import type { Parent } from '../entities/entityClasses.js';
import type { CommonOptions } from '../options.js';
import type { WalkStep } from '../sync/walk.js';
import type { Synapse } from '../synapse.js';

/**
 * Lists a project or folder and everything below it, from the top down. Same as `syn.walk`.
 *
 * @returns One step for each container.
 * @throws NotFoundError when the container does not exist.
 */
export function walk(
  syn: Pick<Synapse, 'walk'>,
  parent: Parent,
  options: CommonOptions = {},
): AsyncGenerator<WalkStep> {
  return syn.walk(parent, options);
}
