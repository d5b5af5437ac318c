import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import {
  requirementInfo,
  requirementText,
  type RequirementInfo,
} from '../access/requirementInfo.js';
import { againAfterLostAnswer } from '../api/isLostAnswer.js';
import type { Context } from '../context.js';
import { ArgumentError, SynapseError } from '../errors.js';
import { callOptions } from '../options.js';
import { requirementIds, type RequirementRef } from './requirementIds.js';

/** An access requirement that was accepted. */
export interface AcceptedRequirement extends RequirementInfo {
  approval: M.AccessApproval;
}

/** An access requirement that was not accepted. */
export interface RefusedRequirement {
  id: number;
  /** Absent when the requirement could not be read. */
  requirement?: RequirementInfo;
  /** Why, and what to do. */
  error: Error;
}

/** What {@link AccessRequirements.accept} did. */
export interface AcceptReport {
  accepted: AcceptedRequirement[];
  failed: RefusedRequirement[];
}

/** Implements {@link AccessRequirements.accept}. */
export async function acceptRequirements(
  ctx: Context,
  requirements: RequirementRef | readonly RequirementRef[],
  options: CallOptions = {},
): Promise<AcceptReport> {
  const ids = requirementIds(requirements);
  const call = callOptions(options);
  const report: AcceptReport = { accepted: [], failed: [] };
  for (const id of ids) {
    let requirement: RequirementInfo | undefined;
    try {
      const { accessRequirement } = ctx.services;
      const read = await accessRequirement.getAccessRequirement(
        { requirementId: String(id) },
        call,
      );
      requirement = requirementInfo(ctx, read);
      const approval = await accept(ctx, { read, requirement }, call);
      report.accepted.push({ ...requirement, approval });
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!(error instanceof SynapseError)) throw error;
      report.failed.push({ id, ...(requirement && { requirement }), error });
    }
  }
  return report;
}

/** Accepts the version that was read, which the approval names. */
async function accept(
  { services }: Context,
  { read, requirement }: { read: M.AccessRequirement; requirement: RequirementInfo },
  call: CallOptions,
): Promise<M.AccessApproval> {
  if (!requirement.canAccept) {
    throw new ArgumentError(
      `The ${requirementText(requirement)} cannot be accepted by a program. ${requirement.todo}`,
    );
  }
  const body = { requirementId: requirement.id, requirementVersion: read.versionNumber };
  return againAfterLostAnswer(() => services.accessApproval.createAccessApproval({ body }, call));
}
