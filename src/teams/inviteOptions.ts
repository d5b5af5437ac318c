import type { Invitation } from './openMembership.js';
import type { OpenMembershipOptions } from './openMembershipOptions.js';

/** How {@link Teams.invite} invites. */
export interface InviteOptions extends OpenMembershipOptions {
  /** Whether to replace an open invitation. Otherwise it stays, and none is sent. @default true */
  force?: boolean;
  /** The web page that the email to the invitee links to; a token is added to it. @default one of the service */
  acceptInvitationEndpoint?: string;
}

/** What became of an invitation to one user or email address. */
export interface InviteResult {
  /** The invitee as it was given. */
  invitee: string;
  /**
   * - `invited`: an invitation was sent
   * - `replaced`: an invitation was sent, and the open ones were withdrawn
   * - `open`: none was sent, because there is an open one (`force: false`)
   * - `member`: none was sent, because the user is a member
   * - `failed`: see `error`; only where many are invited at once
   */
  state: 'invited' | 'replaced' | 'open' | 'member' | 'failed';
  /** The new invitation, or the open one. */
  invitation?: Invitation;
  error?: Error;
}
