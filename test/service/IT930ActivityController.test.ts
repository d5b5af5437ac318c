import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('IT930ActivityController', () => {
  test('testActivityCrud: an activity is renamed, and linked to what it generated', async () => {
    const { alice } = server;
    const made = await alice.post('/activity', {});
    expect(made).toMatchObject({ status: 201 });
    const activity = made.body as M.Activity;
    const id = activity.id ?? '';
    expect(await alice.put(`/activity/${id}`, { ...activity, name: 'updated' })).toMatchObject({
      status: 200,
      body: { name: 'updated' },
    });
    const concreteType = 'org.sagebionetworks.repo.model.Project';
    const project = await alice.post(`/entity?generatedBy=${id}`, { concreteType, name: 'made' });
    const projectId = (project.body as M.Project).id ?? '';
    for (const path of [
      `/entity/${projectId}/generatedBy`,
      `/entity/${projectId}/version/1/generatedBy`,
    ]) {
      expect(await alice.get(path)).toMatchObject({ status: 200, body: { id } });
    }
    expect((await alice.get(`/activity/${id}/generated?limit=2147483647&offset=0`)).body).toEqual({
      results: [{ targetId: projectId, targetVersionNumber: 1 }],
      totalNumberOfResults: 1,
    });
  });
});
