import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { refusal, withSessions, type Session } from '../server/entitySession.js';
import { newAccount } from './accounts.js';

const server = withSessions();
const path = '/auth/v1/termsOfUse2';
const day = 86_400_000;
/** Has not agreed. */
let rejecting: Session;
let initial: Required<M.TermsOfServiceInfo>;

beforeAll(async () => {
  rejecting = (await newAccount(server, { tou: false })).session;
  initial = await info();
});

afterEach(async () => {
  await server.admin.put(`${path}/requirements`, initial.currentRequirements);
});

async function info(): Promise<Required<M.TermsOfServiceInfo>> {
  const answer = await server.anonymous.get(`${path}/info`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as Required<M.TermsOfServiceInfo>;
}

async function status(session: Session): Promise<M.TermsOfServiceStatus> {
  const answer = await session.get(`${path}/status`);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body as M.TermsOfServiceStatus;
}

describe('IT960TermsOfUse', () => {
  test('testRejectSynapseTermsOfUse: only who has agreed gets the address of a public file', async () => {
    const { admin, bob } = server;
    const { id: parentId } = await admin.create('project', { name: 'foo' });
    const acl = (await admin.get(`/entity/${parentId}/acl`)).body as M.AccessControlList;
    acl.resourceAccess?.push({ principalId: 273_948, accessType: ['READ', 'DOWNLOAD'] });
    expect(await admin.put(`/entity/${parentId}/acl`, acl)).toMatchObject({ status: 200 });
    const dataFileHandleId = await admin.createHandle('0cc175b9c0f1b6a831c399e269772661');
    const { id } = await admin.create('file', { name: 'bar', parentId, dataFileHandleId });
    const url = `/entity/${id}/file?redirect=false`;
    expect(await bob.get(url)).toMatchObject({ status: 200 });
    expect(await rejecting.get(url)).toEqual(refusal(403, 'Terms of use have not been signed.'));
  });

  test('testGetTermsOfServiceInfo: the text is that of the latest version', () => {
    const { latestTermsOfServiceVersion: version, termsOfServiceUrl } = initial;
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(termsOfServiceUrl).toBe(
      `https://raw.githubusercontent.com/Sage-Bionetworks/Sage-Governance-Documents/refs/tags/${version}/Terms.md`,
    );
    expect(initial.currentRequirements).toEqual({
      minimumTermsOfServiceVersion: expect.any(String),
      requirementDate: expect.any(String),
    });
  });

  test('testSignTermsOfServiceWithVersion: a user agrees to the required version, and later to the latest', async () => {
    const { session, accessToken } = await newAccount(server, { tou: false });
    const sign = (termsOfServiceVersion: string | undefined) =>
      server.anonymous.post(path, { accessToken, termsOfServiceVersion });
    expect(await status(session)).toMatchObject({
      userCurrentTermsOfServiceState: 'MUST_AGREE_NOW',
    });
    const { minimumTermsOfServiceVersion } = initial.currentRequirements;
    expect(await sign(minimumTermsOfServiceVersion)).toMatchObject({ status: 204 });
    expect(await status(session)).toMatchObject({ userCurrentTermsOfServiceState: 'UP_TO_DATE' });
    expect(await sign(initial.latestTermsOfServiceVersion)).toMatchObject({ status: 204 });
    expect(await status(session)).toMatchObject({
      userCurrentTermsOfServiceState: 'UP_TO_DATE',
      lastAgreementVersion: initial.latestTermsOfServiceVersion,
    });
  });

  test('testGetUserTermsOfServiceStatus: tells when a user agreed to which version', async () => {
    const state = await status(rejecting);
    expect(state).toMatchObject({ userCurrentTermsOfServiceState: 'MUST_AGREE_NOW' });
    expect(state).not.toHaveProperty('lastAgreementDate');
    expect(state).not.toHaveProperty('lastAgreementVersion');
    expect(await status(server.alice)).toMatchObject({
      userCurrentTermsOfServiceState: 'UP_TO_DATE',
      lastAgreementDate: expect.any(String),
      lastAgreementVersion: expect.any(String),
    });
  });

  test('testUpdateTermsOfServiceRequirments: a newer version must be agreed to soon, and after its date now', async () => {
    const { latestTermsOfServiceVersion: minimumTermsOfServiceVersion } = initial;
    expect(minimumTermsOfServiceVersion).not.toBe(
      initial.currentRequirements.minimumTermsOfServiceVersion,
    );
    const require = (session: Session, days: number) =>
      session.put(`${path}/requirements`, {
        minimumTermsOfServiceVersion,
        requirementDate: new Date(Date.now() + days * day).toISOString(),
      });
    expect(await require(server.alice, 1)).toEqual(
      refusal(403, 'Only an ACT member or an administrator can perform this operation.'),
    );
    expect(await status(server.alice)).toMatchObject({
      userCurrentTermsOfServiceState: 'UP_TO_DATE',
    });
    expect(await require(server.admin, 1)).toMatchObject({ status: 200 });
    expect(await status(server.alice)).toMatchObject({
      userCurrentTermsOfServiceState: 'MUST_AGREE_SOON',
    });
    expect(await server.alice.get('/userProfile')).toMatchObject({ status: 200 });
    expect(await require(server.admin, -1)).toMatchObject({ status: 200 });
    expect(await status(server.alice)).toMatchObject({
      userCurrentTermsOfServiceState: 'MUST_AGREE_NOW',
    });
    expect(await server.alice.get('/userProfile')).toMatchObject({ status: 403 });
  });
});
