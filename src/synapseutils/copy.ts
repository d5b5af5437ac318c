import type { CopyOptions } from '../copy/copyData.js';
import { PartialFailureError } from '../errors.js';
import type { Synapse } from '../synapse.js';
import type { EntityRef } from '../values/ids.js';

/** Options of {@link copy}: those of `syn.copy`, also as the Python client spells them. */
export interface SynapseutilsCopyOptions extends CopyOptions {
  /** The same as `skipCopyWiki`. */
  skipCopyWikiPage?: boolean;
}

/**
 * Copies an entity, and everything in it. Same as `syn.copy`, but with the ids as the result.
 *
 * @example
 * const mapping = await synapseutils.copy(syn, 'syn123', { destinationId: 'syn456' });
 *
 * @returns The id of each copy, by the id of its original.
 * @throws PartialFailureError at the end, when something could not be copied. Everything else is copied.
 * @throws ConflictError when a name is taken in the destination, before anything is copied.
 */
export async function copy(
  syn: Pick<Synapse, 'copy'>,
  entity: EntityRef,
  { skipCopyWikiPage, ...options }: SynapseutilsCopyOptions,
): Promise<Record<string, string>> {
  const skipCopyWiki = options.skipCopyWiki ?? skipCopyWikiPage;
  const { mapping, failures } = await syn.copy(entity, { ...options, skipCopyWiki });
  if (failures.length > 0) throw new PartialFailureError('copied', failures);
  return mapping;
}
