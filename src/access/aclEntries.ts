import type * as M from '../../generated/models.js';
import { plainName } from '../values/plainName.js';
import type { TargetKind } from './accessTarget.js';
import { levelOf } from './accessTypes.js';
import { principalText, type NamedPrincipal } from './principalNames.js';

/** What a list gives to a principal. */
export interface AclEntry extends NamedPrincipal {
  accessTypes: M.ACCESS_TYPE[];
}

/** The ids in a list. */
export function idsOf({ resourceAccess = [] }: M.AccessControlList): number[] {
  return resourceAccess.flatMap(({ principalId }) => principalId ?? []);
}

/** The entries of a list, with the names of the principals. */
export function entriesOf(
  { resourceAccess = [] }: M.AccessControlList,
  names: ReadonlyMap<number, NamedPrincipal>,
): AclEntry[] {
  return resourceAccess.flatMap(({ principalId, accessType = [] }) => {
    const named = principalId === undefined ? undefined : names.get(principalId);
    return named === undefined ? [] : [{ ...named, accessTypes: [...accessType] }];
  });
}

/** An entry on one line: `bob (user 123): download`. */
export function entryText(entry: AclEntry, kind: TargetKind = 'entity'): string {
  const types = levelOf(entry.accessTypes, kind) ?? entry.accessTypes.join(', ');
  return `${plainName(principalText(entry))}: ${types}`;
}
