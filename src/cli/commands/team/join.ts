import { Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';

export default class TeamJoin extends BaseCommand {
  static override summary = 'Join a team, or ask to join it.';

  static override description =
    'You join at once a team that is open, or that you are invited to. --request asks the managers of any other team.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> "Mouse lab"',
    '<%= config.bin %> <%= command.id %> "Mouse lab" --request --message "I work with mice"',
  ];

  static override args = { team: teamArg };

  static override flags = {
    request: Flags.boolean({ description: 'Ask the managers to become a member.' }),
    message: Flags.string({
      description: 'Text for the managers.',
      helpValue: '<text>',
      dependsOn: ['request'],
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TeamJoin);
    const syn = await this.connect(flags);
    const options = { signal: this.signal };
    if (flags.request) {
      const request = await syn.teams.request(args.team, { message: flags.message, ...options });
      this.log(`Asked to join the team: ${printableName(args.team)}`);
      return request;
    }
    await syn.teams.join(args.team, options);
    this.log(`Joined the team: ${printableName(args.team)}`);
    return { team: args.team, joined: true };
  }
}
