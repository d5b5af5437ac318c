import { createHmac, timingSafeEqual } from 'node:crypto';

import type { World } from '../world.js';

/** The content of a signed payload. */
export interface SignedPayload {
  readonly userId: number;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

function signature(world: World, purpose: string, text: string): Buffer {
  return createHmac('sha256', world.secret(purpose)).update(text).digest();
}

/** Signs a payload for one purpose. */
export function signPayload(world: World, purpose: string, payload: SignedPayload): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${text}.${signature(world, purpose, text).toString('base64url')}`;
}

/** Reads what {@link signPayload} made for the same purpose; `undefined` when forged or expired. */
export function readSignedPayload(
  world: World,
  purpose: string,
  signed: string | undefined,
): SignedPayload | undefined {
  const [text = '', mark = ''] = signed?.split('.') ?? [];
  const expected = signature(world, purpose, text);
  const given = Buffer.from(mark, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return undefined;
  }
  const payload = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as SignedPayload;
  return payload.expires > world.now().getTime() ? payload : undefined;
}
