import type { Context } from '../context.js';
import { AuthorizationError } from '../errors.js';

/**
 * Whether a request was refused because the user lacks a permission. A missing login, a token without the scope and what has an error
 * code, such as a user who is not certified, are other reasons, which the error tells already.
 */
export function isMissingPermission(ctx: Context, error: unknown): error is AuthorizationError {
  return (
    error instanceof AuthorizationError &&
    error.errorCode === undefined &&
    ctx.isLoggedIn() &&
    !/scope/i.test(error.reason)
  );
}
