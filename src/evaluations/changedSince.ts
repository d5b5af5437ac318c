import { withMessage } from '../api/withMessage.js';
import type { PreconditionFailedError } from '../errors.js';

/** The error for an outdated etag, with what to do. @param read - The method that reads the object again. */
export function changedSince(
  what: string,
  read: string,
  cause: PreconditionFailedError,
): PreconditionFailedError {
  return withMessage(
    cause,
    `${what} was changed by somebody since it was read, so nothing was stored. Read it again with ${read}, and apply the change to that.`,
  );
}
