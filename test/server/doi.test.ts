import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Answer } from '../helpers/api.js';
import { md5s, withSessions, type Session, type Stored } from './entitySession.js';

const server = withSessions();
let project: Stored;
let file: Stored;

const described = {
  creators: [{ creatorName: 'Doe, Jane' }],
  titles: [{ title: 'Counts' }],
  publicationYear: 2024,
  resourceType: { resourceTypeGeneral: 'Dataset' },
};

beforeAll(async () => {
  const { alice } = server;
  project = await alice.create('project', { name: 'Published' });
  const dataFileHandleId = await alice.createHandle(md5s.a);
  file = await alice.create('file', { parentId: project.id, name: 'counts', dataFileHandleId });
});

async function mint(session: Session, doi: object): Promise<Answer> {
  const concreteType = 'org.sagebionetworks.repo.model.doi.v2.DoiRequest';
  const started = await session.post('/doi/async/start', { concreteType, doi });
  expect(started.status).toBe(201);
  return session.get(`/doi/async/get/${(started.body as { token: string }).token}`);
}

describe('a DOI', () => {
  test('is found through its object once it is made', async () => {
    const { alice, bob } = server;
    const entity = { objectId: file.id, objectType: 'ENTITY' };
    const made = await mint(alice, { ...entity, ...described });
    expect(made).toMatchObject({
      status: 200,
      body: {
        doi: {
          ...entity,
          doiUri: `10.5072/local/${file.id}`,
          publisher: 'Synapse',
          associatedBy: String(server.userId('alice')),
        },
      },
    });
    const { doi } = made.body as Required<M.DoiResponse>;
    expect(await mint(alice, { ...entity, ...described })).toMatchObject({ status: 400 });
    expect(await mint(alice, { ...doi, etag: 'stale' })).toMatchObject({ status: 412 });
    const changed = await mint(alice, { ...doi, publicationYear: 2025 });
    expect(changed).toMatchObject({ status: 200, body: { doi: { publicationYear: 2025 } } });
    const query = `?id=${file.id}&type=ENTITY`;
    expect(await alice.get(`/doi${query}`)).toMatchObject({
      body: { titles: [{ title: 'Counts' }] },
    });
    const association = await alice.get(`/doi/association${query}`);
    expect(association.body).toMatchObject({ objectId: file.id });
    expect(association.body).not.toHaveProperty('titles');
    expect(await alice.get(`/doi${query}&version=1`)).toMatchObject({ status: 404 });
    expect(await bob.get(`/doi${query}`)).toMatchObject({ status: 403 });
    expect(await alice.get(`/doi/locate${query}&redirect=false`)).toMatchObject({
      status: 200,
      body: `${server.synapse.repoEndpoint}/entity/${file.id}`,
    });
    expect(
      await alice.post(`/entity/${file.id}/bundle2`, { includeDOIAssociation: true }),
    ).toMatchObject({ body: { doiAssociation: { doiUri: doi.doiUri } } });
    const versioned = await mint(alice, { ...entity, objectVersion: 1, ...described });
    expect(versioned).toMatchObject({
      body: { doi: { objectVersion: 1, doiUri: `10.5072/local/${file.id}.1` } },
    });
  });

  test.each<[object, number]>([
    [{}, 400],
    [{ objectId: 'x', objectType: 'ENTITY', ...described }, 400],
    [{ objectId: 'syn99', objectType: 'ENTITY', ...described }, 404],
    [{ objectId: '1', objectType: 'PORTAL_RESOURCE', ...described }, 400],
    [{ objectId: '1', objectType: 'PORTAL_RESOURCE', portalId: '99', ...described }, 404],
  ])('is not made of %j', async (doi, status) => {
    expect(await mint(server.alice, doi)).toMatchObject({ status });
  });

  test.each([
    [{ creators: [] }],
    [{ titles: [{}] }],
    [{ publicationYear: 12 }],
    [{ resourceType: {} }],
    [{ objectVersion: 9 }],
  ])('is not made with %j', async (fields) => {
    const doi = { objectId: project.id, objectType: 'ENTITY', ...described, ...fields };
    const { status } = await mint(server.alice, doi);
    expect([400, 404]).toContain(status);
    expect(await server.alice.get(`/doi?id=${project.id}&type=ENTITY`)).toMatchObject({
      status: 404,
    });
  });

  test('is for those who may change the object', async () => {
    const doi = { objectId: file.id, objectType: 'ENTITY', ...described };
    expect(await mint(server.bob, doi)).toMatchObject({ status: 403 });
    expect(await mint(server.anonymous, doi)).toMatchObject({ status: 403 });
  });
});

describe('a portal', () => {
  test('gives DOIs by its ACL', async () => {
    const { admin, alice, bob, anonymous } = server;
    const body = { name: 'Atlas', url: 'https://atlas.example.org' };
    expect(await alice.post('/portal', body)).toMatchObject({ status: 403 });
    expect(await admin.post('/portal', { name: 'Atlas', url: 'atlas' })).toMatchObject({
      status: 400,
    });
    const made = await admin.post('/portal', body);
    expect(made).toMatchObject({ status: 201, body });
    expect(await admin.post('/portal', body)).toMatchObject({ status: 409 });
    const { id = '' } = made.body as M.Portal;
    const path = `/portal/${id}`;
    expect(await anonymous.get(path)).toMatchObject({ status: 200, body: made.body });
    expect(await bob.post('/portal/list', {})).toMatchObject({ body: { page: [{ id }] } });
    const acl = (await alice.get(`${path}/acl`)).body as M.AccessControlList;
    expect(await alice.put(`${path}/acl`, acl)).toMatchObject({ status: 403 });
    acl.resourceAccess?.push({ principalId: server.userId('alice'), accessType: ['CREATE'] });
    expect(await admin.put(`${path}/acl`, acl)).toMatchObject({ status: 200 });
    expect(await alice.get(`${path}/permissions`)).toMatchObject({ body: { canMintDoi: true } });
    expect(await bob.get(`${path}/permissions`)).toMatchObject({ body: { canMintDoi: false } });
    const doi = { objectId: 'study-1', objectType: 'PORTAL_RESOURCE', portalId: id, ...described };
    expect(await mint(bob, doi)).toMatchObject({ status: 403 });
    expect(await mint(alice, doi)).toMatchObject({ status: 200, body: { doi: { portalId: id } } });
    expect(await bob.get(`/doi?id=study-1&type=PORTAL_RESOURCE&portalId=${id}`)).toMatchObject({
      status: 200,
    });
    const renamed = { ...body, name: 'Big atlas' };
    expect(await alice.put(path, renamed)).toMatchObject({ status: 403 });
    expect(await admin.put(path, renamed)).toMatchObject({ status: 200, body: renamed });
    expect(await alice.delete(path)).toMatchObject({ status: 403 });
    expect(await admin.delete(path)).toMatchObject({ status: 200 });
    expect(await admin.get(path)).toMatchObject({ status: 404 });
  });
});
