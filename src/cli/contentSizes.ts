import type * as M from '../../generated/models.js';
import { checkAnswer } from '../api/checkAnswer.js';
import type { CallOptions, Synapse } from '../index.js';

/**
 * Looks up the sizes of files in bytes, with one request for each: Synapse has no list of them.
 *
 * @returns The sizes by id, without those that Synapse does not know, such as of files at other addresses.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/version.html
 */
export async function contentSizes(
  syn: Synapse,
  headers: readonly M.EntityHeader[],
  options: CallOptions,
): Promise<ReadonlyMap<string, number>> {
  const files = headers.filter(({ type }) => type === 'org.sagebionetworks.repo.model.FileEntity');
  const sizes = await Promise.all(
    files.map(async ({ id }) => [id, await sizeOf(syn, id, options)] as const),
  );
  return new Map(sizes.flatMap(([id, size]) => (size === undefined ? [] : [[id, size] as const])));
}

async function sizeOf(syn: Synapse, id: string, options: CallOptions): Promise<number | undefined> {
  const { NotFoundError } = await import('../errors.js');
  try {
    // The newest version comes first.
    const operation = 'entity.listEntityVersions';
    const versions = await syn.services.entity.listEntityVersions({ id, limit: 1 }, options);
    const { results } = checkAnswer(operation, versions);
    const size = Number(results[0]?.contentSize || NaN);
    return Number.isFinite(size) && size >= 0 ? size : undefined;
  } catch (error) {
    // Deleted since it was listed.
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
