import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { entityVersionOf } from '../values/ids.js';
import { isWireActivity, toActivity, type ActivityInput } from './activity.js';
import { callOptions, type VersionOptions } from '../options.js';
import type { EntityRef } from '../values/ids.js';

/**
 * Reads the activity that an entity was made by.
 *
 * @returns `undefined` when none was recorded.
 * @throws {@link NotFoundError} when there is no such entity.
 * @see https://rest-docs.synapse.org/rest/GET/entity/id/generatedBy.html
 */
export async function getProvenance(
  ctx: Context,
  entity: EntityRef,
  { version: wanted, ...options }: VersionOptions = {},
): Promise<M.Activity | undefined> {
  const { id, version = wanted } = entityVersionOf(entity);
  const versionNumber = wanted ?? version;
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

// Both are 404: an entity that is not there (or in the trash), and one without an activity.
function isMissingEntity({ reason }: NotFoundError, id: string): boolean {
  return reason.includes(id) && /does not exist|trash/i.test(reason);
}

/**
 * Records the activity that the current version of an entity was made by. An activity with an id is changed,
 * any other is made.
 *
 * @returns The activity.
 * @throws {@link ArgumentError} for a used item that is neither an entity nor a URL.
 * @see https://rest-docs.synapse.org/rest/PUT/entity/id/generatedBy.html
 */
export async function setProvenance(
  ctx: Context,
  entity: EntityRef,
  activity: ActivityInput | M.Activity,
  options: CallOptions = {},
): Promise<M.Activity> {
  const { id } = entityVersionOf(entity);
  const generatedBy = await storeActivity(ctx, activity, options);
  return ctx.services.entity.setEntityActivity({ id, generatedBy }, callOptions(options));
}

/** Makes or changes an activity; gives its id. */
export async function storeActivity(
  ctx: Context,
  activity: ActivityInput | M.Activity,
  options: CallOptions,
): Promise<string> {
  const body = isWireActivity(activity) ? activity : toActivity(activity);
  const service = ctx.services.activity;
  const call = callOptions(options);
  const stored =
    body.id === undefined
      ? await service.createActivity({ body }, call)
      : await service.updateActivity({ id: body.id, body }, call);
  return stored.id ?? '';
}

/**
 * Takes the activity away from the current version of an entity, and deletes it. Does nothing when there is none.
 *
 * @throws {@link AuthorizationError} when somebody else made the activity.
 * @see https://rest-docs.synapse.org/rest/DELETE/entity/id/generatedBy.html
 */
export async function deleteProvenance(
  ctx: Context,
  entity: EntityRef,
  options: CallOptions = {},
): Promise<void> {
  const { id } = entityVersionOf(entity);
  const activity = await getProvenance(ctx, id, options);
  if (activity?.id === undefined) return;
  await ctx.services.entity.removeEntityActivity({ id }, callOptions(options));
  await ctx.services.activity.deleteActivity({ id: activity.id }, callOptions(options));
}
