import { Args } from '@oclif/core';
import { attemptEach } from '../../attemptEach.js';
import { BaseCommand } from '../../baseCommand.js';
import { yesFlag } from '../../flags.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';
import { ofKind } from '../../valueKind.js';

export default class TeamRemove extends BaseCommand {
  static override summary = 'Remove members from a team.';

  static override description =
    'The only manager of a team cannot be removed: make somebody else a manager first, or delete the team. Asks for confirmation, unless --yes is given. The exit status is 5 when some of several could not be removed.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Mouse lab" bob --yes'];

  static override args = {
    team: teamArg,
    user: ofKind(
      'user',
      Args.string({ description: 'User names and ids.', required: true, multiple: true }),
    ),
  };

  static override flags = {
    ...yesFlag,
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(TeamRemove);
    const users = args.user.map(printableName).join(', ');
    const question = `Remove ${users} from the team ${printableName(args.team)}?`;
    const isSure = flags.yes || (await this.confirm(question, 'add --yes to remove them'));
    if (!isSure) {
      this.log('Removed nobody');
      return [];
    }
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
