import { BaseCommand } from '../../baseCommand.js';
import { yesFlag } from '../../flags.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';

export default class TeamLeave extends BaseCommand {
  static override summary = 'Leave a team.';

  static override description =
    'You lose the access that was granted to the team, and may need an invitation to come back. The only manager of a team cannot leave it. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Mouse lab" --yes'];

  static override args = { team: teamArg };

  static override flags = {
    ...yesFlag,
  };

  async run(): Promise<{ team: string; left: boolean }> {
    const { args, flags } = await this.parse(TeamLeave);
    const name = printableName(args.team);
    const question = `Leave the team ${name}?`;
    const left = flags.yes || (await this.confirm(question, 'add --yes to leave the team'));
    if (left) {
      const syn = await this.connect(flags);
      await syn.teams.leave(args.team, { signal: this.signal });
    }
    this.log(left ? `Left the team: ${name}` : `Did not leave the team: ${name}`);
    return { team: args.team, left };
  }
}
