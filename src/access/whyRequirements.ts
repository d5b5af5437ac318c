import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError } from '../errors.js';
import type { AccessReason, AccessTodo } from './accessExplanation.js';
import { principalText } from './principalNames.js';
import { requirementInfo, requirementText, type RequirementInfo } from './requirementInfo.js';
import type { Subject } from './whySubject.js';

/** Ids in one request. */
const approvalsAtOnce = 50;

/** An access requirement, and whether the subject meets it. */
interface Checked {
  info: RequirementInfo;
  /** `undefined` when the caller cannot know. */
  isMet: boolean | undefined;
  isExempt: boolean;
  isApproved: boolean;
}

/** The access requirements of an entity as reasons, and what to do about those that are not met. */
export async function requirementReasons(
  ctx: Context,
  id: string,
  { subject, restriction, call }: RequirementQuestion,
): Promise<{ because: AccessReason[]; todo: AccessTodo[] }> {
  const { restrictionLevel, restrictionDetails: details = [] } = restriction ?? {};
  if (details.length === 0 && (restrictionLevel ?? 'OPEN') === 'OPEN')
    return { because: [], todo: [] };
  const checked = await check(ctx, id, { subject, restriction, call });
  const unmet = checked.filter(({ isMet }) => isMet !== true);
  return {
    because: checked.map((one) => reasonOf(one, subject)),
    todo: unmet.map(({ info, isApproved }) => ({
      kind: 'requirement',
      message: isApproved
        ? `Switch on two-factor authentication in the account settings: ${requirementText(info)} needs it.`
        : `${capital(requirementText(info))}: ${info.todo}`,
      requirement: info,
      url: info.url,
    })),
  };
}

interface RequirementQuestion {
  subject: Subject;
  /** What the bundle says about the caller. */
  restriction: M.RestrictionInformationResponse | undefined;
  call: CallOptions;
}

async function check(
  ctx: Context,
  id: string,
  { subject, restriction, call }: RequirementQuestion,
): Promise<Checked[]> {
  const requirements: RequirementInfo[] = [];
  const list = ctx.http.paginate('accessRequirement.listEntityAccessRequirements', { id }, call);
  for await (const requirement of list) requirements.push(requirementInfo(ctx, requirement));
  const states = subject.isCaller
    ? new Map(
        (restriction?.restrictionDetails ?? []).map((detail) => [
          detail.accessRequirementId,
          detail,
        ]),
      )
    : await approvalsOf(ctx, subject, { ids: requirements.map((info) => info.id), call });
  return requirements.map((info) => {
    const state = states.get(info.id);
    const isApproved = state?.isApproved === true;
    // A visitor meets none.
    const unknown = subject.isAnonymous ? false : undefined;
    return {
      info,
      isMet: state === undefined ? unknown : (state.isMet ?? isApproved),
      isExempt: state?.isExempt === true,
      isApproved,
    };
  });
}

/** Which approvals another user has. Nothing is known where the server does not tell. */
async function approvalsOf(
  { services }: Context,
  { named }: Subject,
  { ids, call }: { ids: readonly number[]; call: CallOptions },
): Promise<Map<number | undefined, M.RestrictionFulfillment>> {
  const found = new Map<number | undefined, M.RestrictionFulfillment>();
  if (named.principalType !== 'user') return found;
  try {
    for (let start = 0; start < ids.length; start += approvalsAtOnce) {
      const accessRequirementIds = ids.slice(start, start + approvalsAtOnce).map(String);
      const body = { userId: String(named.principalId), accessRequirementIds };
      const { accessApproval } = services;
      const { results } = await accessApproval.getAccessApprovalInfoBatch({ body }, call);
      for (const { accessRequirementId, hasAccessApproval } of results) {
        const isApproved = hasAccessApproval === true;
        found.set(Number(accessRequirementId), { isApproved, isMet: isApproved });
      }
    }
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error;
  }
  return found;
}

function reasonOf({ info, isMet, isExempt, isApproved }: Checked, subject: Subject): AccessReason {
  const what = capital(requirementText(info));
  const who = principalText(subject.named);
  const base = { kind: 'requirement', allows: isMet, requirement: info } as const;
  if (isExempt) return { ...base, message: `${what} does not apply to ${who}, who is exempt.` };
  if (isMet === true) return { ...base, message: `${what} is met by ${who}.` };
  if (isApproved) {
    const message = `${what} is approved for ${who}, but needs two-factor authentication.`;
    return { ...base, message };
  }
  if (isMet === false) return { ...base, message: `${what} is not met by ${who}.` };
  const visible =
    subject.named.principalType === 'user'
      ? `whether ${who} meets it cannot be seen`
      : 'each user has to meet it';
  return { ...base, message: `${what} applies: ${visible}.` };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
