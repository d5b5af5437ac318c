import { join } from 'node:path';
import { Args } from '@oclif/core';
import type { Failure } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { evaluationArg, submissionFlags } from '../../evaluationFlags.js';
import { printable } from '../../printable.js';
import { ofKind } from '../../valueKind.js';

interface Downloaded {
  id: string;
  entityId: string;
  /** Absent for a submission that is not a file. */
  path?: string;
}

export default class EvaluationDownload extends BaseCommand {
  static override summary = 'Download the files submitted to an evaluation queue.';

  static override description =
    'Each file goes into a folder of its own, which has the id of the submission as its name. What is there already is not downloaded again; a file that was changed is kept beside it.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> 9600001 submitted/ --status RECEIVED',
  ];

  static override args = {
    evaluation: evaluationArg,
    directory: ofKind(
      'directory',
      Args.string({ description: 'Directory for the folders.', required: true }),
    ),
  };

  static override flags = submissionFlags;

  protected override isResumable = true;

  async run(): Promise<Downloaded[]> {
    const { args, flags } = await this.parse(EvaluationDownload);
    const syn = await this.connect(flags);
    const { status, mine } = flags;
    const { signal } = this;
    const onProgress = await this.progress();
    const done: Downloaded[] = [];
    const failures: Failure[] = [];
    const { SynapseError } = await import('../../../errors.js');
    for await (const { id, entityId } of syn.submissions.list(args.evaluation, {
      status,
      mine,
      signal,
    })) {
      try {
        const { entity } = await syn.submissions.get(id, {
          downloadLocation: join(args.directory, id.replace(/\D/g, '')),
          signal,
          onProgress,
        });
        const path = entity && 'path' in entity ? entity.path : undefined;
        this.log(path === undefined ? `${id}\t${entityId}` : `${id}\t${printable(path)}`);
        done.push({ id, entityId, path });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof SynapseError)) throw error;
        failures.push({ path: id, error });
      }
    }
    await this.throwFailed('downloaded', failures, done);
    return done;
  }
}
