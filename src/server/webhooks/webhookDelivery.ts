import type * as M from '../../../generated/models.js';

/** A message to the endpoint of a webhook. */
export interface WebhookDelivery {
  /** The `invokeEndpoint` of the webhook. */
  readonly endpoint: string;
  readonly message: M.WebhookMessage;
  /** Those of the request of the service, without its signed `Authorization`. */
  readonly headers: Readonly<Record<string, string>>;
}
