import { Flags } from '@oclif/core';
import type { Team } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';

export default class TeamList extends BaseCommand {
  static override summary =
    'List your teams, those of another user, or all whose name begins with a text.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --user alice',
    '<%= config.bin %> <%= command.id %> --search "Mouse"',
  ];

  static override flags = {
    user: Flags.string({ description: 'Id or name of a user.', helpValue: '<user>' }),
    search: Flags.string({
      description: 'Beginning of the names of teams. Case does not matter.',
      helpValue: '<text>',
      exclusive: ['user'],
    }),
  };

  async run(): Promise<Team[]> {
    const { flags } = await this.parse(TeamList);
    const { search, user } = flags;
    const isPublic = search !== undefined || user !== undefined;
    const syn = await this.connect(flags, { anonymous: isPublic });
    const options = { signal: this.signal };
    const teams =
      search === undefined ? syn.teams.list(user, options) : syn.teams.search(search, options);
    const listed = await this.list(teams, { ID: ({ id }) => id, NAME: ({ name }) => name });
    if (listed.length === 0) this.note('There are no such teams.');
    return listed;
  }
}
