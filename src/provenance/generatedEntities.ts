import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { idOf } from '../values/ids.js';
import type { ActivityRef } from './getActivity.js';

/** A version of an entity. */
export interface GeneratedEntity {
  /** `syn` and digits. */
  id: string;
  versionNumber?: number;
}

const pageSize = 100;

/** Implements {@link Provenance.generated}. */
export function generatedEntities(
  ctx: Context,
  activity: ActivityRef,
  options: CallOptions = {},
): Listing<GeneratedEntity> {
  const id = idOf(activity);
  return listing(async function* () {
    const pages = ctx.http.paginate(
      'activity.listEntitiesGeneratedByActivity',
      { id, limit: pageSize },
      callOptions(options),
    );
    for await (const { targetId = '', targetVersionNumber: versionNumber } of pages) {
      yield { id: targetId, versionNumber };
    }
  });
}
