import { Args, Flags } from '@oclif/core';
import type { Evaluation } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { printableName } from '../../printable.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class EvaluationCreate extends BaseCommand {
  static override summary = 'Create an evaluation queue.';

  static override description =
    'Prints the id. Only you may see it and submit to it until you share it.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> "Round 1" --project syn123 --instructions "Submit one CSV file."',
  ];

  static override args = {
    name: Args.string({ description: 'Name, unique in all of Synapse.', required: true }),
  };

  static override flags = {
    project: ofKind(
      'container',
      Flags.string({
        description: 'Synapse id of the project that it belongs to.',
        helpValue: '<id>',
        required: true,
      }),
    ),
    description: Flags.string({ description: 'What it is for.', helpValue: '<text>' }),
    instructions: Flags.string({ description: 'What to submit.', helpValue: '<text>' }),
    receipt: Flags.string({
      description: 'What submitters are told after a submission.',
      helpValue: '<text>',
    }),
    ...idsFlag,
  };

  async run(): Promise<Evaluation> {
    const { args, flags } = await this.parse(EvaluationCreate);
    const syn = await this.connect(flags);
    const evaluation = await syn.evaluations.create(
      {
        name: args.name,
        project: flags.project,
        description: flags.description,
        submissionInstructionsMessage: flags.instructions,
        submissionReceiptMessage: flags.receipt,
      },
      { signal: this.signal },
    );
    this.logId(
      flags,
      evaluation.id,
      `Created evaluation: ${evaluation.id}\t${printableName(evaluation.name)}`,
    );
    return evaluation;
  }
}
