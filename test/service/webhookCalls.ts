import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { WebhookDelivery } from '../../src/server/index.js';
import type { Session } from '../server/entitySession.js';

export type StoredWebhook = Required<Omit<M.Webhook, 'verificationMsg'>> &
  Pick<M.Webhook, 'verificationMsg'>;

/** The endpoint of a function behind an API gateway. */
export const gateway = 'https://abc123.execute-api.us-east-1.amazonaws.com';

/** A request for a webhook of an entity. */
export function webhookRequest(objectId: string, fields: object = {}): object {
  return {
    objectId,
    objectType: 'ENTITY',
    eventTypes: ['CREATE', 'UPDATE', 'DELETE'],
    isEnabled: true,
    invokeEndpoint: `${gateway}/events`,
    ...fields,
  };
}

export async function createWebhook(session: Session, request: object): Promise<StoredWebhook> {
  const answer = await session.post('/webhook', request);
  expect(answer).toMatchObject({ status: 201, body: { verificationStatus: 'PENDING' } });
  return answer.body as StoredWebhook;
}

export async function readWebhook(session: Session, id: string): Promise<StoredWebhook> {
  const answer = await session.get(`/webhook/${id}`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as StoredWebhook;
}

/** What the endpoints of webhooks receive. An endpoint answers with the status at the end of its path, or 200. */
export class Receiver {
  readonly #deliveries: WebhookDelivery[] = [];
  #waiting: (() => void)[] = [];

  readonly receive = (delivery: WebhookDelivery): number => {
    this.#deliveries.push(delivery);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) {
      resume();
    }
    if (delivery.endpoint.endsWith('/unreachable')) {
      throw new Error('There is no such host');
    }
    return Number(/\/(\d+)$/.exec(delivery.endpoint)?.[1] ?? 200);
  };

  /** The first message that satisfies the condition, once it is there. */
  async next(wanted: (delivery: WebhookDelivery) => boolean): Promise<WebhookDelivery> {
    for (;;) {
      const found = this.#deliveries.find(wanted);
      if (found !== undefined) {
        return found;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The message about a change of an entity. */
  event(objectId: string, eventType: M.SynapseEventType): Promise<WebhookDelivery> {
    return this.next(
      ({ message }) =>
        'objectId' in message && message.objectId === objectId && message.eventType === eventType,
    );
  }

  /** The code that was sent last to a webhook. */
  code(webhookId: string): string {
    const codes = this.#deliveries.flatMap(({ headers, message }) =>
      headers['X-Syn-Webhook-Id'] === webhookId && 'verificationCode' in message
        ? [message.verificationCode ?? '']
        : [],
    );
    return codes.at(-1) ?? '';
  }

  /** All messages about changes. */
  get events(): M.WebhookSynapseEventMessage[] {
    return this.#deliveries.flatMap(({ message }) => ('objectId' in message ? [message] : []));
  }
}
