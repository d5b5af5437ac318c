import { BaseCommand } from '../../baseCommand.js';
import { yesFlag } from '../../flags.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';

export default class TeamDelete extends BaseCommand {
  static override summary = 'Delete a team.';

  static override description =
    'The team is deleted permanently, and its members lose the access that was granted to it. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Mouse lab" --yes'];

  static override args = { team: teamArg };

  static override flags = {
    ...yesFlag,
  };

  async run(): Promise<{ id: string; name: string; deleted: boolean }> {
    const { args, flags } = await this.parse(TeamDelete);
    const otherwise = 'add --yes to delete the team';
    if (!flags.yes) this.requireTerminal(otherwise);
    const syn = await this.connect(flags);
    const options = { signal: this.signal };
    // Deleting a team that is not there would succeed.
    const { id, name } = await syn.teams.get(args.team, options);
    const question = `Delete the team ${printableName(name)} permanently?`;
    const deleted = flags.yes || (await this.confirm(question, otherwise));
    if (deleted) await syn.teams.delete(id, options);
    this.log(`${deleted ? 'Deleted team' : 'Did not delete'}: ${id}\t${printableName(name)}`);
    return { id, name, deleted };
  }
}
