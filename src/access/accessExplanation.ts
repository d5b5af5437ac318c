import type * as M from '../../generated/models.js';
import { plainName } from '../values/plainName.js';
import type { TargetKind } from './accessTarget.js';
import { principalText, type NamedPrincipal } from './principalNames.js';
import type { RequirementInfo } from './requirementInfo.js';

/**
 * What lets somebody in or keeps them out: an entry of a list (`grant`) or none (`noGrant`); that everybody may download open data
 * (`openData`); being an administrator of Synapse (`administrator`) or the creator (`creator`); an access requirement (`requirement`);
 * not being certified (`certification`) or logged in (`login`); the agreement with the terms of service (`termsOfService`); the scope of the access token (`scope`); that
 * there is no such object (`missing`), that it is in the trash can (`trash`), or that the caller may not see its list (`notVisible`);
 * a reason that only Synapse knows (`other`).
 */
export type AccessReasonKind =
  | 'grant'
  | 'noGrant'
  | 'openData'
  | 'administrator'
  | 'creator'
  | 'requirement'
  | 'certification'
  | 'login'
  | 'termsOfService'
  | 'scope'
  | 'missing'
  | 'trash'
  | 'notVisible'
  | 'other';

/** A fact that a decision depends on. */
export interface AccessReason {
  kind: AccessReasonKind;
  /** Whether it lets in; `undefined` when the caller cannot know. */
  allows: boolean | undefined;
  message: string;
  /** Whose entry it is: the user, a team of theirs, or a group that everybody belongs to. */
  principal?: NamedPrincipal;
  /** The access types that it is about. */
  accessTypes?: M.ACCESS_TYPE[];
  /** The entity whose list it is. */
  benefactor?: { id: string; name?: string };
  requirement?: RequirementInfo;
}

/** What to do about what keeps somebody out. */
export interface AccessTodo {
  kind: AccessReasonKind;
  message: string;
  /** Those who can do it; for `noGrant` those who may change the list. */
  principals?: NamedPrincipal[];
  requirement?: RequirementInfo;
  /** A page where it is done. */
  url?: string;
}

/** What an explanation consists of. */
export interface AccessExplanationData {
  /** Whether the principal has the access. `undefined` when the caller cannot see enough to tell. */
  may: boolean | undefined;
  /** The user, team or group. */
  principal: NamedPrincipal;
  target: { kind: TargetKind; id: string; name?: string };
  accessTypes: M.ACCESS_TYPE[];
  because: AccessReason[];
  todo: AccessTodo[];
}

/** Why somebody may or may not do something. `String(explanation)` is a text for people. */
export class AccessExplanation {
  /** Whether the principal has the access. `undefined` when the caller cannot see enough to tell. */
  readonly may: boolean | undefined;
  /** The user, team or group that it is about. */
  readonly principal: NamedPrincipal;
  readonly target: AccessExplanationData['target'];
  readonly accessTypes: readonly M.ACCESS_TYPE[];
  /** What lets them in or keeps them out. */
  readonly because: readonly AccessReason[];
  /** What to do next. Empty when nothing keeps them out. */
  readonly todo: readonly AccessTodo[];

  /** @internal */
  constructor(data: AccessExplanationData) {
    this.may = data.may;
    this.principal = data.principal;
    this.target = data.target;
    this.accessTypes = data.accessTypes;
    this.because = data.because;
    this.todo = data.todo;
  }

  /** The answer, the reasons, and what to do. */
  toString(): string {
    const { kind, id, name } = this.target;
    const what =
      name === undefined ? (kind === 'entity' ? id : `${kind} ${id}`) : `${name} (${id})`;
    const who = principalText(this.principal);
    const types = this.accessTypes.join(', ');
    const verdict =
      this.may === undefined
        ? `It is not known whether ${who} has ${types} access to ${what}.`
        : `${who} ${this.may ? 'has' : 'does not have'} ${types} access to ${what}.`;
    const list = (title: string, items: readonly { message: string }[]): string[] =>
      items.length === 0 ? [] : [title, ...items.map(({ message }) => `  - ${plainLine(message)}`)];
    return [
      plainName(verdict),
      ...list('Because:', this.because),
      ...list('What to do:', this.todo),
    ].join('\n');
  }
}

/** A message that names of Synapse are in, safe to show, in pieces because it can be longer than a name. */
function plainLine(message: string): string {
  return (message.match(/[\s\S]{1,200}/g) ?? []).map(plainName).join('');
}
