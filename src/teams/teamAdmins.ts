import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { mergeUpdate } from '../api/mergeUpdate.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { userIdOf, type UserRef } from '../users/userIdOf.js';
import { asManager } from './explainTeamError.js';
import { teamIdOf, type TeamRef } from './teamIdOf.js';

/** What the website grants to the managers of a team. */
const managerAccess: M.ACCESS_TYPE[] = [
  'READ',
  'SEND_MESSAGE',
  'UPDATE',
  'DELETE',
  'TEAM_MEMBERSHIP_UPDATE',
];

/** Implements {@link Teams.setAdmin}. */
export async function setAdmin(
  ctx: Context,
  team: TeamRef,
  user: UserRef,
  options: CallOptions = {},
): Promise<void> {
  const id = await teamIdOf(ctx, team, options);
  const userId = await userIdOf(ctx, user, options);
  await requireMember(ctx, id, userId, options);
  await changeAcl(ctx, id, options, (entries) => {
    const own = entries.find((entry) => entry.principalId === Number(userId));
    const types = new Set(own?.accessType);
    if (managerAccess.every((type) => types.has(type))) return undefined;
    const accessType = [...new Set([...types, ...managerAccess])];
    const entry = { principalId: Number(userId), accessType };
    return [...entries.filter((other) => other !== own), entry];
  });
}

/** Implements {@link Teams.removeAdmin}. */
export async function removeAdmin(
  ctx: Context,
  team: TeamRef,
  user: UserRef,
  options: CallOptions = {},
): Promise<void> {
  const id = await teamIdOf(ctx, team, options);
  const userId = await userIdOf(ctx, user, options);
  await changeAcl(ctx, id, options, (entries) => {
    const others = entries.filter((entry) => entry.principalId !== Number(userId));
    if (others.length === entries.length) return undefined;
    // The service does not refuse to remove the last manager.
    if (managersIn({ resourceAccess: others }).length === 0) throw lastManager(id, userId);
    return others;
  });
}

/** The ids of the users who manage a team. */
function managersIn({ resourceAccess = [] }: M.AccessControlList): number[] {
  return resourceAccess
    .filter(({ accessType = [] }) => accessType.includes('TEAM_MEMBERSHIP_UPDATE'))
    .flatMap(({ principalId }) => principalId ?? []);
}

/** The error for a change that would leave a team without a manager. */
export function lastManager(id: string, userId: string): ArgumentError {
  return new ArgumentError(
    `User ${userId} is the only manager of the team ${id}, and a team needs one: make somebody else a manager first, or delete the team.`,
  );
}

/** @see https://rest-docs.synapse.org/rest/PUT/team/acl.html */
async function changeAcl(
  ctx: Context,
  id: string,
  options: CallOptions,
  change: (entries: readonly M.ResourceAccess[]) => M.ResourceAccess[] | undefined,
): Promise<void> {
  const service = ctx.services.team;
  const refused = { id, what: 'change who manages the team', needs: 'UPDATE' } as const;
  await asManager(ctx, refused, options, () =>
    mergeUpdate({
      read: () => service.getTeamAcl({ id }, options),
      change: (acl) => {
        const resourceAccess = change(acl.resourceAccess ?? []);
        return resourceAccess && { ...acl, resourceAccess };
      },
      write: (body) => service.updateTeamAcl({ body }, options),
    }),
  );
}

/** A manager who is not a member could decide about members without being seen among them. */
async function requireMember(
  { services }: Context,
  id: string,
  principalId: string,
  options: CallOptions,
): Promise<void> {
  const status = await services.team.getTeamMembershipStatus({ id, principalId }, options);
  if (status.isMember === true) return;
  throw new ArgumentError(
    `User ${principalId} is not a member of the team ${id}, so cannot manage it: invite the user first.`,
  );
}
