import type * as M from '../../../generated/models.js';
import type { Caller, Scope } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { allScopes } from '../kernel/scopes.js';
import { badRequest, forbidden, notFound, unauthorized } from '../kernel/serviceError.js';
import type { World } from '../world.js';
import type { PatRecord } from './tokenService.js';

/** Serves `/auth/v1/personalAccessToken`. */
export function personalAccessTokenRoutes(router: Router, world: World): void {
  router.post('/auth/v1/personalAccessToken', async ({ body, caller }) => {
    requireUser(caller);
    const record = world.store.transaction(() => createPat(world, caller, body));
    return { token: await world.tokens.signPat(record) };
  });

  router.get('/auth/v1/personalAccessToken', ({ query, caller }) => {
    requireUser(caller);
    const { page, nextPageToken } = tokenPage(
      world.tokens.patsOf(caller.userId),
      query.nextPageToken,
    );
    const results = page.map((pat) => describe(world, pat));
    return { results, nextPageToken };
  });

  router.get('/auth/v1/personalAccessToken/{id}', ({ path, caller }) =>
    describe(world, ownPat(world, caller, path.id)),
  );

  router.delete('/auth/v1/personalAccessToken/{id}', ({ path, caller }) => {
    world.tokens.deletePat(ownPat(world, caller, path.id).id);
  });
}

function createPat(
  world: World,
  caller: Caller,
  request: M.AccessTokenGenerationRequest,
): PatRecord {
  const name = request.name?.trim() ?? world.uuid();
  if (name === '' || name.length > 256) {
    throw badRequest('The name of a personal access token must have 1 to 256 characters.');
  }
  if (world.tokens.patsOf(caller.userId).some((pat) => pat.name === name)) {
    throw badRequest(`The user already has a token with the name '${name}'.`);
  }
  const asked = new Set<string>(request.scope ?? []);
  if (asked.size === 0) {
    throw badRequest('The scope of the token is required.');
  }
  // A token cannot have more scopes than its creator, nor the scope to create further tokens.
  const scopes = allScopes.filter(
    (scope: Scope) => asked.has(scope) && scope !== 'authorize' && caller.scopes.has(scope),
  );
  const userInfoClaims = request.userInfoClaims ?? {};
  return world.tokens.createPat({ userId: caller.userId, name, scopes, userInfoClaims });
}

function requireUser(caller: Caller): void {
  if (caller.isAnonymous) {
    throw unauthorized('Anonymous users have no personal access tokens.');
  }
}

function ownPat(world: World, caller: Caller, id: number | string): PatRecord {
  requireUser(caller);
  const pat = world.tokens.findPat(String(id));
  if (pat === undefined) {
    throw notFound(`The access token with id ${id} does not exist.`);
  }
  if (pat.userId !== caller.userId) {
    throw forbidden('You do not have permission to access this token record.');
  }
  return pat;
}

function describe(world: World, pat: PatRecord): M.AccessTokenRecord {
  return {
    id: pat.id,
    userId: String(pat.userId),
    name: pat.name,
    scopes: [...pat.scopes],
    userInfoClaims: { ...pat.userInfoClaims },
    createdOn: pat.createdOn,
    lastUsed: pat.lastUsed,
    state: world.tokens.patIsExpired(pat) ? 'EXPIRED' : 'ACTIVE',
  };
}
