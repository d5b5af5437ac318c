import { anything, count, flag, listOf, members, text, type Shape } from '../shape.js';
import { acl, page, profile, userHeader } from './common.js';

const team = members(
  { id: text, name: text, etag: text },
  {
    description: text,
    icon: text,
    canPublicJoin: flag,
    canRequestMembership: flag,
    createdOn: text,
    createdBy: text,
  },
);
const teamMember = members({ teamId: text, member: userHeader, isAdmin: flag });

const invitation = members(
  { id: text, teamId: text },
  { inviteeId: text, inviteeEmail: text, message: text, expiresOn: text, createdOn: text },
);
const request = members(
  { id: text, teamId: text, userId: text },
  { message: text, expiresOn: text, createdOn: text },
);

const bundle = members(
  {},
  { isCertified: flag, isVerified: flag, isACTMember: flag, isARReviewer: flag },
);

const project = members({}, { id: text, name: text, lastActivity: text, modifiedOn: text });

/** Teams, and what the functions about users read beside profiles and headers. */
export const teamsShapes: readonly (readonly [string, Shape])[] = [
  ['certifiedUser.getCertificationPassingRecord', members({}, { certified: flag })],
  ['membershipInvitation.createMembershipInvitation', invitation],
  ['membershipInvitation.deleteMembershipInvitation', anything],
  ['membershipInvitation.listTeamOpenMembershipInvitations', page(invitation)],
  ['membershipInvitation.listUserOpenMembershipInvitations', page(invitation)],
  ['membershipRequest.createMembershipRequest', request],
  ['membershipRequest.deleteMembershipRequest', anything],
  ['membershipRequest.getMembershipRequest', request],
  ['membershipRequest.listTeamOpenMembershipRequests', page(request)],
  ['membershipRequest.listUserOpenMembershipRequests', page(request)],
  ['team.addTeamMember', anything],
  ['team.createTeam', team],
  ['team.deleteTeam', anything],
  ['team.getTeam', team],
  ['team.getTeamAcl', acl],
  ['team.getTeamIconPreviewUrl', text],
  ['team.getTeamIconUrl', text],
  ['team.getTeamMemberCount', members({ count })],
  [
    'team.getTeamMembershipStatus',
    members(
      { isMember: flag },
      {
        hasOpenInvitation: flag,
        hasOpenRequest: flag,
        membershipApprovalRequired: flag,
        hasUnmetAccessRequirement: flag,
      },
    ),
  ],
  ['team.listTeamMembers', page(teamMember)],
  ['team.listTeams', page(team)],
  ['team.listUserTeams', page(team)],
  ['team.removeTeamMember', anything],
  ['team.updateTeam', team],
  ['team.updateTeamAcl', acl],
  ['userProfile.getMyUserBundle', bundle],
  ['userProfile.getUserBundle', bundle],
  ['userProfile.getUserProfileImagePreviewUrl', text],
  ['userProfile.getUserProfileImageUrl', text],
  ['userProfile.listUserProfilesByIds', members({ list: listOf(profile) })],
  ['userProfile.listUserProjects', page(project)],
  ['userProfile.updateMyUserProfile', profile],
];
