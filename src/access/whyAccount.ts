import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { entityTypeOf } from '../entities/entityTypeOf.js';
import type { AccessReason } from './accessExplanation.js';
import { principalText } from './principalNames.js';
import { administrator, type Findings, type Question } from './whyQuestion.js';

/** What the answers about an entity say. */
export interface AccountFacts {
  /** Those of the caller. */
  permissions: M.UserEntityPermissions | undefined;
  entity: M.Entity | undefined;
  /** The access types that the list gives to the subject. */
  granted: ReadonlySet<M.ACCESS_TYPE>;
}

/** Access that only certified users have, also when a list gives it. */
const forCertified: ReadonlySet<M.ACCESS_TYPE> = new Set(['CREATE', 'UPDATE', 'CHANGE_SETTINGS']);

/** The bit of a user bundle that asks whether the user is certified. */
const certifiedMask = 8;

/** The scopes that a personal access token needs. */
const scopes: Readonly<Partial<Record<M.ACCESS_TYPE, M.OAuthScope>>> = {
  READ: 'view',
  DOWNLOAD: 'download',
};

/**
 * What a person's account has to do with access: logged in, certified, administrator, creator, the scopes of the token.
 *
 * @returns The reasons, and the access types that they decide whatever the list says.
 */
export async function accountReasons(
  ctx: Context,
  question: Question,
  facts: AccountFacts,
): Promise<Findings & { decided: M.ACCESS_TYPE[] }> {
  const { subject, types } = question;
  if (subject.isAdministrator) {
    return { because: [administrator(subject)], todo: [], decided: [] };
  }
  const open = privileges(question, facts);
  const closed = withoutLogin(question, open);
  const parts = [
    { because: open, todo: [] },
    closed,
    await certification(ctx, question, facts),
    subject.isCaller ? scopeFindings(ctx, types) : none,
  ];
  return {
    because: parts.flatMap(({ because }) => because),
    todo: parts.flatMap(({ todo }) => todo),
    decided: [...open, ...closed.because].flatMap(({ accessTypes }) => accessTypes ?? []),
  };
}

const none: Findings = { because: [], todo: [] };

/** Access that no entry of a list gives. */
function privileges(
  { subject, types, target }: Question,
  { permissions, granted }: AccountFacts,
): AccessReason[] {
  const found: AccessReason[] = [];
  const { isEntityOpenData, ownerPrincipalId } = permissions ?? {};
  if (isEntityOpenData === true && granted.has('READ') && types.includes('DOWNLOAD')) {
    const message = `${target.id} is open data: who has READ access may download it.`;
    found.push({ kind: 'openData', allows: true, message, accessTypes: ['DOWNLOAD'] });
  }
  const { named } = subject;
  if (ownerPrincipalId === named.principalId && types.includes('CHANGE_SETTINGS')) {
    const message = `${principalText(named)} has created ${target.id}.`;
    found.push({ kind: 'creator', allows: true, message, accessTypes: ['CHANGE_SETTINGS'] });
  }
  return found;
}

function withoutLogin({ subject, types }: Question, open: readonly AccessReason[]): Findings {
  const isOpen = (type: M.ACCESS_TYPE): boolean =>
    open.some(({ accessTypes }) => accessTypes?.includes(type));
  const closed = types.filter((type) => type !== 'READ' && !isOpen(type));
  if (!subject.isAnonymous || closed.length === 0) return none;
  const message = `Without a login, Synapse gives nobody more than READ access: no ${closed.join(', ')}.`;
  const todo =
    'Log in, and ask again for that user. Those who are logged in can get access as AUTHENTICATED_USERS.';
  return {
    because: [{ kind: 'login', allows: false, message, accessTypes: closed }],
    todo: [{ kind: 'login', message: todo }],
  };
}

async function certification(
  ctx: Context,
  { subject, types, call }: Question,
  { permissions, entity }: AccountFacts,
): Promise<Findings> {
  const isProject = entity !== undefined && entityTypeOf(entity.concreteType) === 'project';
  const certified = types.filter(
    (type) => forCertified.has(type) && !(isProject && type === 'UPDATE'),
  );
  if (certified.length === 0 || subject.named.principalType !== 'user') return none;
  const isCertified = subject.isCaller
    ? permissions?.isCertifiedUser === true
    : await isCertifiedUser(ctx, subject.named.principalId, call);
  if (isCertified) return none;
  const who = principalText(subject.named);
  const url = `${ctx.portal}Quiz:Certification`;
  const list = certified.join(', ');
  const message = `${who} is not a certified user. Only certified users have ${list} access.`;
  return {
    because: [{ kind: 'certification', allows: false, message, accessTypes: certified }],
    todo: [
      {
        kind: 'certification',
        message: `Become a certified user: take the quiz at ${url}.`,
        url,
      },
    ],
  };
}

async function isCertifiedUser(
  { services }: Context,
  principalId: number,
  call: Question['call'],
): Promise<boolean> {
  const args = { id: String(principalId), mask: certifiedMask };
  return (await services.userProfile.getUserBundle(args, call)).isCertified === true;
}

/** A token can have fewer scopes than its user has permissions. */
function scopeFindings(ctx: Context, types: readonly M.ACCESS_TYPE[]): Findings {
  const held: readonly string[] | undefined = ctx.scopes();
  if (held === undefined) return none;
  const needed = new Set(types.map((type) => scopes[type] ?? 'modify'));
  const missing = [...needed].filter((scope) => !held.includes(scope));
  if (missing.length === 0) return none;
  const list = missing.join(', ');
  const url = `${ctx.portal}PersonalAccessTokens:`;
  const message = `The access token that you are logged in with lacks the scope ${list} (it has: ${held.join(', ')}).`;
  return {
    because: [{ kind: 'scope', allows: false, message }],
    todo: [
      {
        kind: 'scope',
        message: `Create a token with the scope ${list} at ${url} and log in with it.`,
        url,
      },
    ],
  };
}
