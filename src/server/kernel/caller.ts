/** Scopes of an access token, as the service names them. */
export type Scope =
  'authorize' | 'download' | 'email' | 'modify' | 'offline_access' | 'openid' | 'profile' | 'view';

/** Who makes a request. */
export interface Caller {
  /** 273950 for the anonymous user. */
  readonly userId: number;
  readonly isAnonymous: boolean;
  /** Member of the administrators group. */
  readonly isAdmin: boolean;
  readonly isCertified: boolean;
  /** Every principal that the caller acts as: self, teams, 273948 (authenticated), 273949 (public), 3 (certified). */
  readonly groups: ReadonlySet<number>;
  /** Scopes of the token; all of them for the anonymous user, who has none. */
  readonly scopes: ReadonlySet<Scope>;
  /** Id of the login session, when the token is not a personal access token. */
  readonly sessionId?: string;
}
