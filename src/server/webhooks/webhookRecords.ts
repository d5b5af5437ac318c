import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** A webhook with the state of its verification. */
export interface WebhookRecord {
  readonly webhook: Required<Omit<M.Webhook, 'verificationMsg'>> &
    Pick<M.Webhook, 'verificationMsg'>;
  /** The code that was sent last. */
  readonly code?: string;
  readonly codeExpiresOn?: string;
  /** Id of the message with the code: the outcome of an older message does not count. */
  readonly codeMessageId?: string;
}

/** All webhooks by id. */
export function webhooks(world: World): Collection<WebhookRecord> {
  return world.store.collection<WebhookRecord>('webhooks');
}

function byOwner(world: World): Index<WebhookRecord> {
  return webhooks(world).index('owner', ({ webhook }) => webhook.createdBy);
}

/** The webhooks of each object. */
export function webhooksByObject(world: World): Index<WebhookRecord> {
  return webhooks(world).index('object', ({ webhook }) => webhook.objectId);
}

/** The webhooks of a user, oldest first. */
export function webhooksOf(world: World, userId: number): WebhookRecord[] {
  return byOwner(world)
    .find(String(userId))
    .sort((a, b) => Number(a.webhook.id) - Number(b.webhook.id));
}

/** @throws 404, 403 for the webhook of another user */
export function requireWebhook(world: World, caller: Caller, id: string): WebhookRecord {
  const record = webhooks(world).get(id);
  if (record === undefined) {
    throw notFound('A webhook with the given id does not exist.');
  }
  if (record.webhook.createdBy !== String(caller.userId) && !caller.isAdmin) {
    throw forbidden('You are not authorized to access this resource.');
  }
  return record;
}
