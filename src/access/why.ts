import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { AuthorizationError, NotFoundError } from '../errors.js';
import { callOptions } from '../options.js';
import { AccessExplanation, type AccessReason, type AccessTodo } from './accessExplanation.js';
import { targetId, type AccessTarget, type TargetKind } from './accessTarget.js';
import { readAccessTypes, type AccessInput } from './accessTypes.js';
import { benefactorOf, readOwnAcl } from './aclInEffect.js';
import { permissionOf } from './getPermissions.js';
import type { Principal } from './principal.js';
import { accountReasons, type AccountFacts } from './whyAccount.js';
import { administrator, type Findings, type Question } from './whyQuestion.js';
import { grantReasons, nameList, noGrantReason, noGrantTodo, type NamedList } from './whyGrants.js';
import { invisibleReasons } from './whyInvisible.js';
import { requirementReasons } from './whyRequirements.js';
import { readSubject } from './whySubject.js';

/** Options of {@link Access.why}. */
export interface WhyOptions extends CallOptions {
  /** The access in question. @default 'DOWNLOAD'; for an evaluation 'SUBMIT', for other objects 'READ' */
  access?: AccessInput;
}

const usual: Readonly<Record<TargetKind, M.ACCESS_TYPE>> = {
  entity: 'DOWNLOAD',
  evaluation: 'SUBMIT',
  formGroup: 'READ',
  organization: 'READ',
  team: 'READ',
};

/** Implements {@link Access.why}. */
export async function why(
  ctx: Context,
  target: AccessTarget,
  principal?: Principal,
  options: WhyOptions = {},
): Promise<AccessExplanation> {
  const what = targetId(target);
  const types = readAccessTypes(options.access ?? usual[what.kind], what.kind);
  const call = callOptions(options);
  const subject = await readSubject(ctx, principal, call);
  const question = { target: what, subject, types, call };
  try {
    return what.kind === 'entity' ? await whyEntity(ctx, question) : await whyOther(ctx, question);
  } catch (error) {
    const isInvisible = error instanceof NotFoundError || error instanceof AuthorizationError;
    if (!isInvisible) throw error;
    const { may, ...findings } = await invisibleReasons(ctx, question, error);
    return explain(question, findings, may);
  }
}

/** Explains access to what is no entity: only its list counts. */
async function whyOther(ctx: Context, question: Question): Promise<AccessExplanation> {
  const { target, subject, types, call } = question;
  const acl = await readOwnAcl(ctx, target, call);
  const list = await nameList(ctx, acl, { target, holder: target, subject, call });
  const findings = listFindings(list, question, { mayChange: false });
  if (subject.isAdministrator) findings.because.unshift(administrator(subject));
  const may = subject.isAdministrator || types.every((type) => list.granted.has(type));
  return explain(question, may ? { ...findings, todo: [] } : findings, may);
}

const parts: M.EntityBundleRequest = {
  includeEntity: true,
  includePermissions: true,
  includeEntityPath: true,
  includeBenefactorACL: true,
  includeRestrictionInformation: true,
};

async function whyEntity(ctx: Context, question: Question): Promise<AccessExplanation> {
  const { subject, types, call } = question;
  const { id } = question.target;
  const bundle = await ctx.services.entityBundle.getEntityBundle({ id, body: parts }, call);
  const { entity, permissions, restrictionInformation: restriction } = bundle;
  const target = { ...question.target, ...(entity && { name: entity.name }) };
  const { acl, holder } = benefactorOf(question.target, bundle.benefactorAcl);
  const header = bundle.path?.path.find((one) => one.id === holder.id);
  const named = holder.id === id ? target : { ...holder, ...(header && { name: header.name }) };
  const list = await nameList(ctx, acl, { target, holder: named, subject, call });
  const about = { ...question, target };
  const facts: AccountFacts = { permissions, entity, granted: list.granted };
  const account = await accountReasons(ctx, about, facts);
  const decided = new Set(account.decided);
  const isDecided = subject.isAdministrator || types.every((type) => decided.has(type));
  const requirements =
    types.includes('DOWNLOAD') && !subject.isAdministrator
      ? await requirementReasons(ctx, id, { subject, restriction, call })
      : { because: [], todo: [] };
  const mayChange = permissions?.canChangePermissions === true;
  const wanted = { ...about, types: types.filter((type) => !decided.has(type)) };
  const grants = isDecided ? { because: [], todo: [] } : listFindings(list, wanted, { mayChange });
  const because = [...account.because, ...grants.because, ...requirements.because];
  const todo = [...account.todo, ...grants.todo, ...requirements.todo];
  return explain(about, ...settled(because, todo, { permissions, question: about }));
}

/** What a list says about each access type. */
function listFindings(
  list: NamedList,
  { types, subject }: Question,
  { mayChange }: { mayChange: boolean },
): Findings {
  const missing = types.filter((type) => !list.granted.has(type));
  const because = types.flatMap((type) => grantReasons(list, type, subject));
  if (missing.length === 0) return { because, todo: [] };
  return {
    because: [...because, noGrantReason(list, missing, subject)],
    todo: [noGrantTodo(list, missing, { subject, mayChange })],
  };
}

/** The verdict. For the caller, Synapse has the last word. */
function settled(
  because: AccessReason[],
  todo: AccessTodo[],
  {
    permissions,
    question: { subject, types },
  }: { permissions: M.UserEntityPermissions | undefined; question: Question },
): [Findings, boolean | undefined] {
  const isAdministrator = because.some(({ kind }) => kind === 'administrator');
  const found = because.some(({ allows }) => allows === false)
    ? false
    : because.some(({ allows }) => allows === undefined)
      ? undefined
      : true;
  const computed = isAdministrator ? true : found;
  const asked = subject.isCaller ? types.map((type) => permissionOf(permissions, type)) : [];
  if (asked.length === 0 || asked.includes(undefined)) return [{ because, todo }, computed];
  // The token is no matter of permissions.
  const isScope = because.some(({ kind, allows }) => kind === 'scope' && allows === false);
  const may = asked.every((can) => can === true) && !isScope;
  if (may === computed) return [{ because, todo }, may];
  const other = {
    kind: 'other',
    allows: may,
    message: may
      ? 'Synapse lets you in for another reason, such as being an administrator.'
      : 'Synapse keeps you out for another reason.',
  } as const;
  return [{ because: [...because, other], todo: may ? [] : todo }, may];
}

function explain(
  { target, subject, types }: Question,
  { because, todo }: Findings,
  may: boolean | undefined,
): AccessExplanation {
  return new AccessExplanation({
    may,
    principal: subject.named,
    target: { ...target },
    accessTypes: [...types],
    because,
    todo: may === true ? [] : todo,
  });
}
