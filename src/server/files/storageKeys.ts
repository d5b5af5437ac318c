import { createHmac } from 'node:crypto';

import type { World } from '../world.js';
import { createPresigner, encodeKey, sameSignature, type Credentials } from './sigV4.js';

/** Path under which the buckets are served, outside the API bases: no client sends its token there. */
export const storagePrefix = '/storage/';

/** Key pair of the server itself; presigned URLs are signed with it. */
const serverKeyId = 'AKIALOCALSYNAPSE0000';

/** What {@link storagePresigner} and the session keys need of the world. */
export type KeyWorld = Pick<World, 'urls' | 'conditions' | 'now' | 'secret'>;

/** What the holder of a session may do, besides being who it is. */
export interface SessionGrant {
  readonly userId: number;
  readonly bucket: string;
  /** Only keys that begin so; empty for the whole bucket. */
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

/** A request to the storage that a URL permits. */
export interface StorageUrlRequest {
  readonly method: 'GET' | 'PUT';
  readonly bucket: string;
  readonly key: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes URLs that each permit one kind of request to the storage for a while. */
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
 * Makes a temporary key pair. Nothing is stored: the session token says what it permits and is
 * signed, and the secret is derived from it.
 */
export function createSession(world: Pick<World, 'secret'>, grant: SessionGrant): Credentials {
  const payload = Buffer.from(JSON.stringify(grant)).toString('base64url');
  const mark = signSession(world, `token:${payload}`);
  return {
    ...sessionKeys(world, payload),
    sessionToken: `${payload}.${mark.toString('base64url')}`,
  };
}

/** Reads a session token back, or `undefined` when it is not one of this server. */
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
