import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { findPrincipal } from '../users/findPrincipal.js';
import { groupHeaders } from '../users/groupHeaders.js';
import { AUTHENTICATED_USERS, PUBLIC, readPrincipal, type Principal } from './principal.js';

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

/** Looks up the names of principals, each once, with one request for each hundred. */
export async function principalNames(
  ctx: Context,
  ids: Iterable<number>,
  options: CallOptions,
): Promise<ReadonlyMap<number, NamedPrincipal>> {
  const wanted = new Set(ids);
  const found = await knownNames(ctx, wanted, options);
  return new Map(
    [...wanted].map((principalId) => [
      principalId,
      found.get(principalId) ?? { principalId, name: String(principalId), principalType: 'user' },
    ]),
  );
}

/** The names of those principals that Synapse knows. */
async function knownNames(
  { services }: Context,
  ids: ReadonlySet<number>,
  options: CallOptions,
): Promise<Map<number, NamedPrincipal>> {
  const found = new Map<number, NamedPrincipal>();
  const others: number[] = [];
  for (const principalId of ids) {
    const name = groups.get(principalId);
    if (name === undefined) others.push(principalId);
    else found.set(principalId, { principalId, name, principalType: 'group' });
  }
  for (const header of await groupHeaders(services, others, options)) {
    found.set(Number(header.ownerId), named(header));
  }
  return found;
}

function named({ ownerId, userName, isIndividual }: M.UserGroupHeader): NamedPrincipal {
  return {
    principalId: Number(ownerId),
    name: userName,
    principalType: isIndividual ? 'user' : 'team',
  };
}

/**
 * Looks up a principal by name or id, with one request, or none for the groups.
 *
 * @returns `undefined` when there is none with the id.
 * @throws {@link ArgumentError} when there is none with the name.
 */
export async function namedPrincipal(
  ctx: Context,
  principal: Principal,
  options: CallOptions,
): Promise<NamedPrincipal | undefined> {
  const value = readPrincipal(principal);
  if (typeof value === 'string') return named(await findPrincipal(ctx, value, options));
  return (await knownNames(ctx, new Set([value]), options)).get(value);
}

/** A principal in a message: `alice (user 123)`, `PUBLIC`. */
export function principalText({ principalId, name, principalType }: NamedPrincipal): string {
  return principalType === 'group' ? name : `${name} (${principalType} ${principalId})`;
}
