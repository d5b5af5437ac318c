import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { createNamed } from '../api/createOrFind.js';
import { isSince } from '../api/isSince.js';
import type { Context } from '../context.js';
import { ConflictError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { findPrincipals } from '../users/findPrincipal.js';
import { checkTeam, checkTeamName } from './checkTeam.js';
import { nameTaken } from './explainTeamError.js';
import { asTeam, type NewTeam, type Team } from './team.js';
import { uploadIcon } from './uploadIcon.js';

/** Implements {@link Teams.create}. */
export async function createTeam(
  ctx: Context,
  team: NewTeam,
  options: CommonOptions = {},
): Promise<Team> {
  checkTeamName(team.name);
  checkTeam(team);
  const { name, description, canPublicJoin, canRequestMembership } = team;
  const icon = await uploadIcon(ctx, team.icon, options);
  const body = { name: name.trim(), description, icon, canPublicJoin, canRequestMembership };
  return createOnce(ctx, body, { signal: options.signal });
}

/** Creates a team, also when the answer gets lost: the team is then looked up by its name, which is unique. */
async function createOnce(
  ctx: Context,
  body: M.Team & { name: string },
  options: CallOptions,
): Promise<Team> {
  const begun = ctx.storage.clock.epoch();
  try {
    return await createNamed({
      create: async () => asTeam(await ctx.services.team.createTeam({ body }, options)),
      find: () => findCreated(ctx, body, begun, options),
      signal: options.signal,
    });
  } catch (error) {
    throw await explain(ctx, body.name, options, error);
  }
}

async function explain(
  ctx: Context,
  name: string,
  options: CallOptions,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof ConflictError)) return error;
  return nameTaken(name, (await findPrincipals(ctx, [name], options)).get(name), error);
}

/** The team that a request created whose answer was lost: of that content, by this user, since the request. */
async function findCreated(
  ctx: Context,
  body: M.Team & { name: string },
  begun: number,
  options: CallOptions,
): Promise<Team | undefined> {
  const header = (await findPrincipals(ctx, [body.name], options, 'team')).get(body.name);
  if (header === undefined) return undefined;
  const team = await ctx.services.team.getTeam({ id: header.ownerId }, options);
  const isMine =
    team.createdBy === ctx.userId() &&
    isSince(team.createdOn, begun) &&
    team.name === body.name &&
    team.description === body.description &&
    team.icon === body.icon;
  return isMine ? asTeam(team) : undefined;
}
