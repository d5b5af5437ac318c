import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('PrincipalsControllerAutowiredTest', () => {
  test('testGetUsers: the users are listed', async () => {
    const answer = await server.admin.get('/user');
    expect(answer).toMatchObject({ status: 200 });
    const { results } = answer.body as M.PaginatedResultsOfUserProfile;
    expect(results.map(({ userName }) => userName)).toEqual(
      expect.arrayContaining(['admin', 'alice', 'bob', 'carol']),
    );
  });

  test('testGetGroups: the groups are listed, the built-in ones among them', async () => {
    const answer = await server.admin.get('/userGroup');
    expect(answer).toMatchObject({ status: 200 });
    const { results } = answer.body as M.PaginatedResultsOfUserGroup;
    expect(results.map(({ id }) => id)).toEqual(expect.arrayContaining(['2', '273949']));
    expect(results.filter(({ isIndividual }) => isIndividual)).toEqual([]);
  });
});
