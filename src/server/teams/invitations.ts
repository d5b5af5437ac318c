import type * as M from '../../../generated/models.js';
import type { Caller } from '../kernel/caller.js';
import { badRequest, forbidden, notFound } from '../kernel/serviceError.js';
import type { Collection } from '../state/store.js';
import { fixedPrincipals, getPrincipal } from '../users/principals.js';
import { findUserByEmail, isEmail } from '../users/users.js';
import type { World } from '../world.js';
import {
  checkOpenFields,
  recordsOf,
  stillOpen,
  type OpenRecord,
  type OpenTarget,
} from './openRecords.js';
import { checkToken, signToken } from '../auth/signedTokens.js';
import { isMember, mayAccessTeam } from './teamAccess.js';
import { getTeam, parsePrincipalId } from './teamRecords.js';

/** An invitation to a team. */
export interface InvitationRecord extends OpenRecord {
  /** Absent for an invitation to an e-mail address. */
  readonly inviteeId?: number;
  readonly inviteeEmail?: string;
}

function invitations(world: World): Collection<InvitationRecord> {
  return world.store.collection<InvitationRecord>('membershipInvitations');
}

function invitationsOf(world: World, target: OpenTarget): InvitationRecord[] {
  return recordsOf(invitations(world), target, ({ inviteeId }) => inviteeId);
}

/** The invitations that are neither expired nor accepted, newest first. */
export function openInvitations(world: World, target: OpenTarget): InvitationRecord[] {
  return stillOpen(world, invitationsOf(world, target)).filter(
    ({ inviteeId, teamId }) => inviteeId === undefined || !isMember(world, teamId, inviteeId),
  );
}

/** Deletes invitations, expired or not. */
export function removeInvitationsOf(world: World, target: OpenTarget): void {
  for (const { id } of invitationsOf(world, target)) {
    invitations(world).delete(id);
  }
}

/**
 * Invites a user or the owner of an e-mail address to a team.
 *
 * @throws 403 unless the caller is a manager, 404, 400
 * @see https://rest-docs.synapse.org/rest/POST/membershipInvitation.html
 */
export function createInvitation(
  world: World,
  caller: Caller,
  body: M.MembershipInvitation,
): InvitationRecord {
  const fields = checkOpenFields(body);
  if ((body.inviteeId === undefined) === (body.inviteeEmail === undefined)) {
    throw badRequest("One and only one of the fields 'inviteeId' and 'inviteeEmail' is required");
  }
  if (body.teamId === undefined) {
    throw badRequest("'teamId' field is required.");
  }
  const team = getTeam(world, body.teamId);
  if (!mayAccessTeam(world, caller, team.id, 'TEAM_MEMBERSHIP_UPDATE')) {
    throw forbidden('Cannot create membership invitation.');
  }
  if (body.inviteeEmail !== undefined && !caller.isCertified && !caller.isAdmin) {
    throw badRequest('You must be a certified user to send email invitations');
  }
  const record: InvitationRecord = {
    id: String(world.store.sequence('membershipInvitations')()),
    teamId: team.id,
    ...invitee(world, body),
    ...fields,
    createdBy: caller.userId,
    createdOn: world.timestamp(),
  };
  invitations(world).put(record.id, record);
  return record;
}

function invitee(
  world: World,
  { inviteeEmail, inviteeId }: M.MembershipInvitation,
): Pick<InvitationRecord, 'inviteeEmail' | 'inviteeId'> {
  if (inviteeEmail !== undefined) {
    if (!isEmail(inviteeEmail.trim())) {
      throw badRequest(`Invalid email address: '${inviteeEmail.slice(0, 100)}'.`);
    }
    return { inviteeEmail: inviteeEmail.trim() };
  }
  const id = parsePrincipalId(inviteeId ?? '');
  const isPerson = getPrincipal(world, id)?.isIndividual === true;
  if (!isPerson || id === fixedPrincipals.anonymous) {
    throw notFound(`The user ${id} does not exist.`);
  }
  return { inviteeId: id };
}

function getInvitation(world: World, id: string): InvitationRecord {
  const record = invitations(world).get(id);
  if (record === undefined) {
    throw notFound(`Membership invitation: '${id}' does not exist`);
  }
  return record;
}

/** Checks access to an invitation: managers of the team and the invited user have it. @throws 403 */
function requireInvolved(
  world: World,
  caller: Caller,
  record: InvitationRecord,
  act: 'delete' | 'retrieve',
): void {
  const isInvitee = !caller.isAnonymous && record.inviteeId === caller.userId;
  if (!isInvitee && !mayAccessTeam(world, caller, record.teamId, 'TEAM_MEMBERSHIP_UPDATE')) {
    throw forbidden(`Cannot ${act} membership invitation.`);
  }
}

/** @throws 404, 403 unless the caller is a manager or the invited user */
export function readInvitation(world: World, caller: Caller, id: string): InvitationRecord {
  const record = getInvitation(world, id);
  requireInvolved(world, caller, record, 'retrieve');
  return record;
}

