import type { Synapse } from '../synapse.js';
import type { EntityRef } from '../values/ids.js';
import type { CopiedWikiPage, CopyWikiOptions } from '../wiki/copyWiki.js';

/**
 * Copies the wiki of an entity to another entity. Same as `syn.wiki.copy`.
 *
 * @returns The copies, parents first; none when the entity has no wiki.
 */
export function copyWiki(
  syn: Pick<Synapse, 'wiki'>,
  entity: EntityRef,
  destinationId: EntityRef,
  options: CopyWikiOptions = {},
): Promise<CopiedWikiPage[]> {
  return syn.wiki.copy(entity, destinationId, options);
}
