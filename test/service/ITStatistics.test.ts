import { describe, expect, test } from '@jest/globals';

import type * as M from '../../generated/models.js';
import { withSessions } from '../server/entitySession.js';

const server = withSessions();

describe('ITStatistics', () => {
  test('testGetProjectFilesStatistics: a project has numbers of twelve months', async () => {
    const project = await server.alice.create('project', {});
    const answer = await server.alice.post('/statistics', {
      concreteType: 'org.sagebionetworks.repo.model.statistics.ProjectFilesStatisticsRequest',
      objectId: project.id,
      fileDownloads: true,
      fileUploads: true,
    });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        concreteType: 'org.sagebionetworks.repo.model.statistics.ProjectFilesStatisticsResponse',
        objectId: project.id,
      },
    });
    const { fileDownloads, fileUploads } = answer.body as M.ProjectFilesStatisticsResponse;
    expect(fileDownloads?.months).toHaveLength(12);
    expect(fileUploads?.months).toHaveLength(12);
  });
});
