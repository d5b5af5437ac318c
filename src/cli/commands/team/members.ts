import { Flags } from '@oclif/core';
import type { TeamMember } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { teamArg } from '../../teamArg.js';

export default class TeamMembers extends BaseCommand {
  static override summary = 'List the members of a team.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> "Mouse lab"',
    '<%= config.bin %> <%= command.id %> 3412345 --admins',
  ];

  static override args = { team: teamArg };

  static override flags = {
    admins: Flags.boolean({ description: 'Only managers.' }),
    search: Flags.string({
      description: 'Beginning of the user name, the first or the last name.',
      helpValue: '<text>',
    }),
  };

  async run(): Promise<TeamMember[]> {
    const { args, flags } = await this.parse(TeamMembers);
    const syn = await this.connect(flags, { anonymous: true });
    const members = syn.teams.members(args.team, {
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
}
