import type * as M from '../../../generated/models.js';
import { twoFactorIsEnabled } from '../auth/secondFactors.js';
import type { Caller } from '../kernel/caller.js';
import { itemsOf, pageWindow, paginated } from '../kernel/paging.js';
import type { Router } from '../kernel/router.js';
import {
  badRequest,
  forbidden,
  notFound,
  staleEtag,
  unauthorized,
} from '../kernel/serviceError.js';
import { pageLimits } from '../pageLimits.js';
import { reviewsAny } from '../permissions/objectAcls.js';
import {
  isVerified,
  latestVerification,
  verificationModel,
} from '../verification/verificationRecords.js';
import type { World } from '../world.js';
import { isCertified } from './certification.js';
import { groupsOf } from './memberships.js';
import { findPrincipalByAlias, fixedPrincipals, getPrincipal } from './principals.js';
import {
  anonymousProfile,
  getUser,
  noEmail,
  renameUser,
  updateUser,
  userProfile,
  users,
} from './users.js';

/** Parts of a user bundle, as bits of its `mask`. */
const bundleParts = {
  profile: 1,
  verification: 4,
  isCertified: 8,
  isVerified: 16,
  isActMember: 32,
  isReviewer: 64,
} as const;

/** Serves profiles and bundles of users. */
export function profileRoutes(router: Router, world: World): void {
  router.get('/repo/v1/userProfile', ({ caller }) => profileFor(world, caller, caller.userId));
  router.get('/repo/v1/userProfile/{profileId}', ({ path, caller }) =>
    profileFor(world, caller, path.profileId),
  );
  router.put('/repo/v1/userProfile', ({ body, caller }) => updateProfile(world, caller, body));

  router.post('/repo/v1/userProfile', ({ body, caller }) => ({
    list: itemsOf(body).flatMap((id) => {
      const profile = getUser(world, id) && profileFor(world, caller, id);
      return profile ? [profile] : [];
    }),
  }));

  router.get('/repo/v1/user', ({ query, caller }) => {
    const window = pageWindow(query, pageLimits.principals);
    const ids = [...users(world).values()].map(({ id }) => id).sort((a, b) => a - b);
    const { results, totalNumberOfResults } = paginated(ids, window);
    return { results: results.map((id) => profileFor(world, caller, id)), totalNumberOfResults };
  });

  router.get('/repo/v1/user/bundle', ({ query, caller }) =>
    userBundle(world, caller, { id: String(caller.userId), mask: query.mask }),
  );
  router.get('/repo/v1/user/{id}/bundle', ({ path, query, caller }) =>
    userBundle(world, caller, { id: path.id, mask: query.mask }),
  );

  router.get('/repo/v1/notificationEmail', ({ caller }) => ({
    email: getUser(world, requireUser(caller))?.notificationEmail ?? '',
  }));
  router.put('/repo/v1/notificationEmail', ({ body, caller }) => {
    const userId = requireUser(caller);
    const email = getUser(world, userId)?.emails.find((known) => known === body.email);
    if (email === undefined) {
      throw noEmail(userId, body.email ?? '');
    }
    updateUser(world, userId, { notificationEmail: email });
  });
}

function requireUser(caller: Caller): number {
  if (caller.isAnonymous) {
    throw unauthorized('Anonymous users have no account.');
  }
  return caller.userId;
}

function profileFor(world: World, caller: Caller, id: number | string): M.UserProfile {
  if (Number(id) === fixedPrincipals.anonymous) {
    return anonymousProfile(world);
  }
  const userId = resolveUser(world, id);
  const isSelf = caller.userId === userId || caller.isAdmin;
  const profile = userProfile(world, userId, {
    isSelf,
    twoFactorAuthEnabled: isSelf && twoFactorIsEnabled(world, userId),
  });
  if (profile === undefined) {
    throw noProfile(id);
  }
  return profile;
}

/** Finds a user by id or user name. */
function resolveUser(world: World, id: number | string): number {
  const principal = /^\d+$/.test(String(id))
    ? getPrincipal(world, id)
    : findPrincipalByAlias(world, String(id));
  if (principal?.isIndividual !== true) {
    throw noProfile(id);
  }
  return principal.id;
}

function noProfile(id: number | string): Error {
  return notFound(`UserProfile cannot be found for: ${id}`);
}

function updateProfile(world: World, caller: Caller, change: M.UserProfile): M.UserProfile {
  requireUser(caller);
  const userId = Number(change.ownerId ?? caller.userId);
  const user = getUser(world, userId);
  if (user === undefined) {
    throw noProfile(change.ownerId ?? '');
  }
  if (userId !== caller.userId && !caller.isAdmin) {
    throw forbidden('Only owner or administrators may update UserProfile');
  }
  if (change.etag === undefined) {
    throw badRequest('The etag is required.');
  }
  if (change.etag !== user.profile.etag) {
    throw staleEtag(String(userId));
  }
  world.files.requireAttachable(caller, [change.profilePicureFileHandleId], {
    attached: [user.profile.profilePicureFileHandleId],
  });
  if (change.userName !== undefined && change.userName !== getPrincipal(world, userId)?.name) {
    renameUser(world, userId, change.userName);
  }
  const { createdOn } = user.profile;
  updateUser(world, userId, {
    profile: {
      ...editable(change),
      etag: world.uuid(),
      ...(createdOn !== undefined && { createdOn }),
    },
  });
  return profileFor(world, caller, userId);
}

/** Fields of a profile that the owner cannot set. */
const computedFields: ReadonlySet<string> = new Set<keyof M.UserProfile>([
  'createdOn',
  'email',
  'emails',
  'etag',
  'openIds',
  'ownerId',
  'tosAgreements',
  'twoFactorAuthEnabled',
  'userName',
]);

/** The fields that an owner may set; a field left out is cleared. */
function editable(profile: M.UserProfile): M.UserProfile {
  return Object.fromEntries(Object.entries(profile).filter(([name]) => !computedFields.has(name)));
}

function userBundle(
  world: World,
  caller: Caller,
  { id, mask }: { id: string; mask: number },
): M.UserBundle {
  const userId = resolveUser(world, id);
  const asks = (part: number) => (mask & part) !== 0;
  const groups = groupsOf(world, userId);
  const isACTMember =
    userId === fixedPrincipals.admin ||
    groups.has(fixedPrincipals.administrators) ||
    groups.has(fixedPrincipals.accessAndCompliance);
  const latest = latestVerification(world, userId);
  return {
    userId: String(userId),
    ...(asks(bundleParts.profile) && { userProfile: profileFor(world, caller, userId) }),
    ...(asks(bundleParts.isCertified) && { isCertified: isCertified(world, userId) }),
    // Users of this server have no ORCID, which requires the real institution.
    ...(asks(bundleParts.verification) && latest && { verification: verificationModel(latest) }),
    ...(asks(bundleParts.isVerified) && { isVerified: isVerified(world, userId) }),
    ...(asks(bundleParts.isActMember) && { isACTMember }),
    ...(asks(bundleParts.isReviewer) && {
      isARReviewer: isACTMember || reviewsAny(world, groups),
    }),
  };
}
