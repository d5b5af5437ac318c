import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';

/** The number of similar names in an error message. */
const maximumSuggestions = 5;

/** Names that differ only in case and punctuation are the same name in Synapse. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/**
 * Finds a user or a team by its full name.
 *
 * @param what - Whether only users are meant.
 * @throws {@link ArgumentError} when there is none. The message lists names that begin like it.
 * @see https://rest-docs.synapse.org/rest/POST/userGroupHeaders/aliases.html
 */
export async function findPrincipal(
  ctx: Context,
  name: string,
  options: CallOptions,
  what: 'user' | 'user or team' = 'user or team',
): Promise<M.UserGroupHeader> {
  const wanted = name.trim().replace(/^@/, '');
  const key = nameKey(wanted);
  const isMeant = ({ isIndividual }: M.UserGroupHeader): boolean =>
    what === 'user or team' || isIndividual;
  const { userProfile } = ctx.services;
  if (key === '') throw notFound(name, what, []);
  const { list } = await userProfile.listUserGroupHeadersByAliases(
    { body: { list: [wanted] } },
    options,
  );
  const found = list.find((header) => nameKey(header.userName) === key && isMeant(header));
  if (found !== undefined) return found;
  const { children = [] } = await userProfile.listUserGroupHeaders({ prefix: wanted }, options);
  throw notFound(name, what, children.filter(isMeant));
}

function notFound(
  name: string,
  what: 'user' | 'user or team',
  similar: readonly M.UserGroupHeader[],
): ArgumentError {
  const none = what === 'user' ? 'no user' : 'no user and no team';
  const names = similar.slice(0, maximumSuggestions).map(({ userName, ownerId, isIndividual }) => {
    return `${userName} (${isIndividual ? 'user' : 'team'} ${ownerId})`;
  });
  const hint =
    names.length === 0 ? '' : ` Similar: ${names.join(', ')}. Pass a full name or an id.`;
  return new ArgumentError(`There is ${none} named ${JSON.stringify(name)}.${hint}`);
}
