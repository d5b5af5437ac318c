import { randomBytes } from 'node:crypto';

import type * as M from '../../../generated/models.js';
import { badRequest, forbidden, notFound, staleEtag } from '../kernel/serviceError.js';
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

function records(world: World): Collection<RefreshRecord> {
  return world.store.collection<RefreshRecord>('oauthRefreshTokens');
}

function byUser(world: World): Index<RefreshRecord> {
  return records(world).index('user', ({ userId }) => String(userId));
}

function byHash(world: World): Index<RefreshRecord> {
  return records(world).index('hash', ({ hash }) => hash);
}

/** Creates a refresh token. */
export function createRefreshToken(
  world: World,
  { userId, clientId, scopes, claims, authenticatedOn }: Grant,
): { record: RefreshRecord; token: string } {
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
 * @throws 400 when it does not, or no longer, belong to this client
 */
export function rotateRefreshToken(
  world: World,
  clientId: string,
  used: string | undefined,
): { record: RefreshRecord; token: string } {
  const found = findByToken(world, used ?? '');
  if (found?.clientId !== clientId) {
    throw badRequest('The refresh token is invalid.');
  }
  const token = randomBytes(32).toString('base64url');
  const record = { ...found, lastUsed: world.timestamp(), hash: sha256(token), etag: world.uuid() };
  records(world).put(record.id, record);
  return { record, token };
}

/** The grant of a refresh token. */
export function findByToken(world: World, token: string): RefreshRecord | undefined {
  return byHash(world).first(sha256(token));
}

/** The refresh token grants of a user, most recently used first. */
export function refreshTokensOf(world: World, userId: number): RefreshRecord[] {
  return byUser(world)
    .find(String(userId))
    .sort((a, b) => (a.lastUsed < b.lastUsed ? 1 : a.lastUsed > b.lastUsed ? -1 : 0));
}

/** Returns a grant to its user or its client. @throws 404, 403 when it belongs to another user */
export function requireRefreshToken(
  world: World,
  id: string,
  holder: Pick<RefreshRecord, 'clientId'> | Pick<RefreshRecord, 'userId'>,
): RefreshRecord {
  const record = records(world).get(id);
  if (record === undefined) {
    throw notFound(`The refresh token ${id.slice(0, 100)} does not exist.`);
  }
  const isTheirs =
    'userId' in holder ? record.userId === holder.userId : record.clientId === holder.clientId;
  if (!isTheirs) {
    throw forbidden('You do not have permission to access this token.');
  }
  return record;
}

/** Renames a grant. @throws 404, 403, 412 for a stale etag, 400 */
export function renameRefreshToken(
  world: World,
  userId: number,
  id: string,
  { name, etag }: M.OAuthRefreshTokenInformation,
): RefreshRecord {
  const record = requireRefreshToken(world, id, { userId });
  if (name === undefined || name.trim() === '' || etag === undefined) {
    throw badRequest('The name and the etag of the token are required.');
  }
  if (etag !== record.etag) {
    throw staleEtag(`refresh token ${id}`);
  }
  const renamed = { ...record, name, etag: world.uuid(), modifiedOn: world.timestamp() };
  records(world).put(id, renamed);
  return renamed;
}

/** Revokes a grant and its access tokens. */
export function revokeRefreshToken(world: World, { id, userId, clientId }: RefreshRecord): void {
  records(world).delete(id);
  world.tokens.endSessionsOf(userId, (session) => session.refreshTokenId === id);
  removeConsents(world, userId, clientId);
}

/** Revokes all grants of a user to a client. */
export function revokeClient(world: World, userId: number, clientId: string): void {
  for (const record of refreshTokensOf(world, userId)) {
    if (record.clientId === clientId) {
      records(world).delete(record.id);
    }
  }
  world.tokens.endSessionsOf(userId, (session) => session.clientId === clientId);
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
    claims,
    authorizedOn,
    lastUsed,
    modifiedOn: record.modifiedOn,
    etag: record.etag,
  };
}
