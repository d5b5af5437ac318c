import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { subjects } from './approvals.js';
import { change, createRequest, createUser, grant, require, submitted } from './dataAccess.js';

const server = withSessions();

describe('DataAccessSubmissionNotificationWorkerIntegrationTest', () => {
  test('testWorkerRun: the reviewers of a requirement get a mail about a submission', async () => {
    const project = await server.alice.create('project', { name: 'Reviewed' });
    const reviewer = await createUser(server, { validatedUser: true });
    const requirement = await require(server, 'managed', project.id);
    await grant(server, requirement, [reviewer.id]);
    const request = await createRequest(server.bob, requirement, [change(server.userId('bob'))]);
    const submissionId = await submitted(server.bob, request, project.id);
    expect(await subjects(reviewer.session)).toEqual([
      '[Time Sensitive] Request for access to data',
    ]);
    const mail = server.synapse.mails.at(-1);
    expect(mail?.to).toBe(`${reviewer.name}@example.org`);
    expect(mail?.html).toContain(reviewer.name);
    expect(mail?.html).toContain(
      `https://www.synapse.org/#!DataAccessManagement:default/Submissions/${submissionId}`,
    );
    expect(await subjects(server.alice)).toEqual([]);
  });
});
