import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import { isAct, requireAct, requireLogin } from '../permissions/requireLogin.js';
import type { Collection, Index } from '../state/store.js';
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

const profileFields = ['firstName', 'lastName', 'company', 'location'] as const;

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
 * Submits the caller's profile for validation.
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
  if (state === 'SUBMITTED' || state === 'APPROVED') {
    throw forbidden(`You have already submitted a verification request, whose state is ${state}.`);
  }
  const { profile, emails = [] } = getUser(world, caller.userId) ?? {};
  for (const field of profileFields) {
    if (body[field] !== undefined && body[field] !== profile?.[field]) {
      throw badRequest(`The ${field} does not match that of your profile.`);
    }
  }
  if (body.emails?.some((email) => !emails.includes(email)) === true) {
    throw badRequest('The emails must be those of your profile.');
  }
  world.files.requireAttachable(
    caller,
    (body.attachments ?? []).map(({ id = '' }) => id),
  );
  const createdBy = String(caller.userId);
  const createdOn = world.timestamp();
  const record: VerificationRecord = {
    id: String(world.store.sequence('verifications')()),
    createdBy,
    createdOn,
    submission: body,
    stateHistory: [{ createdBy, createdOn, state: 'SUBMITTED' }],
  };
  verifications(world).put(record.id, record);
  return record;
}

/** @throws 404, 403 for the submission of another user */
export function deleteVerification(world: World, caller: Caller, id: string): void {
  const record = getVerification(world, id);
  if (!isAct(caller) && record.createdBy !== String(caller.userId)) {
    throw forbidden('Only the user who created the verification submission may delete it.');
  }
  verifications(world).delete(id);
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
  requireAct(caller);
  const record = getVerification(world, id);
  const current = stateOf(record);
  if (state === undefined || !nextStates[current].includes(state)) {
    throw badRequest(`Cannot transition from ${current} to ${state ?? 'no state'}`);
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
