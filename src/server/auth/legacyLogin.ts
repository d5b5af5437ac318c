import type * as M from '../../../generated/models.js';
import type { ExtraOptions, Router } from '../kernel/router.js';
import { badRequest, unauthorized } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import { logIn } from './login.js';

interface ApiKey {
  readonly userId: number;
  readonly key: string;
}

const loginOptions: ExtraOptions = { status: 201 };

/**
 * Serves the login endpoints of older clients, which the API description lacks. These clients
 * receive the access token as `sessionToken` and send it in the header of that name.
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
        username: name,
        password,
      });
      return { sessionToken: accessToken, acceptsTermsOfUse };
    },
    { ...loginOptions, body: '?' },
  );
  secretKeyRoutes(router, world);
}

/**
 * Reads a string property of a body that has no model in the API description.
 *
 * @throws 400 when it is not a string
 */
function textOf(body: unknown, name: string): string | undefined {
  const value: unknown = Object.entries(body ?? {}).find(([key]) => key === name)?.[1];
  if (value !== undefined && typeof value !== 'string') {
    throw badRequest(`'${name}' must be a text.`);
  }
  return value;
}

/** Serves the keys with which older clients sign requests. */
function secretKeyRoutes(router: Router, world: World): void {
  const keys = world.store.collection<ApiKey>('apiKeys');
  const ownerOf = ({ isAnonymous, userId }: { isAnonymous: boolean; userId: number }): number => {
    if (isAnonymous) {
      throw unauthorized('Anonymous users have no API key.');
    }
    return userId;
  };
  router.extra('GET', '/auth/v1/secretKey', ({ caller }) => {
    const userId = ownerOf(caller);
    const known = keys.get(String(userId));
    const key = known ?? { userId, key: newKey(world) };
    if (known === undefined) {
      keys.put(String(userId), key);
    }
    return { secretKey: key.key };
  });
  router.extra(
    'DELETE',
    '/auth/v1/secretKey',
    ({ caller }) => {
      keys.delete(String(ownerOf(caller)));
    },
    { status: 204 },
  );
}

function newKey(world: World): string {
  return Buffer.from(`${world.uuid()}${world.uuid()}`).toString('base64');
}