/**
 * Returns an invitation to the holder of its token.
 *
 * @throws 404, 403 for a bad token, 400 for one of another invitation
 * @see https://rest-docs.synapse.org/rest/POST/membershipInvitation/id.html
 */
export function readInvitationWithToken(
  world: World,
  id: string,
  token: M.MembershipInvtnSignedToken,
): InvitationRecord {
  checkToken(world, token);
  if (token.membershipInvitationId !== id) {
    throw badRequest('ID in URI and ID in the signed token do not match.');
  }
  return getInvitation(world, id);
}

/** Deletes an invitation. It is no error if it does not exist. @throws 403 */
export function deleteInvitation(world: World, caller: Caller, id: string): void {
  const record = invitations(world).get(id);
  if (record !== undefined) {
    requireInvolved(world, caller, record, 'delete');
    invitations(world).delete(id);
  }
}

/**
 * The open invitations to a team, or those for one user. The total always counts those to the team.
 *
 * @throws 404, 403 unless the caller is a manager, 400
 */
export function teamInvitations(
  world: World,
  caller: Caller,
  id: string,
  inviteeId: string | undefined,
): { found: InvitationRecord[]; total: number } {
  const { id: teamId } = getTeam(world, id);
  if (!mayAccessTeam(world, caller, teamId, 'TEAM_MEMBERSHIP_UPDATE')) {
    throw forbidden(`Cannot retrieve membership invitations for team ${teamId}.`);
  }
  const toTeam = openInvitations(world, { teamId });
  const userId = inviteeId === undefined ? undefined : parsePrincipalId(inviteeId);
  const found = toTeam.filter((record) => userId === undefined || record.inviteeId === userId);
  return { found, total: toTeam.length };
}

/** @throws 400, 404 */
export function userInvitations(
  world: World,
  userId: string,
  teamId: string | undefined,
): InvitationRecord[] {
  return openInvitations(world, {
    userId: parsePrincipalId(userId),
    ...(teamId !== undefined && { teamId: getTeam(world, teamId).id }),
  });
}

/**
 * Confirms that the caller owns the e-mail address that was invited.
 *
 * @throws 404, 403 for other callers, 400 when the invitation has no address
 * @see https://rest-docs.synapse.org/rest/GET/membershipInvitation/id/inviteeVerificationSignedToken.html
 */
export function verifyInvitee(
  world: World,
  caller: Caller,
  id: string,
): M.InviteeVerificationSignedToken {
  const record = getInvitation(world, id);
  if (stillOpen(world, [record]).length === 0) {
    throw badRequest('Indicated MembershipInvitation is expired.');
  }
  if (!isForAddress(record)) {
    throw badRequest(
      'The indicated invitation must have a null inviteeId and a non null inviteeEmail.',
    );
  }
  const owner = findUserByEmail(world, record.inviteeEmail ?? '');
  if (caller.isAnonymous || owner?.id !== caller.userId) {
    throw forbidden('This membership invitation is not addressed to the authenticated user.');
  }
  return signToken(world, {
    concreteType: 'org.sagebionetworks.repo.model.InviteeVerificationSignedToken',
    inviteeId: String(caller.userId),
    membershipInvitationId: id,
  });
}

/**
 * Assigns an invitation of an e-mail address to its owner.
 *
 * @throws 404, 403 for an invalid token or that of another user, 400
 * @see https://rest-docs.synapse.org/rest/PUT/membershipInvitation/id/inviteeId.html
 */
export function setInvitee(
  world: World,
  caller: Caller,
  id: string,
  token: M.InviteeVerificationSignedToken,
): void {
  checkToken(world, token);
  const { inviteeId, membershipInvitationId } = token;
  if (caller.isAnonymous || inviteeId !== String(caller.userId)) {
    throw forbidden(
      `Unauthorized to UPDATE membership invitation ${membershipInvitationId?.slice(0, 100) ?? ''}`,
    );
  }
  if (membershipInvitationId !== id) {
    throw badRequest("ID in URI and ID in signed token don't match");
  }
  const record = getInvitation(world, id);
  if (!isForAddress(record)) {
    throw badRequest(
      'Cannot update inviteeId. The target invitation must have a null inviteeId and a non null inviteeEmail.',
    );
  }
  invitations(world).put(id, { ...record, inviteeId: caller.userId });
}

/** Whether an invitation is for the owner of an address, who is not known yet. */
function isForAddress(record: InvitationRecord): boolean {
  return record.inviteeEmail !== undefined && record.inviteeId === undefined;
}

/** An invitation as the API shows it. */
export function invitationModel(record: InvitationRecord): M.MembershipInvitation {
  const { inviteeId, ...rest } = record;
  return {
    ...rest,
    teamId: String(record.teamId),
    createdBy: String(record.createdBy),
    ...(inviteeId !== undefined && { inviteeId: String(inviteeId) }),
  };
}
