import type { HttpErrorOptions, SynapseHttpError } from '../errors.js';

/** The same kind of error with another message. What the service said stays in its members, and the first error is the cause. */
export function withMessage<T extends SynapseHttpError>(error: T, message: string): T {
  const { status, reason, method, url, requestId, errorCode, body } = error;
  // Every kind of these errors is made of a message and such details.
  const Kind = error.constructor as new (message: string, details: HttpErrorOptions) => T;
  return new Kind(message, {
    status,
    reason,
    method,
    url,
    requestId,
    errorCode,
    body,
    cause: error,
  });
}
