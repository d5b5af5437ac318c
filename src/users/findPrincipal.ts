import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';

/** The kinds of principals that can have a name. */
export type PrincipalKind = 'user' | 'team' | 'user or team';

/** The number of similar names in an error message. */
const maximumSuggestions = 5;

/** Names that are looked up with one request. */
const namesAtOnce = 100;

const none: Readonly<Record<PrincipalKind, string>> = {
  user: 'no user',
  team: 'no team',
  'user or team': 'no user and no team',
};

const filters: Readonly<Record<PrincipalKind, M.TypeFilter>> = {
  user: 'USERS_ONLY',
  team: 'TEAMS_ONLY',
  'user or team': 'ALL',
};

/** Names that differ only in case and punctuation are the same name in Synapse. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * Finds a user or a team by its full name.
 *
 * @param what - Whether only users, or only teams, are meant.
 * @throws {@link ArgumentError} when there is none. The message lists names that begin like it.
 * @see https://rest-docs.synapse.org/rest/POST/userGroupHeaders/aliases.html
 */
export async function findPrincipal(
  ctx: Context,
  name: string,
  options: CallOptions,
  what: PrincipalKind = 'user or team',
): Promise<M.UserGroupHeader> {
  const found = (await findPrincipals(ctx, [name], options, what)).get(name);
  return found ?? Promise.reject(await notFound(ctx, name, options, what));
}

/**
 * Finds users or teams by their full names.
 *
 * @returns The principals by the names as they were given. A name that nobody has is not among them.
 * @see https://rest-docs.synapse.org/rest/POST/userGroupHeaders/aliases.html
 */
export async function findPrincipals(
  ctx: Context,
  names: readonly string[],
  options: CallOptions,
  what: PrincipalKind = 'user or team',
): Promise<Map<string, M.UserGroupHeader>> {
  const wanted = new Map(names.map((name) => [name, bareName(name)]));
  const list = [...new Set(wanted.values())].filter((name) => nameKey(name) !== '');
  const byKey = new Map<string, M.UserGroupHeader>();
  for (let start = 0; start < list.length; start += namesAtOnce) {
    const batch = { list: list.slice(start, start + namesAtOnce) };
    const answer = await ctx.services.userProfile.listUserGroupHeadersByAliases(
      { body: batch },
      options,
    );
    for (const header of answer.list) {
      const key = nameKey(header.userName);
      if (isMeant(header, what) && !byKey.has(key)) byKey.set(key, header);
    }
  }
  const found = [...wanted].flatMap(([name, bare]): [string, M.UserGroupHeader][] => {
    const header = byKey.get(nameKey(bare));
    return header === undefined ? [] : [[name, header]];
  });
  return new Map(found);
}

/**
 * The error for a name that nobody has. It lists names that begin like it.
 *
 * @see https://rest-docs.synapse.org/rest/GET/userGroupHeaders.html
 */
export async function notFound(
  ctx: Context,
  name: string,
  options: CallOptions,
  what: PrincipalKind,
): Promise<ArgumentError> {
  const wanted = bareName(name);
  // A mistake is seldom at the start of a name.
  const beginnings = [wanted, wanted.slice(0, Math.max(3, Math.ceil(wanted.length / 2)))];
  let similar: M.UserGroupHeader[] = [];
  for (const prefix of new Set(beginnings)) {
    if (similar.length > 0 || nameKey(prefix) === '') break;
    const { children = [] } = await ctx.services.userProfile.listUserGroupHeaders(
      { prefix, typeFilter: filters[what] },
      options,
    );
    similar = children.filter((header) => isMeant(header, what));
  }
  const names = similar.slice(0, maximumSuggestions).map(({ userName, ownerId, isIndividual }) => {
    return `${userName} (${isIndividual ? 'user' : 'team'} ${ownerId})`;
  });
  const hint =
    names.length === 0 ? '' : ` Similar: ${names.join(', ')}. Pass a full name or an id.`;
  return new ArgumentError(`There is ${none[what]} named ${JSON.stringify(name)}.${hint}`);
}

function bareName(name: string): string {
  return name.trim().replace(/^@/, '');
}

function isMeant({ isIndividual }: M.UserGroupHeader, what: PrincipalKind): boolean {
  return what === 'user or team' || isIndividual === (what === 'user');
}
