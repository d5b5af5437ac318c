import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { require } from './dataAccess.js';

const server = withSessions();

describe('AccessRequirementToProjectWorkerIntegrationTest', () => {
  test('testRoundTrip: a requirement is found by the project of its subject', async () => {
    const project = await server.alice.create('project', { name: 'Of a requirement' });
    const folder = await server.alice.create('folder', { name: 'inner', parentId: project.id });
    const other = await server.alice.create('project', { name: 'Without one' });
    for (const { id } of [project, folder]) {
      const requirement = await require(server, 'termsOfUse', id);
      const search = { ids: [requirement.id], relatedProjectId: project.id };
      expect(await server.alice.post('/accessRequirement/search', search)).toMatchObject({
        status: 200,
        body: { results: [{ id: String(requirement.id), relatedProjectIds: [project.id] }] },
      });
    }
    const search = { relatedProjectId: other.id };
    expect(await server.alice.post('/accessRequirement/search', search)).toMatchObject({
      body: { results: [] },
    });
  });
});
