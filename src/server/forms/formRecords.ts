import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import {
  grantObject,
  hasObjectAccess,
  requireObjectAccess,
  type AclOwner,
} from '../permissions/objectAcls.js';
import { requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import type { World } from '../world.js';

/** A group that collects forms. */
export interface FormGroupRecord {
  readonly groupId: string;
  readonly name: string;
  readonly createdBy: string;
  readonly createdOn: string;
}

/** The form of a user. */
export type FormRecord = Required<M.FormData>;

/** The mutable properties of a form. */
interface FormContent {
  readonly name: string;
  readonly dataFileHandleId: string;
}

const maxReason = limits.rejectionReason;
const ownerAccess: readonly M.ACCESS_TYPE[] = [
  'READ',
  'CHANGE_PERMISSIONS',
  'SUBMIT',
  'READ_PRIVATE_SUBMISSION',
];

function groups(world: World): Collection<FormGroupRecord> {
  return world.store.collection<FormGroupRecord>('formGroups');
}

function groupsByName(world: World): Index<FormGroupRecord> {
  return groups(world).index('name', ({ name }) => name);
}

/** All forms by id. */
export function forms(world: World): Collection<FormRecord> {
  return world.store.collection<FormRecord>('forms');
}

function formsByGroup(world: World): Index<FormRecord> {
  return forms(world).index('group', ({ groupId }) => groupId);
}

/** @throws 404 */
export function getGroup(world: World, id: string): FormGroupRecord {
  const group = groups(world).get(id);
  if (group === undefined) {
    throw notFound(`The form group ${id.slice(0, 100)} does not exist.`);
  }
  return group;
}

/** The ACL owner of a group. */
export function aclOwner({ groupId, createdBy }: FormGroupRecord): AclOwner {
  return { kind: 'formGroup', id: groupId, createdBy: Number(createdBy) };
}

/**
 * Creates a group, or returns the existing group with this name if the caller may read it.
 *
 * @throws 403 for anonymous callers and for the name of another group, 400 for the name
 * @see https://rest-docs.synapse.org/rest/POST/form/group.html
 */
export function createGroup(world: World, caller: Caller, givenName: string): FormGroupRecord {
  requireLogin(caller);
  const name = checkedName(givenName);
  const known = groupsByName(world).first(name);
  if (known !== undefined) {
    requireObjectAccess(world, caller, aclOwner(known), 'READ');
    return known;
  }
  const group = {
    groupId: String(world.store.sequence('formGroups')()),
    name,
    createdBy: String(caller.userId),
    createdOn: world.timestamp(),
  };
  groups(world).put(group.groupId, group);
  grantObject(world, aclOwner(group), ownerAccess);
  return group;
}

function checkedName(name: string | undefined): string {
  if (name === undefined || name.trim().length < 3 || name.length > 256) {
    throw badRequest('The name must be between 3 and 256 characters.');
  }
  return name;
}

/** @throws 404, 403 without SUBMIT on the group, 400 */
export function createForm(
  world: World,
  caller: Caller,
  groupId: string,
  body: M.FormChangeRequest,
): FormRecord {
  requireLogin(caller);
  const group = getGroup(world, groupId);
  requireObjectAccess(world, caller, aclOwner(group), 'SUBMIT');
  const now = world.timestamp();
  const form: FormRecord = {
    formDataId: String(world.store.sequence('forms')()),
    etag: world.uuid(),
    groupId: group.groupId,
    ...checkedContent(world, caller, body),
    createdBy: String(caller.userId),
    createdOn: now,
    modifiedOn: now,
    submissionStatus: { state: 'WAITING_FOR_SUBMISSION' },
  };
  forms(world).put(form.formDataId, form);
  return form;
}

function checkedContent(
  world: World,
  caller: Caller,
  { name, fileHandleId }: M.FormChangeRequest,
  current?: string,
): FormContent {
  if (fileHandleId === undefined) {
    throw badRequest('The fileHandleId is required.');
  }
  world.files.requireAttachable(caller, [fileHandleId], { attached: [current] });
  return { name: checkedName(name), dataFileHandleId: fileHandleId };
}

/** @throws 404, 403 for the form of another user, 400 when it is submitted or accepted */
export function updateForm(
  world: World,
  caller: Caller,
  id: string,
  body: M.FormChangeRequest,
): FormRecord {
  const form = getOwnForm(world, caller, id);
  requireState(form, ['WAITING_FOR_SUBMISSION', 'REJECTED'], 'updated');
  return putForm(world, form, {
    ...checkedContent(world, caller, { name: form.name, ...body }, form.dataFileHandleId),
    submissionStatus: { state: 'WAITING_FOR_SUBMISSION' },
  });
}

/** @throws 404, 403 for the form of another user, 400 when it is submitted or accepted */
export function deleteForm(world: World, caller: Caller, id: string): void {
  const form = getOwnForm(world, caller, id);
  requireState(form, ['WAITING_FOR_SUBMISSION', 'REJECTED'], 'deleted');
  forms(world).delete(id);
}

/** @throws 404, 403 for the form of another user, 400 when it was submitted */
export function submitForm(world: World, caller: Caller, id: string): FormRecord {
  const form = getOwnForm(world, caller, id);
  requireState(form, ['WAITING_FOR_SUBMISSION'], 'submitted');
  return putForm(world, form, {
    submissionStatus: { state: 'SUBMITTED_WAITING_FOR_REVIEW', submittedOn: world.timestamp() },
  });
}

/**
 * @throws 404, 403 without READ_PRIVATE_SUBMISSION on the group, 400 when it is not waiting for a
 * review
 */
export function reviewForm(
  world: World,
  caller: Caller,
  id: string,
  decision:
    | { readonly state: 'ACCEPTED' }
    | { readonly state: 'REJECTED'; readonly reason: string | undefined },
): FormRecord {
  const form = getForm(world, id);
  requireObjectAccess(
    world,
    caller,
    aclOwner(getGroup(world, form.groupId)),
    'READ_PRIVATE_SUBMISSION',
  );
  requireState(form, ['SUBMITTED_WAITING_FOR_REVIEW'], 'reviewed');
  return putForm(world, form, {
    submissionStatus: {
      ...form.submissionStatus,
      state: decision.state,
      reviewedOn: world.timestamp(),
      reviewedBy: String(caller.userId),
      ...(decision.state === 'REJECTED' && { rejectionMessage: checkedReason(decision.reason) }),
    },
  });
}

function checkedReason(reason: string | undefined): string {
  if (reason === undefined || reason.trim() === '') {
    throw badRequest('The reason of a rejection is required.');
  }
  if (reason.length > maxReason) {
    throw badRequest(`The reason of a rejection must be ${maxReason} characters or less.`);
  }
  return reason;
}

function getForm(world: World, id: string): FormRecord {
  const form = forms(world).get(id);
  if (form === undefined) {
    throw notFound(`The form ${id.slice(0, 100)} does not exist.`);
  }
  return form;
}

function getOwnForm(world: World, caller: Caller, id: string): FormRecord {
  const form = getForm(world, id);
  if (form.createdBy !== String(caller.userId)) {
    throw forbidden('Cannot change a form created by another user.');
  }
  return form;
}

function requireState(form: FormRecord, states: readonly M.StateEnum[], done: string): void {
  const state = form.submissionStatus.state;
  if (state === undefined || !states.includes(state)) {
    throw badRequest(`A form cannot be ${done} in the state ${state ?? ''}.`);
  }
}

function putForm(world: World, form: FormRecord, change: Partial<FormRecord>): FormRecord {
  const changed = { ...form, ...change, etag: world.uuid(), modifiedOn: world.timestamp() };
  forms(world).put(form.formDataId, changed);
  return changed;
}

/** The caller's forms in a group, or with `asReviewer` those of all users. @throws 404, 403, 400 */
export function listForms(
  world: World,
  caller: Caller,
  { groupId, filterByState = [] }: M.ListRequest,
  asReviewer: boolean,
): FormRecord[] {
  requireLogin(caller);
  if (groupId === undefined || filterByState.length === 0) {
    throw badRequest('The groupId and at least one state of filterByState are required.');
  }
  const group = getGroup(world, groupId);
  if (asReviewer) {
    requireObjectAccess(world, caller, aclOwner(group), 'READ_PRIVATE_SUBMISSION');
    if (filterByState.includes('WAITING_FOR_SUBMISSION')) {
      throw badRequest('Reviewers cannot see forms in the state WAITING_FOR_SUBMISSION.');
    }
  }
  return formsByGroup(world)
    .find(groupId)
    .filter(({ createdBy }) => asReviewer || createdBy === String(caller.userId))
    .filter(
      ({ submissionStatus: { state } }) => state !== undefined && filterByState.includes(state),
    )
    .sort((a, b) => Number(a.formDataId) - Number(b.formDataId));
}

/** Whether the caller may review a submitted form. */
export function mayReview(world: World, caller: Caller, form: FormRecord): boolean {
  return (
    form.submissionStatus.state !== 'WAITING_FOR_SUBMISSION' &&
    hasObjectAccess(
      world,
      caller,
      aclOwner(getGroup(world, form.groupId)),
      'READ_PRIVATE_SUBMISSION',
    )
  );
}
