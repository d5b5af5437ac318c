import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { idOf } from '../values/ids.js';

/** An activity: its id, or an object that has one. */
export type ActivityRef = string | number | { readonly id?: string | undefined };

/** Implements {@link Provenance.getActivity}. */
export function getActivity(
  ctx: Context,
  activity: ActivityRef,
  options: CallOptions = {},
): Promise<M.Activity> {
  return ctx.services.activity.getActivity({ id: idOf(activity) }, callOptions(options));
}
