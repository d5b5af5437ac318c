import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { idOf, type Identified } from '../values/ids.js';
import { findPrincipals, notFound } from './findPrincipal.js';
import { isPrincipalId } from './userIdOf.js';

/** Unknown names whose similar names an error lists. */
const mostExplained = 5;

/**
 * The ids of users and teams, each once, in the order in which they are given. All names are looked up together.
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
  const names = given.filter((text) => !isPrincipalId(text));
  const named = await findPrincipals(ctx, names, options);
  const missing = [...new Set(names)].filter((name) => !named.has(name));
  if (missing.length > 0) throw await unknownNames(ctx, missing, options);
  const ids = given.map((text) => named.get(text)?.ownerId ?? text);
  return [...new Set(ids)];
}

async function unknownNames(
  ctx: Context,
  names: readonly string[],
  options: CallOptions,
): Promise<ArgumentError> {
  const problems: string[] = [];
  for (const name of names.slice(0, mostExplained)) {
    problems.push((await notFound(ctx, name, options, 'user or team')).message);
  }
  const others = names.slice(mostExplained).map((name) => JSON.stringify(name));
  if (others.length > 0) problems.push(`There is also nobody named ${others.join(', ')}.`);
  return new ArgumentError(problems.join(' '));
}
