import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { isAct, requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
import { fixedPrincipals } from '../users/principals.js';
import { getUser } from '../users/users.js';
import type { World } from '../world.js';

/** A request of a user for profile validation. */
export interface VerificationRecord {
  readonly id: string;
  readonly createdBy: string;
  readonly createdOn: string;
  readonly submission: M.VerificationSubmission;
  /** The history of states, oldest first; never empty. */
  readonly stateHistory: readonly M.VerificationState[];
}

/** The possible next states of each state. */
const nextStates: Readonly<Record<M.VerificationStateEnum, readonly M.VerificationStateEnum[]>> = {
  SUBMITTED: ['APPROVED', 'REJECTED'],
  APPROVED: ['SUSPENDED'],
  REJECTED: [],
  SUSPENDED: [],
};

/** The fields of a profile that a submission repeats, with their names in messages. */
const profileFields = [
  ['firstName', 'First name'],
  ['lastName', 'Last name'],
  ['company', 'Company'],
  ['location', 'Location'],
] as const;

/** All submissions by id. */
export function verifications(world: World): Collection<VerificationRecord> {
  return world.store.collection<VerificationRecord>('verifications');
}

function byUser(world: World): Index<VerificationRecord> {
  return verifications(world).index('user', ({ createdBy }) => createdBy);
}

/** The latest submission of a user. */
export function latestVerification(
  world: World,
  userId: number | string,
): VerificationRecord | undefined {
  const all = byUser(world).find(String(userId));
  return all.sort((a, b) => Number(a.id) - Number(b.id)).at(-1);
}

/** Whether the profile of a user has been validated. */
export function isVerified(world: World, userId: number | string): boolean {
  const latest = latestVerification(world, userId);
  return latest !== undefined && stateOf(latest) === 'APPROVED';
}

/** The state that a submission is in. */
export function stateOf({ stateHistory }: VerificationRecord): M.VerificationStateEnum {
  return stateHistory.at(-1)?.state ?? 'SUBMITTED';
}

/**
 * Submits the caller's profile for validation. Users of this server cannot bind an ORCID, so none
 * is needed, other than on the service.
 *
 * @throws 403 for anonymous callers, or when a submission is pending or approved; 400 for
 * properties that differ from the profile
 * @see https://rest-docs.synapse.org/rest/POST/verificationSubmission.html
 */
export function submitVerification(
  world: World,
  caller: Caller,
  body: M.VerificationSubmission,
): VerificationRecord {
  requireLogin(caller);
  const latest = latestVerification(world, caller.userId);
  const state = latest && stateOf(latest);
  if (state === 'SUBMITTED') {
    throw forbidden('A verification request has already been submitted.');
  }
  if (state === 'APPROVED') {
    throw forbidden('You are already verified.');
  }
  const user = getUser(world, caller.userId);
  checkContent(body, user?.profile ?? {}, user?.emails ?? []);
  const notificationEmail = user?.notificationEmail ?? user?.emails[0];
  const attachments = attachmentsOf(world, caller, body);
  const createdBy = String(caller.userId);
  const createdOn = world.timestamp();
  return putVerification(world, {
    createdBy,
    createdOn,
    submission: {
      ...body,
      ...(notificationEmail !== undefined && { notificationEmail }),
      ...(attachments && { attachments }),
    },
    stateHistory: [{ createdBy, createdOn, state: 'SUBMITTED' }],
  });
}

/** Validates the profile of a new user, as an administrator may. */
export function approveProfile(world: World, userId: number): void {
  const { profile, emails = [] } = getUser(world, userId) ?? {};
  const createdBy = String(userId);
  const createdOn = world.timestamp();
  const decidedBy = { createdBy: String(fixedPrincipals.admin), createdOn };
  putVerification(world, {
    createdBy,
    createdOn,
    submission: {
      emails: [...emails],
      ...Object.fromEntries(profileFields.map(([field]) => [field, profile?.[field]])),
    },
    stateHistory: [
      { createdBy, createdOn, state: 'SUBMITTED' },
      { ...decidedBy, state: 'APPROVED' },
    ],
  });
}

function putVerification(world: World, fields: Omit<VerificationRecord, 'id'>): VerificationRecord {
  const record = { id: String(world.store.sequence('verifications')()), ...fields };
  verifications(world).put(record.id, record);
  return record;
}

/** @throws 400 for properties that differ from the profile */
function checkContent(
  body: M.VerificationSubmission,
  profile: M.UserProfile,
  emails: readonly string[],
): void {
  for (const [field, name] of profileFields) {
    checkField(name, body[field], profile[field]);
  }
  if (body.orcid !== undefined) {
    checkField('ORCID', body.orcid, undefined);
  }
  const given = new Set(body.emails);
  if (given.size === 0) {
    throw badRequest('Email(s) cannot be omitted.');
  }
  if (given.size !== emails.length || !emails.every((email) => given.has(email))) {
    throw badRequest('Email(s) in submission must match those registered with the system.');
  }
}

function checkField(name: string, given: string | undefined, own: string | undefined): void {
  if (given === undefined) {
    throw badRequest(`${name} cannot be null.`);
  }
  if (given !== own) {
    throw badRequest(`${name} does not match value in user profile.`);
  }
}

/** The attachments with the names of their files. @throws 400 for a repeated one, 403, 404 */
function attachmentsOf(
  world: World,
  caller: Caller,
  { attachments }: M.VerificationSubmission,
): M.AttachmentMetadata[] | undefined {
  const ids = (attachments ?? []).map(({ id = '' }) => id);
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    throw badRequest(`Duplicate file handle: ${repeated}`);
  }
  world.files.requireAttachable(caller, ids);
  return attachments?.map((attachment) => ({
    ...attachment,
    fileName: world.files.find(attachment.id ?? '')?.fileName,
  }));
}

