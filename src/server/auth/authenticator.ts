import type { IncomingHttpHeaders } from 'node:http';

import type { Caller, Scope } from '../kernel/caller.js';
import { allScopes } from '../kernel/scopes.js';
import { forbidden } from '../kernel/serviceError.js';
import { fixedPrincipals } from '../users/principals.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { invalidToken } from './authErrors.js';
import { readsToken, requiresTerms } from './guardedPaths.js';
import { signingUser } from './signedRequests.js';
import { hasAgreed } from './terms.js';

const everyScope: ReadonlySet<Scope> = new Set(allScopes);

/** Determines the caller of a request. */
export class Authenticator {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * The caller of a request; the anonymous user when there is no token, or the path reads none.
   *
   * @throws 401 when the token is not valid
   */
  async caller(headers: IncomingHttpHeaders, pathname: string): Promise<Caller> {
    const isRead = readsToken(pathname);
    const signer = isRead ? signingUser(this.#world, headers, pathname) : undefined;
    if (signer !== undefined) {
      return this.callerOf(signer);
    }
    const token = isRead ? tokenOf(headers) : undefined;
    if (token === undefined) {
      return this.callerOf(fixedPrincipals.anonymous, everyScope);
    }
    const bearer = await this.#world.tokens.check(token);
    if (bearer.userId !== fixedPrincipals.anonymous && !getUser(this.#world, bearer.userId)) {
      throw invalidToken();
    }
    const caller = this.callerOf(bearer.userId, new Set(bearer.scopes));
    return bearer.sessionId === undefined ? caller : { ...caller, sessionId: bearer.sessionId };
  }

  callerOf(userId: number, scopes: ReadonlySet<Scope> = everyScope): Caller {
    const groups = this.#world.groupsOf(userId);
    return {
      userId,
      isAnonymous: userId === fixedPrincipals.anonymous,
      isAdmin: groups.has(fixedPrincipals.administrators),
      isCertified: groups.has(fixedPrincipals.certifiedUsers),
      groups,
      scopes,
    };
  }

  /** @throws 403 for a user who has to agree to the terms of service first */
  requireTerms({ isAnonymous, userId }: Caller, pathname: string): void {
    if (!isAnonymous && requiresTerms(pathname) && !hasAgreed(this.#world, userId)) {
      throw forbidden('Terms of use have not been signed.');
    }
  }
}

/** The token of a request: the `sessionToken` header wins over `Authorization: Bearer`. */
export function tokenOf(headers: IncomingHttpHeaders): string | undefined {
  const session = headers['sessiontoken'];
  const first = Array.isArray(session) ? session[0] : session;
  if (first !== undefined && first.trim() !== '') {
    return first.trim();
  }
  const bearer = /^Bearer\s+(\S.*)$/i.exec(headers.authorization ?? '')?.[1]?.trim();
  return bearer === '' ? undefined : bearer;
}
