import type * as M from '../../../generated/models.js';
import type { World } from '../world.js';
import type { WebhookDelivery } from './webhookDelivery.js';
import { webhooks, type WebhookRecord } from './webhookRecords.js';

const accepted: ReadonlySet<number> = new Set([200, 201, 202, 204]);

/** The answer of an endpoint: its status, or why there is none. */
type Outcome = number | 'connection timeout' | 'unknown';

/** Sends the code of a webhook once its record is stored, and records what came of it. */
export function sendVerification(world: World, record: WebhookRecord): void {
  const { webhook, code = '', codeMessageId = '' } = record;
  const message: M.WebhookVerificationMessage = {
    concreteType: 'org.sagebionetworks.repo.model.webhook.WebhookVerificationMessage',
    messageId: codeMessageId,
    eventTimestamp: world.timestamp(),
    verificationCode: code,
  };
  deliver(world, webhook, message, (outcome) => recordOutcome(world, record, outcome));
}

/** Sends a message about a change. The service forgets messages that no endpoint accepts, too. */
export function sendEvent(
  world: World,
  webhook: WebhookRecord['webhook'],
  event: Pick<M.WebhookSynapseEventMessage, 'eventTimestamp' | 'eventType' | 'objectId'>,
): void {
  const message: M.WebhookSynapseEventMessage = {
    concreteType: 'org.sagebionetworks.repo.model.webhook.WebhookSynapseEventMessage',
    messageId: world.uuid(),
    objectType: 'ENTITY',
    ...event,
  };
  deliver(world, webhook, message, () => undefined);
}

function deliver(
  world: World,
  webhook: WebhookRecord['webhook'],
  message: M.WebhookMessage,
  then: (outcome: Outcome) => void,
): void {
  const { webhookReceiver } = world.options;
  const kind = 'verificationCode' in message ? 'Verification' : 'SynapseEvent';
  const delivery: WebhookDelivery = {
    endpoint: webhook.invokeEndpoint,
    message,
    headers: {
      'Content-Type': 'application/json',
      'X-Syn-Webhook-Id': webhook.id,
      'X-Syn-Webhook-Message-Id': message.messageId,
      'X-Syn-Webhook-Message-Type': kind,
      'X-Syn-Webhook-Owner-Id': webhook.createdBy,
    },
  };
  world.store.afterCommit(() => {
    if (webhookReceiver === undefined) {
      then('connection timeout');
      return;
    }
    track(
      world,
      Promise.resolve(delivery)
        .then(webhookReceiver)
        .catch(() => 'unknown' as const)
        .then(then),
    );
  });
}

const makePending = (world: World): Set<Promise<void>> => {
  const pending = new Set<Promise<void>>();
  world.onClose(async () => {
    await Promise.all(pending);
  });
  return pending;
};

function track(world: World, delivery: Promise<void>): void {
  const pending = world.service(makePending);
  pending.add(delivery);
  void delivery.finally(() => pending.delete(delivery));
}

function recordOutcome(
  world: World,
  { webhook, codeMessageId }: WebhookRecord,
  outcome: Outcome,
): void {
  const current = webhooks(world).get(webhook.id);
  if (current === undefined || current.codeMessageId !== codeMessageId) {
    return;
  }
  const isSent = typeof outcome === 'number' && accepted.has(outcome);
  world.store.transaction(() =>
    webhooks(world).put(webhook.id, {
      ...current,
      webhook: {
        ...current.webhook,
        verificationStatus: isSent ? 'CODE_SENT' : 'FAILED',
        verificationMsg: isSent ? 'A code was sent to the webhook endpoint.' : failure(outcome),
      },
    }),
  );
}

function failure(outcome: Outcome): string {
  const detail =
    typeof outcome === 'number' ? ` with status ${outcome}.` : ` (Reason: ${outcome}).`;
  return `The request to the webhook endpoint failed${detail}`;
}
