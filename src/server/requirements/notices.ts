import type * as M from '../../../generated/models.js';
import { escapeHtml } from '../emails/html.js';
import { notify } from '../messages/notify.js';
import { findObjectAcl } from '../permissions/objectAcls.js';
import type { Collection } from '../state/store.js';
import { membersOf } from '../users/memberships.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import type { World } from '../world.js';
import { approvalModel, approvalsFor, validApprovals, type ApprovalRecord } from './approvals.js';
import {
  aclOwner,
  requirements,
  requirementTypes,
  type RequirementRecord,
} from './requirementRecords.js';
import type { SubmissionRecord } from './submissionRecords.js';

type Notice = Required<M.AccessApprovalNotification>;

/** How long a user is not notified again of the same, in milliseconds. */
const pause = 7 * 24 * 60 * 60 * 1000;
/** How many months before an approval expires its submitter is reminded. */
const reminders = [
  ['FIRST_RENEWAL_REMINDER', 2],
  ['SECOND_RENEWAL_REMINDER', 1],
] as const;

function notices(world: World): Collection<Notice> {
  return world.store.collection<Notice>('accessNotices');
}

function keyOf(type: M.NotificationType, requirementId: number, recipientId: number): string {
  return `${type}/${requirementId}/${recipientId}`;
}

/**
 * What users were told about their approvals for a requirement. What has become due without a
 * request, because time has passed, is told first.
 */
export async function noticesTo(
  world: World,
  requirementId: number,
  recipientIds: readonly number[],
): Promise<Notice[]> {
  const asked = new Set(recipientIds.map(String));
  await tellOfApprovals(
    world,
    approvalsFor(world, requirementId).filter(
      ({ accessorId, submitterId }) => asked.has(accessorId) || asked.has(submitterId),
    ),
  );
  return recipientIds.flatMap((recipientId) =>
    (['REVOCATION', ...reminders.map(([type]) => type)] as const)
      .map((type) => notices(world).get(keyOf(type, requirementId, recipientId)))
      .filter((notice) => notice !== undefined),
  );
}

/** Tells accessors that their access is revoked, and submitters that it has to be renewed. */
export async function tellOfApprovals(
  world: World,
  changed: readonly ApprovalRecord[],
): Promise<void> {
  for (const approval of changed.map((record) => approvalModel(world, record))) {
    const requirement = requirements(world).get(String(approval.requirementId));
    if (requirement?.concreteType !== requirementTypes.managed) {
      continue;
    }
    if (isRevocationDue(world, approval)) {
      await tell(world, requirement, 'REVOCATION', Number(approval.accessorId));
    }
    for (const [type, months] of reminders) {
      if (isReminderDue(world, approval, { type, months })) {
        await tell(world, requirement, type, Number(approval.submitterId));
      }
    }
  }
}

function isRevocationDue(world: World, approval: ApprovalRecord): boolean {
  const { requirementId, accessorId, state, modifiedOn } = approval;
  const last = notices(world).get(keyOf('REVOCATION', requirementId, Number(accessorId)));
  return (
    state === 'REVOKED' &&
    validApprovals(world, requirementId, accessorId).length === 0 &&
    (last === undefined || Date.parse(last.sentOn) <= Date.parse(modifiedOn) - pause)
  );
}

function isReminderDue(
  world: World,
  { requirementId, submitterId, state, expiredOn }: ApprovalRecord,
  { type, months }: { readonly type: M.NotificationType; readonly months: number },
): boolean {
  const now = world.now();
  if (state !== 'APPROVED' || expiredOn?.slice(0, 10) !== dayIn(now, months)) {
    return false;
  }
  const lastsLonger = validApprovals(world, requirementId, submitterId).some(
    (approval) =>
      approval.submitterId === submitterId &&
      (approval.expiredOn === undefined || approval.expiredOn > expiredOn),
  );
  const last = notices(world).get(keyOf(type, requirementId, Number(submitterId)));
  return !lastsLonger && (last === undefined || Date.parse(last.sentOn) <= now.getTime() - pause);
}

/** The UTC day in some months, or the last day of that month. */
function dayIn(now: Date, months: number): string {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(now.getUTCDate(), lastDay);
  return new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
}

async function tell(
  world: World,
  requirement: RequirementRecord,
  notificationType: M.NotificationType,
  recipientId: number,
): Promise<void> {
  const { id, name = '' } = requirement;
  const isRevocation = notificationType === 'REVOCATION';
  const text = isRevocation
    ? `Your access to the data under the access requirement "${name}" has been revoked.`
    : `Your access to the data under the access requirement "${name}" has to be renewed.`;
  const link = `https://www.synapse.org/#!AccessRequirements:AR_ID=${id}`;
  const subject = `${name} Access ${isRevocation ? 'Revoked' : 'Renewal Reminder'}`;
  await send(world, recipientId, { subject, text, link });
  world.store.transaction(() => {
    notices(world).put(keyOf(notificationType, id, recipientId), {
      notificationType,
      requirementId: id,
      recipientId,
      sentOn: world.timestamp(),
    });
  });
}

/** Tells the reviewers whom the ACL of the requirement names, other than the ACT, of a submission. */
export async function tellReviewers(world: World, submission: SubmissionRecord): Promise<void> {
  const requirement = requirements(world).get(submission.accessRequirementId);
  const acl = requirement && findObjectAcl(world, aclOwner(requirement));
  const named = (acl?.resourceAccess ?? [])
    .filter(({ accessType }) => accessType.includes('REVIEW_SUBMISSIONS'))
    .map(({ principalId }) => principalId)
    .filter((principalId) => principalId !== fixedPrincipals.accessAndCompliance);
  const users = named.flatMap((principalId) =>
    getPrincipal(world, principalId)?.isIndividual === true
      ? [principalId]
      : membersOf(world, principalId).map(({ userId }) => userId),
  );
  const by = getPrincipal(world, Number(submission.submittedBy))?.name ?? submission.submittedBy;
  for (const recipientId of new Set(users)) {
    await send(world, recipientId, {
      subject: '[Time Sensitive] Request for access to data',
      text: `${by} has submitted a request for access to data, which you may review.`,
      link: `https://www.synapse.org/#!DataAccessManagement:default/Submissions/${submission.id}`,
    });
  }
}

async function send(
  world: World,
  recipientId: number,
  { subject, text, link }: { subject: string; text: string; link: string },
): Promise<void> {
  const name = getPrincipal(world, recipientId)?.name ?? '';
  const href = escapeHtml(link);
  const html = `<html><body><p>Dear ${escapeHtml(name)},</p><p>${escapeHtml(text)}</p><p><a href="${href}">${href}</a></p></body></html>`;
  await notify(world, {
    createdBy: fixedPrincipals.admin,
    recipientId,
    subject,
    html,
    link,
    unsubscribeEndpoint: undefined,
  });
}
