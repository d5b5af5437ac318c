import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { idOf, type Identified } from '../values/ids.js';
import { findPrincipal, nameKey } from './findPrincipal.js';

/** Unknown names whose similar names an error lists. */
const mostExplained = 5;

/** Whether a text is the id of a user or a team, rather than a name. */
export function isPrincipalId(text: string): boolean {
  return /^\d+$/.test(text);
}

/**
 * The ids of users and teams, each once, in the order in which they are given. All names are looked up with one request.
 *
 * @param principals - Ids, full names, or objects with an id.
 * @throws {@link ArgumentError} for names that nobody has. The message lists names that begin like them.
 * @see https://rest-docs.synapse.org/rest/POST/userGroupHeaders/aliases.html
 */
export async function findPrincipalIds(
  ctx: Context,
  principals: readonly Identified[],
  options: CallOptions = {},
): Promise<string[]> {
  const given = principals.map((principal) => idOf(principal).trim());
  const names = given.filter((text) => !isPrincipalId(text)).map((text) => text.replace(/^@/, ''));
  const idByKey = await idsOfNames(ctx, names, options);
  const ids = given.map((text) =>
    isPrincipalId(text) ? text : (idByKey.get(nameKey(text)) ?? ''),
  );
  return [...new Set(ids)];
}

async function idsOfNames(
  ctx: Context,
  names: readonly string[],
  options: CallOptions,
): Promise<ReadonlyMap<string, string>> {
  const nameByKey = new Map(names.map((name) => [nameKey(name), name]));
  const idByKey = new Map<string, string>();
  const wanted = [...nameByKey].filter(([key]) => key !== '').map(([, name]) => name);
  if (wanted.length > 0) {
    const { list } = await ctx.services.userProfile.listUserGroupHeadersByAliases(
      { body: { list: wanted } },
      options,
    );
    for (const { userName, ownerId } of list) idByKey.set(nameKey(userName), ownerId);
  }
  const missing = [...nameByKey].filter(([key]) => !idByKey.has(key)).map(([, name]) => name);
  if (missing.length > 0) throw await unknownNames(ctx, missing, options);
  return idByKey;
}

async function unknownNames(
  ctx: Context,
  names: readonly string[],
  options: CallOptions,
): Promise<ArgumentError> {
  const problems: string[] = [];
  for (const name of names.slice(0, mostExplained)) {
    try {
      await findPrincipal(ctx, name, options);
    } catch (error) {
      if (!(error instanceof ArgumentError)) throw error;
      problems.push(error.message);
    }
  }
  const others = names.slice(mostExplained);
  if (others.length > 0) problems.push(`There is also nobody named ${others.join(', ')}.`);
  return new ArgumentError(problems.join(' '));
}
