import type * as M from '../../../generated/models.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import { getMembership, putMembership, removeMembership } from './memberships.js';
import { fixedPrincipals } from './principals.js';

/** The id of the only quiz. */
export const quizId = 1;

/** The results of all quizzes, passed or not, by the id of the response. */
function passingRecords(world: World): Collection<M.PassingRecord> {
  return world.store.collection<M.PassingRecord>('passingRecords');
}

/** The results of the quizzes of a user, oldest first. */
export function recordsOf(world: World, userId: number | string): M.PassingRecord[] {
  return passingRecords(world)
    .index('user', (record) => record.userId ?? '')
    .find(String(userId))
    .sort((a, b) => (a.responseId ?? 0) - (b.responseId ?? 0));
}

/** The result of the last quiz of a user. */
export function latestRecord(world: World, userId: number | string): M.PassingRecord | undefined {
  return recordsOf(world, userId).at(-1);
}

/** Deletes the result of a quiz. */
export function forgetRecord(world: World, responseId: number | string): void {
  passingRecords(world).delete(String(responseId));
}

/** Whether a quiz certifies the user who took it. */
export function isInForce({ passed, revoked }: M.PassingRecord): boolean {
  return passed === true && revoked !== true;
}

export function isCertified(world: World, userId: number): boolean {
  return getMembership(world, fixedPrincipals.certifiedUsers, userId) !== undefined;
}

/** Certifies a user. */
export function certify(world: World, userId: number): void {
  const groupId = fixedPrincipals.certifiedUsers;
  putMembership(world, { groupId, userId, isAdmin: false });
}

/** Takes the certification from a user, as an administrator may. Quiz results stay as they are. */
export function decertify(world: World, userId: number): void {
  removeMembership(world, fixedPrincipals.certifiedUsers, userId);
}

/**
 * Revokes a certification. The last quiz, if it was passed, is kept and marked as revoked.
 *
 * @returns the result of the last quiz
 */
export function revokeCertification(world: World, userId: number): M.PassingRecord | undefined {
  decertify(world, userId);
  const latest = latestRecord(world, userId);
  if (latest === undefined || !isInForce(latest)) {
    return latest;
  }
  const revoked = { ...latest, certified: false, revoked: true, revokedOn: world.timestamp() };
  putRecord(world, revoked);
  return revoked;
}

/** Stores the result of a quiz. */
export function putRecord(world: World, record: M.PassingRecord): void {
  const all = passingRecords(world);
  // Data directories of earlier versions have the only result of a user under the id of the user.
  all.delete(String(record.userId));
  all.put(String(record.responseId), record);
}
