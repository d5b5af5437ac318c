import type { Evaluation, EvaluationRound } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { evaluationArg } from '../../evaluationFlags.js';
import { printableName } from '../../printable.js';

export default class EvaluationShow extends BaseCommand {
  static override summary = 'Show an evaluation queue, its rounds and your permissions.';

  static override description = 'Prints a line for each property and round.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> 9600001',
    '<%= config.bin %> <%= command.id %> "Round 1"',
  ];

  static override args = { evaluation: evaluationArg };

  async run(): Promise<object> {
    const { args, flags } = await this.parse(EvaluationShow);
    const syn = await this.connect(flags, { anonymous: true });
    const options = { signal: this.signal };
    const evaluation = await syn.evaluations.get(args.evaluation, options);
    const [permissions, rounds] = await Promise.all([
      syn.evaluations.permissions(evaluation, options),
      syn.evaluations.rounds(evaluation, options).toArray(),
    ]);
    const may = Object.entries(permissions).filter(([, value]) => value === true);
    const lines = [
      ...rowsOf(evaluation),
      ...rounds.map((round) => ['round', roundText(round)]),
      ['you', may.map(([name]) => name).join(', ') || 'may not do anything'],
    ];
    for (const [title = '', value = ''] of lines) {
      this.log(`${title.padEnd(12)}  ${printableName(value)}`);
    }
    return { ...evaluation, rounds, permissions };
  }
}

function rowsOf(evaluation: Evaluation): string[][] {
  const { id, name, contentSource, ownerId, createdOn, description } = evaluation;
  const { submissionInstructionsMessage, submissionReceiptMessage } = evaluation;
  const rows: [string, string | undefined][] = [
    ['id', id],
    ['name', name],
    ['project', contentSource],
    ['owner', ownerId],
    ['created', createdOn],
    ['description', description],
    ['instructions', submissionInstructionsMessage],
    ['receipt', submissionReceiptMessage],
  ];
  return rows.flatMap(([title, value]) => (value === undefined ? [] : [[title, value]]));
}

function roundText({ id, roundStart, roundEnd, limits = [] }: EvaluationRound): string {
  const texts = limits.map(
    ({ limitType, maximumSubmissions }) => `${limitType} ${maximumSubmissions}`,
  );
  return `${id}: ${roundStart} to ${roundEnd}, ${texts.join(', ') || 'no limits'}`;
}
