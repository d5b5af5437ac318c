import type { IncomingHttpHeaders } from 'node:http';

import type { Caller } from '../kernel/caller.js';
import { unauthorized } from '../kernel/serviceError.js';
import { callerOf } from '../users/callerOf.js';
import { findPrincipalByAlias } from '../users/principals.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';
import { passwordMatches } from './passwords.js';

/**
 * Checks that a request comes from another service of Synapse, e.g. the one that receives mail. Such services log in
 * with name and password (HTTP Basic); on this server they are administrators.
 *
 * @throws 401
 */
export async function requireServiceLogin(
  world: World,
  caller: Caller,
  headers: IncomingHttpHeaders,
): Promise<void> {
  if (caller.isAdmin) {
    return;
  }
  const encoded = /^Basic\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (encoded === undefined) {
    throw unauthorized('Missing required basic authentication credentials.');
  }
  const [, name = '', password = ''] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const user = getUser(world, findPrincipalByAlias(world, name)?.id ?? 0);
  const matches = await passwordMatches(password, user?.passwordHash);
  if (user === undefined || !matches || !callerOf(world, user.id).isAdmin) {
    throw unauthorized('Invalid credentials.');
  }
}
