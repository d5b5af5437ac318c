import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { isList } from '../values/isList.js';
import { lazyListing, type Listing } from '../api/listing.js';
import type { Context } from '../context.js';
import type { DownloadFileHandleOptions } from '../fileHandles/downloadFileHandle.js';
import type { FileContent, UploadFileHandleOptions } from '../fileHandles/uploadContent.js';
import type { CommonOptions } from '../options.js';
import type { UserRef } from '../users/userIdOf.js';
import type { Invitee } from './invitee.js';
import type { InviteOptions, InviteResult } from './inviteOptions.js';
import type { Invitation, MembershipRequest } from './openMembership.js';
import type { RequestOptions } from './requestMembership.js';
import type { NewTeam, Team, TeamChange, TeamMember } from './team.js';
import type { IconUrlOptions } from './teamIcon.js';
import type { TeamRef } from './teamIdOf.js';
import type { MembersOptions } from './teamMembers.js';
import type { OpenMembershipRef } from './withdraw.js';

/**
 * Teams of users: `syn.teams`. A team is given by its id, its full name, or an object with the id; a user by an id, a user name, or
 * an object with the id. All methods throw an {@link ArgumentError} for a name that nobody has, which lists similar names, and a
 * {@link NotFoundError} for an id that nobody has.
 */
