import type * as M from '../../generated/models.js';

/** A team as Synapse stores it. */
export interface Team extends M.Team {
  id: string;
  name: string;
  etag: string;
}

/** A member of a team. */
export interface TeamMember extends M.TeamMember {
  teamId: string;
  member: M.UserGroupHeader;
  /** Whether the member manages the team. */
  isAdmin: boolean;
}

/** An image: a local file that is uploaded, or the id of a file handle. */
export type TeamIcon = string | { path: string };

/** The properties of a new team. */
export interface NewTeam {
  /**
   * Letters, digits, spaces, dots, dashes and underscores, 3 to 256 characters. No user and no other team may have the name; names
   * that differ only in case and punctuation are the same.
   */
  name: string;
  /** At most 3000 characters. */
  description?: string;
  /** `{ path }` of an image, or the id of a file handle. */
  icon?: TeamIcon;
  /** Whether everybody can join without being asked. @default false */
  canPublicJoin?: boolean;
  /** Whether users can ask to join. Not with `canPublicJoin`. @default true, unless everybody can join */
  canRequestMembership?: boolean;
}

/**
 * Changes of a team. What is absent stays as it is; `null` removes a value. With the `etag` of a team that was read, the change
 * fails when the team was changed since.
 */
export interface TeamChange {
  name?: string;
  description?: string | null;
  icon?: TeamIcon | null;
  canPublicJoin?: boolean | null;
  canRequestMembership?: boolean | null;
  etag?: string;
}

/** The shapes of answers guarantee what this type adds. */
export function asTeam(answer: M.Team): Team {
  return answer as Team;
}

/** The shapes of answers guarantee what this type adds. */
export function asTeamMember(answer: M.TeamMember): TeamMember {
  return answer as TeamMember;
}
