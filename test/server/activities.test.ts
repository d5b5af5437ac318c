import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import {
  classes,
  md5s,
  refusal,
  withSessions,
  type Session,
  type Stored,
} from './entitySession.js';

const server = withSessions();
let project: Stored;
let count = 0;

const usedEntity = 'org.sagebionetworks.repo.model.provenance.UsedEntity';
const usedUrl = 'org.sagebionetworks.repo.model.provenance.UsedURL';

beforeAll(async () => {
  project = await server.alice.create('project', { name: 'Provenance' });
});

async function createFile(fields: object = {}, query = ''): Promise<Stored> {
  count += 1;
  const { alice } = server;
  const answer = await alice.post(`/entity${query}`, {
    concreteType: classes.file,
    parentId: project.id,
    name: `file ${count}`,
    dataFileHandleId: await alice.createHandle(md5s.a),
    ...fields,
  });
  expect(answer.status).toBe(201);
  return answer.body as Stored;
}

async function createActivity(
  session: Session = server.alice,
  fields: object = {},
): Promise<Required<M.Activity>> {
  const answer = await session.post('/activity', { name: 'run', ...fields });
  expect(answer.status).toBe(201);
  return answer.body as Required<M.Activity>;
}

describe('an activity', () => {
  test('is managed by its creator', async () => {
    const { alice, bob } = server;
    const used = [
      { concreteType: usedUrl, name: 'code', url: 'https://example.org/run.R', wasExecuted: true },
    ];
    const made = await createActivity(alice, { description: 'what was done', used });
    expect(made).toEqual({
      id: expect.stringMatching(/^\d+$/),
      etag: expect.any(String),
      name: 'run',
      description: 'what was done',
      used,
      createdOn: expect.any(String),
      modifiedOn: made.createdOn,
      createdBy: String(server.userId('alice')),
      modifiedBy: String(server.userId('alice')),
    });
    const path = `/activity/${made.id}`;
    expect(await alice.get(path)).toMatchObject({ status: 200, body: made });
    expect(await bob.get(path)).toMatchObject({ status: 403 });
    const changed = await alice.put(path, { ...made, name: 'rerun', description: undefined });
    expect(changed).toMatchObject({
      status: 200,
      body: { name: 'rerun', createdOn: made.createdOn },
    });
    expect(changed.body).not.toHaveProperty('description');
    expect((changed.body as M.Activity).etag).not.toBe(made.etag);
    expect(await alice.put(path, made)).toMatchObject({ status: 412 });
    expect(await alice.put(path, { ...made, etag: null })).toMatchObject({ status: 400 });
    expect(await bob.put(path, changed.body)).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(path)).toEqual(refusal(404, `Activity: '${made.id}' does not exist`));
    expect(await alice.delete(path)).toMatchObject({ status: 404 });
  });

  test('means the current version of what it used when it says none', async () => {
    const { alice } = server;
    const file = await createFile();
    await alice.update(file, { versionLabel: undefined }, '?newVersion=true');
    const reference = (targetId: string, targetVersionNumber?: number) => ({
      concreteType: usedEntity,
      reference: { targetId, targetVersionNumber },
      wasExecuted: false,
    });
    const { used } = await createActivity(alice, {
      used: [reference(file.id), reference(file.id.slice(3), 1)],
    });
    expect(used).toEqual([reference(file.id, 2), reference(file.id, 1)]);
    const dotted = await createActivity(alice, {
      used: [reference(`${file.id}.1`), reference('syn999')],
    });
    expect(dotted.used).toEqual([
      reference(file.id, 1),
      { concreteType: usedEntity, reference: { targetId: 'syn999' }, wasExecuted: false },
    ]);
  });

  test.each<[unknown]>([
    [{ used: 'x' }],
    [{ used: [{ concreteType: 'x' }] }],
    [{ used: [{ url: 'no type' }] }],
    [{ used: [{ concreteType: usedEntity, reference: {} }] }],
    [{ used: [{ concreteType: usedEntity, reference: { targetId: 'banana' } }] }],
    [{ name: {} }],
    [{ name: 'x'.repeat(1001) }],
    ['{'],
  ])('is not made from %j', async (body) => {
    expect(await server.alice.post('/activity', body)).toEqual(refusal(400, expect.any(String)));
  });

  test('is not made by nobody', async () => {
    expect(await server.anonymous.post('/activity', { name: 'x' })).toMatchObject({ status: 403 });
  });
});

