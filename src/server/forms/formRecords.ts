import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { requireFields } from '../kernel/requireFields.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { limits } from '../limits.js';
import { grantObject, hasObjectAccess, type AclOwner } from '../permissions/objectAcls.js';
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

const nameLength = { min: 3, max: 256 };
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

/**
 * The group, if its ACL gives the caller the permission. Administrators have no more permissions than
 * others, and a group that does not exist gives none.
 *
 * @throws 403
 */
export function requireGroup(
  world: World,
  caller: Caller,
  id: string,
  accessType: M.ACCESS_TYPE,
): FormGroupRecord {
  const group = groups(world).get(id);
  if (group === undefined || !hasObjectAccess(world, caller, aclOwner(group), accessType)) {
    throw forbidden(
      `You do not have ${accessType} permission for FORM_GROUP : ${id.slice(0, 100)}`,
    );
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
 * @throws 403 for anonymous callers, 400 for the name, also when another group has it
 * @see https://rest-docs.synapse.org/rest/POST/form/group.html
 */
export function createGroup(
  world: World,
  caller: Caller,
  givenName: string | undefined,
): FormGroupRecord {
  requireLogin(caller);
  const name = checkedName(givenName);
  const known = groupsByName(world).first(name);
  if (known !== undefined) {
    if (!hasObjectAccess(world, caller, aclOwner(known), 'READ')) {
      throw badRequest(`The group name: ${name} is unavailable, please chooser another name.`);
    }
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
  const { min, max } = nameLength;
  if (name === undefined) {
    throw badRequest('name is required.');
  }
  if (name.length > max) {
    throw badRequest(`Name must be ${max} characters or less`);
  }
  if (name.length < min) {
    throw badRequest(`Name must be at least ${min} characters`);
  }
  return name;
}

function titleOf(field: string): string {
  return `request.${field}`;
}

/** @throws 403 without SUBMIT on the group, 400, 404 for the file */
export function createForm(
  world: World,
  caller: Caller,
  groupId: string,
  body: M.FormChangeRequest,
): FormRecord {
  requireFields(body, ['name', 'fileHandleId'], titleOf);
  requireLogin(caller);
  const name = checkedName(body.name);
  const group = requireGroup(world, caller, groupId, 'SUBMIT');
  world.files.requireAttachable(caller, [body.fileHandleId]);
  const now = world.timestamp();
  const form: FormRecord = {
    formDataId: String(world.store.sequence('forms')()),
    etag: world.uuid(),
    groupId: group.groupId,
    name,
    dataFileHandleId: body.fileHandleId,
    createdBy: String(caller.userId),
    createdOn: now,
    modifiedOn: now,
    submissionStatus: { state: 'WAITING_FOR_SUBMISSION' },
  };
  forms(world).put(form.formDataId, form);
  return form;
}

/** Why a form may not be changed in a state. */
const unchangeable: Readonly<Partial<Record<M.StateEnum, string>>> = {
  SUBMITTED_WAITING_FOR_REVIEW:
    'Cannot update a form that has been submitted and is waiting for review.',
  ACCEPTED: 'Cannot update a form that has been submitted and accepted.',
};

/**
 * @throws 404, 403 for the form of another user and without SUBMIT on the group, 400 when it is
 * submitted or accepted
 */
export function updateForm(
  world: World,
  caller: Caller,
  id: string,
  body: M.FormChangeRequest,
): FormRecord {
  requireFields(body, ['fileHandleId'], titleOf);
  const newName = body.name === undefined ? undefined : checkedName(body.name);
  const form = getOwnForm(world, caller, id);
  const refusal = unchangeable[stateOf(form)];
  if (refusal !== undefined) {
    throw badRequest(refusal);
  }
  requireGroup(world, caller, form.groupId, 'SUBMIT');
  world.files.requireAttachable(caller, [body.fileHandleId], {
    attached: [form.dataFileHandleId],
  });
  return putForm(world, form, {
    name: newName ?? form.name,
    dataFileHandleId: body.fileHandleId,
    submissionStatus: { state: 'WAITING_FOR_SUBMISSION' },
  });
}

/** Deletes a form in any state. @throws 404, 403 for the form of another user */
export function deleteForm(world: World, caller: Caller, id: string): void {
  forms(world).delete(getOwnForm(world, caller, id).formDataId);
}

/**
 * Submits a draft, or a rejected form again.
 *
 * @throws 404, 403 for the form of another user and without SUBMIT on the group, 400 when it is
 * submitted or accepted
 */
export function submitForm(world: World, caller: Caller, id: string): FormRecord {
  const form = getOwnForm(world, caller, id);
  if (unchangeable[stateOf(form)] !== undefined) {
    throw badRequest('Form has already been submitted');
  }
  requireGroup(world, caller, form.groupId, 'SUBMIT');
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
  const rejection =
    decision.state === 'REJECTED' ? { rejectionMessage: checkedReason(decision.reason) } : {};
  const form = getForm(world, id);
  requireGroup(world, caller, form.groupId, 'READ_PRIVATE_SUBMISSION');
  if (stateOf(form) !== 'SUBMITTED_WAITING_FOR_REVIEW') {
    const verb = decision.state === 'ACCEPTED' ? 'accept' : 'reject';
    throw badRequest(`Cannot ${verb} a submission that is currently: ${stateOf(form)}`);
  }
  return putForm(world, form, {
    submissionStatus: {
      ...form.submissionStatus,
      state: decision.state,
      reviewedOn: world.timestamp(),
      reviewedBy: String(caller.userId),
      ...rejection,
    },
  });
}

function checkedReason(reason: string | undefined): string {
  if (reason === undefined) {
    throw badRequest('rejection.reason is required.');
  }
  if (reason.length > maxReason) {
    throw badRequest(`Reason must be ${maxReason} or less`);
  }
  return reason;
}

function getForm(world: World, id: string): FormRecord {
  const form = forms(world).get(id);
  if (form === undefined) {
    throw notFound(`Form data: '${id.slice(0, 100)}' does not exist`);
  }
  return form;
}

function getOwnForm(world: World, caller: Caller, id: string): FormRecord {
  const form = getForm(world, id);
  if (form.createdBy !== String(caller.userId)) {
    throw forbidden('Cannot update a form created by another user');
  }
  return form;
}

function stateOf({ submissionStatus }: FormRecord): M.StateEnum {
  return submissionStatus.state ?? 'WAITING_FOR_SUBMISSION';
}

function putForm(world: World, form: FormRecord, change: Partial<FormRecord>): FormRecord {
  const changed = { ...form, ...change, etag: world.uuid(), modifiedOn: world.timestamp() };
  forms(world).put(form.formDataId, changed);
  return changed;
}

/** The caller's forms in a group, or with `asReviewer` those of all users. @throws 403, 400 */
export function listForms(
  world: World,
  caller: Caller,
  request: M.ListRequest,
  asReviewer: boolean,
): FormRecord[] {
  requireFields(request, ['groupId', 'filterByState'], (key) =>
    key === 'groupId' ? 'request.groupId' : 'request.getFilterByState',
  );
  const { groupId, filterByState } = request;
  if (filterByState.length === 0) {
    throw badRequest('Must include at least one filterByState');
  }
  if (asReviewer) {
    if (filterByState.includes('WAITING_FOR_SUBMISSION')) {
      throw badRequest('Reviewer cannot filter by: WAITING_FOR_SUBMISSION');
    }
    requireGroup(world, caller, groupId, 'READ_PRIVATE_SUBMISSION');
  }
  return formsByGroup(world)
    .find(groupId)
    .filter(({ createdBy }) => asReviewer || createdBy === String(caller.userId))
    .filter((form) => filterByState.includes(stateOf(form)))
    .sort((a, b) => Number(a.formDataId) - Number(b.formDataId));
}

/** Whether the caller may read the data file of a form. */
export function mayReadForm(world: World, caller: Caller, form: FormRecord): boolean {
  const group = groups(world).get(form.groupId);
  return (
    form.createdBy === String(caller.userId) ||
    (group !== undefined &&
      hasObjectAccess(world, caller, aclOwner(group), 'READ_PRIVATE_SUBMISSION'))
  );
}
