import { Flags } from '@oclif/core';
import type { Invitation, Synapse, TeamMember } from '../../../index.js';
import { UserNames } from '../../../users/userNames.js';
import { attemptEach } from '../../attemptEach.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';
import { usageError } from '../../usageError.js';
import { ofKind } from '../../valueKind.js';

export default class TeamMembers extends BaseCommand {
  static override summary = 'List the members of a team, or change who manages it.';

  static override description =
    'Also lists who manages the team, and with --invited who is invited. --promote makes members managers, and --demote takes that from them; then the list shows the new state.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> "Mouse lab"',
    '<%= config.bin %> <%= command.id %> 3412345 --admins',
    '<%= config.bin %> <%= command.id %> "Mouse lab" --promote bob --demote carol',
  ];

  static override args = { team: teamArg };

  static override flags = {
    admins: Flags.boolean({ description: 'Only managers.' }),
    search: Flags.string({
      description: 'Beginning of the user name, the first or the last name.',
      helpValue: '<text>',
    }),
    invited: Flags.boolean({
      description: 'Who is invited, instead.',
      exclusive: ['admins', 'search', 'promote', 'demote'],
    }),
    promote: ofKind(
      'user',
      Flags.string({
        description: 'Name or id of a member who becomes a manager.',
        helpValue: '<user>',
        multiple: true,
        multipleNonGreedy: true,
        exclusive: ['admins', 'search'],
      }),
    ),
    demote: ofKind(
      'user',
      Flags.string({
        description: 'Name or id of a manager who becomes an ordinary member.',
        helpValue: '<user>',
        multiple: true,
        multipleNonGreedy: true,
        exclusive: ['admins', 'search'],
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TeamMembers);
    const { demote = [], promote = [] } = flags;
    const isChange = promote.length + demote.length > 0;
    const both = promote.find((user) => demote.includes(user));
    if (both !== undefined) throw usageError(`--promote and --demote both name ${both}.`);
    const syn = await this.connect(flags, { anonymous: !isChange && !flags.invited });
    if (flags.invited) return this.#listInvitations(syn, args.team);
    return isChange
      ? this.#change(syn, args.team, { promote, demote })
      : this.#list(syn, args.team, flags);
  }

  #list(
    syn: Synapse,
    team: string,
    flags: { admins: boolean; search?: string | undefined },
  ): Promise<TeamMember[]> {
    const members = syn.teams.members(team, {
      type: flags.admins ? 'ADMIN' : undefined,
      fragment: flags.search,
      signal: this.signal,
    });
    return this.list(members, {
      ID: ({ member }) => member.ownerId,
      USER: ({ member }) => member.userName,
      NAME: ({ member }) => [member.firstName, member.lastName].filter(Boolean).join(' '),
      ROLE: ({ isAdmin }) => (isAdmin ? 'manager' : 'member'),
    });
  }
  async #listInvitations(syn: Synapse, team: string): Promise<Invitation[]> {
    const options = { signal: this.signal };
    const invitations = await syn.teams.invitations(team, options).toArray();
    if (invitations.length === 0) this.note('Nobody is invited.');
    const ids = invitations.map(({ inviteeId }) => inviteeId);
    const names = await new UserNames(syn).of(ids, options);
    return this.list(invitations, {
      INVITEE: ({ inviteeId, inviteeEmail }) => inviteeEmail ?? names.get(inviteeId ?? ''),
      SINCE: ({ createdOn }) => createdOn,
      MESSAGE: ({ message }) => message,
      EXPIRES: ({ expiresOn }) => expiresOn,
    });
  }

  /** Promotes first: a team needs a manager all the time. */
  async #change(
    syn: Synapse,
    team: string,
    { promote, demote }: { promote: string[]; demote: string[] },
  ): Promise<unknown> {
    const promoted = new Set(promote);
    const options = { signal: this.signal };
    const each = attemptEach([...promoted, ...demote], 'changed', async (user) => {
      const isManager = promoted.has(user);
      if (isManager) await syn.teams.setAdmin(team, user, options);
      else await syn.teams.removeAdmin(team, user, options);
      return { user, isManager };
    });
    return this.collect(each, (one) => {
      const role = one.isManager ? 'manager' : 'member';
      this.log(`Now a ${role}: ${printableName(one.user)}`);
      return one;
    });
  }
}
