import { parseEntityId } from '../entities/entityIds.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { authorizeMail, receiveMail, withPlainErrors } from './cloudMail.js';
import { conversation, deleteMessage, inbox, outbox, updateDelivery } from './messageBoxes.js';
import { messageModel, requireMessage } from './messageRecords.js';
import { forwardMessage, sendMessage, sendToOwner } from './sendMessage.js';

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
  router.post('/repo/v1/message', async ({ caller, body }) =>
    messageModel(await sendMessage(world, caller, body)),
  );
  router.post('/repo/v1/message/{messageId}/forward', async ({ path, caller, body }) =>
    messageModel(await forwardMessage(world, caller, path.messageId, body.recipients)),
  );
  router.post('/repo/v1/entity/{id}/message', async ({ path, caller, body }) =>
    messageModel(await sendToOwner(world, caller, parseEntityId(path.id), body)),
  );
  router.post('/repo/v1/cloudMailInAuthorization', ({ body }) =>
    withPlainErrors(() => authorizeMail(world, body)),
  );
  router.post('/repo/v1/cloudMailInMessage', (call) =>
    withPlainErrors(() => receiveMail(world, call)),
  );
}
