import type { Scope } from '../../../generated/scopes.js';

export type { Scope };

/** The caller of a request. */
export interface Caller {
  /** 273950 for the anonymous user. */
  readonly userId: number;
  readonly isAnonymous: boolean;
  /** Member of the administrators group. */
  readonly isAdmin: boolean;
  readonly isCertified: boolean;
  /**
   * The ids of all principals of the caller: self, teams, 273948 (authenticated), 273949 (public),
   * 3 (certified).
   */
  readonly groups: ReadonlySet<number>;
  /** Scopes of the token; all scopes for the anonymous user, who has no token. */
  readonly scopes: ReadonlySet<Scope>;
  /** Id of the login session, when the token is not a personal access token. */
  readonly sessionId?: string;
}
