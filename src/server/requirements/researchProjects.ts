import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, staleEtag } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import { getManagedRequirement } from './requirementRecords.js';

/**
 * A research project: the intended use of the data under a requirement. There is one for each
 * requirement and user.
 */
export type ResearchProjectRecord = M.ResearchProject &
  Required<Pick<M.ResearchProject, 'accessRequirementId' | 'createdBy' | 'etag' | 'id'>>;

/** All research projects by requirement and user. */
function researchProjects(world: World): Collection<ResearchProjectRecord> {
  return world.store.collection<ResearchProjectRecord>('researchProjects');
}

/** The research project of a user under a requirement. */
export function findResearchProject(
  world: World,
  requirementId: number | string,
  userId: number | string,
): ResearchProjectRecord | undefined {
  return researchProjects(world).get(`${requirementId}/${userId}`);
}

/**
 * The caller's research project, or a template for one.
 *
 * @throws 403 for anonymous callers, 404, 400 for a requirement of another kind
 */
export function researchProjectForUpdate(
  world: World,
  caller: Caller,
  requirementId: string,
): M.ResearchProject {
  requireLogin(caller);
  const { id } = getManagedRequirement(world, requirementId);
  return findResearchProject(world, id, caller.userId) ?? { accessRequirementId: String(id) };
}

/**
 * Creates or updates the caller's research project.
 *
 * @throws 403 when it belongs to another user, 404, 412 for a stale etag, 400 for missing
 * properties
 * @see https://rest-docs.synapse.org/rest/POST/researchProject.html
 */
export function putResearchProject(
  world: World,
  caller: Caller,
  body: M.ResearchProject,
): ResearchProjectRecord {
  requireLogin(caller);
  if (body.accessRequirementId === undefined) {
    throw badRequest('The accessRequirementId is required.');
  }
  const requirement = getManagedRequirement(world, body.accessRequirementId);
  const { institution, projectLead, intendedDataUseStatement } = body;
  if (institution === undefined || projectLead === undefined) {
    throw badRequest('The institution and the projectLead are required.');
  }
  if (requirement.isIDURequired === true && intendedDataUseStatement === undefined) {
    throw badRequest('The intendedDataUseStatement is required.');
  }
  const current = findResearchProject(world, requirement.id, caller.userId);
  checkCurrent(current, body);
  const user = String(caller.userId);
  const now = world.timestamp();
  const record: ResearchProjectRecord = {
    id: current?.id ?? String(world.store.sequence('researchProjects')()),
    accessRequirementId: String(requirement.id),
    institution,
    projectLead,
    intendedDataUseStatement,
    createdOn: current?.createdOn ?? now,
    createdBy: user,
    modifiedOn: now,
    modifiedBy: user,
    etag: world.uuid(),
  };
  researchProjects(world).put(`${requirement.id}/${user}`, record);
  return record;
}

function checkCurrent(current: ResearchProjectRecord | undefined, body: M.ResearchProject): void {
  if (body.id !== undefined && body.id !== current?.id) {
    throw forbidden('Only owner can perform this action.');
  }
  if (current !== undefined && body.etag !== current.etag) {
    throw body.etag === undefined
      ? badRequest('The etag of the research project is required.')
      : staleEtag(`research project ${current.id}`);
  }
}