export class Teams {
  readonly #ctx: Context;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /**
   * Creates a team. The caller becomes its first member and manager. It is created once, also when an answer of Synapse is lost.
   *
   * @throws {@link ArgumentError} for a name or a description that Synapse does not allow, before anything is sent.
   * @throws {@link ConflictError} when a team or a user has the name.
   * @see https://rest-docs.synapse.org/rest/POST/team.html
   *
   * @example
   * const team = await syn.teams.create({ name: 'Mouse lab', icon: { path: 'mouse.png' } });
   * await syn.teams.invite(team, ['bob', 'carol@example.org'], { message: 'Welcome' });
   */
  async create(team: NewTeam, options: CommonOptions = {}): Promise<Team> {
    const { createTeam } = await import('./createTeam.js');
    return createTeam(this.#ctx, team, options);
  }

  /**
   * Reads a team.
   *
   * @see https://rest-docs.synapse.org/rest/GET/team/id.html
   */
  async get(team: TeamRef, options: CallOptions = {}): Promise<Team> {
    const { getTeam } = await import('./getTeam.js');
    return getTeam(this.#ctx, team, options);
  }

  /**
   * Changes a team. Nothing is sent when nothing changes.
   *
   * @param change - The new values; `null` removes one. Other values stay as they are.
   * @throws {@link ArgumentError} for values that Synapse does not allow, before anything is sent.
   * @throws {@link ConflictError} when another team or a user has the name.
   * @throws {@link PreconditionFailedError} when `change` has an etag, and the team was changed since.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/PUT/team.html
   */
  async update(team: TeamRef, change: TeamChange, options: CommonOptions = {}): Promise<Team> {
    const { updateTeam } = await import('./updateTeam.js');
    return updateTeam(this.#ctx, team, change, options);
  }

  /**
   * Deletes a team with its memberships, invitations and requests. It is no error if no team has the id.
   *
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/DELETE/team/id.html
   */
  async delete(team: TeamRef, options: CallOptions = {}): Promise<void> {
    const { deleteTeam } = await import('./deleteTeam.js');
    return deleteTeam(this.#ctx, team, options);
  }

  /**
   * Lists the teams of a user, by name.
   *
   * @param user - Default: the user who is logged in.
   * @see https://rest-docs.synapse.org/rest/GET/user/id/team.html
   */
  list(user?: UserRef, options: CallOptions = {}): Listing<Team> {
    return lazyListing(async () => {
      const { listTeams } = await import('./listTeams.js');
      return listTeams(this.#ctx, user, options);
    });
  }

  /**
   * Lists the teams of all users whose name begins with a text. Case does not matter.
   *
   * @param fragment - An empty text finds all teams.
   * @see https://rest-docs.synapse.org/rest/GET/teams.html
   */
  search(fragment: string, options: CallOptions = {}): Listing<Team> {
    return lazyListing(async () => {
      const { searchTeams } = await import('./searchTeams.js');
      return searchTeams(this.#ctx, fragment, options);
    });
  }

  /**
   * Lists the members of a team.
   *
   * @see https://rest-docs.synapse.org/rest/GET/teamMembers/id.html
   *
   * @example
   * for await (const { member, isAdmin } of syn.teams.members('Mouse lab')) console.log(member.userName, isAdmin);
   */
  members(team: TeamRef, options: MembersOptions = {}): Listing<TeamMember> {
    return lazyListing(async () => {
      const { teamMembers } = await import('./teamMembers.js');
      return teamMembers(this.#ctx, team, options);
    });
  }

  /**
   * Counts the members of a team.
   *
   * @see https://rest-docs.synapse.org/rest/GET/teamMembers/count/id.html
   */
  async count(
    team: TeamRef,
    options: Pick<MembersOptions, 'fragment'> & CallOptions = {},
  ): Promise<number> {
    const { countMembers } = await import('./teamMembers.js');
    return countMembers(this.#ctx, team, options);
  }

  /**
   * Whether a user is a member of a team.
   *
   * @param user - Default: the user who is logged in.
   * @see https://rest-docs.synapse.org/rest/GET/team/id/member/principalId/membershipStatus.html
   */
  async isMember(team: TeamRef, user?: UserRef, options: CallOptions = {}): Promise<boolean> {
    const { isMember } = await import('./membershipStatus.js');
    return isMember(this.#ctx, team, user, options);
  }

  /**
   * Reads whether a user is a member of a team, is invited, asks to join, and may join.
   *
   * @param user - Default: the user who is logged in.
   * @see https://rest-docs.synapse.org/rest/GET/team/id/member/principalId/membershipStatus.html
   */
  async membershipStatus(
    team: TeamRef,
    user?: UserRef,
    options: CallOptions = {},
  ): Promise<M.TeamMembershipStatus> {
    const { membershipStatus } = await import('./membershipStatus.js');
    return membershipStatus(this.#ctx, team, user, options);
  }

  /**
   * Invites users and the owners of email addresses to a team. An open invitation is replaced, and a member gets none. Each is
   * invited once, also when an answer of Synapse is lost.
   *
   * @param invitees - An id, a user name or an email address; or many of them.
   * @returns For one invitee, what was done. For many, a result for each, in their order: one that fails does not stop the others.
   * @throws {@link ArgumentError} when no user has the name.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/POST/membershipInvitation.html
   *
   * @example
   * const { state } = await syn.teams.invite('Mouse lab', 'bob', { message: 'Welcome', expiresOn: '2030-01-01' });
   * console.log(state);
   */
  invite(
    team: TeamRef,
    invitees: readonly Invitee[],
    options?: InviteOptions,
  ): Promise<InviteResult[]>;
  invite(team: TeamRef, invitee: Invitee, options?: InviteOptions): Promise<InviteResult>;
  async invite(
    team: TeamRef,
    invitees: Invitee | readonly Invitee[],
    options: InviteOptions = {},
  ): Promise<InviteResult | InviteResult[]> {
    const { inviteMany, inviteOne } = await import('./invite.js');
    return isList(invitees)
      ? inviteMany(this.#ctx, team, invitees, options)
      : inviteOne(this.#ctx, team, invitees, options);
  }

  /**
   * Lists the open invitations to a team, newest first.
   *
   * @param options - `user`: only those to this user.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/GET/team/id/openInvitation.html
   */
  invitations(team: TeamRef, options: { user?: UserRef } & CallOptions = {}): Listing<Invitation> {
    return lazyListing(async () => {
      const { teamInvitations } = await import('./listInvitations.js');
      return teamInvitations(this.#ctx, team, options);
    });
  }

  /**
   * Lists the open invitations to the user who is logged in, newest first. `join` accepts one, `withdrawInvitation` declines it.
   *
   * @param options - `team`: only those to this team.
   * @see https://rest-docs.synapse.org/rest/GET/user/id/openInvitation.html
   */
  myInvitations(options: { team?: TeamRef } & CallOptions = {}): Listing<Invitation> {
    return lazyListing(async () => {
      const { myInvitations } = await import('./listInvitations.js');
      return myInvitations(this.#ctx, options);
    });
  }

  /**
   * Withdraws the open invitations to a user or an email address.
   *
   * @param invitee - An id, a user name or an email address.
   * @returns The invitations that were withdrawn: none when nobody was invited.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/DELETE/membershipInvitation/id.html
   */
  async uninvite(
    team: TeamRef,
    invitee: Invitee,
    options: CallOptions = {},
  ): Promise<Invitation[]> {
    const { uninvite } = await import('./uninvite.js');
    return uninvite(this.#ctx, team, invitee, options);
  }

  /**
   * Withdraws an invitation, as a manager of the team; or declines it, as the invited user. It is no error when it is no longer open.
   *
   * @throws {@link AuthorizationError} when the caller is neither.
   * @see https://rest-docs.synapse.org/rest/DELETE/membershipInvitation/id.html
   */
  async withdrawInvitation(
    invitation: OpenMembershipRef,
    options: CallOptions = {},
  ): Promise<void> {
    const { withdrawInvitation } = await import('./withdraw.js');
    return withdrawInvitation(this.#ctx, invitation, options);
  }

  /**
   * Makes the user who is logged in a member of a team that is open for everybody, or to which the user is invited.
   *
   * @throws {@link AuthorizationError} when the team is neither. The message says what to do.
   * @see https://rest-docs.synapse.org/rest/PUT/team/id/member/principalId.html
   */
  async join(team: TeamRef, options: CallOptions = {}): Promise<void> {
    const { joinTeam } = await import('./addMember.js');
    return joinTeam(this.#ctx, team, options);
  }

  /**
   * Asks the managers of a team to become a member. The request is made once, also when an answer of Synapse is lost.
   *
   * @throws {@link SynapseHttpError} (400) when the team is open for everybody (use `join`), or accepts no requests.
   * @see https://rest-docs.synapse.org/rest/POST/membershipRequest.html
   */
  async request(team: TeamRef, options: RequestOptions = {}): Promise<MembershipRequest> {
    const { requestMembership } = await import('./requestMembership.js');
    return requestMembership(this.#ctx, team, options);
  }

  /**
   * Lists the open requests to join a team, newest first.
   *
   * @param options - `user`: only those of this user.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/GET/team/id/openRequest.html
   */
  requests(
    team: TeamRef,
    options: { user?: UserRef } & CallOptions = {},
  ): Listing<MembershipRequest> {
    return lazyListing(async () => {
      const { teamRequests } = await import('./listRequests.js');
      return teamRequests(this.#ctx, team, options);
    });
  }

  /**
   * Lists the open requests of the user who is logged in, newest first.
   *
   * @param options - `team`: only those to join this team.
   * @see https://rest-docs.synapse.org/rest/GET/user/id/openRequest.html
   */
  myRequests(options: { team?: TeamRef } & CallOptions = {}): Listing<MembershipRequest> {
    return lazyListing(async () => {
      const { myRequests } = await import('./listRequests.js');
      return myRequests(this.#ctx, options);
    });
  }

  /**
   * Makes the user a member who asked for it.
   *
   * @param request - One of `requests`, or its id.
   * @throws {@link NotFoundError} when there is no request with the id.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/PUT/team/id/member/principalId.html
   */
  async acceptRequest(
    request: string | MembershipRequest,
    options: CallOptions = {},
  ): Promise<void> {
    const { acceptRequest } = await import('./addMember.js');
    return acceptRequest(this.#ctx, request, options);
  }

  /**
   * Declines a request to join, as a manager of the team. It is no error when it is no longer open.
   *
   * @see https://rest-docs.synapse.org/rest/DELETE/membershipRequest/id.html
   */
  async declineRequest(request: OpenMembershipRef, options: CallOptions = {}): Promise<void> {
    const { withdrawRequest } = await import('./withdraw.js');
    return withdrawRequest(this.#ctx, request, options);
  }

  /**
   * Withdraws a request to join, as the user who made it. It is no error when it is no longer open.
   *
   * @see https://rest-docs.synapse.org/rest/DELETE/membershipRequest/id.html
   */
  async withdrawRequest(request: OpenMembershipRef, options: CallOptions = {}): Promise<void> {
    const { withdrawRequest } = await import('./withdraw.js');
    return withdrawRequest(this.#ctx, request, options);
  }

  /**
   * Makes a user a member who has asked to join. Other users are invited.
   *
   * @throws {@link AuthorizationError} when the user has not asked, or the caller does not manage the team.
   * @see https://rest-docs.synapse.org/rest/PUT/team/id/member/principalId.html
   */
  async addMember(team: TeamRef, user: UserRef, options: CallOptions = {}): Promise<void> {
    const { addMember } = await import('./addMember.js');
    return addMember(this.#ctx, team, user, options);
  }

  /**
   * Removes a member. It is no error if the user is none.
   *
   * @throws {@link ArgumentError} when the user is the only manager of the team; nothing is changed.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/DELETE/team/id/member/principalId.html
   */
  async removeMember(team: TeamRef, user: UserRef, options: CallOptions = {}): Promise<void> {
    const { removeMember } = await import('./removeMember.js');
    return removeMember(this.#ctx, team, user, options);
  }

  /**
   * Ends the membership of the user who is logged in.
   *
   * @throws {@link ArgumentError} when the user is the only manager of the team; nothing is changed.
   * @see https://rest-docs.synapse.org/rest/DELETE/team/id/member/principalId.html
   */
  async leave(team: TeamRef, options: CallOptions = {}): Promise<void> {
    const { leaveTeam } = await import('./removeMember.js');
    return leaveTeam(this.#ctx, team, options);
  }

  /**
   * Makes a member a manager: somebody who may change and delete the team, invite, and remove members.
   *
   * @throws {@link ArgumentError} when the user is not a member.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/PUT/team/acl.html
   */
  async setAdmin(team: TeamRef, user: UserRef, options: CallOptions = {}): Promise<void> {
    const { setAdmin } = await import('./teamAdmins.js');
    return setAdmin(this.#ctx, team, user, options);
  }

  /**
   * Makes a manager an ordinary member. It is no error if the user is no manager.
   *
   * @throws {@link ArgumentError} when the user is the only manager of the team; nothing is changed.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/PUT/team/acl.html
   */
  async removeAdmin(team: TeamRef, user: UserRef, options: CallOptions = {}): Promise<void> {
    const { removeAdmin } = await import('./teamAdmins.js');
    return removeAdmin(this.#ctx, team, user, options);
  }

  /**
   * Uploads an image, and makes it the icon of a team. `update(team, { icon: null })` removes it.
   *
   * @param content - The path of a local file, or bytes with a `fileName`.
   * @throws {@link AuthorizationError} when the caller does not manage the team. The message names managers.
   * @see https://rest-docs.synapse.org/rest/PUT/team.html
   */
  async setIcon(
    team: TeamRef,
    content: FileContent,
    options: UploadFileHandleOptions = {},
  ): Promise<Team> {
    const { setIcon } = await import('./teamIcon.js');
    return setIcon(this.#ctx, team, content, options);
  }

  /**
   * Gives a URL of the icon of a team, or of its preview. It is valid for some minutes, without a login.
   *
   * @throws {@link NotFoundError} when the team has no icon, or it has no preview.
   * @see https://rest-docs.synapse.org/rest/GET/team/id/icon.html
   */
  async iconUrl(team: TeamRef, options: IconUrlOptions = {}): Promise<string> {
    const { iconUrl } = await import('./teamIcon.js');
    return iconUrl(this.#ctx, team, options);
  }

  /**
   * Downloads the icon of a team.
   *
   * @returns The path of the file.
   * @throws {@link ArgumentError} when the team has no icon.
   * @throws {@link FileSystemError} when the destination cannot be written, or exists and `overwrite` is not set.
   */
  async downloadIcon(team: TeamRef, options: DownloadFileHandleOptions): Promise<string> {
    const { downloadIcon } = await import('./teamIcon.js');
    return downloadIcon(this.#ctx, team, options);
  }
}
