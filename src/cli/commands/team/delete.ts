import { Flags } from '@oclif/core';
import { ask, canAsk } from '../../ask.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { teamArg } from '../../teamArg.js';
import { usageError } from '../../usageError.js';

export default class TeamDelete extends BaseCommand {
  static override summary = 'Delete a team.';

  static override description =
    'The team is deleted permanently, and its members lose the access that was granted to it. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Mouse lab" --yes'];

  static override args = { team: teamArg };

  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'Do not ask for confirmation.' }),
  };

  async run(): Promise<{ id: string; name: string; deleted: boolean }> {
    const { args, flags } = await this.parse(TeamDelete);
    if (!flags.yes && (!canAsk() || this.jsonEnabled())) {
      throw usageError('No terminal to ask for confirmation: add --yes to delete the team.');
    }
    const syn = await this.connect(flags);
    const options = { signal: this.signal };
    // Deleting a team that is not there would succeed.
    const { id, name } = await syn.teams.get(args.team, options);
    const deleted = flags.yes || (await this.#confirm(name));
    if (deleted) await syn.teams.delete(id, options);
    this.log(`${deleted ? 'Deleted team' : 'Did not delete'}: ${id}\t${printableName(name)}`);
    return { id, name, deleted };
  }

  async #confirm(name: string): Promise<boolean> {
    const question = `Delete the team ${printableName(name)} permanently? (y/N)`;
    const answer = await ask(question, { secret: false, signal: this.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  }
}
