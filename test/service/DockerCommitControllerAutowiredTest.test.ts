import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { tagsOf } from './dockerRegistry.js';

const server = withSessions();

describe('DockerCommitControllerAutowiredTest', () => {
  test('testAddAndListCommit: a commit is listed with the time when it was added', async () => {
    const { alice } = server;
    const { id: parentId } = await alice.create('project', {});
    const repository = await alice.create('dockerrepo', {
      parentId,
      repositoryName: 'uname/reponame',
    });
    expect(repository).toMatchObject({ isManaged: false });
    const { id } = repository;
    await alice.post(`/entity/${id}/dockerCommit`, { tag: 'tag', digest: 'digest' });
    const tags = await tagsOf(server, id, '?sort=CREATED_ON&ascending=true&limit=10&offset=0');
    expect(tags).toEqual([{ tag: 'tag', digest: 'digest', createdOn: expect.any(String) }]);
    expect(await tagsOf(server, id)).toEqual(tags);
  });
});
