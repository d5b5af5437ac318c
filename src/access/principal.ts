import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';

/** The public: all users, including anonymous ones. */
export const everyone = 273949;
/** All users who are logged in. */
const loggedInUsers = 273948;

/** A user or a team, by id or by name. */
export type Principal = string | number;

/**
 * Finds the id of a user or a team.
 *
 * @throws {@link ArgumentError} when no user and no team has the name.
 */
export async function principalId(
  ctx: Context,
  principal: Principal,
  options: CallOptions,
): Promise<number> {
  if (/^\d+$/.test(String(principal))) return Number(principal);
  const name = String(principal);
  const page = await ctx.services.userProfile.listUserGroupHeaders({ prefix: name }, options);
  const found = (page.children ?? []).find(({ userName }) => userName === name);
  if (found?.ownerId === undefined) {
    throw new ArgumentError(`There is no user and no team named ${JSON.stringify(name)}.`);
  }
  return Number(found.ownerId);
}

/** The principal's own id and the ids of the groups whose access it shares. */
export async function effectivePrincipals(
  ctx: Context,
  principal: Principal,
  options: CallOptions,
): Promise<Set<number>> {
  const id = await principalId(ctx, principal, options);
  const found = new Set([id, everyone]);
  if (id === everyone) return found;
  const headers = await ctx.services.userProfile.listUserGroupHeadersByIds(
    { ids: String(id) },
    options,
  );
  const [header] = headers.children ?? [];
  if (header?.isIndividual !== true) return found;
  found.add(loggedInUsers);
  for await (const team of ctx.http.paginate('team.listUserTeamIds', { id: String(id) }, options)) {
    found.add(Number(team));
  }
  return found;
}
