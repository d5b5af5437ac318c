import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';

/** Objects in one request. */
const atOnce = 50;

/**
 * Reads which access requirements of objects the caller meets, fifty with one request. What is gone by now is left out.
 *
 * @see https://rest-docs.synapse.org/rest/POST/restrictionInformation/batch.html
 */
export async function restrictionsOf(
  ctx: Context,
  ids: readonly string[],
  options: CallOptions,
): Promise<Map<string, M.RestrictionInformationResponse>> {
  const found = new Map<string, M.RestrictionInformationResponse>();
  for (let start = 0; start < ids.length; start += atOnce) {
    const batch = ids.slice(start, start + atOnce);
    for (const one of await readBatch(ctx, batch, options)) found.set(`syn${one.objectId}`, one);
  }
  return found;
}

async function readBatch(
  ctx: Context,
  objectIds: string[],
  options: CallOptions,
): Promise<M.RestrictionInformationResponse[]> {
  const body = { restrictableObjectType: 'ENTITY', objectIds } as const;
  const { dataAccess } = ctx.services;
  try {
    const answer = await dataAccess.getRestrictionInformationBatch({ body }, options);
    return answer.restrictionInformation;
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    const [first] = objectIds;
    if (objectIds.length === 1 || first === undefined) return [];
    // One that is gone fails all of them: the others are in one of the halves.
    const half = Math.ceil(objectIds.length / 2);
    const left = await readBatch(ctx, objectIds.slice(0, half), options);
    return [...left, ...(await readBatch(ctx, objectIds.slice(half), options))];
  }
}
