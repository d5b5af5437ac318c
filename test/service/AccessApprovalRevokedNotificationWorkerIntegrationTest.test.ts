import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { approveBob, noticesToBob, subjects } from './approvals.js';

const server = withSessions();
const told = (requirementId: number) => ({
  notificationType: 'REVOCATION',
  requirementId,
  recipientId: server.userId('bob'),
  sentOn: expect.any(String),
});

describe('AccessApprovalRevokedNotificationWorkerIntegrationTest', () => {
  test('testRunWithAutoRevocation: the accessor is told when an approval has expired', async () => {
    const { requirement } = await approveBob(server, new Date(Date.now() - 24 * 60 * 60 * 1000));
    expect(await noticesToBob(server, requirement)).toEqual([told(requirement.id)]);
  });

  test('testRunWithAutoRevocation: the accessor is told when the ACT revokes an approval', async () => {
    const { requirement } = await approveBob(server);
    expect(await noticesToBob(server, requirement)).toEqual([]);
    const group = {
      accessRequirementId: String(requirement.id),
      submitterId: String(server.userId('bob')),
    };
    expect(await server.admin.put('/accessApproval/group/revoke', group)).toMatchObject({
      status: 204,
    });
    expect(await noticesToBob(server, requirement)).toEqual([told(requirement.id)]);
    expect(await subjects(server.bob)).toContain(`${requirement.name ?? ''} Access Revoked`);
  });
});
