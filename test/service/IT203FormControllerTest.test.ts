import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, withSessions } from '../server/entitySession.js';

const server = withSessions();
let group: Required<M.FormGroup>;
let form: Required<M.FormData>;

async function created<T>(answer: Promise<{ status: number; body: unknown }>): Promise<T> {
  const { status, body } = await answer;
  expect(status).toBe(201);
  return body as T;
}

beforeAll(async () => {
  const { alice, bob } = server;
  group = await created(alice.post('/form/group?name=IT203.Group', undefined));
  const path = `/form/group/${group.groupId}/acl`;
  const acl = (await alice.get(path)).body as Required<M.AccessControlList>;
  const submit = { principalId: server.userId('bob'), accessType: ['SUBMIT'] };
  const shared = { ...acl, resourceAccess: [...acl.resourceAccess, submit] };
  expect(await alice.put(path, shared)).toMatchObject({ status: 200 });
  const fileHandleId = await bob.createHandle(md5s.a);
  const request = { name: 'IT203 form name', fileHandleId };
  form = await created(bob.post(`/form/data?groupId=${group.groupId}`, request));
});

describe('IT203FormControllerTest', () => {
  test('testCreateGroup: a form is submitted, rejected, submitted again, accepted and deleted', async () => {
    const { alice, bob } = server;
    expect((await alice.get(`/form/group/${group.groupId}`)).body).toEqual(group);
    const path = `/form/data/${form.formDataId}`;
    const change = { name: 'Updated Name', fileHandleId: form.dataFileHandleId };
    const updated = await bob.put(path, change);
    expect(updated).toMatchObject({ status: 200, body: { name: 'Updated Name' } });
    const { groupId } = group;
    const waiting = { groupId, filterByState: ['WAITING_FOR_SUBMISSION'] };
    expect((await bob.post('/form/data/list', waiting)).body).toEqual({ page: [updated.body] });
    const submitted = await bob.post(`${path}/submit`, undefined);
    expect(submitted).toMatchObject({
      body: { submissionStatus: { state: 'SUBMITTED_WAITING_FOR_REVIEW' } },
    });
    const review = { groupId, filterByState: ['SUBMITTED_WAITING_FOR_REVIEW'] };
    expect((await alice.post('/form/data/list/reviewer', review)).body).toEqual({
      page: [submitted.body],
    });
    const reason = 'because of one reason or another';
    expect(await alice.put(`${path}/reject`, { reason })).toMatchObject({
      body: { submissionStatus: { state: 'REJECTED', rejectionMessage: reason } },
    });
    const again = await bob.post(`${path}/submit`, undefined);
    expect(again.status).toBe(200);
    expect((again.body as M.FormData).submissionStatus).toEqual({
      state: 'SUBMITTED_WAITING_FOR_REVIEW',
      submittedOn: expect.any(String),
    });
    expect(await alice.put(`${path}/accept`)).toMatchObject({
      body: { submissionStatus: { state: 'ACCEPTED' } },
    });
    expect(await bob.delete(path)).toMatchObject({ status: 200 });
    expect(await bob.delete(path)).toMatchObject({ status: 404 });
  });
});
