import type { Context } from '../context.js';
import { NotFoundError, type AuthorizationError } from '../errors.js';
import { targetText } from './accessTarget.js';
import { principalNames, principalText } from './principalNames.js';
import type { Findings, Question } from './whyQuestion.js';

/** Explains access to what the caller cannot read: there is no such object, it is in the trash can, or the caller lacks access. */
export async function invisibleReasons(
  ctx: Context,
  question: Question,
  error: AuthorizationError | NotFoundError,
): Promise<Findings & { may: boolean | undefined }> {
  const { subject, target } = question;
  const what = targetText(target);
  if (error instanceof NotFoundError) return { may: false, ...missing(what, error) };
  const terms = await termsFindings(ctx, question, error);
  if (terms !== undefined) return { may: subject.isCaller ? false : undefined, ...terms };
  const { may, ask } = await ownPermissions(ctx, question);
  const who = principalText(subject.named);
  const consequence = subject.isCaller
    ? `${who} lacks READ access to it.`
    : `so it cannot be told what ${who} may do.`;
  return {
    may,
    because: [
      {
        kind: 'notVisible',
        allows: subject.isCaller ? false : undefined,
        message: subject.isCaller
          ? `${what} exists, but ${consequence}`
          : `You may not see the list of ${what}, ${consequence}`,
      },
    ],
    todo: [{ kind: 'notVisible', ...ask }],
  };
}

function missing(what: string, error: NotFoundError): Findings {
  if (error.reason.includes('trash')) {
    return {
      because: [{ kind: 'trash', allows: false, message: `${what} is in the trash can.` }],
      todo: [
        {
          kind: 'trash',
          message: `Ask the user who deleted ${what} to restore it from the trash can. It is purged after 30 days.`,
        },
      ],
    };
  }
  return {
    because: [{ kind: 'missing', allows: false, message: `There is no ${what}.` }],
    todo: [{ kind: 'missing', message: 'Check the id.' }],
  };
}

/** Synapse refuses everything to users who have not agreed to its terms. */
async function termsFindings(
  ctx: Context,
  { call }: Question,
  error: AuthorizationError,
): Promise<Findings | undefined> {
  if (!ctx.isLoggedIn() || !/terms of (?:service|use)/i.test(error.reason)) return undefined;
  const { authentication } = ctx.services;
  const { userCurrentTermsOfServiceState } = await authentication.getTermsOfServiceStatus(call);
  if (userCurrentTermsOfServiceState !== 'MUST_AGREE_NOW') return undefined;
  return {
    because: [
      {
        kind: 'termsOfService',
        allows: false,
        message: 'You have not agreed to the terms of service of Synapse.',
      },
    ],
    todo: [
      {
        kind: 'termsOfService',
        message: `Log in at ${ctx.portal} and agree to the terms of service.`,
        url: ctx.portal,
      },
    ],
  };
}

/** Synapse tells its creator of every entity, also to those who may not read it. */
async function ownPermissions(
  ctx: Context,
  { subject, target: { kind, id }, call }: Question,
): Promise<{
  may: boolean | undefined;
  ask: Pick<Findings['todo'][number], 'message' | 'principals'>;
}> {
  const may = subject.isCaller ? false : undefined;
  const login = ctx.isLoggedIn() ? '' : ' Or log in: you are not.';
  if (kind !== 'entity') {
    return { may, ask: { message: `Ask its creator for access.${login}` } };
  }
  const { ownerPrincipalId } = await ctx.services.entity.getEntityPermissions({ id }, call);
  const owners =
    ownerPrincipalId === undefined
      ? []
      : [...(await principalNames(ctx, [ownerPrincipalId], call)).values()];
  const who =
    owners.length === 0
      ? 'its creator'
      : `${owners.map(principalText).join('')}, who has created it,`;
  return { may, ask: { message: `Ask ${who} for access.${login}`, principals: owners } };
}
