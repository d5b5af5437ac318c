import type { Team } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { propertyLines } from '../../propertyLines.js';
import { teamArg } from '../../teamArg.js';

export default class TeamShow extends BaseCommand {
  static override summary = 'Show a team, its number of members and its managers.';

  static override description = 'Anybody may see a team.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Mouse lab"'];

  static override args = { team: teamArg };

  async run(): Promise<Team & { memberCount: number; managers: string[] }> {
    const { args, flags } = await this.parse(TeamShow);
    const syn = await this.connect(flags, { anonymous: true });
    const options = { signal: this.signal };
    const team = await syn.teams.get(args.team, options);
    const memberCount = await syn.teams.count(team, options);
    const admins = await syn.teams.members(team, { type: 'ADMIN', ...options }).toArray();
    const managers = admins.map(({ member }) => member.userName);
    const text = propertyLines({
      Team: `${team.name} (${team.id})`,
      About: team.description,
      Members: String(memberCount),
      Managers: managers.join(', '),
      Joining: joining(team),
      Created: team.createdOn,
    });
    this.log(text);
    return { ...team, memberCount, managers };
  }
}

function joining({ canPublicJoin, canRequestMembership }: Team): string {
  if (canPublicJoin === true) return 'open for everybody';
  return canRequestMembership === false ? 'by invitation only' : 'by invitation or request';
}
