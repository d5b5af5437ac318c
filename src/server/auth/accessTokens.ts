import { createHash } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { allScopes } from '../kernel/scopes.js';
import { badRequest, ServiceError } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { clientIsVerified } from '../oauthClients/clientRecords.js';
import { listClaims } from '../oauthClients/requestedClaims.js';
import type { Collection, Index } from '../state/store.js';
import type { Keys } from '../state/keyFile.js';
import { fixedPrincipals } from '../users/principals.js';
import type { World } from '../world.js';
import { deadToken, invalidToken } from './authErrors.js';
import type {
  Claims,
  NewGrant,
  PatRecord,
  SessionRecord,
  TokenBearer,
  TokenService,
} from './tokenService.js';

const day = 86_400_000;
/** A personal access token expires when it is not used for this time. */
const patIdleLifetime = 180 * day;
/**
 * The last use is stored only when the stored time is older than this, so that most reads do not
 * write.
 */
const lastUsedPrecision = 60_000;
const maxPatsPerUser = limits.accessTokens;
const maxCachedTokens = 1000;
/** The audience of tokens that belong to no OAuth client. */
const ownClientId = '0';

/** The {@link TokenService}: its tokens are RS256 JWTs with the claims of the service. */
export class AccessTokens implements TokenService {
  readonly #world: World;
  readonly #keys: Keys;
  readonly #keyId: string;
  readonly #pats: Collection<PatRecord>;
  readonly #patsByUser: Index<PatRecord>;
  readonly #sessions: Collection<SessionRecord>;
  readonly #sessionsByUser: Index<SessionRecord>;
  readonly #nextId: () => number;
  /** Claims of tokens whose signature was checked, latest last. */
  readonly #checked = new Map<string, Claims>();

