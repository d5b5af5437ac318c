import { parseEntityId } from '../entities/entityIds.js';
import { getEntityRecord } from '../entities/entityRecords.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { authorizeMail, receiveMail } from './cloudMail.js';
import { conversation, deleteMessage, inbox, outbox, updateDelivery } from './messageBoxes.js';
import { messageModel, requireMessage } from './messageRecords.js';
import { forwardMessage, sendMessage } from './sendMessage.js';

/** Serves messages between users. */
export function messagesRoutes(router: Router, world: World): void {
  sendingRoutes(router, world);
  router.get('/repo/v1/message/inbox', ({ query, caller }) => inbox(world, caller, query));
  router.get('/repo/v1/message/outbox', ({ query, caller }) => outbox(world, caller, query));
  router.get('/repo/v1/message/{messageId}', ({ path, caller }) =>
    messageModel(requireMessage(world, caller, path.messageId)),
  );
  router.get('/repo/v1/message/{messageId}/conversation', ({ path, query, caller }) =>
    conversation(world, caller, path.messageId, query),
  );
  router.get('/repo/v1/message/{messageId}/file', ({ path, caller }) => {
    const { fileHandleId } = requireMessage(world, caller, path.messageId);
    return world.files.url(world.files.get(fileHandleId));
  });
  router.put('/repo/v1/message/status', ({ caller, body }) => updateDelivery(world, caller, body));
  router.delete('/repo/v1/admin/message/{messageId}', ({ path, caller }) =>
    deleteMessage(world, caller, path.messageId),
  );
}

function sendingRoutes(router: Router, world: World): void {
  router.post('/repo/v1/message', ({ caller, body }) =>
    messageModel(sendMessage(world, caller, body)),
  );
  router.post('/repo/v1/message/{messageId}/forward', ({ path, caller, body }) =>
    messageModel(forwardMessage(world, caller, path.messageId, body.recipients)),
  );
  router.post('/repo/v1/entity/{id}/message', ({ path, caller, body }) => {
    // Users who cannot read an entity may send a message to its creator.
    const { createdBy } = getEntityRecord(world, parseEntityId(path.id));
    const recipients = [...(body.recipients ?? []), String(createdBy)];
    return messageModel(sendMessage(world, caller, { ...body, recipients }));
  });
  router.post('/repo/v1/cloudMailInAuthorization', ({ caller, body }) =>
    authorizeMail(world, caller, body),
  );
  router.post('/repo/v1/cloudMailInMessage', ({ caller, body }) =>
    receiveMail(world, caller, body),
  );
}
