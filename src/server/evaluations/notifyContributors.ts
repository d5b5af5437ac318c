import { escapeHtml } from '../emails/html.js';
import { checkPortalLink } from '../emails/portalLinks.js';
import { findEntityRecord } from '../entities/entityRecords.js';
import { notify } from '../messages/notify.js';
import { teamName } from '../teams/teamRecords.js';
import { displayNameWithUserName } from '../users/displayNames.js';
import type { World } from '../world.js';
import { getEvaluation } from './evaluationRecords.js';
import type { SubmissionRecord } from './submissionRecords.js';

/** The portal pages in the links of a notification. */
export interface SubmissionPages {
  /** Page of a challenge, without its id. @default that of the portal of the service */
  readonly challenge?: string;
  /** Page for unsubscribing. @default that of the portal of the service */
  readonly unsubscribe?: string;
}

const portal = 'https://www.synapse.org/#!';

/**
 * Tells the other contributors about the submission of a team.
 *
 * @throws 400 for an endpoint that is no portal
 */
export async function notifyContributors(
  world: World,
  submission: SubmissionRecord,
  {
    challenge = `${portal}Synapse:`,
    unsubscribe = `${portal}SignedToken:Settings/`,
  }: SubmissionPages,
): Promise<void> {
  const { contributors, evaluationId, teamId, userId } = submission;
  const others = contributors.filter(({ principalId }) => principalId !== userId);
  if (teamId === undefined || others.length === 0) {
    return;
  }
  const evaluation = getEvaluation(world, evaluationId);
  const projectId = evaluation.contentSource;
  const project = findEntityRecord(world, projectId)?.name ?? projectId;
  const link = checkPortalLink(challenge + projectId);
  const text = `${displayNameWithUserName(world, userId)} has created a submission for team ${teamName(world, teamId)} to the evaluation queue ${evaluation.name} of the challenge ${project}.`;
  for (const { principalId } of others) {
    await notify(world, {
      createdBy: userId,
      recipientId: principalId,
      subject: 'Team Challenge Submission',
      html: `<html><body><p>${escapeHtml(text)}</p><p><a href="${escapeHtml(link)}">${escapeHtml(project)}</a></p></body></html>`,
      link,
      unsubscribeEndpoint: unsubscribe,
    });
  }
}
