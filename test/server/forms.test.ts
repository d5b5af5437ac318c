import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, refusal, withSessions, type Session } from './entitySession.js';

const server = withSessions();
let group: Required<M.FormGroup>;
let fileHandleId: string;

beforeAll(async () => {
  const made = await server.alice.post('/form/group?name=Intake', undefined);
  expect(made.status).toBe(201);
  group = made.body as Required<M.FormGroup>;
  fileHandleId = await server.bob.createHandle(md5s.a);
  const path = `/form/group/${group.groupId}/acl`;
  const acl = (await server.alice.get(path)).body as M.AccessControlList;
  acl.resourceAccess?.push({ principalId: server.userId('bob'), accessType: ['SUBMIT'] });
  expect((await server.alice.put(path, acl)).status).toBe(200);
});

async function createForm(): Promise<Required<M.FormData>> {
  const body = { name: 'My form', fileHandleId };
  const answer = await server.bob.post(`/form/data?groupId=${group.groupId}`, body);
  expect(answer.status).toBe(201);
  return answer.body as Required<M.FormData>;
}

async function listed(session: Session, path: string, states: string[]): Promise<string[]> {
  const body = { groupId: group.groupId, filterByState: states };
  const answer = await session.post(path, body);
  expect(answer.status).toBe(200);
  return (answer.body as { page: M.FormData[] }).page.map(({ formDataId }) => formDataId ?? '');
}

describe('a form group', () => {
  test('has a name that no other group has', async () => {
    const { alice, bob, anonymous } = server;
    expect(group).toEqual({
      groupId: expect.any(String),
      name: 'Intake',
      createdBy: String(server.userId('alice')),
      createdOn: expect.any(String),
    });
    expect((await alice.post('/form/group?name=Intake', undefined)).body).toEqual(group);
    expect(await bob.post('/form/group?name=Intake', undefined)).toEqual(
      refusal(400, 'The group name: Intake is unavailable, please chooser another name.'),
    );
    expect(await alice.post('/form/group?name=ab', undefined)).toMatchObject({ status: 400 });
    expect(await alice.post('/form/group', undefined)).toMatchObject({ status: 400 });
    expect(await anonymous.post('/form/group?name=Other', undefined)).toMatchObject({
      status: 403,
    });
    expect(await bob.get(`/form/group/${group.groupId}`)).toMatchObject({ status: 403 });
    expect(await alice.get(`/form/group/${group.groupId}`)).toMatchObject({ body: group });
    expect(await alice.get('/form/group/99')).toEqual(
      refusal(403, 'You do not have READ permission for FORM_GROUP : 99'),
    );
    expect(await bob.get(`/form/group/${group.groupId}/acl`)).toMatchObject({ status: 403 });
    expect(await bob.put(`/form/group/${group.groupId}/acl`, {})).toMatchObject({ status: 403 });
  });
});

describe('a form', () => {
  test('goes from draft to accepted', async () => {
    const { alice, bob } = server;
    const form = await createForm();
    const path = `/form/data/${form.formDataId}`;
    expect(form).toMatchObject({
      dataFileHandleId: fileHandleId,
      submissionStatus: { state: 'WAITING_FOR_SUBMISSION' },
    });
    expect(await alice.put(`${path}/accept`)).toMatchObject({ status: 400 });
    expect(await alice.post(`${path}/submit`, undefined)).toMatchObject({ status: 403 });
    expect(await bob.post(`${path}/submit`, undefined)).toMatchObject({
      status: 200,
      body: {
        submissionStatus: {
          state: 'SUBMITTED_WAITING_FOR_REVIEW',
          submittedOn: expect.any(String),
        },
      },
    });
    for (const refused of [
      bob.post(`${path}/submit`, undefined),
      bob.put(path, { name: 'Later', fileHandleId }),
    ]) {
      expect(await refused).toMatchObject({ status: 400 });
    }
    expect(
      await listed(alice, '/form/data/list/reviewer', ['SUBMITTED_WAITING_FOR_REVIEW']),
    ).toEqual([form.formDataId]);
    const association = `fileAssociateType=FormData&fileAssociateId=${form.formDataId}&redirect=false`;
    expect(await alice.get(`/file/v1/file/${fileHandleId}?${association}`)).toMatchObject({
      status: 200,
    });
    expect(await bob.put(`${path}/reject`, { reason: 'no' })).toMatchObject({ status: 403 });
    expect(await alice.put(`${path}/reject`, {})).toMatchObject({ status: 400 });
    expect(await alice.put(`${path}/reject`, { reason: 'x'.repeat(501) })).toMatchObject({
      status: 400,
    });
    expect(await alice.put(`${path}/reject`, { reason: 'Page 2 is missing.' })).toMatchObject({
      status: 200,
      body: {
        submissionStatus: {
          state: 'REJECTED',
          rejectionMessage: 'Page 2 is missing.',
          reviewedBy: String(server.userId('alice')),
        },
      },
    });
    const changed = await bob.put(path, { name: 'My form 2', fileHandleId });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'My form 2', submissionStatus: { state: 'WAITING_FOR_SUBMISSION' } },
    });
    expect((await bob.post(`${path}/submit`, undefined)).status).toBe(200);
    expect(await alice.put(`${path}/accept`)).toMatchObject({
      status: 200,
      body: { submissionStatus: { state: 'ACCEPTED' } },
    });
    expect(await listed(bob, '/form/data/list', ['ACCEPTED'])).toEqual([form.formDataId]);
    expect(await listed(alice, '/form/data/list', ['ACCEPTED'])).toEqual([]);
    expect(await bob.delete(path)).toMatchObject({ status: 200 });
  });

  test('is deleted by the user who made it', async () => {
    const form = await createForm();
    const path = `/form/data/${form.formDataId}`;
    expect(await server.alice.delete(path)).toMatchObject({ status: 403 });
    expect(await server.bob.delete(path)).toMatchObject({ status: 200 });
    expect(await server.bob.delete(path)).toMatchObject({ status: 404 });
  });

  test('is refused without permission', async () => {
    const { alice, bob, carol } = server;
    const path = `/form/data?groupId=${group.groupId}`;
    expect(await carol.post(path, { name: 'Mine', fileHandleId })).toMatchObject({ status: 403 });
    expect(await bob.post(path, { name: 'Mine' })).toMatchObject({ status: 400 });
    expect(await bob.post(path, { fileHandleId })).toMatchObject({ status: 400 });
    expect(await bob.post(path, { name: 'Mine', fileHandleId: '999' })).toMatchObject({
      status: 404,
    });
    expect(await alice.post(path, { name: 'Mine', fileHandleId })).toMatchObject({ status: 403 });
    expect(await bob.post('/form/data?groupId=99', { name: 'Mine', fileHandleId })).toMatchObject({
      status: 403,
    });
    const list = (session: Session, body: object, suffix = '') =>
      session.post(`/form/data/list${suffix}`, body);
    expect(await list(bob, { groupId: group.groupId })).toMatchObject({ status: 400 });
    expect(await list(bob, { filterByState: ['ACCEPTED'] })).toMatchObject({ status: 400 });
    const waiting = { groupId: group.groupId, filterByState: ['WAITING_FOR_SUBMISSION'] };
    expect(await list(alice, waiting, '/reviewer')).toMatchObject({ status: 400 });
    const accepted = { ...waiting, filterByState: ['ACCEPTED'] };
    expect(await list(bob, accepted, '/reviewer')).toMatchObject({ status: 403 });
  });
});
