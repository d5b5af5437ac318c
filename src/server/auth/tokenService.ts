import type * as M from '../../../generated/models.js';
import type { Scope } from '../kernel/caller.js';

/** A personal access token as the server remembers it; the token itself is signed, not stored. */
export interface PatRecord {
  readonly id: string;
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly userInfoClaims: Readonly<Record<string, M.OIDCClaimsRequestDetails>>;
  readonly createdOn: string;
  readonly lastUsed: string;
  readonly issuer: string;
}

/** A login that has not ended yet, or what a user lets a client do for a day. */
export interface SessionRecord {
  readonly id: string;
  readonly userId: number;
  readonly expiresOn: string;
  /** Of the client, when it is one that acts. */
  readonly clientId?: string;
  readonly claims?: M.OIDCClaimsRequest;
  readonly refreshTokenId?: string;
}

/** A client's access to what is a user's. */
export interface NewGrant {
  readonly userId: number;
  readonly clientId: string;
  /** How the client knows the user. */
  readonly subject: string;
  readonly scopes: readonly Scope[];
  readonly claims: M.OIDCClaimsRequest;
  readonly refreshTokenId?: string;
}

/** What a token of this server says. */
export interface Claims {
  readonly iss: string;
  readonly aud: string;
  readonly nbf: number;
  readonly iat: number;
  readonly exp?: number;
  readonly jti: string;
  readonly sub: string;
  readonly token_type: 'OIDC_ACCESS_TOKEN' | 'PERSONAL_ACCESS_TOKEN';
  readonly access: {
    readonly scope: readonly Scope[];
    readonly oidc_claims: Readonly<Record<string, unknown>>;
  };
}

/** Whose a token is and what it allows. */
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
  /** Remembers a new personal access token; the least recently used one beyond 100 is revoked. */
  createPat(pat: Pick<PatRecord, 'name' | 'scopes' | 'userId' | 'userInfoClaims'>): PatRecord;
  deletePat(id: string): void;
  patIsExpired(pat: PatRecord): boolean;
  /** Signs a personal access token. The same record gives the same token every time. */
  signPat(pat: PatRecord): Promise<string>;
  /** Begins a session of a user (or of the anonymous one, which is not remembered). */
  startSession(userId: number): Promise<string>;
  /** Begins a client's access to what is a user's. */
  startGrant(grant: NewGrant): Promise<{ token: string; lifetime: number }>;
  /** A session by its id. */
  getSession(id: string): SessionRecord | undefined;
  /** The session that a token stands for, while it lasts. */
  findSession(token: string): Promise<SessionRecord | undefined>;
  /** What a token says, while it is good. */
  claimsOf(token: string): Promise<Claims | undefined>;
  endSession(id: string): void;
  endAllSessions(userId: number): void;
  /** Ends what everybody lets a client do. */
  endSessionsOfClient(clientId: string): void;
  /** Ends some of a user's sessions. */
  endSessionsOf(userId: number, isMeant: (session: SessionRecord) => boolean): void;
  /** Whose token this is. @throws 401 when it is not (or no longer) good */
  check(token: string): Promise<TokenBearer>;
  /** Signs what a token says. */
  sign(claims: object): Promise<string>;
}
