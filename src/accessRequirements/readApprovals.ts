import type { CallOptions } from '../../generated/services.js';
import { principalId, type Principal } from '../access/principal.js';
import type { Context } from '../context.js';
import { callOptions } from '../options.js';
import { requirementIds, type RequirementRef } from './requirementIds.js';
import { ownUserId } from '../users/ownUserId.js';

/** Ids in one request. */
const atOnce = 50;

/** Whether a user has an approval for an access requirement. */
export interface RequirementApproval {
  id: number;
  isApproved: boolean;
}

/** Options of {@link AccessRequirements.approvals}. */
export interface ApprovalOptions extends CallOptions {
  /** Whose approvals. @default the caller */
  user?: Principal;
}

/** Implements {@link AccessRequirements.approvals}. */
export async function readApprovals(
  ctx: Context,
  requirements: RequirementRef | readonly RequirementRef[],
  options: ApprovalOptions = {},
): Promise<RequirementApproval[]> {
  const ids = requirementIds(requirements);
  const call = callOptions(options);
  const { accessApproval } = ctx.services;
  const userId =
    options.user === undefined
      ? await ownUserId(ctx, call)
      : String(await principalId(ctx, options.user, call));
  const found: RequirementApproval[] = [];
  for (let start = 0; start < ids.length; start += atOnce) {
    const accessRequirementIds = ids.slice(start, start + atOnce).map(String);
    const body = { userId, accessRequirementIds };
    const { results } = await accessApproval.getAccessApprovalInfoBatch({ body }, call);
    for (const { accessRequirementId, hasAccessApproval } of results) {
      found.push({ id: Number(accessRequirementId), isApproved: hasAccessApproval === true });
    }
  }
  return found;
}
