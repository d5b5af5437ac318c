import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { stringifyJson } from '../values/json.js';
import { isActivityObject, isWireActivity, toActivity, type AnyActivity } from './activity.js';

/** Updates the activity with the given id, or creates one. An {@link Activity} that Synapse has as it is is not sent. Returns its id. */
export async function storeActivity(
  ctx: Context,
  activity: AnyActivity,
  options: CallOptions,
): Promise<string> {
  if (isActivityObject(activity) && activity.isStored && activity.id !== undefined) {
    return activity.id;
  }
  return (await writeActivity(ctx, activity, options)).id ?? '';
}

/** Implements {@link Provenance.store}. */
export async function writeActivity(
  ctx: Context,
  activity: AnyActivity,
  options: CallOptions,
): Promise<M.Activity> {
  const body = withoutDoubles(isWireActivity(activity) ? activity : toActivity(activity));
  const service = ctx.services.activity;
  const call = callOptions(options);
  const stored =
    body.id === undefined
      ? await againAfterLostAnswer(() => service.createActivity({ body }, call))
      : await service.updateActivity({ id: body.id, body }, call);
  if (isActivityObject(activity)) activity.remember(stored);
  return stored;
}

/** Synapse refuses an activity that names an item twice. */
function withoutDoubles(activity: M.Activity): M.Activity {
  if (activity.used === undefined) return activity;
  const used = new Map(activity.used.map((item) => [stringifyJson(item), item]));
  return { ...activity, used: [...used.values()] };
}
