import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';

/** Options of an invitation or a request. */
export interface OpenMembershipOptions extends CallOptions {
  /** A text for the person who decides. */
  message?: string;
  /** A time of ISO 8601, or a `Date`, after which it is void. @default never */
  expiresOn?: Date | string;
  /** The web page on which the receiver of the email can unsubscribe; a token is added to it. @default one of the service */
  notificationUnsubscribeEndpoint?: string;
}

/**
 * The time as the service reads it.
 *
 * @throws {@link ArgumentError} when it is no time, or not in the future.
 */
export function expiryOf(
  { storage }: Context,
  expiresOn: Date | string | undefined,
): string | undefined {
  if (expiresOn === undefined) return undefined;
  const time = expiresOn instanceof Date ? expiresOn.getTime() : Date.parse(expiresOn);
  if (Number.isNaN(time)) {
    throw new ArgumentError(`expiresOn is not a time: ${JSON.stringify(expiresOn)}`);
  }
  const text = new Date(time).toISOString();
  if (time > storage.clock.epoch()) return text;
  throw new ArgumentError(`expiresOn is not in the future: ${text}`);
}
