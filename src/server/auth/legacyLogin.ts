import type * as M from '../../../generated/models.js';
import type { ExtraOptions, Router } from '../kernel/router.js';
import { badRequest, unauthorized } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { logIn } from './login.js';

interface ApiKey {
  readonly userId: number;
  readonly key: string;
}

const loginOptions: ExtraOptions = { status: 201, scopes: [] };
const keyOptions: ExtraOptions = { scopes: ['modify', 'authorize'] };

/**
 * Serves the ways to log in of older clients, which the description lacks: they get the access token
 * by the name of a session token, and send it in the header `sessionToken`.
 */
export function legacyLoginRoutes(router: Router, world: World): void {
  router.extra(
    'POST',
    '/auth/v1/login',
    async ({ body }) => {
      const { accessToken, ...rest } = await logIn(world, body as M.LoginRequest);
      return { ...rest, sessionToken: accessToken };
    },
    { ...loginOptions, body: 'LoginRequest' },
  );
  router.extra(
    'POST',
    '/auth/v1/session',
    async ({ body }) => {
      const name = textOf(body, 'email') ?? textOf(body, 'username');
      const password = textOf(body, 'password');
      const { accessToken, acceptsTermsOfUse } = await logIn(world, {
        ...(name !== undefined && { username: name }),
        ...(password !== undefined && { password }),
      });
      return { sessionToken: accessToken, acceptsTermsOfUse };
    },
    { ...loginOptions, body: '?' },
  );
  secretKeyRoutes(router, world);
}

/** A text of a body that no model of the description has. @throws 400 for anything but a text */
function textOf(body: unknown, name: string): string | undefined {
  const value: unknown = Object.entries(body ?? {}).find(([key]) => key === name)?.[1];
  if (value !== undefined && typeof value !== 'string') {
    throw badRequest(`'${name}' must be a text.`);
  }
  return value;
}

/** Serves the keys that requests were signed with once. Signed requests are not taken any more: a key opens nothing. */
function secretKeyRoutes(router: Router, world: World): void {
  const keys = world.store.collection<ApiKey>('apiKeys');
  const ownerOf = ({ isAnonymous, userId }: { isAnonymous: boolean; userId: number }): number => {
    if (isAnonymous) {
      throw unauthorized('Anonymous users have no API key.');
    }
    return userId;
  };
  router.extra(
    'GET',
    '/auth/v1/secretKey',
    ({ caller }) => {
      const userId = ownerOf(caller);
      const known = keys.get(String(userId));
      const key = known ?? { userId, key: newKey(world) };
      if (known === undefined) {
        keys.put(String(userId), key);
      }
      return { secretKey: key.key };
    },
    keyOptions,
  );
  router.extra(
    'DELETE',
    '/auth/v1/secretKey',
    ({ caller }) => {
      keys.delete(String(ownerOf(caller)));
    },
    { ...keyOptions, status: 204 },
  );
}

function newKey(world: World): string {
  return Buffer.from(`${world.uuid()}${world.uuid()}`).toString('base64');
}
