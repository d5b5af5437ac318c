import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import type { VersionOptions } from '../options.js';
import { versionOf, type EntityRef } from '../values/ids.js';

/** Implements {@link Provenance.get}. */
export async function getProvenance(
  ctx: Context,
  entity: EntityRef,
  { version: wanted, ...options }: VersionOptions = {},
): Promise<M.Activity | undefined> {
  const { id, version: versionNumber } = versionOf(entity, wanted, { ownVersion: true });
  const { entity: service } = ctx.services;
  try {
    return versionNumber === undefined
      ? await service.getEntityActivity({ id }, options)
      : await service.getEntityVersionActivity({ id, versionNumber }, options);
  } catch (error) {
    if (error instanceof NotFoundError && !isMissingEntity(error, id)) return undefined;
    throw error;
  }
}

// The server answers 404 both for an entity that does not exist (or is in the trash) and for one without an activity.
function isMissingEntity({ reason }: NotFoundError, id: string): boolean {
  return reason.includes(id) && /does not exist|trash/i.test(reason);
}
