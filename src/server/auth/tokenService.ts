import type * as M from '../../../generated/models.js';
import type { Scope } from '../kernel/caller.js';
import type { ListedClaims, RequestedClaims } from '../oauthClients/requestedClaims.js';

/** The record of a personal access token; the token itself is not stored. */
export interface PatRecord {
  readonly id: string;
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly userInfoClaims: RequestedClaims;
  readonly createdOn: string;
  readonly lastUsed: string;
  readonly issuer: string;
}

/** A login session, or the access of an OAuth client for a day. */
export interface SessionRecord {
  readonly id: string;
  readonly userId: number;
  readonly expiresOn: string;
  /** Id of the OAuth client, when the session belongs to one. */
  readonly clientId?: string;
  readonly refreshTokenId?: string;
}

/** An OAuth client's access on behalf of a user. */
export interface NewGrant {
  readonly userId: number;
  readonly clientId: string;
  /** The identifier of the user for this client. */
  readonly subject: string;
  readonly scopes: readonly Scope[];
  /** The claims that the client may ask for with the token. */
  readonly claims: RequestedClaims;
  readonly refreshTokenId?: string;
  /** Time of the user's login, if known. */
  readonly authenticatedOn?: string;
}

/** The claims of a token. */
export interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly nbf: number;
  readonly iat: number;
  readonly exp?: number;
  readonly jti: string;
  readonly sub: string;
  readonly token_type: 'OIDC_ACCESS_TOKEN' | 'OIDC_ID_TOKEN' | 'PERSONAL_ACCESS_TOKEN';
  /** Absent in tokens that only tell about a user. */
  readonly access?: {
    readonly scope: readonly Scope[];
    readonly oidc_claims: ListedClaims;
  };
  readonly refresh_token_id?: string;
}

/** The user and the scopes of a token. */
export interface TokenBearer {
  readonly userId: number;
  readonly scopes: readonly Scope[];
  /** Id of the session, when the token is not a personal access token. */
  readonly sessionId?: string;
}

/** Issues and checks access tokens. */
export interface TokenService {
  /** The public key in the form that is published for checking tokens. */
  publicJwk(): M.JsonWebKeyRSA;
  /** The personal access tokens of a user, newest first. */
  patsOf(userId: number): PatRecord[];
  findPat(id: string): PatRecord | undefined;
  /**
   * Stores a new personal access token. Beyond 100 tokens, the least recently used one is revoked.
   */
  createPat(pat: Pick<PatRecord, 'name' | 'scopes' | 'userId' | 'userInfoClaims'>): PatRecord;
  deletePat(id: string): void;
  patIsExpired(pat: PatRecord): boolean;
  /** Signs a personal access token. The same record gives the same token every time. */
  signPat(pat: PatRecord): Promise<string>;
  /** Starts a session of a user. The session of the anonymous user is not stored. */
  startSession(userId: number): Promise<string>;
  /** Starts an OAuth client's access on behalf of a user. */
  startGrant(grant: NewGrant): Promise<{ token: string; lifetime: number }>;
  /** The claims of a token that this server signed. @throws 400, 401 when it has expired */
  readClaims(token: string): Promise<Claims>;
  /** The claims of a token; `undefined` when it is not valid. */
  claimsOf(token: string): Promise<Claims | undefined>;
  endSession(id: string): void;
  endAllSessions(userId: number): void;
  /** Ends all sessions of an OAuth client. */
  endSessionsOfClient(clientId: string): void;
  /** Ends the sessions of a user that match. */
  endSessionsOf(userId: number, isMeant: (session: SessionRecord) => boolean): void;
  /** The user and the scopes of a token. @throws 401 when it is not valid, or no longer valid */
  check(token: string): Promise<TokenBearer>;
  /** Signs the claims of a token. */
  sign(claims: object): Promise<string>;
}
