import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound, staleEtag } from '../kernel/serviceError.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';
import {
  getRequirement,
  requirementNumber,
  requirementTypes,
  type RequirementRecord,
} from './requirementRecords.js';

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

function byId(world: World): Index<ResearchProjectRecord> {
  return researchProjects(world).index('id', ({ id }) => id);
}

function keyOf(requirementId: number | string, userId: number | string): string {
  return `${requirementId}/${userId}`;
}

/** @throws 404 */
export function getResearchProject(world: World, id: string): ResearchProjectRecord {
  const project = byId(world).first(id);
  if (project === undefined) {
    throw notFound(`Research project: '${id.slice(0, 100)}' does not exist`);
  }
  return project;
}

/**
 * The caller's research project, or a template for one.
 *
 * @throws 403 for anonymous callers, 400
 */
export function researchProjectForUpdate(
  world: World,
  caller: Caller,
  requirementId: string,
): M.ResearchProject {
  requireLogin(caller);
  const id = requirementNumber(requirementId);
  return (
    researchProjects(world).get(keyOf(id, caller.userId)) ?? { accessRequirementId: String(id) }
  );
}

/**
 * Creates the caller's research project, or updates the one with the id of the body.
 *
 * @throws 403 when it belongs to another user, 404, 412 for a stale etag, 400 for its properties
 * @see https://rest-docs.synapse.org/rest/POST/researchProject.html
 */
export function putResearchProject(
  world: World,
  caller: Caller,
  body: M.ResearchProject,
): ResearchProjectRecord {
  requireLogin(caller);
  const current = body.id === undefined ? undefined : getResearchProject(world, body.id);
  const accessRequirementId = current?.accessRequirementId ?? body.accessRequirementId;
  if (accessRequirementId === undefined) {
    throw badRequest('The accessRequirementId is required.');
  }
  const requirement = getRequirement(world, accessRequirementId);
  checkContent(requirement, body);
  const key = keyOf(requirement.id, caller.userId);
  if (current === undefined && researchProjects(world).has(key)) {
    throw badRequest(
      `You already have a research project for the access requirement ${requirement.id}: send its id to change it.`,
    );
  }
  checkChange(caller, current, body);
  const { institution, projectLead, intendedDataUseStatement } = body;
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
  researchProjects(world).put(key, record);
  return record;
}

function checkContent(
  requirement: RequirementRecord,
  { institution, projectLead, intendedDataUseStatement }: M.ResearchProject,
): void {
  if (requirement.concreteType !== requirementTypes.managed) {
    throw badRequest(
      'A research project can only be associated with an ManagedACTAccessRequirement.',
    );
  }
  const needed: readonly (readonly [string, string | undefined])[] = [
    ['projectLead', projectLead],
    // The service's spelling.
    ['insitution', institution],
    ...(requirement.isIDURequired === false
      ? []
      : [['intended data use statement', intendedDataUseStatement] as const]),
  ];
  for (const [name, text = ''] of needed) {
    if (text === '') {
      throw badRequest(`The ${name} must contains more than 0 characters.`);
    }
  }
}

function checkChange(
  caller: Caller,
  current: ResearchProjectRecord | undefined,
  body: M.ResearchProject,
): void {
  if (current !== undefined && body.etag !== current.etag) {
    throw staleEtag(`research project ${current.id}`);
  }
  if (current !== undefined && current.createdBy !== String(caller.userId)) {
    throw forbidden('Only the owner can perform this action.');
  }
}
