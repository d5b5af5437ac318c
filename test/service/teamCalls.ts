import { expect } from '@jest/globals';

import type * as M from '../../generated/models.js';
import type { Session } from '../server/entitySession.js';

export type StoredTeam = M.Team & Required<Pick<M.Team, 'etag' | 'id' | 'name'>>;

/** The portal pages that the requests of the service's tests name. */
export const pages = {
  invitation: encodeURIComponent('https://www.synapse.org/#invit:'),
  request: encodeURIComponent('https://www.synapse.org/#request:'),
  team: encodeURIComponent('https://www.synapse.org/#Team:'),
  unsubscribe: encodeURIComponent('https://www.synapse.org/#unsub:'),
} as const;

/** Sends a request that must succeed and returns the body of its answer. */
export async function ok<T>(answer: Promise<{ status: number; body: unknown }>): Promise<T> {
  const { status, body } = await answer;
  expect({ status, body }).toEqual({ status: expect.any(Number), body });
  expect([200, 201, 204]).toContain(status);
  return body as T;
}

export function createTeam(session: Session, fields: M.Team): Promise<StoredTeam> {
  return ok(session.post('/team', fields));
}

export function invite(
  session: Session,
  fields: M.MembershipInvitation,
): Promise<Required<M.MembershipInvitation>> {
  const query = `acceptInvitationEndpoint=${pages.invitation}&notificationUnsubscribeEndpoint=${pages.unsubscribe}`;
  return ok(session.post(`/membershipInvitation?${query}`, fields));
}

export function requestMembership(
  session: Session,
  fields: M.MembershipRequest,
): Promise<Required<M.MembershipRequest>> {
  const query = `acceptRequestEndpoint=${pages.request}&notificationUnsubscribeEndpoint=${pages.unsubscribe}`;
  return ok(session.post(`/membershipRequest?${query}`, fields));
}

export async function addMember(session: Session, teamId: string, userId: number): Promise<void> {
  const query = `teamEndpoint=${pages.team}&notificationUnsubscribeEndpoint=${pages.unsubscribe}`;
  const answer = await session.put(`/team/${teamId}/member/${userId}?${query}`);
  expect(answer).toMatchObject({ status: 204 });
}

export function membershipStatus(
  session: Session,
  teamId: string,
  userId: number,
): Promise<M.TeamMembershipStatus> {
  return ok(session.get(`/team/${teamId}/member/${userId}/membershipStatus`));
}

/** Keeps users out of a team until they accept terms of use. */
export async function lockTeam(admin: Session, { id }: StoredTeam): Promise<void> {
  const lock = await admin.post('/accessRequirement', {
    concreteType: 'org.sagebionetworks.repo.model.TermsOfUseAccessRequirement',
    accessType: 'PARTICIPATE',
    termsOfUse: 'Be kind.',
    subjectIds: [{ id, type: 'TEAM' }],
  });
  expect(lock).toMatchObject({ status: 201 });
}
