import { ArgumentError } from '../errors.js';
import { currentOf, idOf, isSynapseId, type EntityRef } from '../values/ids.js';
import { quoted } from '../values/quoted.js';

/** An object, by its id or as the object. */
type Ref = number | string | { id?: string | undefined };

/**
 * What has an access control list: an entity; or an evaluation, a team, an organization of JSON schemas or a group of forms, by its id
 * or as the object.
 */
export type AccessTarget = EntityRef | OtherTarget;

/** What has an access control list and is no entity. */
export type OtherTarget =
  | { evaluation: Ref }
  | { team: Ref }
  | { organization: Ref }
  | { formGroup: number | string | { groupId?: string | undefined } };

/** The kinds of objects that have an access control list. */
export type TargetKind = 'entity' | 'evaluation' | 'formGroup' | 'organization' | 'team';

/** Whether a word is a kind of objects that are no entities. */
export function isOtherKind(word: string): word is Exclude<TargetKind, 'entity'> {
  return Object.hasOwn(articles, word);
}

/** A target as the API names it. */
export interface TargetId {
  kind: TargetKind;
  id: string;
}

const words: Readonly<Record<TargetKind, string>> = {
  entity: '',
  evaluation: 'evaluation ',
  formGroup: 'form group ',
  organization: 'organization ',
  team: 'team ',
};

/**
 * Reads a target.
 *
 * @throws {@link ArgumentError} for what has no id, for an entity id with a version, and for an object that is no entity.
 */
export function targetId(target: AccessTarget): TargetId {
  if (typeof target === 'object') {
    if ('evaluation' in target) return other('evaluation', target.evaluation);
    if ('team' in target) return other('team', target.team);
    if ('organization' in target) return other('organization', target.organization);
    if ('formGroup' in target) {
      const { formGroup } = target;
      return other('formGroup', typeof formGroup === 'object' ? formGroup.groupId : formGroup);
    }
  }
  const id = currentOf(target, 'permissions are those of all versions');
  if (isSynapseId(id)) return { kind: 'entity', id };
  // Without its prefix the service would take the number for the id of an entity.
  throw new ArgumentError(
    `${quoted(id)} is not the id of an entity. For another object write what it is, such as { evaluation: ${quoted(id)} } or { team: ${quoted(id)} }.`,
  );
}

function other(kind: Exclude<TargetKind, 'entity'>, ref: unknown): TargetId {
  const id = idOf(ref).trim();
  if (/^\d+$/.test(id)) return { kind, id };
  throw new ArgumentError(`${quoted(id)} is not the id of ${articles[kind]}: ids are digits.`);
}

const articles: Readonly<Record<Exclude<TargetKind, 'entity'>, string>> = {
  evaluation: 'an evaluation',
  formGroup: 'a form group',
  organization: 'an organization',
  team: 'a team',
};

/** A target in a message. */
export function targetText({ kind, id }: TargetId): string {
  return `${words[kind]}${id}`;
}
