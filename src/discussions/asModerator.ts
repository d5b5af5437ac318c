import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { SynapseHttpError } from '../errors.js';
import { UserNames } from '../users/userNames.js';
import { withMessage } from '../api/withMessage.js';
import { isMissingPermission } from '../users/isMissingPermission.js';

/** Moderators that a message names. */
const mostNames = 5;

/**
 * Runs a request that only moderators may make. A refusal says which permission is missing, and who has it.
 *
 * @param forumOf - Looks up the id of the forum.
 * @throws {@link AuthorizationError}
 */
export async function asModerator(
  ctx: Context,
  forumOf: () => Promise<string | undefined>,
  options: CallOptions,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw await explained(ctx, forumOf, options, error);
  }
}

async function explained(
  ctx: Context,
  forumOf: () => Promise<string | undefined>,
  options: CallOptions,
  error: unknown,
): Promise<unknown> {
  if (!isMissingPermission(ctx, error)) return error;
  const names = await moderators(ctx, forumOf, options);
  const who = names === '' ? '' : ` Ask one who has it: ${names}.`;
  return withMessage(
    error,
    `${error.message} Moderators have the MODERATE permission on the project.${who}`,
  );
}

/** The names of some moderators; an empty text when they cannot be read. */
async function moderators(
  ctx: Context,
  forumOf: () => Promise<string | undefined>,
  options: CallOptions,
): Promise<string> {
  try {
    const forumId = (await forumOf()) ?? '';
    const page = { forumId, limit: mostNames, offset: 0 };
    const { results } = await ctx.services.discussion.listForumModeratorIds(page, options);
    const names = await new UserNames(ctx).of(results, options);
    return results.map((id) => `${names.get(id) ?? id} (${id})`).join(', ');
  } catch (error) {
    if (error instanceof SynapseHttpError) return '';
    throw error;
  }
}