  constructor(world: World, keys: Keys) {
    this.#world = world;
    this.#keys = keys;
    this.#keyId = createHash('sha256')
      .update(keys.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url');
    this.#pats = world.store.collection<PatRecord>('personalAccessTokens');
    this.#patsByUser = this.#pats.index('user', ({ userId }) => String(userId));
    this.#sessions = world.store.collection<SessionRecord>('sessions');
    this.#sessionsByUser = this.#sessions.index('user', ({ userId }) => String(userId));
    this.#nextId = world.store.sequence('accessToken');
  }

  publicJwk(): M.JsonWebKeyRSA {
    const { n = '', e = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const concreteType = 'org.sagebionetworks.repo.model.oauth.JsonWebKeyRSA';
    return { concreteType, kid: this.#keyId, kty: 'RSA', use: 'SIGNATURE', n, e };
  }

  patsOf(userId: number): PatRecord[] {
    return this.#patsByUser.find(String(userId)).sort((a, b) => Number(b.id) - Number(a.id));
  }

  findPat(id: string): PatRecord | undefined {
    return this.#pats.get(id);
  }

  createPat(pat: Pick<PatRecord, 'name' | 'scopes' | 'userId' | 'userInfoClaims'>): PatRecord {
    const createdOn = this.#world.timestamp();
    const record: PatRecord = {
      ...pat,
      id: String(this.#nextId()),
      createdOn,
      lastUsed: createdOn,
      issuer: this.#issuer(),
    };
    const oldestFirst = this.patsOf(pat.userId).sort((a, b) =>
      a.lastUsed < b.lastUsed ? -1 : a.lastUsed > b.lastUsed ? 1 : Number(a.id) - Number(b.id),
    );
    const surplusCount = Math.max(0, oldestFirst.length + 1 - maxPatsPerUser);
    for (const surplus of oldestFirst.slice(0, surplusCount)) {
      this.#pats.delete(surplus.id);
    }
    this.#pats.put(record.id, record);
    return record;
  }

  deletePat(id: string): void {
    this.#pats.delete(id);
  }

  patIsExpired(pat: PatRecord): boolean {
    return Date.parse(pat.lastUsed) + patIdleLifetime < this.#world.now().getTime();
  }

  async signPat(pat: PatRecord): Promise<string> {
    const issuedAt = Math.floor(Date.parse(pat.createdOn) / 1000);
    return this.sign({
      iss: pat.issuer,
      aud: ownClientId,
      nbf: issuedAt,
      iat: issuedAt,
      jti: pat.id,
      sub: String(pat.userId),
      token_type: 'PERSONAL_ACCESS_TOKEN',
      access: { scope: pat.scopes, oidc_claims: listClaims(pat.userInfoClaims) },
    });
  }

  async startSession(userId: number): Promise<string> {
    const now = this.#world.now();
    const lifetime = this.#world.options.sessionLifetime ?? day;
    const expires = new Date(now.getTime() + lifetime);
    const id = this.#world.uuid();
    if (userId !== fixedPrincipals.anonymous) {
      this.#world.store.transaction(() => {
        this.#forgetExpiredSessions(userId, now);
        this.#sessions.put(id, { id, userId, expiresOn: expires.toISOString() });
      });
    }
    const issuedAt = Math.floor(now.getTime() / 1000);
    return this.sign({
      iss: this.#issuer(),
      aud: ownClientId,
      nbf: issuedAt,
      iat: issuedAt,
      exp: Math.floor(expires.getTime() / 1000),
      jti: id,
      sub: String(userId),
      token_type: 'OIDC_ACCESS_TOKEN',
      access: { scope: allScopes, oidc_claims: {} },
    });
  }

  async startGrant(grant: NewGrant): Promise<{ token: string; lifetime: number }> {
    const { userId, clientId, claims, refreshTokenId, authenticatedOn } = grant;
    const now = this.#world.now();
    const id = this.#world.uuid();
    this.#world.store.transaction(() => {
      this.#forgetExpiredSessions(userId, now);
      this.#sessions.put(id, {
        id,
        userId,
        expiresOn: new Date(now.getTime() + day).toISOString(),
        clientId,
        refreshTokenId,
      });
    });
    const issuedAt = Math.floor(now.getTime() / 1000);
    const token = await this.sign({
      iss: this.#issuer(),
      aud: clientId,
      nbf: issuedAt,
      iat: issuedAt,
      exp: issuedAt + day / 1000,
      jti: id,
      sub: grant.subject,
      token_type: 'OIDC_ACCESS_TOKEN',
      access: { scope: grant.scopes, oidc_claims: listClaims(claims) },
      ...(refreshTokenId !== undefined && { refresh_token_id: refreshTokenId }),
      ...(authenticatedOn !== undefined && {
        auth_time: Math.floor(Date.parse(authenticatedOn) / 1000),
      }),
    });
    return { token, lifetime: day };
  }

  async readClaims(token: string): Promise<Claims> {
    const sections = token.split('.').length;
    if (sections !== 3) {
      throw badRequest(`Expected three sections of the token but found ${sections}`);
    }
    const claims = await this.#checkedClaims(token).catch((error: unknown) => {
      throw error instanceof ServiceError ? badRequest(error.message) : error;
    });
    this.#refuseExpired(claims);
    return claims;
  }

  async claimsOf(token: string): Promise<Claims | undefined> {
    try {
      await this.check(token);
      return await this.#checkedClaims(token);
    } catch (error) {
      if (error instanceof ServiceError) {
        return undefined;
      }
      throw error;
    }
  }

  endSession(id: string): void {
    this.#sessions.delete(id);
  }

  endAllSessions(userId: number): void {
    this.endSessionsOf(userId, () => true);
  }

  endSessionsOfClient(clientId: string): void {
    for (const session of [...this.#sessions.values()]) {
      if (session.clientId === clientId) {
        this.#sessions.delete(session.id);
      }
    }
  }

  endSessionsOf(userId: number, isMeant: (session: SessionRecord) => boolean): void {
    for (const session of this.#sessionsByUser.find(String(userId)).filter(isMeant)) {
      this.#sessions.delete(session.id);
    }
  }

  async check(token: string): Promise<TokenBearer> {
    const claims = await this.#checkedClaims(token);
    this.#refuseExpired(claims);
    const { aud, jti, sub, access } = claims;
    const scopes = access?.scope ?? [];
    if (aud !== ownClientId && !clientIsVerified(this.#world, aud)) {
      throw invalidToken();
    }
    switch (claims.token_type) {
      case 'PERSONAL_ACCESS_TOKEN': {
        const userId = Number(sub);
        this.#usePat(jti, userId);
        return { userId, scopes };
      }
      case 'OIDC_ACCESS_TOKEN': {
        const session = this.#sessions.get(jti);
        const userId = session?.userId ?? Number(sub);
        if (userId !== fixedPrincipals.anonymous && session === undefined) {
          throw deadToken('The access token has been revoked.');
        }
        return { userId, scopes, sessionId: jti };
      }
      default:
        throw deadToken(
          `The provided token is a ${claims.token_type} token and cannot be used to authenticate requests.`,
        );
    }
  }

  #refuseExpired({ exp }: Claims): void {
    if (exp !== undefined && exp * 1000 <= this.#world.now().getTime()) {
      throw deadToken('The token has expired.');
    }
  }

  /** @throws 401 for a token that was revoked, or not used for too long */
  #usePat(id: string, userId: number): void {
    const pat = this.#pats.get(id);
    if (pat?.userId !== userId || this.patIsExpired(pat)) {
      throw invalidToken();
    }
    const now = this.#world.now();
    const { diskFull, readOnly } = this.#world.conditions;
    if (now.getTime() - Date.parse(pat.lastUsed) > lastUsedPrecision && !diskFull && !readOnly) {
      this.#pats.put(id, { ...pat, lastUsed: now.toISOString() });
    }
  }

  async #checkedClaims(token: string): Promise<Claims> {
    const known = this.#checked.get(token);
    if (known !== undefined) {
      return known;
    }
    const { compactVerify } = await import('jose');
    let claims: Claims;
    try {
      const { payload } = await compactVerify(token, this.#keys.publicKey, {
        algorithms: ['RS256'],
      });
      // The signature proves that this server wrote the payload.
      claims = JSON.parse(Buffer.from(payload).toString('utf8')) as Claims;
    } catch {
      throw invalidToken();
    }
    this.#checked.set(token, claims);
    for (const oldest of this.#checked.keys()) {
      if (this.#checked.size <= maxCachedTokens) {
        break;
      }
      this.#checked.delete(oldest);
    }
    return claims;
  }

  async sign(claims: object): Promise<string> {
    const { CompactSign } = await import('jose');
    return new CompactSign(Buffer.from(JSON.stringify(claims)))
      .setProtectedHeader({ typ: 'JWT', kid: this.#keyId, alg: 'RS256' })
      .sign(this.#keys.privateKey);
  }

  #issuer(): string {
    return `${this.#world.urls.base()}/auth/v1`;
  }

  #forgetExpiredSessions(userId: number, now: Date): void {
    for (const session of this.#sessionsByUser.find(String(userId))) {
      if (Date.parse(session.expiresOn) <= now.getTime()) {
        this.#sessions.delete(session.id);
      }
    }
  }
}
