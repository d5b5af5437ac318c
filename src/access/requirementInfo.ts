import type * as M from '../../generated/models.js';
import type { Context } from '../context.js';
import { shortName } from '../values/shortName.js';

/**
 * How an access requirement is met: by accepting its terms (`termsOfUse`) or signing (`selfSign`), which a program can do when it is told
 * to; by a request that is reviewed (`managed`); by asking the access and compliance team of Synapse (`act`); by a visit of another site
 * (`postMessage`). A `lock` keeps everybody out until the team has reviewed the data.
 */
export type RequirementKind =
  'termsOfUse' | 'selfSign' | 'managed' | 'act' | 'postMessage' | 'lock' | 'other';

/** An access requirement, and how it is met. */
export interface RequirementInfo {
  id: number;
  name?: string;
  kind: RequirementKind;
  /** Its page, where people read and meet it. */
  url: string;
  /** Whether `accessRequirements.accept` can meet it. */
  canAccept: boolean;
  /** What to do to meet it. */
  todo: string;
}

const kinds: Readonly<Record<string, RequirementKind>> = {
  TermsOfUseAccessRequirement: 'termsOfUse',
  SelfSignAccessRequirement: 'selfSign',
  ManagedACTAccessRequirement: 'managed',
  ACTAccessRequirement: 'act',
  PostMessageContentAccessRequirement: 'postMessage',
  LockAccessRequirement: 'lock',
};

/** The kind of an access requirement. A new one that this package does not know is `other`. */
export function requirementKind({ concreteType }: { concreteType: string }): RequirementKind {
  const name = shortName(concreteType);
  return Object.hasOwn(kinds, name) ? (kinds[name] ?? 'other') : 'other';
}

/** Whether a user can meet a requirement of a kind by accepting it. */
export function isClickWrap(kind: RequirementKind): boolean {
  return kind === 'termsOfUse' || kind === 'selfSign';
}

/** Describes an access requirement. */
export function requirementInfo(
  { portal }: Context,
  requirement: M.AccessRequirement,
): RequirementInfo {
  const { id = 0, name } = requirement;
  const kind = requirementKind(requirement);
  const url = `${portal}AccessRequirement:AR_ID=${id}`;
  return {
    id,
    ...(name !== undefined && { name }),
    kind,
    url,
    canAccept: isClickWrap(kind),
    todo: [how(requirement, kind, url), ...conditions(requirement)].join(' '),
  };
}

function how(requirement: M.AccessRequirement, kind: RequirementKind, url: string): string {
  const { id = 0 } = requirement;
  switch (kind) {
    case 'termsOfUse':
    case 'selfSign':
      return `Read it at ${url}, and accept it there or with accessRequirements.accept(${id}).`;
    case 'managed':
      return `Request access at ${url}; the request is reviewed.`;
    case 'act': {
      const contact = 'actContactInfo' in requirement ? (requirement.actContactInfo ?? '') : '';
      const text = contact.slice(0, 500).trim();
      return `Ask the access and compliance team for access, see ${url}.${text === '' ? '' : ` They say: ${text}`}`;
    }
    case 'postMessage':
      return `Meet it in a browser, at ${url}.`;
    case 'lock':
      return `Wait until the access and compliance team has reviewed the data, see ${url}.`;
    case 'other':
      return `Meet it at ${url}.`;
  }
}

/** What a user has to be before the requirement can be met. */
function conditions(requirement: M.AccessRequirement): string[] {
  const of = (key: string): boolean =>
    (requirement as unknown as Record<string, unknown>)[key] === true;
  return [
    ...(of('isCertifiedUserRequired') ? ['Only certified users can meet it.'] : []),
    ...(of('isValidatedProfileRequired') ? ['It needs a validated profile.'] : []),
    ...(of('isTwoFaRequired') ? ['It needs two-factor authentication.'] : []),
  ];
}

/** A requirement in a message: `access requirement 123 ("Mouse data")`. */
export function requirementText({ id, name }: Pick<RequirementInfo, 'id' | 'name'>): string {
  return `access requirement ${id}${name === undefined ? '' : ` (${JSON.stringify(name)})`}`;
}
