import type * as M from '../../../generated/models.js';
import type { Caller, Scope } from '../kernel/caller.js';
import { tokenPage } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import { allScopes } from '../kernel/scopes.js';
import { badRequest, forbidden, notFound, unauthorized } from '../kernel/serviceError.js';
import { tellUser } from '../messages/tellUser.js';
import { knownClaims } from '../oauthClients/requestedClaims.js';
import type { World } from '../world.js';
import type { PatRecord } from './tokenService.js';

/** Serves `/auth/v1/personalAccessToken`. */
export function personalAccessTokenRoutes(router: Router, world: World): void {
  router.post('/auth/v1/personalAccessToken', async ({ body, caller }) => {
    if (caller.isAnonymous) {
      throw unauthorized('Anonymous users may not issue personal access tokens.');
    }
    const record = createPat(world, caller, body);
    const { name, scopes, userId } = record;
    await tellUser(world, userId, {
      subject: 'Personal Access Token Added',
      text: `The personal access token ${name} has the scopes ${scopes.join(', ')}.`,
    });
    return { token: await world.tokens.signPat(record) };
  });

  router.get('/auth/v1/personalAccessToken', ({ query, caller }) => {
    if (caller.isAnonymous) {
      throw unauthorized('Anonymous users cannot have personal access tokens.');
    }
    const lastUsedFirst = world.tokens
      .patsOf(caller.userId)
      .sort((a, b) => Date.parse(b.lastUsed) - Date.parse(a.lastUsed));
    const { page, nextPageToken } = tokenPage(lastUsedFirst, query.nextPageToken);
    const results = page.map((pat) => describe(world, pat));
    return { results, nextPageToken };
  });

  router.get('/auth/v1/personalAccessToken/{id}', ({ path, caller }) =>
    describe(world, ownPat(world, caller, { id: path.id, intent: 'view' })),
  );

  router.delete('/auth/v1/personalAccessToken/{id}', async ({ path, caller }) => {
    const { id, name, userId } = ownPat(world, caller, { id: path.id, intent: 'revoke' });
    world.tokens.deletePat(id);
    await tellUser(world, userId, {
      subject: 'Personal Access Token Removed',
      text: `The personal access token ${name} has been revoked.`,
    });
  });
}

function createPat(
  world: World,
  caller: Caller,
  { name: given = '', scope = [], userInfoClaims }: M.AccessTokenGenerationRequest,
): PatRecord {
  const name = given.trim() === '' ? world.uuid() : given;
  if (world.tokens.patsOf(caller.userId).some((pat) => pat.name === name)) {
    throw badRequest(
      'You cannot have two tokens with the same name. You must delete the existing token to create a new one with this name.',
    );
  }
  const asked: readonly string[] = scope.length === 0 ? allScopes : scope;
  // A token cannot have more scopes than its creator, nor the scope to create further tokens.
  const scopes = asked.filter(
    (one): one is Scope => one !== 'authorize' && [...caller.scopes].some((own) => own === one),
  );
  const { userId } = caller;
  return world.tokens.createPat({
    userId,
    name,
    scopes,
    userInfoClaims: knownClaims(userInfoClaims),
  });
}

/** What a caller wants to do with a token of another user, as the refusals say it. */
const refusals = {
  view: 'You do not have permission to view this token record.',
  revoke: 'You do not have permission to revoke this token.',
} as const;

/** Returns a token to its user or an administrator. @throws 403, 404 */
function ownPat(
  world: World,
  caller: Caller,
  { id, intent }: { readonly id: number | string; readonly intent: keyof typeof refusals },
): PatRecord {
  const pat = world.tokens.findPat(String(id));
  if (pat === undefined) {
    throw notFound(`Access token '${id}' does not exist`);
  }
  if (pat.userId !== caller.userId && !caller.isAdmin) {
    throw forbidden(refusals[intent]);
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
