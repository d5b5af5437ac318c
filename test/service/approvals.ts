import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { TestServer } from '../server/entitySession.js';
import { newName, require, type Requirement } from './dataAccess.js';

/** A new managed requirement with an approval of Bob that the ACT gave. */
export async function approveBob(
  server: TestServer,
  expiredOn?: Date,
): Promise<{ readonly requirement: Requirement; readonly approval: Required<M.AccessApproval> }> {
  const project = await server.alice.create('project', { name: newName('approved ') });
  const requirement = await require(server, 'managed', project.id, { name: newName('Terms ') });
  const answer = await server.admin.post('/accessApproval', {
    requirementId: requirement.id,
    accessorId: String(server.userId('bob')),
    ...(expiredOn && { expiredOn: expiredOn.toISOString() }),
  });
  expect(answer).toMatchObject({ status: 201 });
  return { requirement, approval: answer.body as Required<M.AccessApproval> };
}

/** What Bob was told about a requirement. */
export async function noticesToBob(
  server: TestServer,
  { id: requirementId }: Requirement,
): Promise<M.AccessApprovalNotification[]> {
  const answer = await server.admin.post('/accessApproval/notifications', {
    requirementId,
    recipientIds: [server.userId('bob')],
  });
  expect(answer).toMatchObject({ status: 200, body: { requirementId } });
  return (answer.body as M.AccessApprovalNotificationResponse).results ?? [];
}

/** The subjects of the messages to a user. */
export async function subjects(session: TestServer['bob']): Promise<(string | undefined)[]> {
  const answer = await session.get('/message/inbox?limit=50');
  expect(answer).toMatchObject({ status: 200 });
  const { results } = answer.body as M.PaginatedResultsOfMessageBundle;
  return results.map(({ message }) => message?.subject);
}
