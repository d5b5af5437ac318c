import type { CallOptions } from '../../generated/services.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { getUserProfile } from '../users/getUserProfile.js';
import { challengeOf, type Challenge } from './challenge.js';

/** Implements {@link Challenges.list}. */
export function listChallenges(
  ctx: Context,
  user: string | number | undefined,
  options: CallOptions = {},
): Listing<Challenge> {
  return listing(async function* () {
    const { ownerId } = await getUserProfile(ctx, user, options);
    const args = { participantId: Number(ownerId) };
    const found = ctx.http.paginate('challenge.listChallenges', args, options);
    for await (const challenge of found) yield challengeOf(challenge);
  });
}
