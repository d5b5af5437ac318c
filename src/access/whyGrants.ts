import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import type { AccessReason, AccessTodo } from './accessExplanation.js';
import { targetText, type TargetId, type TargetKind } from './accessTarget.js';
import { entriesOf, idsOf, type AclEntry } from './aclEntries.js';
import { grantedTypes } from './getAcl.js';
import {
  principalNames,
  principalText,
  type NamedPrincipal,
  type PrincipalKind,
} from './principalNames.js';
import type { Subject } from './whySubject.js';

/** The access type that allows to change a list. */
export const changeType: Readonly<Record<TargetKind, M.ACCESS_TYPE>> = {
  entity: 'CHANGE_PERMISSIONS',
  evaluation: 'CHANGE_PERMISSIONS',
  formGroup: 'CHANGE_PERMISSIONS',
  organization: 'CHANGE_PERMISSIONS',
  team: 'UPDATE',
};

/** Names in a message. */
const maximumNames = 5;

/** A list that applies to an object, with names. */
export interface NamedList {
  target: TargetId & { name?: string };
  /** The object that the list belongs to. */
  holder: TargetId & { name?: string };
  entries: AclEntry[];
  /** The access types that the list gives to the subject. */
  granted: ReadonlySet<M.ACCESS_TYPE>;
}

/** Adds the names to a list. Those are looked up that an explanation can need: of the subject, and of those who may change the list. */
export async function nameList(
  ctx: Context,
  acl: M.AccessControlList,
  {
    target,
    holder,
    subject,
    call,
  }: Pick<NamedList, 'target' | 'holder'> & {
    subject: Subject;
    call: CallOptions;
  },
): Promise<NamedList> {
  const names = await principalNames(ctx, idsOf(acl), call);
  const granted = new Set(grantedTypes(acl, subject.groups));
  return { target, holder, entries: entriesOf(acl, names), granted };
}

/** The entries that give a subject some access. */
export function grantReasons(
  { target, holder, entries }: NamedList,
  type: M.ACCESS_TYPE,
  subject: Subject,
): AccessReason[] {
  return entries
    .filter(({ principalId, accessTypes }) => {
      return subject.groups.has(principalId) && accessTypes.includes(type);
    })
    .map((entry): AccessReason => {
      const { principalId, name, principalType } = entry;
      return {
        kind: 'grant',
        allows: true,
        message: `${type} is granted to ${throughText(entry, subject)} by ${listText({ target, holder })}.`,
        principal: { principalId, name, principalType },
        accessTypes: [type],
        ...benefactorOf(holder),
      };
    });
}

/** Whose access a principal shares. */
const sharedWith: Readonly<Record<PrincipalKind, string>> = {
  user: ', to their teams or to everybody',
  team: ' or to everybody',
  group: ' or to PUBLIC',
};

/** That no entry gives a subject some access, and what it has instead. */
export function noGrantReason(
  list: NamedList,
  types: readonly M.ACCESS_TYPE[],
  { named, groups }: Subject,
): AccessReason {
  const has = [...list.granted];
  const others = groups.size > 1 ? sharedWith[named.principalType] : '';
  const instead = has.length === 0 ? 'no access at all' : `only ${has.join(', ')}`;
  return {
    kind: 'noGrant',
    allows: false,
    message: `No entry of ${listText(list)}${list.holder.id === list.target.id ? '' : ','} gives ${types.join(', ')} to ${principalText(named)}${others}: they have ${instead}.`,
    accessTypes: [...types],
    ...benefactorOf(list.holder),
  };
}

/** Who can grant the access, and which teams have it already. */
export function noGrantTodo(
  list: NamedList,
  types: readonly M.ACCESS_TYPE[],
  { subject, mayChange }: { subject: Subject; mayChange: boolean },
): AccessTodo {
  const granters = list.entries.filter(({ accessTypes }) => {
    return accessTypes.includes(changeType[list.holder.kind]);
  });
  const { named } = subject;
  const where = targetText(list.target);
  const inherited =
    list.holder.id === list.target.id
      ? ''
      : ` The access can be given to it alone, or to all of ${nameOf(list.holder)}.`;
  const grant = `grant ${types.join(', ')} on ${where} to ${principalText(named)}`;
  const ask =
    granters.length === 0
      ? `Ask the creator to ${grant}.`
      : `Ask ${someNames(granters)} to ${grant}.`;
  const message = mayChange ? `You may ${grant} (access.set).` : ask;
  return {
    kind: 'noGrant',
    message: `${message}${inherited}${teamsText(list, types, subject)}`,
    principals: granters.map(({ principalId, name, principalType }) => ({
      principalId,
      name,
      principalType,
    })),
  };
}

function teamsText(
  list: NamedList,
  types: readonly M.ACCESS_TYPE[],
  { named, groups }: Subject,
): string {
  if (named.principalType !== 'user') return '';
  const teams = list.entries.filter(({ principalId, principalType, accessTypes }) => {
    const hasAll = types.every((type) => accessTypes.includes(type));
    return principalType === 'team' && hasAll && !groups.has(principalId);
  });
  return teams.length === 0 ? '' : ` The members of ${someNames(teams)} have it too.`;
}

/** Some principals in a message: at most five, and how many others there are. */
export function someNames(principals: readonly NamedPrincipal[]): string {
  const shown = principals.slice(0, maximumNames).map(principalText);
  const others = principals.length - shown.length;
  return [...shown, ...(others > 0 ? [`${others} more`] : [])].join(' or ');
}

/** Whose entry it is: `bob (user 1)`, `Mouse Lab (team 2), which bob belongs to`. */
function throughText(entry: AclEntry, { named }: Subject): string {
  const text = principalText(entry);
  if (entry.principalId === named.principalId) return text;
  return entry.principalType === 'team' ? `${text}, which ${named.name} belongs to,` : text;
}

function listText({ target, holder }: Pick<NamedList, 'target' | 'holder'>): string {
  const whose = `the list of ${nameOf(holder)}`;
  return holder.id === target.id ? whose : `${whose}, which ${nameOf(target)} inherits`;
}

/** An object in a message. */
export function nameOf({ name, ...target }: TargetId & { name?: string }): string {
  return name === undefined ? targetText(target) : `${name} (${target.id})`;
}

function benefactorOf({ kind, id, name }: NamedList['holder']): Pick<AccessReason, 'benefactor'> {
  return kind === 'entity' ? { benefactor: { id, ...(name !== undefined && { name }) } } : {};
}
