import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityIds, onlyOne, required, versionFlag } from '../flags.js';
import { writeResult } from '../writeResult.js';

export default class GetAnnotations extends BaseCommand {
  static override summary = 'Print the annotations of an entity as JSON.';

  static override description =
    'The file of --output can be read with `<%= config.bin %> set-annotations --annotations @FILE`: it has the same annotations.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456',
    '<%= config.bin %> <%= command.id %> syn456 --output annotations.json',
  ];

  static override args = { id: entityIds.arg };

  static override flags = {
    id: entityIds.flag,
    ...versionFlag,
    output: Flags.string({
      char: 'o',
      description: 'Write to this file instead of standard output.',
      helpValue: '[file]',
    }),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(GetAnnotations);
    const { versionOf } = await import('../../values/ids.js');
    const { ID } = required({ ID: onlyOne(args.id, flags.id) });
    const { id, version } = versionOf(ID, flags.version);
    const syn = await this.connect(flags, { anonymous: true });
    const { annotationsJson } = await import('../annotationsJson.js');
    const options = { signal: this.signal };
    const { checkAnswer } = await import('../../api/checkAnswer.js');
    const answer =
      version === undefined
        ? await syn.services.entity.getEntityAnnotations({ id }, options)
        : await syn.services.entity.getEntityVersionAnnotations(
            { id, versionNumber: version },
            options,
          );
    const { output = 'STDOUT' } = flags;
    const annotations = checkAnswer('entity.getEntityAnnotations', answer);
    if (output !== 'STDOUT') {
      await writeResult(output, `${annotationsJson(annotations, { forFile: true })}\n`);
    } else {
      this.logJsonText(annotationsJson(annotations));
    }
    return annotations;
  }
}
