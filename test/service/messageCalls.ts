import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session } from '../server/entitySession.js';
import { uploadFile } from '../server/filesClient.js';
import { ok } from './teamCalls.js';

export type StoredMessage = M.MessageToUser &
  Required<
    Pick<M.MessageToUser, 'createdOn' | 'fileHandleId' | 'id' | 'inReplyToRoot' | 'recipients'>
  >;

/** Uploads the text of a message. */
export async function uploadText(session: Session, text: string): Promise<string> {
  const handle = await uploadFile(session, Buffer.from(text), {
    contentType: 'text/plain; charset=utf-8',
    fileName: 'message.txt',
  });
  return handle.id;
}

export function sendMessage(session: Session, fields: M.MessageToUser): Promise<StoredMessage> {
  return ok(session.post('/message', fields));
}

export async function inboxOf(session: Session, query = ''): Promise<M.MessageBundle[]> {
  const { results } = await ok<M.PaginatedResultsOfMessageBundle>(
    session.get(`/message/inbox?limit=100&${query}`),
  );
  return results;
}

/** The unread messages of a user, newest first. */
export async function unread(session: Session): Promise<M.MessageToUser[]> {
  return (await inboxOf(session)).flatMap(({ message }) => message ?? []);
}

export async function conversationOf(session: Session, id: string): Promise<M.MessageToUser[]> {
  const answer = await session.get(`/message/${id}/conversation?limit=100`);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as M.PaginatedResultsOfMessageToUser).results;
}
