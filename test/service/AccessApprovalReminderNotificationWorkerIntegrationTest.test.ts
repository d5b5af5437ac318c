import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { approveBob, noticesToBob, subjects } from './approvals.js';

const server = withSessions();

/** One in the morning, UTC, of the day in some months: the last of its month if it has no such day. */
function inMonths(months: number): Date {
  const now = new Date();
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(now.getUTCDate(), lastDay), 1));
}

describe('AccessApprovalReminderNotificationWorkerIntegrationTest', () => {
  test.each([
    [2, 'FIRST_RENEWAL_REMINDER'],
    [1, 'SECOND_RENEWAL_REMINDER'],
  ])(
    'testProcessReminders: %i months before an approval expires, its submitter is reminded',
    async (months, notificationType) => {
      const { requirement } = await approveBob(server, inMonths(months));
      const told = {
        notificationType,
        requirementId: requirement.id,
        recipientId: server.userId('bob'),
        sentOn: expect.any(String),
      };
      expect(await noticesToBob(server, requirement)).toEqual([told]);
      expect(await noticesToBob(server, requirement)).toEqual([told]);
      const subject = `${requirement.name ?? ''} Access Renewal Reminder`;
      expect((await subjects(server.bob)).filter((one) => one === subject)).toHaveLength(1);
    },
  );

  test('testProcessReminders: on other days, nobody is reminded', async () => {
    const { requirement } = await approveBob(server, inMonths(3));
    expect(await noticesToBob(server, requirement)).toEqual([]);
  });
});
