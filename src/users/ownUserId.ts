import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';

/** The id of the caller: that of the login, or what the service says, which knows visitors too. */
export async function ownUserId(ctx: Context, options: CallOptions): Promise<string> {
  return ctx.userId() ?? (await ctx.services.userProfile.getMyUserProfile(options)).ownerId ?? '';
}
