import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError, SynapseError } from '../errors.js';
import { UserNames } from '../users/userNames.js';
import { withMessage } from '../api/withMessage.js';

/** Reasons of the service that name a missing permission on an evaluation. Against others, such as a filled quota, none helps. */
const missingPermission =
  /(?:\blacks [A-Z_]+ access to|\bnot authorized to [A-Z_]+) evaluation (\d{1,19})\b/i;

/** Runs a request. When the caller lacks a permission on an evaluation, the error says who can grant it. */
export async function explainRefusal<T>(
  ctx: Context,
  run: () => Promise<T>,
  options: CallOptions,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw await explained(ctx, error, options);
  }
}

/** The error of a request. When the caller lacks a permission on an evaluation, it says who can grant it. */
export async function explained(
  ctx: Context,
  error: unknown,
  options: CallOptions,
): Promise<unknown> {
  if (!(error instanceof AuthorizationError)) return error;
  const [, evalId] = missingPermission.exec(error.reason.slice(0, longestReason)) ?? [];
  const owner = evalId && (await ownerOf(ctx, evalId, options));
  if (!evalId || !owner) return error;
  return withMessage(
    error,
    `${error.message.replace(/\.$/, '')}. The owner of the evaluation, ${owner}, can grant it.`,
  );
}

/** Characters that are looked at. */
const longestReason = 1_000;

async function ownerOf(
  ctx: Context,
  evalId: string,
  options: CallOptions,
): Promise<string | undefined> {
  try {
    const found = await ctx.services.evaluation.getEvaluationPermissions({ evalId }, options);
    const id = found.ownerPrincipalId === undefined ? undefined : String(found.ownerPrincipalId);
    if (id === undefined) return undefined;
    const name = (await new UserNames(ctx).of([id], options)).get(id);
    return name === undefined || name === id ? `user ${id}` : `${name} (user ${id})`;
  } catch (error) {
    options.signal?.throwIfAborted();
    // What was refused is reported all the same.
    if (!(error instanceof SynapseError)) throw error;
    return undefined;
  }
}
