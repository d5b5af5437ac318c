import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { idOf, type Identified } from '../values/ids.js';
import { asMessage, type Message } from './message.js';
import { messageText } from './messageText.js';

/** Whether texts, which are in files, are read too. */
export interface TextOptions extends CommonOptions {
  /** Whether to read the text, with a request of its own. @default false */
  text?: boolean;
}

/** Implements {@link Messages.get}. */
export async function getMessage(
  ctx: Context,
  message: Identified,
  { text = false, signal, onProgress }: TextOptions = {},
): Promise<Message> {
  const messageId = idOf(message);
  const found = asMessage(await ctx.services.message.getMessage({ messageId }, { signal }));
  return text ? { ...found, text: await messageText(ctx, found, { signal, onProgress }) } : found;
}
