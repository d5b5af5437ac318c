import { Args, Flags } from '@oclif/core';
import type { Team } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class TeamCreate extends BaseCommand {
  static override summary = 'Create a team that you manage.';

  static override description =
    'A name has 3 to 256 letters, digits, spaces, dots, dashes and underscores. No other team and no user may have it; names that ' +
    'differ only in case and punctuation are the same.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> "Mouse lab" --description "Who works with mice"',
  ];

  static override args = {
    name: Args.string({ description: 'Name of the team.', required: true }),
  };

  static override flags = {
    description: Flags.string({ description: 'What the team is for.', helpValue: '<text>' }),
    icon: ofKind(
      'file',
      Flags.string({ description: 'Image file that is uploaded.', helpValue: '<file>' }),
    ),
    public: Flags.boolean({ description: 'Let everybody join without being asked.' }),
    ...idsFlag,
  };

  async run(): Promise<Team> {
    const { args, flags } = await this.parse(TeamCreate);
    const { description, icon } = flags;
    const syn = await this.connect(flags);
    const team = await syn.teams.create(
      {
        name: args.name,
        description,
        icon: icon === undefined ? undefined : { path: icon },
        canPublicJoin: flags.public ? true : undefined,
      },
      { signal: this.signal, onProgress: await this.progress() },
    );
    this.logId(flags, team.id, `Created team: ${team.id}\t${printableName(team.name)}`);
    return team;
  }
}
