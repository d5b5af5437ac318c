import type { World } from '../world.js';
import { isInvolved, messageTables } from './messageRecords.js';

/** Registers the files with the text of messages. */
export function registerMessages(world: World): void {
  const { byHandle } = messageTables(world);
  world.files.defineLink((fileHandleId) => byHandle.count(fileHandleId) > 0);
  world.files.defineAssociation('MessageAttachment', (caller, messageId, fileHandleId) =>
    byHandle
      .find(fileHandleId)
      .some((message) => message.id === messageId.trim() && isInvolved(caller, message)),
  );
}