/** @throws 404, 403 for the submission of another user */
export function deleteVerification(world: World, caller: Caller, id: string): void {
  const record = getVerification(world, id);
  if (!caller.isAdmin && record.createdBy !== String(caller.userId)) {
    throw forbidden('Only the creator of a verification submission may delete it.');
  }
  verifications(world).delete(id);
}

/** @throws 403 for callers outside the ACT */
export function requireActMember(caller: Caller): void {
  if (!isAct(caller)) {
    throw forbidden('You are not a member of the Synapse Access and Compliance Team.');
  }
}

/**
 * Sets the state of a submission.
 *
 * @throws 404, 403 for callers outside the ACT, 400 for a state that cannot follow the current one
 */
export function decideVerification(
  world: World,
  caller: Caller,
  id: string,
  { state, reason, notes }: M.VerificationState,
): void {
  requireActMember(caller);
  const record = getVerification(world, id);
  const current = stateOf(record);
  if (state === undefined || !nextStates[current].includes(state)) {
    throw badRequest(
      `Cannot transition verification submission from ${current} to ${state ?? 'null'}`,
    );
  }
  const decision: M.VerificationState = {
    createdBy: String(caller.userId),
    createdOn: world.timestamp(),
    state,
    reason,
    notes,
  };
  const stateHistory = [...record.stateHistory, decision];
  verifications(world).put(id, { ...record, stateHistory });
}

function getVerification(world: World, id: string): VerificationRecord {
  const record = verifications(world).get(id);
  if (record === undefined) {
    throw notFound(`The verification submission ${id} does not exist.`);
  }
  return record;
}

/** A submission as the API shows it. */
export function verificationModel(record: VerificationRecord): M.VerificationSubmission {
  return {
    ...record.submission,
    id: record.id,
    createdBy: record.createdBy,
    createdOn: record.createdOn,
    stateHistory: [...record.stateHistory],
  };
}
