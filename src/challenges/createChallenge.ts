import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { createOrFind } from '../api/createOrFind.js';
import type { Context } from '../context.js';
import { NotFoundError } from '../errors.js';
import { containerOf, type EntityRef } from '../values/ids.js';
import { challengeOf, type Challenge } from './challenge.js';
import { teamIdOf, type TeamRef } from '../teams/teamIdOf.js';

/** A new challenge. */
export interface NewChallenge {
  project: EntityRef;
  /** The team that users join to take part: its id, its name, or an object. */
  participantTeam: TeamRef;
}

/** Implements {@link Challenges.create}. After a lost answer, the challenge of the project is read, of which there is one. */
export async function createChallenge(
  ctx: Context,
  { project, participantTeam }: NewChallenge,
  options: CallOptions = {},
): Promise<Challenge> {
  const projectId = containerOf(project);
  const participantTeamId = await teamIdOf(ctx, participantTeam, options);
  const body: M.Challenge = { projectId, participantTeamId };
  const { challenge } = ctx.services;
  return createOrFind({
    create: async () => challengeOf(await challenge.createChallenge({ body }, options)),
    find: async () => {
      const known = await ofProject(ctx, projectId, options);
      return known?.participantTeamId === participantTeamId ? known : undefined;
    },
    signal: options.signal,
  });
}

async function ofProject(
  ctx: Context,
  id: string,
  options: CallOptions,
): Promise<Challenge | undefined> {
  try {
    return challengeOf(await ctx.services.challenge.getEntityChallenge({ id }, options));
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
