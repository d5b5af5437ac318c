import { currentOf, idOf, type EntityRef } from '../values/ids.js';

/** What a wiki belongs to: an entity; or an evaluation or an access requirement, by its id or as the object. */
export type WikiOwner =
  | EntityRef
  | { evaluation: number | string | { id?: string | undefined } }
  | { accessRequirement: number | string | { id?: number | undefined } };

/** An owner as the API names it. */
export interface OwnerId {
  kind: 'AccessRequirement' | 'Entity' | 'Evaluation';
  id: string;
}

/** @throws {@link ArgumentError} for what has no id, and for an entity id with a version */
export function ownerId(owner: WikiOwner): OwnerId {
  if (typeof owner === 'object') {
    if ('evaluation' in owner) return { kind: 'Evaluation', id: idOf(owner.evaluation) };
    if ('accessRequirement' in owner) {
      return { kind: 'AccessRequirement', id: idOf(owner.accessRequirement) };
    }
  }
  return { kind: 'Entity', id: currentOf(owner, 'all versions of an entity have one wiki') };
}

const words = {
  AccessRequirement: 'access requirement ',
  Entity: '',
  Evaluation: 'evaluation ',
} as const;

/** An owner in a message. */
export function ownerText({ kind, id }: OwnerId): string {
  return `${words[kind]}${id}`;
}