describe('what generated an entity', () => {
  test('stays until an update says otherwise', async () => {
    const { alice } = server;
    const first = await createActivity();
    const second = await createActivity();
    const file = await createFile({}, `?generatedBy=${first.id}`);
    const generatedBy = (suffix = '') => alice.get(`/entity/${file.id}${suffix}/generatedBy`);
    expect(await generatedBy()).toMatchObject({ status: 200, body: { id: first.id } });
    const updated = await alice.update(file, { description: 'same version' });
    expect(await generatedBy()).toMatchObject({ body: { id: first.id } });
    const replaced = await alice.update(updated, {}, `?generatedBy=${second.id}`);
    expect(await generatedBy()).toMatchObject({ body: { id: second.id } });
    const dropped = await alice.update(
      replaced,
      { versionLabel: undefined },
      '?newVersion=true&generatedBy=',
    );
    expect(await generatedBy()).toEqual(refusal(404, 'No activity'));
    expect(await generatedBy('/version/1')).toMatchObject({ body: { id: second.id } });
    await alice.update(
      dropped,
      { versionLabel: undefined },
      `?newVersion=true&generatedBy=${first.id}`,
    );
    expect(await generatedBy('/version/3')).toMatchObject({ body: { id: first.id } });
    expect(await generatedBy('/version/2')).toMatchObject({ status: 404 });
    expect(await alice.get(`/activity/${first.id}/generated`)).toMatchObject({
      body: { results: [{ targetId: file.id, targetVersionNumber: 3 }], totalNumberOfResults: 1 },
    });
    expect(await alice.post(`/entity/${file.id}/bundle2`, { includeActivity: true })).toMatchObject(
      { body: { activity: { id: first.id } } },
    );
  });

  test('is set and removed on the current version by requests of its own', async () => {
    const { alice } = server;
    const activity = await createActivity();
    const file = await createFile();
    const path = `/entity/${file.id}/generatedBy`;
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.put(`${path}?generatedBy=${activity.id}`)).toMatchObject({
      status: 200,
      body: activity,
    });
    const touched = await alice.read(file.id);
    expect(touched.etag).not.toBe(file.etag);
    expect(await alice.get(path)).toMatchObject({ status: 200, body: { id: activity.id } });
    expect(await alice.delete(path)).toMatchObject({ status: 204, body: '' });
    expect(await alice.get(path)).toMatchObject({ status: 404 });
    expect(await alice.put(path)).toMatchObject({ status: 400 });
    expect(await alice.put(`${path}?generatedBy=999`)).toMatchObject({ status: 404 });
  });

  test('is set by the creator of the activity who may change the entity', async () => {
    const { alice, bob } = server;
    const activity = await createActivity();
    const bobs = await createActivity(bob);
    const file = await createFile();
    const path = `/entity/${file.id}/generatedBy`;
    expect(await alice.put(`${path}?generatedBy=${bobs.id}`)).toEqual(
      refusal(
        403,
        `User: ${server.userId('alice')} not authorized to connect to activity: ${bobs.id}`,
      ),
    );
    expect(await alice.put(`/entity/${file.id}?generatedBy=${bobs.id}`, file)).toMatchObject({
      status: 403,
    });
    expect(await bob.put(`${path}?generatedBy=${bobs.id}`)).toMatchObject({ status: 403 });
    expect(await bob.delete(path)).toMatchObject({ status: 403 });
    expect(await alice.read(file.id)).toEqual(file);
    expect((await alice.put(`${path}?generatedBy=${activity.id}`)).status).toBe(200);
    expect(await bob.get(`/activity/${activity.id}`)).toMatchObject({ status: 403 });
    const acl = {
      id: file.id,
      resourceAccess: [
        {
          principalId: server.userId('alice'),
          accessType: ['READ', 'UPDATE', 'CHANGE_PERMISSIONS'],
        },
        { principalId: server.userId('bob'), accessType: ['READ', 'UPDATE'] },
      ],
    };
    expect((await alice.post(`/entity/${file.id}/acl`, acl)).status).toBe(201);
    // Whoever may read what it generated may read the activity, and edit the entity without losing it.
    expect(await bob.get(`/activity/${activity.id}`)).toMatchObject({ status: 200 });
    await bob.update(await bob.read(file.id), { description: 'by Bob' });
    expect(await bob.get(path)).toMatchObject({ status: 200, body: { id: activity.id } });
  });

  test('is gone when the activity is deleted', async () => {
    const { alice } = server;
    const activity = await createActivity();
    const file = await createFile({}, `?generatedBy=${activity.id}`);
    expect((await alice.delete(`/activity/${activity.id}`)).status).toBe(204);
    expect(await alice.get(`/entity/${file.id}/generatedBy`)).toMatchObject({ status: 404 });
    expect(await alice.post(`/entity/${file.id}/bundle2`, { includeActivity: true })).toMatchObject(
      { status: 200, body: {} },
    );
  });
});
