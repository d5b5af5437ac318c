import type * as M from '../../../generated/models.js';
import type { CallOptions } from '../../../generated/services.js';
import type { Context } from '../../context.js';
import { fetchBundle } from '../../entities/entityBundle.js';
import { stateOfBundle, type StoredState } from '../../entities/storedState.js';

/** An entity in Synapse, and how it was made. */
export interface Found {
  state: StoredState;
  activity?: M.Activity;
}

const parts: M.EntityBundleRequest = {
  includeEntity: true,
  includeAnnotations: true,
  includeFileHandles: true,
  includeActivity: true,
};

/**
 * Reads all that a file is compared with, in one request.
 *
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/bundle2.html
 */
export async function readFound(ctx: Context, id: string, options: CallOptions): Promise<Found> {
  const bundle = await fetchBundle(ctx, { id }, options, parts);
  return { state: stateOfBundle(bundle), activity: bundle.activity };
}
