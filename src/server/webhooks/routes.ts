import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { World } from '../world.js';
import { putWebhook, requireWebhook, sendCode, verify, webhooks } from './webhookRecords.js';

/** Serves webhooks. */
export function webhookRoutes(router: Router, world: World): void {
  router.post('/repo/v1/webhook', ({ caller, body }) => putWebhook(world, caller, body).webhook);
  router.get(
    '/repo/v1/webhook/{webhookId}',
    ({ caller, path }) => requireWebhook(world, caller, path.webhookId).webhook,
  );
  router.put(
    '/repo/v1/webhook/{webhookId}',
    ({ caller, path, body }) => putWebhook(world, caller, body, path.webhookId).webhook,
  );
  router.delete('/repo/v1/webhook/{webhookId}', ({ caller, path }) => {
    webhooks(world).delete(requireWebhook(world, caller, path.webhookId).webhook.id);
  });
  router.post('/repo/v1/webhook/list', ({ caller, body }) => {
    requireLogin(caller);
    const own = [...webhooks(world).values()]
      .map(({ webhook }) => webhook)
      .filter(({ createdBy }) => createdBy === String(caller.userId));
    return tokenPage(own, body.nextPageToken);
  });
  router.put(
    '/repo/v1/webhook/{webhookId}/verificationCode',
    ({ caller, path }) => sendCode(world, caller, path.webhookId).webhook,
  );
  router.post('/repo/v1/webhook/{webhookId}/verify', ({ caller, path, body }) =>
    verify(world, caller, path.webhookId, body.verificationCode),
  );
}
