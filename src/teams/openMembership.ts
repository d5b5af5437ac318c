import type * as M from '../../generated/models.js';

/** An invitation to a team that is not answered yet. It is for a user (`inviteeId`), or for an email address (`inviteeEmail`). */
export interface Invitation extends M.MembershipInvitation {
  id: string;
  teamId: string;
}

/** A request to join a team that is not answered yet. */
export interface MembershipRequest extends M.MembershipRequest {
  id: string;
  teamId: string;
  userId: string;
}

/** The shapes of answers guarantee what this type adds. */
export function asInvitation(answer: M.MembershipInvitation): Invitation {
  return answer as Invitation;
}

/** The shapes of answers guarantee what this type adds. */
export function asRequest(answer: M.MembershipRequest): MembershipRequest {
  return answer as MembershipRequest;
}
