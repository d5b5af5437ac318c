import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

import { findPrincipalByAlias } from '../users/principals.js';
import { findUserByEmail, getUser } from '../users/users.js';
import type { World } from '../world.js';
import { badCredentials } from './authErrors.js';

/** How much the clocks of a client and the server may differ. */
const maxDifference = 31 * 60_000;

/**
 * The user of a request that an older client signed with the user's API key; `undefined` when the
 * request is not signed.
 *
 * @throws 401
 */
export function signingUser(
  world: World,
  headers: IncomingHttpHeaders,
  pathname: string,
): number | undefined {
  const name = textOf(headers['userid']);
  const date = textOf(headers['signaturetimestamp']);
  const signature = textOf(headers['signature']);
  if (name === undefined || date === undefined || signature === undefined) {
    return undefined;
  }
  const userId = userNamed(world, name);
  if (userId === undefined) {
    throw badCredentials(`Did not find a user with alias: ${name.slice(0, 200)}`);
  }
  const difference = Math.abs(world.now().getTime() - Date.parse(date));
  if (Number.isNaN(difference) || difference > maxDifference) {
    throw badCredentials(`Timestamp in request, ${date.slice(0, 100)}, is out of date.`);
  }
  const { key = '' } = world.store.collection<{ key: string }>('apiKeys').get(String(userId)) ?? {};
  const expected = createHmac('sha1', Buffer.from(key, 'base64'))
    .update(name + pathname + date)
    .digest();
  const given = Buffer.from(signature, 'base64');
  if (key === '' || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw badCredentials(`Invalid digital signature: ${signature.slice(0, 200)}`);
  }
  return userId;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function userNamed(world: World, name: string): number | undefined {
  return name.includes('@')
    ? findUserByEmail(world, name)?.id
    : getUser(world, findPrincipalByAlias(world, name)?.id ?? '')?.id;
}
