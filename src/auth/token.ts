import { CredentialsError } from './credentialsError.js';

/** Unverified claims of an access token; members are absent when the token does not have them. */
export interface TokenClaims {
  /** Scopes: `view`, `download`, `modify`, ... */
  scopes?: readonly string[];
  /** The id of the user. */
  userId?: string;
  /** Expiry. Personal access tokens have none: they expire 180 days after their last use. */
  expiresOn?: Date;
}

/** Reads the claims of a token. Tokens that are not JWTs have no claims. */
export function readClaims(token: string): TokenClaims {
  const payload = decodePayload(token);
  const access = member(payload, 'access');
  const scopes = scopesOf(member(access, 'scope'));
  const subject = member(payload, 'sub');
  const expiry = member(payload, 'exp');
  return {
    ...(scopes !== undefined && { scopes }),
    ...(typeof subject === 'string' && { userId: subject }),
    ...(typeof expiry === 'number' && { expiresOn: new Date(expiry * 1000) }),
  };
}

/**
 * Refuses a token without the scope `view`, which every call needs.
 *
 * @throws {@link CredentialsError} when the scope is missing.
 */
export function requireViewScope(token: string): void {
  const { scopes } = readClaims(token);
  if (scopes !== undefined && !scopes.includes('view')) {
    throw new CredentialsError(
      `The access token lacks the scope "view" (it has: ${scopes.join(', ') || 'none'}). ` +
        'Make one with it at https://www.synapse.org under Account Settings, Personal Access Tokens.',
    );
  }
}

function decodePayload(token: string): unknown {
  const payload = token.split('.')[1];
  if (!payload) return undefined;
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

// Synapse uses a list; OAuth uses one string with spaces.
function scopesOf(scope: unknown): string[] | undefined {
  if (typeof scope === 'string') return scope.split(/[\s,]+/).filter(Boolean);
  if (Array.isArray(scope)) return scope.filter((name) => typeof name === 'string');
  return typeof scope === 'object' && scope !== null ? Object.keys(scope) : undefined;
}
