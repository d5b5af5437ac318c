import type * as M from '../../generated/models.js';
import type { CallOptions } from '../../generated/services.js';
import { createOrFind } from '../api/createOrFind.js';
import type { Context } from '../context.js';
import { isTo, type InviteeKey } from './invitee.js';
import type { InviteOptions, InviteResult } from './inviteOptions.js';
import { teamInvitations } from './listInvitations.js';
import { asInvitation, type Invitation } from './openMembership.js';

/** What is the same for all invitations of one call. */
export interface DeskOptions extends Omit<InviteOptions, 'expiresOn'> {
  teamId: string;
  expiresOn: string | undefined;
  /** All invitees, to choose how open invitations are read. */
  keys: ReadonlyMap<string, InviteeKey>;
}

/** Sends the invitations of one call. Open invitations are read once for all invitees, and not at all when no user has one. */
export class InvitationDesk {
  readonly #ctx: Context;
  readonly #options: DeskOptions;
  readonly #call: CallOptions;
  #all: Promise<Invitation[]> | undefined;

  constructor(ctx: Context, options: DeskOptions, call: CallOptions) {
    this.#ctx = ctx;
    this.#options = options;
    this.#call = call;
  }

  /** Invites a user or an email address. */
  async invite(key: InviteeKey): Promise<Omit<InviteResult, 'invitee'>> {
    const status = key.userId === undefined ? undefined : await this.#status(key.userId);
    if (status?.isMember === true) return { state: 'member' };
    const open = status?.hasOpenInvitation === false ? [] : await this.#openTo(key);
    const [latest] = open;
    if (latest !== undefined && this.#options.force === false) {
      return { state: 'open', invitation: latest };
    }
    // The open ones are withdrawn when there is a new one: a failure in between leaves the user invited.
    const invitation = await this.#create(key, open);
    for (const { id } of open) {
      await this.#ctx.services.membershipInvitation.deleteMembershipInvitation({ id }, this.#call);
    }
    return { state: latest === undefined ? 'invited' : 'replaced', invitation };
  }

  #status(principalId: string): Promise<M.TeamMembershipStatus> {
    const member = { id: this.#options.teamId, principalId };
    return this.#ctx.services.team.getTeamMembershipStatus(member, this.#call);
  }

  /** The open invitations to an invitee, newest first. */
  async #openTo(key: InviteeKey): Promise<Invitation[]> {
    const { teamId, keys } = this.#options;
    // The service finds the invitations to a user, but not those to an address.
    if (keys.size === 1 && key.userId !== undefined) {
      return teamInvitations(this.#ctx, teamId, { user: key.userId, ...this.#call }).toArray();
    }
    this.#all ??= teamInvitations(this.#ctx, teamId, this.#call).toArray();
    return (await this.#all).filter((invitation) => isTo(invitation, key));
  }

  /** Creates an invitation. After a lost answer it is looked up among the open ones, so that nobody is invited twice. */
  async #create(key: InviteeKey, before: readonly Invitation[]): Promise<Invitation> {
    const { teamId, message, expiresOn } = this.#options;
    const { acceptInvitationEndpoint, notificationUnsubscribeEndpoint } = this.#options;
    const invitee =
      key.userId === undefined ? { inviteeEmail: key.email } : { inviteeId: key.userId };
    const body = { teamId, ...invitee, message, expiresOn };
    const args = { acceptInvitationEndpoint, notificationUnsubscribeEndpoint, body };
    const { membershipInvitation } = this.#ctx.services;
    return createOrFind({
      create: async () =>
        asInvitation(await membershipInvitation.createMembershipInvitation(args, this.#call)),
      find: async () => {
        this.#all = undefined;
        const known = new Set(before.map(({ id }) => id));
        return (await this.#openTo(key)).find(({ id }) => !known.has(id));
      },
      signal: this.#call.signal,
    });
  }
}
