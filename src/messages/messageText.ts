import type { Context } from '../context.js';
import type { CommonOptions } from '../options.js';
import { openAssociation } from '../storages/openAssociation.js';
import { readText } from '../transfer/readText.js';
import { idOf, type Identified } from '../values/ids.js';
import { asMessage, type Message } from './message.js';

/** Implements {@link Messages.text}. The files of messages that are read at the same time are looked up together. */
export async function messageText(
  ctx: Context,
  message: Identified,
  { signal, onProgress }: CommonOptions = {},
): Promise<string> {
  const { id, fileHandleId = '' } = await wholeMessage(ctx, message, { signal });
  const association = {
    fileHandleId,
    associateObjectId: id,
    associateObjectType: 'MessageAttachment',
  } as const;
  const open = () => openAssociation(ctx, association, { signal });
  return readText(ctx, { what: `message ${id}`, open, signal, onProgress });
}

/** The message itself, which is read when only its id is given. */
export async function wholeMessage(
  ctx: Context,
  message: Identified,
  { signal }: CommonOptions = {},
): Promise<Message> {
  if (isWhole(message)) return message;
  const messageId = idOf(message);
  return asMessage(await ctx.services.message.getMessage({ messageId }, { signal }));
}

function isWhole(message: Identified): message is Message {
  return (
    typeof message === 'object' &&
    'id' in message &&
    'fileHandleId' in message &&
    'createdBy' in message
  );
}
