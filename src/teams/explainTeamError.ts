import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { SynapseHttpError, type ConflictError } from '../errors.js';
import { withMessage } from '../api/withMessage.js';
import { isMissingPermission } from '../users/isMissingPermission.js';

/** Managers that a message names. */
const mostNames = 5;

/**
 * Runs a request that only managers of a team may make. A refusal says which permission is missing, and who can grant it.
 *
 * @param team - `what` is tried, as in "You may not ... 123": it ends in "the team".
 * @throws {@link AuthorizationError}
 */
export async function asManager<T>(
  ctx: Context,
  team: { id: string; what: string; needs: M.ACCESS_TYPE },
  options: CallOptions,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw await explainRefusal(ctx, team, options, error);
  }
}

/** The error with what to do about it, if it is a refusal for a missing permission. */
export async function explainRefusal(
  ctx: Context,
  { id, what, needs }: { id: string; what: string; needs: M.ACCESS_TYPE },
  options: CallOptions,
  error: unknown,
): Promise<unknown> {
  if (!isMissingPermission(ctx, error)) return error;
  const managers = await managersOf(ctx, id, options);
  const who = managers === '' ? '' : `: ${managers}. Ask one of them`;
  return withMessage(
    error,
    `You may not ${what} ${id}: you lack the ${needs} permission, which the managers of the team have${who}.`,
  );
}

/** The names of some managers; an empty text when they cannot be read. */
async function managersOf(ctx: Context, id: string, options: CallOptions): Promise<string> {
  const page = { id, memberType: 'ADMIN', limit: mostNames } as const;
  try {
    const { results } = await ctx.services.team.listTeamMembers(page, options);
    return results.map(({ member }) => member?.userName ?? '').join(', ');
  } catch (error) {
    if (error instanceof SynapseHttpError) return '';
    throw error;
  }
}

/** An error for a name that another team or a user has. @param holder - Who has it, if that is known. */
export function nameTaken(
  name: string,
  holder: M.UserGroupHeader | undefined,
  error: ConflictError,
): ConflictError {
  const who =
    holder === undefined
      ? 'another team or user'
      : `the ${holder.isIndividual ? 'user' : 'team'} ${holder.userName} (${holder.ownerId})`;
  return withMessage(
    error,
    `The name ${JSON.stringify(name)} is taken by ${who}: choose another one. Names that differ only in case and punctuation are the same.`,
  );
}
