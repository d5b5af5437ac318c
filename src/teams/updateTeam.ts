import type * as M from '../../generated/models.js';
import { mergeUpdate } from '../api/mergeUpdate.js';
import type { Context } from '../context.js';
import { ConflictError, PreconditionFailedError } from '../errors.js';
import type { CommonOptions } from '../options.js';
import { findPrincipals } from '../users/findPrincipal.js';
import { stringifyJson } from '../values/json.js';
import { checkTeam } from './checkTeam.js';
import { explainRefusal, nameTaken } from './explainTeamError.js';
import { asTeam, type Team, type TeamChange } from './team.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';
import { uploadIcon } from './uploadIcon.js';

/** Implements {@link Teams.update}. */
export async function updateTeam(
  ctx: Context,
  team: TeamRef,
  change: TeamChange,
  options: CommonOptions = {},
): Promise<Team> {
  checkTeam(change);
  const call = { signal: options.signal };
  const id = await teamIdOf(ctx, team, call);
  const icon = await uploadIcon(ctx, change.icon, options);
  const service = ctx.services.team;
  try {
    const stored = await mergeUpdate<M.Team>({
      read: () => service.getTeam({ id }, call),
      change: (current) => merged(current, { ...change, icon }),
      write: (body) => service.updateTeam({ body }, call),
    });
    return asTeam(stored);
  } catch (error) {
    if (error instanceof ConflictError && change.name !== undefined) {
      const { name } = change;
      throw nameTaken(name, (await findPrincipals(ctx, [name], call)).get(name), error);
    }
    const refused = { id, what: 'change the team', needs: 'UPDATE' } as const;
    throw await explainRefusal(ctx, refused, call, error);
  }
}

/** @returns `undefined` when nothing changes */
function merged(
  current: M.Team,
  { etag, ...change }: TeamChange & { icon?: string | null | undefined },
): M.Team | undefined {
  const { name, description, icon, canPublicJoin, canRequestMembership } = change;
  const wanted = { name: name?.trim(), description, icon, canPublicJoin, canRequestMembership };
  const after: Record<string, unknown> = { ...current };
  for (const [key, value] of Object.entries(wanted)) {
    if (value === null) Reflect.deleteProperty(after, key);
    else if (value !== undefined) after[key] = value;
  }
  if (stringifyJson(after) === stringifyJson(current)) return undefined;
  // Not sooner: after a lost answer, the team has another etag because it has the change.
  if (etag !== undefined && etag !== current.etag) throw changedSince(current);
  checkTeam(after);
  return after;
}

function changedSince({ id = '', name = '' }: M.Team): PreconditionFailedError {
  const reason = `The team ${name} (${id}) was changed since it was read`;
  return new PreconditionFailedError(`${reason}. Get it again, and repeat the change.`, {
    status: 412,
    reason,
    method: 'PUT',
    url: '/repo/v1/team',
  });
}
