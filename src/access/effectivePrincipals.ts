import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AUTHENTICATED_USERS, PUBLIC } from './principal.js';
import type { NamedPrincipal } from './principalNames.js';

/** The user that Synapse takes visitors for who are not logged in. */
export const anonymous = 273950;

/**
 * The ids of a principal and of the groups whose access it shares: for a user, the user's teams and everybody's groups.
 *
 * @param principal - Nobody has the access of the public.
 * @see https://rest-docs.synapse.org/rest/GET/user/id/team/id.html
 */
export async function effectivePrincipals(
  ctx: Context,
  principal: NamedPrincipal | undefined,
  options: CallOptions,
): Promise<Set<number>> {
  const found = new Set([PUBLIC]);
  if (principal === undefined || principal.principalId === anonymous) return found;
  const { principalId, principalType } = principal;
  found.add(principalId);
  if (principalId === PUBLIC) return found;
  if (principalType !== 'user') return found;
  found.add(AUTHENTICATED_USERS);
  const id = String(principalId);
  for await (const team of ctx.http.paginate('team.listUserTeamIds', { id }, options)) {
    found.add(Number(team));
  }
  return found;
}
