import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import type { World } from '../world.js';
import { requireWebhook, webhooks, webhooksOf } from './webhookRecords.js';
import { createWebhook, sendCodeAgain, updateWebhook, verifyWebhook } from './webhookWrites.js';

/** Serves webhooks. */
export function webhookRoutes(router: Router, world: World): void {
  router.post('/repo/v1/webhook', ({ caller, body }) => createWebhook(world, caller, body).webhook);
  router.get(
    '/repo/v1/webhook/{webhookId}',
    ({ caller, path }) => requireWebhook(world, caller, path.webhookId).webhook,
  );
  router.put(
    '/repo/v1/webhook/{webhookId}',
    ({ caller, path, body }) => updateWebhook(world, caller, path.webhookId, body).webhook,
  );
  router.delete('/repo/v1/webhook/{webhookId}', ({ caller, path }) => {
    webhooks(world).delete(requireWebhook(world, caller, path.webhookId).webhook.id);
  });
  router.post('/repo/v1/webhook/list', ({ caller, body }) =>
    tokenPage(
      webhooksOf(world, caller.userId).map(({ webhook }) => webhook),
      body.nextPageToken,
    ),
  );
  router.put(
    '/repo/v1/webhook/{webhookId}/verificationCode',
    ({ caller, path }) => sendCodeAgain(world, caller, path.webhookId).webhook,
  );
  router.post('/repo/v1/webhook/{webhookId}/verify', ({ caller, path, body }) =>
    verifyWebhook(world, caller, path.webhookId, body.verificationCode),
  );
}
