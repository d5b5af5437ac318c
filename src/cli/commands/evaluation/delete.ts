import { BaseCommand } from '../../baseCommand.js';
import { evaluationArg } from '../../evaluationFlags.js';
import { yesFlag } from '../../flags.js';
import { printableName } from '../../printable.js';

export default class EvaluationDelete extends BaseCommand {
  static override summary = 'Delete an evaluation queue, with all submissions to it.';

  static override description =
    'They are deleted permanently. The entities that were submitted stay. Asks for confirmation, unless --yes is given.';

  static override examples = ['<%= config.bin %> <%= command.id %> "Round 1" --yes'];

  static override args = { evaluation: evaluationArg };

  static override flags = { ...yesFlag };

  async run(): Promise<{ id: string; name: string; deleted: boolean }> {
    const { args, flags } = await this.parse(EvaluationDelete);
    const otherwise = 'add --yes to delete the evaluation';
    if (!flags.yes) this.requireTerminal(otherwise);
    const syn = await this.connect(flags);
    const options = { signal: this.signal };
    const { id, name } = await syn.evaluations.get(args.evaluation, options);
    const question = `Delete the evaluation ${printableName(name)} permanently?`;
    const deleted = flags.yes || (await this.confirm(question, otherwise));
    if (deleted) await syn.evaluations.delete(id, options);
    this.log(`${deleted ? 'Deleted evaluation' : 'Did not delete'}: ${id}\t${printableName(name)}`);
    return { id, name, deleted };
  }
}
