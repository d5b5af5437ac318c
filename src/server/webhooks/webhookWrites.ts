import { randomInt } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { checkWebhook, type WebhookContent } from './checkWebhook.js';
import { sendVerification } from './deliverWebhook.js';
import {
  requireWebhook,
  webhooks,
  webhooksByObject,
  webhooksOf,
  type WebhookRecord,
} from './webhookRecords.js';

/** Maximum number of webhooks of a user. */
const maxWebhooks = 25;
const codeLength = 6;
const codeLifetime = 10 * 60_000;
const codeCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Creates a webhook and sends a code to its endpoint.
 *
 * @throws 403 without READ on the object, 400
 * @see https://rest-docs.synapse.org/rest/POST/webhook.html
 */
export function createWebhook(
  world: World,
  caller: Caller,
  body: M.CreateOrUpdateWebhookRequest,
): WebhookRecord {
  const content = checkWebhook(world, caller, body);
  if (webhooksOf(world, caller.userId).length >= maxWebhooks) {
    throw badRequest(`Cannot create more than ${maxWebhooks} webhooks.`);
  }
  requireFree(world, String(caller.userId), content);
  const now = world.timestamp();
  return sendNewCode(world, {
    ...content,
    id: String(world.store.sequence('webhooks')()),
    createdBy: String(caller.userId),
    createdOn: now,
    modifiedOn: now,
    verificationStatus: 'PENDING',
  });
}

/** Updates a webhook. A changed endpoint is verified again. @throws 404, 403, 400 */
export function updateWebhook(
  world: World,
  caller: Caller,
  id: string,
  body: M.CreateOrUpdateWebhookRequest,
): WebhookRecord {
  const content = checkWebhook(world, caller, body);
  const current = requireWebhook(world, caller, id);
  requireFree(world, current.webhook.createdBy, content, id);
  const webhook = { ...current.webhook, ...content, modifiedOn: world.timestamp() };
  if (webhook.invokeEndpoint !== current.webhook.invokeEndpoint) {
    return sendNewCode(world, webhook);
  }
  const changed = { ...current, webhook };
  webhooks(world).put(id, changed);
  return changed;
}

function requireFree(world: World, createdBy: string, content: WebhookContent, id?: string): void {
  const isTaken = webhooksByObject(world)
    .find(content.objectId)
    .some(
      ({ webhook }) =>
        webhook.id !== id &&
        webhook.createdBy === createdBy &&
        webhook.invokeEndpoint === content.invokeEndpoint,
    );
  if (isTaken) {
    throw badRequest('The same invokeEndpoint cannot be used for the same object.');
  }
}

/** Sends a new code to the endpoint. @throws 404, 403, 400 for a verified webhook */
export function sendCodeAgain(world: World, caller: Caller, id: string): WebhookRecord {
  const { webhook } = requireWebhook(world, caller, id);
  if (webhook.verificationStatus === 'VERIFIED') {
    throw badRequest('The webhook is already verified.');
  }
  return sendNewCode(world, webhook);
}

function sendNewCode(world: World, webhook: WebhookRecord['webhook']): WebhookRecord {
  const code = Array.from(
    { length: codeLength },
    () => codeCharacters[randomInt(codeCharacters.length)],
  ).join('');
  const record = {
    webhook: { ...webhook, verificationStatus: 'PENDING' as const, verificationMsg: undefined },
    code,
    codeExpiresOn: new Date(world.now().getTime() + codeLifetime).toISOString(),
    codeMessageId: world.uuid(),
  };
  webhooks(world).put(webhook.id, record);
  sendVerification(world, record);
  return record;
}

/** Verifies a webhook by the code that its endpoint received. @throws 404, 403, 400 */
export function verifyWebhook(
  world: World,
  caller: Caller,
  id: string,
  verificationCode: string | undefined,
): M.VerifyWebhookResponse {
  if (verificationCode === undefined || verificationCode === '') {
    throw badRequest('The verificationCode is required and must not be the empty string.');
  }
  if (verificationCode.trim() === '') {
    throw badRequest('The verificationCode is required and must not be a blank string.');
  }
  const record = requireWebhook(world, caller, id);
  if (record.webhook.verificationStatus !== 'CODE_SENT') {
    throw badRequest('Cannot verify the webhook at this time.');
  }
  const { status, reason } = judgeCode(world, record, verificationCode);
  webhooks(world).put(id, {
    ...record,
    webhook: { ...record.webhook, verificationStatus: status, verificationMsg: reason },
  });
  return {
    isValid: status === 'VERIFIED',
    ...(reason !== undefined && { invalidReason: reason }),
  };
}

function judgeCode(
  world: World,
  { code, codeExpiresOn = '' }: WebhookRecord,
  given: string,
): { status: M.WebhookVerificationStatus; reason?: string } {
  if (world.timestamp() > codeExpiresOn) {
    return { status: 'FAILED', reason: 'The verification code has expired.' };
  }
  return given === code
    ? { status: 'VERIFIED' }
    : { status: 'CODE_SENT', reason: 'The provided verification code is invalid.' };
}
