import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { oneTimeCode } from '../helpers/oneTimeCode.js';
import { pushEvent, registryHeader, sendEvents } from '../service/dockerRegistry.js';
import { withSessions, type Stored } from './entitySession.js';
import { TableSession, tableModel } from './tableSession.js';

const server = withSessions();
const base = 'org.sagebionetworks.repo.model';
let project: Stored;

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Lookups' });
});

test('the one realm is listed', async () => {
  const { anonymous } = server;
  const { body } = await anonymous.get('/realm/list');
  const [id] = (body as M.RealmIdList).realms;
  expect(await anonymous.get(`/realm/${id ?? ''}`)).toMatchObject({ status: 200, body: { id } });
  const principals = await anonymous.get(`/realm/${id ?? ''}/principals`);
  expect(principals).toMatchObject({
    status: 200,
    body: {
      anonymousUser: '273950',
      authenticatedUsers: '273948',
      publicGroup: '273949',
    },
  });
  expect((await anonymous.get('/realm/principals')).body).toEqual(principals.body);
});

test('the terms of service are known to everybody', async () => {
  expect(await server.anonymous.get('/auth/v1/termsOfUse2/info')).toMatchObject({
    status: 200,
    body: {
      latestTermsOfServiceVersion: '1.0.0',
      currentRequirements: { minimumTermsOfServiceVersion: '0.0.0' },
      termsOfServiceUrl: expect.stringMatching(/^https?:/),
    },
  });
});

test('a managed Docker repository is found by its name', async () => {
  const { admin, alice, bob } = server;
  const repository = `${project.id}/tool`;
  const event = pushEvent(server.userId('alice'), repository, { tag: 'v1' });
  const pushed = await sendEvents(server, event, registryHeader);
  expect(pushed.status).toBeLessThan(300);
  const { body } = await alice.post('/entity/children', {
    parentId: project.id,
    includeTypes: ['dockerrepo'],
  });
  const [child] = (body as M.EntityChildrenResponse).page;
  const { repositoryName } = (await alice.read(child?.id ?? '')) as unknown as M.DockerRepository;
  const path = `/entity/dockerRepo/id?repositoryName=${encodeURIComponent(repositoryName ?? '')}`;
  expect(await alice.get(path)).toMatchObject({ status: 200, body: { id: child?.id } });
  expect(await bob.get(path)).toMatchObject({ status: 403 });
  expect(await admin.get(`${path}x`)).toMatchObject({ status: 404 });
});

test('the ACL of a requirement names who is exempt', async () => {
  const { admin, alice } = server;
  const requirement = await admin.post('/accessRequirement', {
    concreteType: `${base}.ManagedACTAccessRequirement`,
    accessType: 'DOWNLOAD',
    subjectIds: [{ id: project.id, type: 'ENTITY' }],
  });
  const path = `/accessRequirement/${(requirement.body as { id: number }).id}/acl`;
  const resourceAccess = [
    { principalId: server.userId('alice'), accessType: ['EXEMPTION_ELIGIBLE'] },
  ];
  expect(await admin.post(path, { resourceAccess })).toMatchObject({ status: 201 });
  expect(await alice.get(path)).toMatchObject({ status: 200, body: { resourceAccess } });
});

test('any job can be started and watched in one place', async () => {
  const { alice, bob } = server;
  const tables = new TableSession(alice);
  const { id } = await tables.filled([['one', '1']]);
  const started = await alice.post('/asynchronous/job', {
    concreteType: `${tableModel}.QueryBundleRequest`,
    entityId: id,
    query: { sql: `select name from ${id}` },
    partMask: 1,
  });
  expect(started).toMatchObject({
    status: 201,
    body: { jobId: expect.stringMatching(/^\d+$/), startedByUserId: server.userId('alice') },
  });
  const { jobId } = started.body as { jobId: string };
  expect(await alice.get(`/asynchronous/job/${jobId}`)).toMatchObject({
    status: 200,
    body: {
      jobState: 'COMPLETE',
      responseBody: { queryResult: { queryResults: { rows: [{ values: ['one'] }] } } },
    },
  });
  expect(await bob.get(`/asynchronous/job/${jobId}`)).toMatchObject({ status: 403 });
});

test('a CSV file goes into a table by a job of its own', async () => {
  const tables = new TableSession(server.alice);
  const { id } = await tables.filled([]);
  const answer = await tables.job(`/entity/${id}/table/upload/csv/async`, {
    concreteType: `${tableModel}.UploadToTableRequest`,
    tableId: id,
    uploadFileHandleId: await tables.upload('name,count\na,1\nb,2\n'),
  });
  expect(answer).toMatchObject({ status: 201, body: { rowsProcessed: 2 } });
  expect(await tables.cells(`select * from ${id}`)).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
});

test('a grid is there for its maker until it is deleted', async () => {
  const { alice, bob } = server;
  const made = await new TableSession(alice).job('/grid/session/async', {
    concreteType: `${base}.grid.CreateGridRequest`,
  });
  const { sessionId } = (made.body as { gridSession: { sessionId: string } }).gridSession;
  const path = `/grid/session/${sessionId}`;
  expect(await alice.get(path)).toMatchObject({
    status: 200,
    body: { sessionId, startedBy: String(server.userId('alice')) },
  });
  expect(await bob.get(path)).toMatchObject({ status: 403 });
  expect((await alice.delete(path)).status).toBeLessThan(300);
  expect(await alice.get(path)).toMatchObject({ status: 404 });
});

describe('two-factor authentication', () => {
  test('says whether it is on', async () => {
    const { body } = await server.anonymous.post('/auth/v1/login2', {
      username: 'bob',
      password: 'bob-password',
    });
    const bob = server.session((body as { accessToken: string }).accessToken);
    expect(await bob.get('/auth/v1/2fa')).toMatchObject({ body: { status: 'DISABLED' } });
    const enrolled = await bob.post('/auth/v1/2fa/enroll', undefined);
    const { secretId, secret } = enrolled.body as Required<M.TotpSecret>;
    const totp = oneTimeCode(secret);
    expect(await bob.post('/auth/v1/2fa', { secretId, totp })).toMatchObject({ status: 200 });
    expect(await bob.get('/auth/v1/2fa')).toMatchObject({ body: { status: 'ENABLED' } });
    expect((await bob.delete('/auth/v1/2fa')).status).toBeLessThan(300);
    expect(await bob.get('/auth/v1/2fa')).toMatchObject({ body: { status: 'DISABLED' } });
  });
});
