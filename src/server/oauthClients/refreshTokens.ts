import { randomBytes } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badOAuthRequest } from '../auth/authErrors.js';
import { badRequest, forbidden, notFound, preconditionFailed } from '../kernel/serviceError.js';
import type { Caller } from '../kernel/caller.js';
import { limits } from '../limits.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import { removeConsents, sha256, type Grant } from './grants.js';

/**
 * A grant with a refresh token, which is valid until it is revoked. The token changes with every
 * use.
 */
export interface RefreshRecord extends Grant {
  readonly id: string;
  readonly name: string;
  readonly authorizedOn: string;
  readonly lastUsed: string;
  readonly modifiedOn: string;
  readonly etag: string;
  readonly hash: string;
}

/** A refresh token expires when it is not used for this time. */
const idleLifetime = 180 * 86_400_000;

function records(world: World): Collection<RefreshRecord> {
  return world.store.collection<RefreshRecord>('oauthRefreshTokens');
}

function byUser(world: World): Index<RefreshRecord> {
  return records(world).index('user', ({ userId }) => String(userId));
}

function byHash(world: World): Index<RefreshRecord> {
  return records(world).index('hash', ({ hash }) => hash);
}

/** Creates a refresh token. Beyond 100 tokens of a client, the least recently used one is revoked. */
export function createRefreshToken(
  world: World,
  { userId, clientId, scopes, claims, authenticatedOn }: Grant,
): { record: RefreshRecord; token: string } {
  for (const surplus of grantsTo(world, userId, clientId).slice(limits.refreshTokens - 1)) {
    revokeRefreshToken(world, surplus);
  }
  const now = world.timestamp();
  const token = randomBytes(32).toString('base64url');
  const record: RefreshRecord = {
    id: String(world.store.sequence('oauthRefreshTokens')()),
    userId,
    clientId,
    scopes,
    claims,
    authenticatedOn,
    name: world.uuid(),
    authorizedOn: now,
    lastUsed: now,
    modifiedOn: now,
    etag: world.uuid(),
    hash: sha256(token),
  };
  records(world).put(record.id, record);
  return { record, token };
}

/**
 * Replaces a refresh token by the next one.
 *
 * @throws 400 when it has expired, or does not, or no longer, belong to this client
 */
export function rotateRefreshToken(
  world: World,
  clientId: string,
  used: string,
): { record: RefreshRecord; token: string } {
  const found = findByToken(world, used);
  if (found === undefined) {
    throw badRequest('The token does not match an existing token.');
  }
  if (!isActive(world, found)) {
    throw badOAuthRequest('invalid_grant', 'The refresh token has expired.');
  }
  if (found.clientId !== clientId) {
    throw badOAuthRequest('invalid_grant');
  }
  const token = randomBytes(32).toString('base64url');
  const record = { ...found, lastUsed: world.timestamp(), hash: sha256(token), etag: world.uuid() };
  records(world).put(record.id, record);
  return { record, token };
}

function isActive(world: World, { lastUsed }: RefreshRecord): boolean {
  return Date.parse(lastUsed) + idleLifetime > world.now().getTime();
}

/** The grant of a refresh token. */
export function findByToken(world: World, token: string): RefreshRecord | undefined {
  return byHash(world).first(sha256(token));
}

/** The active grants of a user, most recently used first. */
export function refreshTokensOf(world: World, userId: number): RefreshRecord[] {
  return byUser(world)
    .find(String(userId))
    .filter((record) => isActive(world, record))
    .sort((a, b) => Date.parse(b.lastUsed) - Date.parse(a.lastUsed));
}

/** The active grants of a user to a client, most recently used first. */
export function grantsTo(world: World, userId: number, clientId: string): RefreshRecord[] {
  return refreshTokensOf(world, userId).filter((record) => record.clientId === clientId);
}

/** @throws 404 */
export function findRefreshToken(world: World, id: string): RefreshRecord {
  const record = records(world).get(id);
  if (record === undefined) {
    throw notFound(`Refresh token with ID: ${id.slice(0, 100)} does not exist`);
  }
  return record;
}

/** What a caller wants to do with a grant of another user, as the refusals say it. */
const refusals = {
  view: 'You do not have permission to view this token metadata',
  update: 'You are not authorized to update this token because it belongs to a different user.',
  revoke: 'The specified token is owned by a different user and cannot be revoked',
} as const;

/** Returns a grant to its user or an administrator. @throws 404, 403 */
export function requireOwnGrant(
  world: World,
  caller: Caller,
  id: string,
  intent: keyof typeof refusals,
): RefreshRecord {
  const record = findRefreshToken(world, id);
  if (record.userId !== caller.userId && !caller.isAdmin) {
    throw forbidden(refusals[intent]);
  }
  return record;
}

/** Returns a grant to its client. @throws 404, 403 */
export function requireGrantOf(world: World, clientId: string, id: string): RefreshRecord {
  const record = findRefreshToken(world, id);
  if (record.clientId !== clientId) {
    throw forbidden(refusals.view);
  }
  return record;
}

/** Renames a grant. @throws 400, 404, 403, 412 for a stale etag */
export function renameRefreshToken(
  world: World,
  caller: Caller,
  id: string,
  { tokenId, name, etag }: M.OAuthRefreshTokenInformation,
): RefreshRecord {
  if (tokenId !== id) {
    throw badRequest('Conflicting token IDs in path and body');
  }
  if (name === undefined || etag === undefined) {
    throw badRequest(`${name === undefined ? 'name' : 'etag'} is required.`);
  }
  const record = requireOwnGrant(world, caller, id, 'update');
  if (etag !== record.etag) {
    throw preconditionFailed(
      'The refresh token metadata was updated since you last fetched it. Retrieve it again and reapply the update.',
    );
  }
  const renamed = { ...record, name, etag: world.uuid(), modifiedOn: world.timestamp() };
  records(world).put(id, renamed);
  return renamed;
}

/** Revokes a grant and its access tokens. The consent remains. */
export function revokeRefreshToken(world: World, { id, userId }: RefreshRecord): void {
  records(world).delete(id);
  world.tokens.endSessionsOf(userId, (session) => session.refreshTokenId === id);
}

/**
 * Revokes all grants of a user to a client, and the consents. Access tokens without a refresh token
 * stay valid until they expire.
 */
export function revokeClient(world: World, userId: number, clientId: string): void {
  for (const record of byUser(world).find(String(userId))) {
    if (record.clientId === clientId) {
      revokeRefreshToken(world, record);
    }
  }
  removeConsents(world, userId, clientId);
}

/** Revokes all grants to a deleted client. */
export function removeGrantsTo(world: World, clientId: string): void {
  for (const record of [...records(world).values()]) {
    if (record.clientId === clientId) {
      records(world).delete(record.id);
    }
  }
  world.tokens.endSessionsOfClient(clientId);
}

/** A grant as the API shows it. */
export function refreshTokenModel(record: RefreshRecord): M.OAuthRefreshTokenInformation {
  const { id, clientId, userId, name, scopes, claims, authorizedOn, lastUsed } = record;
  return {
    tokenId: id,
    clientId,
    principalId: String(userId),
    name,
    scopes: [...scopes],
    claims: { ...claims },
    authorizedOn,
    lastUsed,
    modifiedOn: record.modifiedOn,
    etag: record.etag,
  };
}
