import { createHmac } from 'node:crypto';

import type { World } from '../world.js';
import { createPresigner, encodeKey, sameSignature, type Credentials } from './sigV4.js';

/** Path of the buckets. It is outside the API paths, so that clients do not send their token. */
export const storagePrefix = '/storage/';

/** Key pair of the server itself; presigned URLs are signed with it. */
const serverKeyId = 'AKIALOCALSYNAPSE0000';

/** The parts of the world that {@link storagePresigner} and the session keys use. */
export type KeyWorld = Pick<World, 'urls' | 'conditions' | 'now' | 'secret'>;

/** The permissions of a session and its user. */
export interface SessionGrant {
  readonly userId: number;
  readonly bucket: string;
  /** Prefix of the permitted keys; empty for the whole bucket. */
  readonly prefix: string;
  readonly canWrite: boolean;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The server's own key pair. */
export function serverCredentials(world: Pick<World, 'secret'>): Credentials {
  return {
    accessKeyId: serverKeyId,
    secretAccessKey: world.secret('storage').toString('base64'),
  };
}

/** A request to the storage for which a URL is created. */
export interface StorageUrlRequest {
  readonly method: 'GET' | 'PUT';
  readonly bucket: string;
  readonly key: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Returns a function that creates presigned URLs, which each permit one kind of request until they
 * expire.
 */
export function storagePresigner(world: KeyWorld): (request: StorageUrlRequest) => string {
  const presign = createPresigner({
    origin: world.urls.base(),
    credentials: serverCredentials(world),
    now: world.now(),
    expiresIn: Math.max(1, Math.ceil(world.conditions.urlLifetime / 1000)),
  });
  return ({ method, bucket, key, query, headers }) =>
    presign({ method, path: `${storagePrefix}${encodeKey(`${bucket}/${key}`)}`, query, headers });
}

/**
 * Creates a temporary key pair. Nothing is stored: the signed session token contains its
 * permissions, and the secret is derived from it.
 */
export function createSession(world: Pick<World, 'secret'>, grant: SessionGrant): Credentials {
  const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
  const mark = signSession(world, `token:${payload}`);
  return {
    ...sessionKeys(world, payload),
    sessionToken: `${payload}.${mark.toString('base64url')}`,
  };
}

/** Verifies a session token; `undefined` when this server did not issue it. */
export function openSession(
  world: Pick<World, 'secret'>,
  token: string,
): { credentials: Credentials; grant: SessionGrant } | undefined {
  const [payload = '', mark = ''] = token.split('.');
  const expected = signSession(world, `token:${payload}`).toString('base64url');
  if (!sameSignature(mark, expected)) return undefined;
  const grant = JSON.parse(Buffer.from(payload, 'base64url').toString()) as SessionGrant;
  return { credentials: { ...sessionKeys(world, payload), sessionToken: token }, grant };
}

function signSession(world: Pick<World, 'secret'>, text: string): Buffer {
  return createHmac('sha256', world.secret('storage-session')).update(text).digest();
}

function sessionKeys(world: Pick<World, 'secret'>, payload: string): Credentials {
  const id = signSession(world, `id:${payload}`).toString('hex').slice(0, 16).toUpperCase();
  const secret = signSession(world, `secret:${payload}`).toString('base64').slice(0, 40);
  return { accessKeyId: `ASIA${id}`, secretAccessKey: secret };
}
