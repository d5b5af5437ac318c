import type * as M from '../../generated/models.js';

/** A message to users of Synapse. */
export interface Message extends M.MessageToUser {
  id: string;
  /** Whether the caller has read it. Only in the inbox. */
  status?: M.MessageStatusType;
  /** The text, if it was asked for. */
  text?: string;
}

/** A message as this package gives it. The shapes of the answers ensure that there is an id. */
export function asMessage(message: M.MessageToUser, status?: M.MessageStatusType): Message {
  return { ...message, id: message.id ?? '', ...(status !== undefined && { status }) };
}
