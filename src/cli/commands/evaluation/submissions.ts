import type { SubmissionBundle } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { evaluationArg, submissionFlags } from '../../evaluationFlags.js';
import { idsFlag } from '../../flags.js';

export default class EvaluationSubmissions extends BaseCommand {
  static override summary = 'List the submissions to an evaluation queue.';

  static override description =
    'Lists id, status, entity, submitter, time and name, oldest first. With --json also everything else that is known of them.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> 9600001 --status RECEIVED',
    '<%= config.bin %> <%= command.id %> "Round 1" --mine',
  ];

  static override args = { evaluation: evaluationArg };

  static override flags = { ...submissionFlags, ...idsFlag };

  async run(): Promise<SubmissionBundle[]> {
    const { args, flags } = await this.parse(EvaluationSubmissions);
    const syn = await this.connect(flags);
    const { status, mine } = flags;
    const bundles = syn.submissions.bundles(args.evaluation, {
      status,
      mine,
      signal: this.signal,
    });
    return this.list(
      bundles,
      {
        ID: ({ submission }) => submission.id,
        STATUS: (bundle) => bundle.status.status,
        ENTITY: ({ submission: { entityId, versionNumber } }) =>
          `${entityId}.${versionNumber ?? 1}`,
        SUBMITTER: ({ submission: { submitterAlias, teamId, userId } }) =>
          submitterAlias ?? (teamId === undefined ? userId : `team ${teamId}`),
        CREATED: ({ submission }) => submission.createdOn,
        NAME: ({ submission }) => submission.name,
      },
      flags,
    );
  }
}
