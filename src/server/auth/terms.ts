import type * as M from '../../../generated/models.js';
import type { Router } from '../kernel/router.js';
import { badRequest, forbidden } from '../kernel/serviceError.js';
import { isAct } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import { fixedPrincipals } from '../users/principals.js';
import { getUser, updateUser } from '../users/users.js';
import type { World } from '../world.js';

/** The latest version of the terms of service. */
const latestTermsVersion = '1.0.0';
/** The version that an agreement without a version is to. */
const firstTermsVersion = '0.0.0';

/** Requires every user to have agreed to some version. */
const initialRequirements: Required<M.TermsOfServiceRequirements> = {
  minimumTermsOfServiceVersion: firstTermsVersion,
  requirementDate: '2011-01-01T00:00:00.000Z',
};

const builtInPrincipals: ReadonlySet<number> = new Set(Object.values(fixedPrincipals));

function requirements(world: World): Collection<Required<M.TermsOfServiceRequirements>> {
  return world.store.collection<Required<M.TermsOfServiceRequirements>>('termsRequirements');
}

function currentRequirements(world: World): Required<M.TermsOfServiceRequirements> {
  return requirements(world).get('current') ?? initialRequirements;
}

/** The version of the terms of service that every user must have agreed to. */
export function requiredTermsVersion(world: World): string {
  return currentRequirements(world).minimumTermsOfServiceVersion;
}

function termsInfo(world: World): M.TermsOfServiceInfo {
  return {
    termsOfServiceUrl: `https://raw.githubusercontent.com/Sage-Bionetworks/Sage-Governance-Documents/refs/tags/${latestTermsVersion}/Terms.md`,
    latestTermsOfServiceVersion: latestTermsVersion,
    currentRequirements: currentRequirements(world),
  };
}

/** The agreement state of a user. Built-in users never have to agree. */
function termsStatus(world: World, userId: number): M.TermsOfServiceStatus {
  const id = String(userId);
  if (builtInPrincipals.has(userId)) {
    return { userId: id, userCurrentTermsOfServiceState: 'UP_TO_DATE' };
  }
  const latest = getUser(world, userId)?.agreements.at(-1);
  if (latest === undefined) {
    return { userId: id, userCurrentTermsOfServiceState: 'MUST_AGREE_NOW' };
  }
  const { minimumTermsOfServiceVersion, requirementDate } = currentRequirements(world);
  const isEnough = compareVersions(latest.version, minimumTermsOfServiceVersion) >= 0;
  const isDue = Date.parse(requirementDate) < world.now().getTime();
  return {
    userId: id,
    userCurrentTermsOfServiceState: isEnough
      ? 'UP_TO_DATE'
      : isDue
        ? 'MUST_AGREE_NOW'
        : 'MUST_AGREE_SOON',
    lastAgreementDate: latest.agreedOn,
    lastAgreementVersion: latest.version,
  };
}

/** Whether a user has agreed to a version of the terms of service that is still accepted. */
export function hasAgreed(world: World, userId: number): boolean {
  return termsStatus(world, userId).userCurrentTermsOfServiceState !== 'MUST_AGREE_NOW';
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

/** Checks a semantic version, which must be that of a release. @throws 400 */
function checkedVersion(version: string): string {
  if (version.trim() === '') {
    const what = version === '' ? 'the empty string' : 'a blank string';
    throw badRequest(`The version is required and must not be ${what}.`);
  }
  const shown = version.slice(0, 100);
  const [, release, rest] =
    /^((?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2})(.*)$/s.exec(version) ?? [];
  if (release === undefined || !/^(?:$|[+-][0-9A-Za-z])/.test(rest ?? '')) {
    throw badRequest(`Version [${shown}] is not valid semver.`);
  }
  if (rest !== '') {
    throw badRequest(
      'Unsupported version format: should not include pre-release or build metadata.',
    );
  }
  return release;
}

/** @throws 400, 401 */
async function agree(world: World, request: M.TermsOfServiceSignRequest): Promise<void> {
  if (request.accessToken === undefined) {
    throw badRequest('Access token contents is required.');
  }
  const { userId } = await world.tokens.check(request.accessToken);
  const user = getUser(world, userId);
  if (builtInPrincipals.has(userId) || user === undefined) {
    throw badRequest('The given user cannot sign the terms of service.');
  }
  const version = checkedVersion(request.termsOfServiceVersion ?? firstTermsVersion);
  if (compareVersions(version, latestTermsVersion) > 0) {
    throw badRequest(
      `The version cannot be greater than the latest available version (${latestTermsVersion}).`,
    );
  }
  const minimum = requiredTermsVersion(world);
  if (compareVersions(version, minimum) < 0) {
    throw badRequest(`The version cannot be lower than the current required version (${minimum}).`);
  }
  const agreements = [...user.agreements, { agreedOn: world.timestamp(), version }];
  updateUser(world, userId, { agreements });
}

/** Serves the terms of service. */
export function termsRoutes(router: Router, world: World): void {
  router.get('/auth/v1/termsOfUse2/info', () => termsInfo(world));

  router.get('/auth/v1/termsOfUse2/status', ({ caller }) => {
    if (caller.isAnonymous) {
      throw badRequest('Cannot get terms of service status for the anonymous user.');
    }
    return termsStatus(world, caller.userId);
  });

  router.post('/auth/v1/termsOfUse2', ({ body }) => agree(world, body));

  router.put('/auth/v1/termsOfUse2/requirements', ({ body, caller }) => {
    if (body.requirementDate === undefined || Number.isNaN(Date.parse(body.requirementDate))) {
      throw badRequest('The requirement date is required.');
    }
    if (body.minimumTermsOfServiceVersion === undefined) {
      throw badRequest('The minimum version is required.');
    }
    if (!isAct(caller)) {
      throw forbidden('Only an ACT member or an administrator can perform this operation.');
    }
    const minimumTermsOfServiceVersion = checkedVersion(body.minimumTermsOfServiceVersion);
    if (compareVersions(minimumTermsOfServiceVersion, latestTermsVersion) > 0) {
      throw badRequest('The minium version cannot be greater than the latest available version.');
    }
    const requirementDate = new Date(body.requirementDate).toISOString();
    requirements(world).put('current', { minimumTermsOfServiceVersion, requirementDate });
    return termsInfo(world);
  });
}
