import { randomInt } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { requireAccess } from '../access/requireAccess.js';
import { parseEntityId } from '../entities/entityIds.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, conflict, forbidden, notFound } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';

/** A webhook with its verification code. */
export interface WebhookRecord {
  readonly webhook: Required<Omit<M.Webhook, 'verificationMsg'>> &
    Pick<M.Webhook, 'verificationMsg'>;
  readonly code?: string;
}

/** All webhooks by id. */
export function webhooks(world: World): Collection<WebhookRecord> {
  return world.store.collection<WebhookRecord>('webhooks');
}

/** @throws 404, 403 for the webhook of another user */
export function requireWebhook(world: World, caller: Caller, id: string): WebhookRecord {
  requireLogin(caller);
  const record = webhooks(world).get(id);
  if (record === undefined) {
    throw notFound(`The webhook ${id.slice(0, 100)} does not exist.`);
  }
  if (record.webhook.createdBy !== String(caller.userId) && !caller.isAdmin) {
    throw forbidden('You are not authorized to access this webhook.');
  }
  return record;
}

/**
 * Creates a webhook, or updates one if an id is given. A changed endpoint must be verified again.
 * This server does not call webhooks.
 *
 * @throws 404, 403 without READ on the object, 400, 409 for a repeated endpoint
 * @see https://rest-docs.synapse.org/rest/POST/webhook.html
 */
export function putWebhook(
  world: World,
  caller: Caller,
  body: M.CreateOrUpdateWebhookRequest,
  id?: string,
): WebhookRecord {
  requireLogin(caller);
  const current = id === undefined ? undefined : requireWebhook(world, caller, id);
  const content = checkedContent(world, caller, body);
  const isTaken = [...webhooks(world).values()].some(
    ({ webhook }) =>
      webhook.id !== current?.webhook.id &&
      webhook.createdBy === String(caller.userId) &&
      webhook.objectId === content.objectId &&
      webhook.invokeEndpoint === content.invokeEndpoint,
  );
  if (isTaken) {
    throw conflict('The same endpoint cannot be used twice for the same object.');
  }
  const now = world.timestamp();
  const isSame = current?.webhook.invokeEndpoint === content.invokeEndpoint;
  const record: WebhookRecord = {
    ...(isSame && current.code !== undefined && { code: current.code }),
    webhook: {
      ...content,
      id: current?.webhook.id ?? String(world.store.sequence('webhooks')()),
      createdBy: current?.webhook.createdBy ?? String(caller.userId),
      createdOn: current?.webhook.createdOn ?? now,
      modifiedOn: now,
      verificationStatus: isSame ? current.webhook.verificationStatus : 'PENDING',
    },
  };
  webhooks(world).put(record.webhook.id, record);
  return record;
}

function checkedContent(world: World, caller: Caller, body: M.CreateOrUpdateWebhookRequest) {
  const { objectId, objectType = 'ENTITY', eventTypes = [], invokeEndpoint, isEnabled } = body;
  if (objectId === undefined || eventTypes.length === 0) {
    throw badRequest('The objectId and at least one of the eventTypes are required.');
  }
  const { id } = requireAccess(world, caller, parseEntityId(objectId), 'READ');
  const url = URL.canParse(invokeEndpoint ?? '') ? new URL(invokeEndpoint ?? '') : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.search !== '' || url.port !== '') {
    throw badRequest('The invokeEndpoint must be an https URL without a port, a user or a query.', {
      errorCode: 'UNSUPPORTED_WEBHOOK_DOMAIN',
    });
  }
  return {
    objectId: id,
    objectType,
    eventTypes: [...new Set(eventTypes)],
    invokeEndpoint: url.href,
    isEnabled: isEnabled ?? true,
  };
}

/**
 * Creates a new verification code. Instead of being sent to the endpoint, it is put into the
 * message of the webhook.
 */
export function sendCode(world: World, caller: Caller, id: string): WebhookRecord {
  const { webhook } = requireWebhook(world, caller, id);
  const code = String(randomInt(1_000_000)).padStart(6, '0');
  const record: WebhookRecord = {
    code,
    webhook: {
      ...webhook,
      verificationStatus: 'CODE_SENT',
      verificationMsg: `Nothing is sent by this server; the verification code is ${code}`,
      modifiedOn: world.timestamp(),
    },
  };
  webhooks(world).put(id, record);
  return record;
}

/** Verifies a webhook by its code. @throws 404, 403, 400 while there is none */
export function verify(
  world: World,
  caller: Caller,
  id: string,
  verificationCode: string | undefined,
): M.VerifyWebhookResponse {
  const { webhook, code } = requireWebhook(world, caller, id);
  if (verificationCode === undefined) {
    throw badRequest('The verificationCode is required.');
  }
  if (webhook.verificationStatus !== 'CODE_SENT') {
    throw badRequest(`Cannot verify a webhook in the state ${webhook.verificationStatus}.`);
  }
  if (verificationCode !== code) {
    return { isValid: false, invalidReason: 'The verification code is not correct.' };
  }
  const verified = { ...webhook, verificationStatus: 'VERIFIED' as const };
  delete verified.verificationMsg;
  webhooks(world).put(id, { webhook: { ...verified, modifiedOn: world.timestamp() } });
  return { isValid: true };
}
