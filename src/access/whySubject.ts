import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';
import { anonymous, effectivePrincipals } from './effectivePrincipals.js';
import { AUTHENTICATED_USERS, PUBLIC, type Principal } from './principal.js';
import { namedPrincipal, type NamedPrincipal } from './principalNames.js';

/** The administrators of Synapse, who may do everything. */
const administrators = 2;

/** Whom an explanation is about. */
export interface Subject {
  named: NamedPrincipal;
  isCaller: boolean;
  /** The ids whose entries give access to the subject. */
  groups: ReadonlySet<number>;
  /** Whether the subject is not logged in. */
  isAnonymous: boolean;
  isAdministrator: boolean;
}

/**
 * Finds whom an explanation is about.
 *
 * @param principal - Default: the caller, who can be a visitor.
 * @throws {@link ArgumentError} when there is no such user or team.
 */
export async function readSubject(
  ctx: Context,
  principal: Principal | undefined,
  options: CallOptions,
): Promise<Subject> {
  const [own, given] = await Promise.all([
    ctx.isLoggedIn() ? ctx.services.userProfile.getMyUserProfile(options) : undefined,
    principal === undefined ? undefined : namedPrincipal(ctx, principal, options),
  ]);
  if (principal !== undefined && given === undefined) {
    throw new ArgumentError(
      `There is no user and no team with the id ${JSON.stringify(principal)}: pass a name, or another id.`,
    );
  }
  const visitor = {
    principalId: anonymous,
    name: 'A visitor who is not logged in',
    principalType: 'group',
  } as const;
  const caller: NamedPrincipal =
    own === undefined
      ? visitor
      : {
          principalId: Number(own.ownerId),
          name: own.userName ?? own.ownerId ?? '',
          principalType: 'user',
        };
  const named = given ?? caller;
  const groups = await effectivePrincipals(ctx, named, options);
  // The members of a team have accounts.
  if (named.principalType === 'team') groups.add(AUTHENTICATED_USERS);
  return {
    named,
    isCaller: named.principalId === caller.principalId,
    groups,
    isAnonymous: named.principalId === anonymous || named.principalId === PUBLIC,
    isAdministrator: groups.has(administrators),
  };
}
