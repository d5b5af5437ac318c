import { beforeEach, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { md5s, refusal, withSessions, type Session } from '../server/entitySession.js';
import { createUser, type TestUser } from './dataAccess.js';

const server = withSessions();
const act = 464532;
let user: TestUser;
let complete: M.VerificationSubmission;

beforeEach(async () => {
  user = await createUser(server);
  const profile = (await user.session.get('/userProfile')).body as M.UserProfile;
  const own = { firstName: 'First', lastName: 'Last', company: 'Company', location: 'Location' };
  expect(await user.session.put('/userProfile', { ...profile, ...own })).toMatchObject({
    status: 200,
  });
  complete = { ...own, ...(profile.emails && { emails: profile.emails }) };
});

function submit(fields: object = {}): Promise<Answer> {
  return user.session.post('/verificationSubmission', { ...complete, ...fields });
}

async function submitted(fields: object = {}): Promise<string> {
  const answer = await submit(fields);
  expect(answer).toMatchObject({ status: 201 });
  return (answer.body as M.VerificationSubmission).id ?? '';
}

function decide(session: Session, id: string, decision: M.VerificationState): Promise<Answer> {
  return session.post(`/verificationSubmission/${id}/state`, decision);
}

/** The texts of the mails to the user. */
function mails(): string[] {
  return server.synapse.mails
    .filter(({ to, subject }) => to === `${user.name}@example.org` && /Verification/.test(subject))
    .map(({ html }) => html);
}

const notInAct = refusal(403, 'You are not a member of the Synapse Access and Compliance Team.');

describe('VerificationManagerImplTest', () => {
  test('testCreateVerificationSubmission: a submission has its creator and the names of its files', async () => {
    const id = await user.session.createHandle(md5s.a, { fileName: 'passport.txt' });
    expect(await submit({ attachments: [{ id }] })).toMatchObject({
      status: 201,
      body: {
        ...complete,
        createdBy: user.id,
        createdOn: expect.any(String),
        notificationEmail: `${user.name}@example.org`,
        attachments: [{ id, fileName: 'passport.txt' }],
        stateHistory: [{ createdBy: user.id, state: 'SUBMITTED' }],
      },
    });
  });

  test('testCreateVerificationSubmissionDuplicateAttachment: a file is attached once', async () => {
    const id = await user.session.createHandle(md5s.a);
    expect(await submit({ attachments: [{ id }, { id }] })).toEqual(
      refusal(400, `Duplicate file handle: ${id}`),
    );
  });

  test('testCreateVerificationSubmissionAlreadyCreated: one submission at a time is open', async () => {
    const id = await submitted();
    expect(await submit()).toEqual(
      refusal(403, 'A verification request has already been submitted.'),
    );
    await decide(server.admin, id, { state: 'APPROVED' });
    expect(await submit()).toEqual(refusal(403, 'You are already verified.'));
    await decide(server.admin, id, { state: 'SUSPENDED' });
    expect(await submit()).toMatchObject({ status: 201 });
  });

  test.each<[object, string]>([
    [{ firstName: null }, 'First name cannot be null.'],
    [{ firstName: 'Other' }, 'First name does not match value in user profile.'],
    [{ lastName: null }, 'Last name cannot be null.'],
    [{ lastName: 'Other' }, 'Last name does not match value in user profile.'],
    [{ company: null }, 'Company cannot be null.'],
    [{ company: 'Other' }, 'Company does not match value in user profile.'],
    [{ location: null }, 'Location cannot be null.'],
    [{ location: 'Other' }, 'Location does not match value in user profile.'],
    [{ orcid: 'https://orcid.org/0000' }, 'ORCID does not match value in user profile.'],
    [{ emails: null }, 'Email(s) cannot be omitted.'],
    [{ emails: [] }, 'Email(s) cannot be omitted.'],
    [
      { emails: ['other@example.org'] },
      'Email(s) in submission must match those registered with the system.',
    ],
  ])(
    'testValidateVerificationSubmission: what differs from the profile is refused: %j',
    async (fields, reason) => {
      expect(await submit(fields)).toEqual(refusal(400, reason));
    },
  );

  test('testCreateVerificationSubmissionUnauthorizedFile: files of others are refused', async () => {
    const id = await server.bob.createHandle(md5s.a);
    expect(await submit({ attachments: [{ id }] })).toMatchObject({ status: 403 });
  });

  test('testDeleteVerificationSubmission: creators delete their submissions', async () => {
    const path = `/verificationSubmission/${await submitted()}`;
    expect(await user.session.delete(path)).toMatchObject({ status: 204 });
    expect(await user.session.delete(path)).toMatchObject({ status: 404 });
  });

  test('testDeleteVerificationSubmissionUnauthorized: others do not', async () => {
    const path = `/verificationSubmission/${await submitted()}`;
    expect(await server.bob.delete(path)).toEqual(
      refusal(403, 'Only the creator of a verification submission may delete it.'),
    );
  });

  test('testListVerificationSubmissions: the ACT lists submissions by user and state', async () => {
    const id = await submitted();
    const list = (query: string) => server.admin.get(`/verificationSubmission?${query}`);
    const found = { status: 200, body: { results: [{ id }], totalNumberOfResults: 1 } };
    expect(await list(`verifiedUserId=${user.id}`)).toMatchObject(found);
    expect(
      await list(`verifiedUserId=${user.id}&currentVerificationState=SUBMITTED`),
    ).toMatchObject(found);
    expect(await list(`verifiedUserId=${user.id}&currentVerificationState=APPROVED`)).toMatchObject(
      { body: { results: [], totalNumberOfResults: 0 } },
    );
  });

  test('testListVerificationSubmissionsUnauthorized: others do not', async () => {
    expect(await server.bob.get('/verificationSubmission')).toEqual(notInAct);
  });

  test('testChangeSubmissionState: a decision is added to the history', async () => {
    const id = await submitted();
    expect(await decide(server.admin, id, { state: 'APPROVED', reason: 'fine' })).toMatchObject({
      status: 201,
    });
    expect(await server.bob.get(`/user/${user.id}/bundle?mask=20`)).toMatchObject({
      body: { isVerified: true, verification: { id } },
    });
    expect(
      await server.admin.get(`/verificationSubmission?verifiedUserId=${user.id}`),
    ).toMatchObject({
      body: {
        results: [
          {
            stateHistory: [
              { state: 'SUBMITTED' },
              { state: 'APPROVED', reason: 'fine', createdBy: '1', createdOn: expect.any(String) },
            ],
          },
        ],
      },
    });
  });

  test('testChangeSubmissionStateTransitionNotAllowed: only some states follow others', async () => {
    const id = await submitted();
    const refused = (from: string, to: string) =>
      refusal(400, `Cannot transition verification submission from ${from} to ${to}`);
    for (const state of ['SUBMITTED', 'SUSPENDED'] as const) {
      expect(await decide(server.admin, id, { state })).toEqual(refused('SUBMITTED', state));
    }
    await decide(server.admin, id, { state: 'REJECTED' });
    for (const state of ['APPROVED', 'SUSPENDED', 'SUBMITTED'] as const) {
      expect(await decide(server.admin, id, { state })).toEqual(refused('REJECTED', state));
    }
  });

  test('testChangeSubmissionStateUnauthorzed: the ACT alone decides', async () => {
    expect(await decide(user.session, await submitted(), { state: 'APPROVED' })).toEqual(notInAct);
  });

  test('testCreateSubmissionNotification: the members of the ACT are told of a submission', async () => {
    const member = await createUser(server);
    expect(await server.admin.put(`/team/${act}/member/${member.id}`)).toMatchObject({
      status: 204,
    });
    await submitted();
    expect(await member.session.get('/message/inbox')).toMatchObject({
      body: { results: [{ message: { subject: 'Synapse Identity Verification Request' } }] },
    });
    const mail = server.synapse.mails.find(({ to }) => to === `${member.name}@example.org`);
    expect(mail?.html).toContain(user.name);
    await server.admin.delete(`/team/${act}/member/${member.id}`);
  });

  test.each<[string, M.VerificationState[], RegExp]>([
    [
      'testCreateStateChangeNotificationApproved: the user is told of an approval',
      [{ state: 'APPROVED' }],
      /approved/,
    ],
    [
      'testCreateStateChangeNotificationRejected: the user is told why a profile is rejected',
      [{ state: 'REJECTED', reason: 'my dog has fleas' }],
      /rejected[^]*my dog has fleas/,
    ],
    [
      'testCreateStateChangeNotificationRejectedNoReason: the user is told of a rejection without a reason',
      [{ state: 'REJECTED' }],
      /rejected\.<\/p>/,
    ],
    [
      'testCreateStateChangeNotificationSuspended: the user is told why a validation is suspended',
      [{ state: 'APPROVED' }, { state: 'SUSPENDED', reason: 'my dog has fleas' }],
      /suspended[^]*my dog has fleas/,
    ],
    [
      'testCreateStateChangeNotificationSuspendedNoReason: the user is told of a suspension without a reason',
      [{ state: 'APPROVED' }, { state: 'SUSPENDED' }],
      /suspended\.<\/p>/,
    ],
  ])('%s', async (_, decisions, text) => {
    const id = await submitted();
    for (const decision of decisions) {
      expect(await decide(server.admin, id, decision)).toMatchObject({ status: 201 });
    }
    expect(mails()).toHaveLength(decisions.length);
    expect(mails().at(-1)).toMatch(text);
    expect(mails().at(-1)).toContain(user.name);
  });
});
