import { beforeAll, describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { md5s, withSessions, type Stored } from '../server/entitySession.js';
import { doiOf, mint } from './doiCalls.js';

const server = withSessions();
let file: Stored;

beforeAll(async () => {
  const { alice } = server;
  const { id: parentId } = await alice.create('project', { name: 'Published' });
  const dataFileHandleId = await alice.createHandle(md5s.a);
  file = await alice.create('file', { parentId, name: 'counts', dataFileHandleId });
});

describe('IT065SynapseJavaClientDoiV2Test', () => {
  test('testCreateGetUpdate: a DOI of a version is made, and gets other creators', async () => {
    const { alice } = server;
    const wanted = doiOf(file.id, { objectVersion: 1 });
    const made = await mint(alice, wanted);
    const user = String(server.userId('alice'));
    expect(made.body).toMatchObject({
      doi: {
        ...wanted,
        associatedBy: user,
        updatedBy: user,
        etag: expect.any(String),
        updatedOn: expect.any(String),
      },
    });
    const { doi } = made.body as Required<M.DoiResponse>;
    const changed = { ...doi, creators: [{ creatorName: 'A different creator' }] };
    const { creators } = changed;
    expect((await mint(alice, changed)).body).toMatchObject({ doi: { ...wanted, creators } });
  });

  test('testCreateGetNullVersion: a DOI is made without a version', async () => {
    const wanted = doiOf(file.id);
    const { body } = await mint(server.alice, wanted);
    expect(body).toMatchObject({ doi: wanted });
    expect((body as Required<M.DoiResponse>).doi).not.toHaveProperty('objectVersion');
  });

  test('testGetNotFoundException: an entity without a DOI has no association', async () => {
    const { id } = await server.alice.create('project', { name: 'Not published' });
    expect(await server.alice.get(`/doi/association?id=${id}&type=ENTITY`)).toMatchObject({
      status: 404,
    });
  });

  test('testGetPortalUrl: the portal page of any entity has a URL', async () => {
    const path = '/doi/locate?id=syn1236464&type=ENTITY&version=5&redirect=false';
    expect(await server.alice.get(path)).toMatchObject({
      status: 200,
      body: expect.stringContaining('syn1236464'),
    });
  });
});
