import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { isWireActivity, toActivity, type ActivityInput } from './activity.js';

/** Updates the activity with the given id, or creates one. Returns its id. */
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
      ? await againAfterLostAnswer(() => service.createActivity({ body }, call))
      : await service.updateActivity({ id: body.id, body }, call);
  return stored.id ?? '';
}
