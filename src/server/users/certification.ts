import type * as M from '../../../generated/models.js';
import type { Collection } from '../state/store.js';
import type { World } from '../world.js';
import { getMembership, putMembership, removeMembership } from './memberships.js';
import { fixedPrincipals } from './principals.js';

const quizId = 1;
const quizLength = 15;

/** The latest passed quiz of each user. */
export function passingRecords(world: World): Collection<M.PassingRecord> {
  return world.store.collection<M.PassingRecord>('passingRecords');
}

export function isCertified(world: World, userId: number): boolean {
  return getMembership(world, fixedPrincipals.certifiedUsers, userId) !== undefined;
}

/** Certifies a user without a quiz, as an administrator may. There is no quiz record then. */
export function certify(world: World, userId: number): void {
  const groupId = fixedPrincipals.certifiedUsers;
  putMembership(world, { groupId, userId, isAdmin: false });
}

/** Certifies a user who has just passed the quiz. */
export function certifyByQuiz(world: World, userId: number): M.PassingRecord {
  const passedOn = world.timestamp();
  const record: M.PassingRecord = {
    userId: String(userId),
    quizId,
    responseId: world.store.sequence('quizResponse')(),
    score: quizLength,
    passed: true,
    passedOn,
    createdOn: passedOn,
    revoked: false,
    certified: true,
  };
  passingRecords(world).put(String(userId), record);
  certify(world, userId);
  return record;
}

/** Revokes a certification. The quiz record, if any, is kept and marked as revoked. */
export function revokeCertification(world: World, userId: number): M.PassingRecord | undefined {
  removeMembership(world, fixedPrincipals.certifiedUsers, userId);
  const record = passingRecords(world).get(String(userId));
  if (record === undefined) {
    return undefined;
  }
  const revoked = { ...record, certified: false, revoked: true, revokedOn: world.timestamp() };
  passingRecords(world).put(String(userId), revoked);
  return revoked;
}
