import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { logIn, newAccount, type Account } from './accounts.js';

const server = withSessions();
const path = '/auth/v1/termsOfUse2';
const day = 86_400_000;
let initial: Required<M.TermsOfServiceInfo>;
let account: Account;

beforeAll(async () => {
  const { body } = await server.anonymous.get(`${path}/info`);
  initial = body as Required<M.TermsOfServiceInfo>;
  account = await newAccount(server);
});

afterEach(async () => {
  const restored = await server.admin.put(`${path}/requirements`, initial.currentRequirements);
  expect(restored).toMatchObject({ status: 200, body: initial });
});

function inDays(days: number): string {
  return new Date(Date.now() + days * day).toISOString();
}

function requireVersion(session: Session, fields: object = {}) {
  const requirementDate = inDays(-1);
  return session.put(`${path}/requirements`, {
    minimumTermsOfServiceVersion: '1.0.0',
    requirementDate,
    ...fields,
  });
}

function sign({ accessToken }: Pick<Account, 'accessToken'>, termsOfServiceVersion: unknown) {
  return server.anonymous.post(path, { accessToken, termsOfServiceVersion });
}

async function status(session: Session): Promise<M.TermsOfServiceStatus> {
  const answer = await session.get(`${path}/status`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.TermsOfServiceStatus;
}

const unsupported = 'Unsupported version format: should not include pre-release or build metadata.';
const badVersions = [
  ['1.0.0-beta', unsupported],
  ['1.0.0+abcd', unsupported],
  ['1.0', 'Version [1.0] is not valid semver.'],
  ['soon', 'Version [soon] is not valid semver.'],
  ['', 'The version is required and must not be the empty string.'],
  ['  ', 'The version is required and must not be a blank string.'],
] as const;

describe('TermsOfServiceManagerTest', () => {
  test('testGetTermsOfUseInfo: the requirements and the latest version are known to everybody', () => {
    expect(initial).toMatchObject({
      latestTermsOfServiceVersion: '1.0.0',
      currentRequirements: {
        minimumTermsOfServiceVersion: '0.0.0',
        requirementDate: '2011-01-01T00:00:00.000Z',
      },
      termsOfServiceUrl: expect.stringContaining('/refs/tags/1.0.0/Terms.md'),
    });
  });

  test('testSignTermsOfService: a user agrees to a version', async () => {
    const fresh = await newAccount(server, { tou: false });
    expect(await sign(fresh, '1.0.0')).toMatchObject({ status: 204 });
    expect(await status(fresh.session)).toMatchObject({ lastAgreementVersion: '1.0.0' });
  });

  test('testSignTermsOfServiceWithNoVersion: an agreement without a version is one to the first', async () => {
    const fresh = await newAccount(server, { tou: false });
    expect(await sign(fresh, null)).toMatchObject({ status: 204 });
    expect(await status(fresh.session)).toMatchObject({ lastAgreementVersion: '0.0.0' });
  });

  test('testSignTermsOfServiceWithVersionLowerThanRequired: a version below the required one is refused', async () => {
    await requireVersion(server.admin);
    expect(await sign(account, '0.9.9')).toEqual(
      refusal(400, 'The version cannot be lower than the current required version (1.0.0).'),
    );
  });

  test('testSignTermsOfServiceWithVersionGreaterThanLatest: a version above the latest is refused', async () => {
    expect(await sign(account, '2.0.0')).toEqual(
      refusal(400, 'The version cannot be greater than the latest available version (1.0.0).'),
    );
  });

  test.each(badVersions)(
    'testSignTermsOfServiceWithInvalidVersion: %j is refused',
    async (version, reason) => {
      expect(await sign(account, version)).toEqual(refusal(400, reason));
    },
  );

  test('testSignTermsOfServiceWithBootstrapUser: built-in users do not agree', async () => {
    const accessToken = server.synapse.users.admin.authToken;
    expect(await sign({ accessToken }, '1.0.0')).toEqual(
      refusal(400, 'The given user cannot sign the terms of service.'),
    );
    const anonymous = await server.anonymous.get('/auth/v1/anonymousToken?realm=0');
    expect(await sign(anonymous.body as Account, '1.0.0')).toEqual(
      refusal(400, 'The given user cannot sign the terms of service.'),
    );
  });

  test('testGetUserTermsOfServiceStatus: who has agreed to the required version is up to date', async () => {
    const fresh = await newAccount(server, { tou: false });
    await sign(fresh, '1.0.0');
    await requireVersion(server.admin);
    expect(await status(fresh.session)).toEqual({
      userId: String(fresh.id),
      userCurrentTermsOfServiceState: 'UP_TO_DATE',
      lastAgreementDate: expect.any(String),
      lastAgreementVersion: '1.0.0',
    });
  });

  test('testGetUserTermsOfServiceStatusWithNoAgreement: who never agreed must agree now', async () => {
    const fresh = await newAccount(server, { tou: false });
    await requireVersion(server.admin, { requirementDate: inDays(1) });
    expect(await status(fresh.session)).toEqual({
      userId: String(fresh.id),
      userCurrentTermsOfServiceState: 'MUST_AGREE_NOW',
    });
  });

  test('testGetUserTermsOfServiceStatusWithVersionHigherThanRequirements: a higher version is up to date', async () => {
    const fresh = await newAccount(server, { tou: false });
    await sign(fresh, '1.0.0');
    expect(await status(fresh.session)).toMatchObject({
      userCurrentTermsOfServiceState: 'UP_TO_DATE',
      lastAgreementVersion: '1.0.0',
    });
  });

  test('testGetUserTermsOfServiceStatusWithUpcomingRequirements: before the date a user must agree soon', async () => {
    await requireVersion(server.admin, { requirementDate: inDays(1) });
    expect(await status(account.session)).toMatchObject({
      userCurrentTermsOfServiceState: 'MUST_AGREE_SOON',
      lastAgreementVersion: '0.0.0',
    });
  });

  test('testGetUserTermsOfServiceStatusWithOutdatedVersion: after the date a user must agree now', async () => {
    await requireVersion(server.admin);
    expect(await status(account.session)).toMatchObject({
      userCurrentTermsOfServiceState: 'MUST_AGREE_NOW',
      lastAgreementVersion: '0.0.0',
    });
  });

  test('testGetUserTermsOfServiceStatusWithAnonymousUser: nobody has no state', async () => {
    expect(await server.anonymous.get(`${path}/status`)).toEqual(
      refusal(400, 'Cannot get terms of service status for the anonymous user.'),
    );
  });

  test('testGetUserTermsOfServiceStatusWithBootstrapPrincipals: built-in users are up to date', async () => {
    await requireVersion(server.admin);
    expect(await status(server.admin)).toEqual({
      userId: '1',
      userCurrentTermsOfServiceState: 'UP_TO_DATE',
    });
    expect(await server.admin.get('/userProfile')).toMatchObject({ status: 200 });
  });

  test.each([
    ['UP_TO_DATE', -1, true],
    ['MUST_AGREE_SOON', 1, true],
    ['MUST_AGREE_NOW', -1, false],
  ] as const)(
    'testHasUserAcceptedTermsOfService: with the state %s, due in %d days, acceptance is %j',
    async (state, days, accepts) => {
      const fresh = await newAccount(server);
      if (state === 'UP_TO_DATE') await sign(fresh, '1.0.0');
      await requireVersion(server.admin, { requirementDate: inDays(days) });
      expect(await status(fresh.session)).toMatchObject({ userCurrentTermsOfServiceState: state });
      expect(await logIn(server, fresh)).toMatchObject({ body: { acceptsTermsOfUse: accepts } });
      expect(await fresh.session.get('/userProfile')).toMatchObject({
        status: accepts ? 200 : 403,
      });
    },
  );

  test('testUpdateTermsOfServiceRequirements: an administrator requires another version', async () => {
    const requirementDate = inDays(7);
    expect(await requireVersion(server.admin, { requirementDate })).toMatchObject({
      status: 200,
      body: {
        latestTermsOfServiceVersion: '1.0.0',
        currentRequirements: { minimumTermsOfServiceVersion: '1.0.0', requirementDate },
      },
    });
  });

  test('testUpdateTermsOfServiceRequirementsWithVersionGreaterThanLatest: no version above the latest is required', async () => {
    const fields = { minimumTermsOfServiceVersion: '1.0.1' };
    expect(await requireVersion(server.admin, fields)).toEqual(
      refusal(400, 'The minium version cannot be greater than the latest available version.'),
    );
  });

  test.each(badVersions)(
    'testUpdateTermsOfServiceRequirementsWithInvalidVersion: %j is not required',
    async (minimumTermsOfServiceVersion, reason) => {
      expect(await requireVersion(server.admin, { minimumTermsOfServiceVersion })).toEqual(
        refusal(400, reason),
      );
    },
  );

  test('testUpdateTermsOfServiceRequirementsWithUserNotAdmin: other users require nothing', async () => {
    expect(await requireVersion(account.session)).toEqual(
      refusal(403, 'Only an ACT member or an administrator can perform this operation.'),
    );
  });

  test('testUpdateTermsOfServiceRequirementsWithNoRequirements: a body is required', async () => {
    expect(await server.admin.put(`${path}/requirements`)).toMatchObject({ status: 400 });
  });

  test('testUpdateTermsOfServiceRequirementsWithNoDate: a date is required', async () => {
    expect(await requireVersion(server.admin, { requirementDate: null })).toEqual(
      refusal(400, 'The requirement date is required.'),
    );
  });

  test('testUpdateTermsOfServiceRequirementsWithNoVersion: a version is required', async () => {
    expect(await requireVersion(server.admin, { minimumTermsOfServiceVersion: '' })).toEqual(
      refusal(400, 'The version is required and must not be the empty string.'),
    );
    expect(await requireVersion(server.admin, { minimumTermsOfServiceVersion: null })).toEqual(
      refusal(400, 'The minimum version is required.'),
    );
  });
});
