import { Args } from '@oclif/core';
import { attemptEach } from '../../attemptEach.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';

export default class TeamRemove extends BaseCommand {
  static override summary = 'Remove members from a team.';

  static override description =
    'The only manager of a team cannot be removed: make somebody else a manager first, or delete the team. The exit status is 5 when some of several could not be removed.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Mouse lab" bob'];

  static override args = {
    team: teamArg,
    user: Args.string({ description: 'User names and ids.', required: true, multiple: true }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TeamRemove);
    const syn = await this.connect(flags);
    const options = { signal: this.signal };
    const { id: team } = await syn.teams.get(args.team, options);
    const each = attemptEach(args.user, 'removed', async (user) => {
      await syn.teams.removeMember(team, user, options);
      return { team, user };
    });
    return this.collect(each, (one) => {
      this.log(`Removed from the team ${team}: ${printableName(one.user)}`);
      return one;
    });
  }
}
