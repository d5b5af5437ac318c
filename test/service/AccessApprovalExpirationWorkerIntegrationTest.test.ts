import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { approveBob } from './approvals.js';

const server = withSessions();

describe('AccessApprovalExpirationWorkerIntegrationTest', () => {
  test('testRun: an approval that has expired is revoked', async () => {
    const { approval } = await approveBob(server, new Date(Date.now() - 24 * 60 * 60 * 1000));
    expect(await server.bob.get(`/accessApproval/${approval.id}`)).toMatchObject({
      status: 200,
      body: { state: 'REVOKED', modifiedBy: String(server.userId('admin')) },
    });
  });

  test('testRun: an approval that has not expired stays', async () => {
    const { approval } = await approveBob(server, new Date(Date.now() + 60 * 60 * 1000));
    expect(await server.bob.get(`/accessApproval/${approval.id}`)).toMatchObject({
      status: 200,
      body: { state: 'APPROVED' },
    });
  });
});
