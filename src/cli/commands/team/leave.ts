import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';

export default class TeamLeave extends BaseCommand {
  static override summary = 'End your membership of a team.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Mouse lab"'];

  static override args = { team: teamArg };

  async run(): Promise<{ team: string; left: boolean }> {
    const { args, flags } = await this.parse(TeamLeave);
    const syn = await this.connect(flags);
    await syn.teams.leave(args.team, { signal: this.signal });
    this.log(`Left the team: ${printableName(args.team)}`);
    return { team: args.team, left: true };
  }
}
