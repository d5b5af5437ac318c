import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { PUBLIC, AUTHENTICATED_USERS } from './principal.js';

/** What a principal is. */
export type PrincipalKind = 'group' | 'team' | 'user';

/** A principal as people know it. */
export interface NamedPrincipal {
  principalId: number;
  /** The user name, the name of the team, `PUBLIC` or `AUTHENTICATED_USERS`. The id when Synapse has no name for it. */
  name: string;
  /** `group` for `PUBLIC` and `AUTHENTICATED_USERS`. */
  principalType: PrincipalKind;
}

/** The names of the groups that everybody belongs to. */
const groups: ReadonlyMap<number, string> = new Map([
  [PUBLIC, 'PUBLIC'],
  [AUTHENTICATED_USERS, 'AUTHENTICATED_USERS'],
]);

/** Ids in one request, so that its address stays short. */
const namesAtOnce = 100;

/**
 * Looks up the names of principals, each once, with one request for each hundred.
 *
 * @see https://rest-docs.synapse.org/rest/GET/userGroupHeaders/batch.html
 */
export async function principalNames(
  { services }: Context,
  ids: Iterable<number>,
  options: CallOptions,
): Promise<ReadonlyMap<number, NamedPrincipal>> {
  const found = new Map<number, NamedPrincipal>();
  const unknown: number[] = [];
  for (const principalId of new Set(ids)) {
    const name = groups.get(principalId);
    if (name === undefined) unknown.push(principalId);
    found.set(principalId, {
      principalId,
      name: name ?? String(principalId),
      principalType: name === undefined ? 'user' : 'group',
    });
  }
  for (let start = 0; start < unknown.length; start += namesAtOnce) {
    const batch = unknown.slice(start, start + namesAtOnce).join(',');
    const { userProfile } = services;
    const { children = [] } = await userProfile.listUserGroupHeadersByIds({ ids: batch }, options);
    for (const { ownerId, userName, isIndividual } of children) {
      const principalId = Number(ownerId);
      found.set(principalId, {
        principalId,
        name: userName,
        principalType: isIndividual ? 'user' : 'team',
      });
    }
  }
  return found;
}

/** A principal in a message: `alice (user 123)`, `PUBLIC`. */
export function principalText({ principalId, name, principalType }: NamedPrincipal): string {
  return principalType === 'group' ? name : `${name} (${principalType} ${principalId})`;
}
