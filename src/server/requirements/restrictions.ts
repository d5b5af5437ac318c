import type * as M from '../../../generated/models.js';
import { benefactorAcl, grantedBy } from '../access/entityAcls.js';
import { entityPermissions } from '../access/entityPermissions.js';
import { twoFactorIsEnabled } from '../auth/secondFactors.js';
import { entityHooks, type RestrictionInformation } from '../entities/entityHooks.js';
import { numericId, parseEntityId } from '../entities/entityIds.js';
import { getEntityRecord, type EntityRecord } from '../entities/entityRecords.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { findObjectAcl } from '../permissions/objectAcls.js';
import type { World } from '../world.js';
import { validApproval } from './approvals.js';
import {
  aclOwner,
  entityRequirements,
  requirementsOn,
  requirementTypes,
  type RequirementRecord,
} from './requirementRecords.js';

const maxBatch = limits.restrictionBatch;

/** Registers requirements as access restrictions on entities. */
export function defineRestrictions(world: World): void {
  entityHooks(world).defineRestrictions((record, caller) =>
    restrictionsOf(world, caller, {
      requirements: entityRequirements(world, record),
      isExempt: (requirement) => isExempt(world, caller, record, requirement),
    }),
  );
}

interface Restricted {
  readonly requirements: readonly RequirementRecord[];
  readonly isExempt: (requirement: RequirementRecord) => boolean;
}

function restrictionsOf(
  world: World,
  caller: Caller,
  { requirements, isExempt: exempt }: Restricted,
): RestrictionInformation {
  const details = requirements.map((requirement) => {
    const isApproved =
      !caller.isAnonymous && validApproval(world, requirement.id, caller.userId) !== undefined;
    const isExempted = exempt(requirement);
    const lacksSecondFactor =
      'isTwoFaRequired' in requirement &&
      requirement.isTwoFaRequired === true &&
      !twoFactorIsEnabled(world, caller.userId);
    return {
      accessRequirementId: requirement.id,
      isApproved,
      isExempt: isExempted,
      isMet: isExempted || (isApproved && !lacksSecondFactor),
    };
  });
  return {
    restrictionLevel: levelOf(requirements),
    hasUnmetAccessRequirement: details.some(({ isMet }) => !isMet),
    restrictionDetails: details,
  };
}

function levelOf(requirements: readonly RequirementRecord[]): M.RestrictionLevel {
  const isSigned = ({ concreteType }: RequirementRecord) =>
    concreteType === requirementTypes.termsOfUse ||
    concreteType === requirementTypes.selfSign ||
    concreteType === requirementTypes.postMessage;
  if (requirements.length === 0) {
    return 'OPEN';
  }
  return requirements.every(isSigned) ? 'RESTRICTED_BY_TERMS_OF_USE' : 'CONTROLLED_BY_ACT';
}

/**
 * Users are exempt who contribute the data and whom the ACL of the requirement names as eligible.
 */
function isExempt(
  world: World,
  caller: Caller,
  record: EntityRecord,
  requirement: RequirementRecord,
): boolean {
  const acl = findObjectAcl(world, aclOwner(requirement));
  if (acl === undefined || !grantedBy(acl, caller.groups).has('EXEMPTION_ELIGIBLE')) {
    return false;
  }
  const granted = grantedBy(benefactorAcl(world, record), caller.groups);
  return granted.has('UPDATE') && granted.has('DELETE');
}

/**
 * The restrictions of the caller on an object.
 *
 * @throws 400, 404
 * @see https://rest-docs.synapse.org/rest/POST/restrictionInformation.html
 */
export function restrictionInformation(
  world: World,
  caller: Caller,
  { objectId, restrictableObjectType }: M.RestrictionInformationRequest,
): M.RestrictionInformationResponse {
  if (objectId === undefined) {
    throw badRequest('RestrictionInformationRequest.objectId is required.');
  }
  if (restrictableObjectType === undefined) {
    throw badRequest('RestrictionInformationRequest.restrictableObjectType is required.');
  }
  return restrictionsOn(world, caller, restrictableObjectType, objectId);
}

/**
 * The restrictions of the caller on up to 50 objects.
 *
 * @throws 400, 404
 */
export function restrictionInformationBatch(
  world: World,
  caller: Caller,
  { objectIds, restrictableObjectType }: M.RestrictionInformationBatchRequest,
): M.RestrictionInformationBatchResponse {
  if (objectIds === undefined || objectIds.length === 0) {
    throw badRequest('The objectIds is required and must not be empty.');
  }
  if (objectIds.length > maxBatch) {
    throw badRequest(`The maximum number of allowed object ids is ${maxBatch}.`);
  }
  if (restrictableObjectType === undefined) {
    throw badRequest('The restrictableObjectType is required.');
  }
  return {
    restrictionInformation: objectIds.map((objectId) =>
      restrictionsOn(world, caller, restrictableObjectType, objectId),
    ),
  };
}

function restrictionsOn(
  world: World,
  caller: Caller,
  type: M.RestrictableObjectType,
  objectId: string,
): M.RestrictionInformationResponse {
  switch (type) {
    case 'ENTITY': {
      const id = parseEntityId(objectId);
      const record = getEntityRecord(world, id);
      return {
        objectId: numericId(id),
        ...entityHooks(world).restrictions(record, caller),
        userEntityPermissions: entityPermissions(world, caller, id),
      };
    }
    case 'TEAM': {
      if (!/^\d{1,15}$/.test(objectId)) {
        throw badRequest(`Invalid objectId: '${objectId.slice(0, 100)}'`);
      }
      const requirements = requirementsOn(world, { type, id: objectId });
      const information = restrictionsOf(world, caller, { requirements, isExempt: () => false });
      return { objectId: Number(objectId), ...information };
    }
    case 'EVALUATION':
      throw badRequest(`Unsupported type: ${type}`);
  }
}

/** Whether a user has unmet requirements on a team or an evaluation. */
export function hasUnmetRequirement(
  world: World,
  userId: number,
  subject: M.RestrictableObjectDescriptor,
): boolean {
  return requirementsOn(world, subject).some(
    ({ id }) => validApproval(world, id, userId) === undefined,
  );
}
