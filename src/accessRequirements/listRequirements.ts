import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { requirementInfo, type RequirementInfo } from '../access/requirementInfo.js';
import { listing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { currentOf, idOf, type EntityRef } from '../values/ids.js';

/** What has access requirements: an entity; or a team, by its id or as the object. */
export type RequirementSubject =
  EntityRef | { team: number | string | { id?: string | undefined } };

/** An access requirement, and whether the caller meets it. */
export interface RequirementState extends RequirementInfo {
  /** Whether the caller meets it, or is exempt. */
  isMet: boolean;
  /** Whether the caller has an approval. It may not be enough, without two-factor authentication. */
  isApproved: boolean;
  /** Whether it does not apply to the caller, who contributes the data. */
  isExempt: boolean;
}

/** Options of {@link AccessRequirements.list}. */
export interface ListRequirementsOptions extends CallOptions {
  /** Whether to list only those that the caller does not meet. @default false */
  unmet?: boolean;
}

/** Implements {@link AccessRequirements.list}. */
export function listRequirements(
  ctx: Context,
  subject: RequirementSubject,
  options: ListRequirementsOptions = {},
): Listing<RequirementState> {
  const what = subjectOf(subject);
  const call = callOptions(options);
  return listing(async function* () {
    const body = { restrictableObjectType: what.type, objectId: what.id };
    const { dataAccess } = ctx.services;
    const information = await dataAccess.getRestrictionInformation({ body }, call);
    const { restrictionDetails = [], hasUnmetAccessRequirement, restrictionLevel } = information;
    // Most have none.
    if (options.unmet === true && hasUnmetAccessRequirement === false) return;
    if (restrictionLevel === 'OPEN' && restrictionDetails.length === 0) return;
    const states = new Map(restrictionDetails.map((one) => [one.accessRequirementId, one]));
    const requirements =
      what.type === 'TEAM'
        ? ctx.http.paginate('accessRequirement.listTeamAccessRequirements', { id: what.id }, call)
        : ctx.http.paginate(
            'accessRequirement.listEntityAccessRequirements',
            { id: what.id },
            call,
          );
    for await (const requirement of requirements) {
      const state = stateOf(ctx, requirement, states.get(requirement.id));
      if (options.unmet !== true || !state.isMet) yield state;
    }
  });
}

function subjectOf(subject: RequirementSubject): { type: 'ENTITY' | 'TEAM'; id: string } {
  if (typeof subject === 'object' && 'team' in subject) {
    return { type: 'TEAM', id: idOf(subject.team) };
  }
  return { type: 'ENTITY', id: currentOf(subject, 'requirements are those of all versions') };
}

/** An access requirement, and what Synapse says about the caller. */
export function stateOf(
  ctx: Context,
  requirement: M.AccessRequirement,
  { isApproved = false, isMet = isApproved, isExempt = false }: M.RestrictionFulfillment = {},
): RequirementState {
  return { ...requirementInfo(ctx, requirement), isMet, isApproved, isExempt };
}
