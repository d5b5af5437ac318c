import { Args, Flags } from '@oclif/core';
import type { StatusUpdates, SubmissionScore } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { evaluationArg } from '../../evaluationFlags.js';
import { readAnnotations } from '../../readAnnotations.js';
import { usageError } from '../../usageError.js';
import { statusNames } from '../../../evaluations/statusNames.js';
import { readInput } from '../../../files/readInput.js';
import { readScores } from '../../../submissions/readScores.js';
import { ofKind } from '../../valueKind.js';

export default class EvaluationScore extends BaseCommand {
  static override summary = 'Set the status and the annotations of submissions.';

  static override description =
    'Scores many submissions from a file, or one with --submission. A CSV file has a column "id" with the ids of submissions; "status", ' +
    '"score" (0 to 1) and "report" are optional, and every other column becomes an annotation, which a submission view can show. A JSON ' +
    'file has a list of objects: {"id": "123", "status": "SCORED", "annotations": {"auc": 0.9}}. Annotations that are not given stay.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> 9600001 scores.csv',
    `<%= config.bin %> <%= command.id %> 9600001 --submission 9700001 --status SCORED --annotations '{"auc": 0.9}'`,
  ];

  static override args = {
    evaluation: evaluationArg,
    file: ofKind(
      'file',
      Args.string({ description: 'CSV or JSON file, or - for standard input.' }),
    ),
  };

  static override flags = {
    submission: Flags.string({
      description: 'Id of one submission, in place of a file.',
      helpValue: '<id>',
    }),
    status: Flags.string({
      description: 'Status of all submissions for which the file has none.',
      helpValue: '<status>',
      options: statusNames,
      default: 'SCORED',
    }),
    annotations: Flags.string({
      description: 'With --submission: a JSON object of keys and values, or @FILE.',
      helpValue: '<json>',
      dependsOn: ['submission'],
    }),
  };

  async run(): Promise<StatusUpdates> {
    const { args, flags } = await this.parse(EvaluationScore);
    const status = statusNames.find((name) => name === flags.status);
    const given = await this.#scores(args.file, flags);
    const scores = given.map((score) => ({ ...score, status: score.status ?? status }));
    const syn = await this.connect(flags);
    const result = await syn.submissions.score(args.evaluation, scores, { signal: this.signal });
    for (const id of result.updated) this.log(`Scored submission: ${id}`);
    const failures = result.failed.map(({ submissionId: path, error }) => ({ path, error }));
    const failed = failures.map(({ path, error }) => ({
      submissionId: path,
      error: error.message,
    }));
    await this.throwFailed('scored', failures, { ...result, failed });
    return result;
  }

  async #scores(
    file: string | undefined,
    flags: { submission?: string | undefined; annotations?: string | undefined },
  ): Promise<SubmissionScore[]> {
    if ((file === undefined) === (flags.submission === undefined)) {
      throw usageError('Give a file with scores, or --submission.');
    }
    if (file === undefined) {
      const submissionAnnotations = await readAnnotations(flags.annotations);
      return [{ id: flags.submission ?? '', submissionAnnotations }];
    }
    const content = await readInput(file, this.signal).catch((error: unknown) => {
      this.signal.throwIfAborted();
      throw usageError(`${file} cannot be read: ${(error as Error).message}`);
    });
    const { scores, ignored } = await readScores(file === '-' ? 'standard input' : file, content);
    if (ignored.length > 0) {
      this.note(`Not stored, as they are no annotations: the columns ${ignored.join(', ')}.`);
    }
    return scores;
  }
}
