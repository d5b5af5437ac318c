import { createUnnamed } from '../api/createUnnamed.js';
import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import type { Identified } from '../values/ids.js';
import { idOf } from '../values/ids.js';
import { asMessage, type Message } from './message.js';
import { wholeMessage } from './messageText.js';
import { resolveRecipients } from './recipients.js';
import { findSent } from './sendMessage.js';

/** Implements {@link Messages.forward}. */
export async function forwardMessage(
  ctx: Context,
  message: Identified,
  recipients: readonly Identified[],
  { signal }: Pick<CommonOptions, 'signal'> = {},
): Promise<Message> {
  const ids = await resolveRecipients(ctx, recipients, { signal });
  const args = { messageId: idOf(message), body: { recipients: ids } };
  return createUnnamed(
    ctx,
    'message',
    async () => asMessage(await ctx.services.message.forwardMessage(args, { signal })),
    async (isKnown) => {
      const { fileHandleId, id: original } = await wholeMessage(ctx, message, { signal });
      const sent = await findSent(
        ctx,
        ({ id = '', ...each }) =>
          id !== original &&
          !isKnown(id) &&
          each.fileHandleId === fileHandleId &&
          sameSet(each.recipients ?? [], ids),
        signal,
      );
      return sent && asMessage(sent);
    },
  );
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
