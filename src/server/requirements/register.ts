import { defineTeamRequirements } from '../teams/teamHooks.js';
import type { World } from '../world.js';
import { filesOf, findRequest } from './dataAccessRequests.js';
import { ducTemplateOf, requirements } from './requirementRecords.js';
import { defineRestrictions, hasUnmetRequirement } from './restrictions.js';
import { dataAccessSubmissions, mayReview } from './submissionRecords.js';

/** Registers the restrictions on entities and teams, and the attachments of requirements. */
export function registerRequirements(world: World): void {
  defineRestrictions(world);
  defineTeamRequirements(world, (teamId, userId) =>
    hasUnmetRequirement(world, userId, { type: 'TEAM', id: String(teamId) }),
  );
  defineAttachments(world);
}

/** Registers the files that belong to requirements, requests and submissions. */
function defineAttachments(world: World): void {
  const { files } = world;
  files.defineAssociation('AccessRequirementAttachment', (_caller, objectId, fileHandleId) => {
    const requirement = requirements(world).get(objectId);
    return requirement !== undefined && ducTemplateOf(requirement) === fileHandleId;
  });
  files.defineAssociation('DataAccessRequestAttachment', (caller, objectId, fileHandleId) => {
    const request = findRequest(world, objectId);
    return (
      request !== undefined &&
      mayReview(world, caller, request.accessRequirementId) &&
      filesOf(request).includes(fileHandleId)
    );
  });
  files.defineAssociation('DataAccessSubmissionAttachment', (caller, objectId, fileHandleId) => {
    const submission = dataAccessSubmissions(world).get(objectId);
    return (
      submission !== undefined &&
      mayReview(world, caller, submission.accessRequirementId) &&
      filesOf(submission).includes(fileHandleId)
    );
  });
}
