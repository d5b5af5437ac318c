import type * as M from '../../../generated/models.js';
import { findObjectAcl } from '../permissions/objectAcls.js';
import { parseEntityId } from '../entities/entityIds.js';
import { findEntityRecord, pathOf } from '../entities/entityRecords.js';
import { tokenPage } from '../kernel/paging.js';
import type { World } from '../world.js';
import { aclOwner, requirements, type RequirementRecord } from './requirementRecords.js';
import { sortOrder } from './sortOrder.js';

const sortKeys: Readonly<
  Record<M.AccessRequirementSortField, (requirement: RequirementRecord) => string>
> = {
  CREATED_ON: ({ createdOn }) => createdOn,
  NAME: ({ name = '' }) => name.toLowerCase(),
  CONCRETE_TYPE: ({ concreteType }) => concreteType,
};

/**
 * Searches requirements. All users may do this.
 *
 * @throws 400
 * @see https://rest-docs.synapse.org/rest/POST/accessRequirement/search.html
 */
export function searchRequirements(
  world: World,
  request: M.AccessRequirementSearchRequest,
): M.AccessRequirementSearchResponse {
  const fits = filterOf(world, request);
  const found = [...requirements(world).values()]
    .filter(fits)
    .sort(sortOrder(request.sort ?? [{ field: 'CREATED_ON' }], sortKeys));
  const { page, ...next } = tokenPage(found, request.nextPageToken);
  return { results: page.map((requirement) => searchResult(world, requirement)), ...next };
}

function filterOf(
  world: World,
  request: M.AccessRequirementSearchRequest,
): (requirement: RequirementRecord) => boolean {
  const { nameContains, ids, relatedProjectId, reviewerId, accessType, type } = request;
  const part = nameContains?.toLowerCase();
  const project = relatedProjectId === undefined ? undefined : parseEntityId(relatedProjectId);
  return (requirement) =>
    (part === undefined || requirement.name?.toLowerCase().includes(part) === true) &&
    (ids === undefined || ids.includes(requirement.id)) &&
    (accessType === undefined || requirement.accessType === accessType) &&
    (type === undefined || requirement.concreteType.endsWith(`.${type.split('.').at(-1) ?? ''}`)) &&
    (reviewerId === undefined || reviewersOf(world, requirement).includes(reviewerId)) &&
    (project === undefined || projectsOf(world, requirement).includes(project));
}

/** The principals that the ACL of a requirement names as reviewers. */
export function reviewersOf(world: World, requirement: RequirementRecord): string[] {
  const entries = findObjectAcl(world, aclOwner(requirement))?.resourceAccess ?? [];
  return entries
    .filter(({ accessType }) => accessType.includes('REVIEW_SUBMISSIONS'))
    .map(({ principalId }) => String(principalId));
}

function projectsOf(world: World, { subjectIds }: RequirementRecord): string[] {
  const projects = subjectIds.flatMap(({ id = '', type }) => {
    const record = type === 'ENTITY' ? findEntityRecord(world, id) : undefined;
    const project = record && pathOf(world, record)[1];
    return project ? [project.id] : [];
  });
  return [...new Set(projects)];
}

function searchResult(
  world: World,
  requirement: RequirementRecord,
): M.AccessRequirementSearchResult {
  const { id, name, concreteType, createdOn, modifiedOn, versionNumber } = requirement;
  return {
    id: String(id),
    type: concreteType,
    createdOn,
    modifiedOn,
    name,
    version: String(versionNumber),
    relatedProjectIds: projectsOf(world, requirement),
    reviewerIds: reviewersOf(world, requirement),
  };
}
