import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { idOf, type Identified } from '../values/ids.js';

/** Implements {@link Messages.setStatus}. */
export async function setMessageStatus(
  ctx: Context,
  message: Identified,
  status: M.MessageStatusType,
  options: CallOptions = {},
): Promise<void> {
  const body = { messageId: idOf(message), status };
  await ctx.services.message.updateMessageStatus({ body }, options);
}
