import { Flags } from '@oclif/core';
import type { Evaluation } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { ofKind } from '../../valueKind.js';
import { idsFlag } from '../../flags.js';

export default class EvaluationList extends BaseCommand {
  static override summary = 'List evaluation queues.';

  static override description =
    'Lists the evaluations that you may read: id, name and project. The flags narrow the list down.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --available',
    '<%= config.bin %> <%= command.id %> --project syn123',
  ];

  static override flags = {
    project: ofKind(
      'container',
      Flags.string({ description: 'Only those of this project.', helpValue: '<id>' }),
    ),
    available: Flags.boolean({ description: 'Only those to which you may submit.' }),
    active: Flags.boolean({ description: 'Only those that take submissions now.' }),
    ...idsFlag,
  };

  async run(): Promise<Evaluation[]> {
    const { flags } = await this.parse(EvaluationList);
    const syn = await this.connect(flags, { anonymous: true });
    const { project, available, active } = flags;
    const found = syn.evaluations.list({
      project,
      available,
      activeOnly: active,
      signal: this.signal,
    });
    const listed = await this.list(
      found,
      {
        ID: ({ id }) => id,
        NAME: ({ name }) => name,
        PROJECT: ({ contentSource }) => contentSource,
      },
      flags,
    );
    if (listed.length === 0) this.note('There are no such evaluations that you may read.');
    return listed;
  }
}
