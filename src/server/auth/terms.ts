import type * as M from '../../../generated/models.js';
import { badRequest, forbidden, unauthorized } from '../kernel/serviceError.js';
import type { Router } from '../kernel/router.js';
import type { Collection } from '../state/store.js';
import { getUser, updateUser } from '../users/users.js';
import type { World } from '../world.js';

/** The only version of the terms of service on this server. */
export const latestTermsVersion = '1.0.0';

/** Requires every user to have agreed to the first version. */
const initialRequirements: M.TermsOfServiceRequirements = {
  minimumTermsOfServiceVersion: latestTermsVersion,
  requirementDate: '2011-01-01T00:00:00.000Z',
};

function requirements(world: World): Collection<M.TermsOfServiceRequirements> {
  return world.store.collection<M.TermsOfServiceRequirements>('termsRequirements');
}

function currentRequirements(world: World): M.TermsOfServiceRequirements {
  return requirements(world).get('current') ?? initialRequirements;
}

function termsInfo(world: World): M.TermsOfServiceInfo {
  return {
    termsOfServiceUrl: `${world.urls.base()}/repo/v1/version`,
    latestTermsOfServiceVersion: latestTermsVersion,
    currentRequirements: currentRequirements(world),
  };
}

/** The agreement state of a user. */
export function termsStatus(world: World, userId: number): M.TermsOfServiceStatus {
  const latest = getUser(world, userId)?.agreements.at(-1);
  const { minimumTermsOfServiceVersion = latestTermsVersion, requirementDate } =
    currentRequirements(world);
  const isEnough =
    latest !== undefined && compareVersions(latest.version, minimumTermsOfServiceVersion) >= 0;
  const isDue =
    requirementDate === undefined || Date.parse(requirementDate) <= world.now().getTime();
  return {
    userId: String(userId),
    userCurrentTermsOfServiceState: isEnough
      ? 'UP_TO_DATE'
      : isDue || latest === undefined
        ? 'MUST_AGREE_NOW'
        : 'MUST_AGREE_SOON',
    ...(latest && { lastAgreementDate: latest.agreedOn, lastAgreementVersion: latest.version }),
  };
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (const [position, part] of (left ?? []).entries()) {
    const difference = part - (right?.[position] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function requireVersion(version: string | undefined): string {
  if (version === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
    throw badRequest(`Invalid version of the terms of service: '${version ?? ''}'.`);
  }
  return version;
}

/** Serves the terms of service. */
export function termsRoutes(router: Router, world: World): void {
  router.get('/auth/v1/termsOfUse2/info', () => termsInfo(world));

  router.get('/auth/v1/termsOfUse2/status', ({ caller }) => {
    if (caller.isAnonymous) {
      throw unauthorized('Anonymous users have no terms of service status.');
    }
    return termsStatus(world, caller.userId);
  });

  router.post('/auth/v1/termsOfUse2', async ({ body }) => {
    if (body.accessToken === undefined) {
      throw badRequest('The accessToken is required.');
    }
    const { userId } = await world.tokens.check(body.accessToken);
    const version = requireVersion(body.termsOfServiceVersion ?? latestTermsVersion);
    const user = getUser(world, userId);
    if (user === undefined) {
      throw badRequest('The accessToken does not belong to a user.');
    }
    if (compareVersions(version, latestTermsVersion) > 0) {
      throw badRequest(`There is no version ${version} of the terms of service.`);
    }
    const agreements = [...user.agreements, { agreedOn: world.timestamp(), version }];
    updateUser(world, userId, { agreements });
  });

  router.put('/auth/v1/termsOfUse2/requirements', ({ body, caller }) => {
    if (!caller.isAdmin) {
      throw forbidden('Only an administrator may change the requirements.');
    }
    const minimumTermsOfServiceVersion = requireVersion(body.minimumTermsOfServiceVersion);
    if (body.requirementDate === undefined || Number.isNaN(Date.parse(body.requirementDate))) {
      throw badRequest('The requirementDate is required.');
    }
    const requirementDate = new Date(body.requirementDate).toISOString();
    requirements(world).put('current', { minimumTermsOfServiceVersion, requirementDate });
    return termsInfo(world);
  });
}
