import { Flags } from '@oclif/core';
import { BaseCommand } from '../baseCommand.js';
import { entityFlag, versionFlag } from '../flags.js';
import { writeResult } from '../writeResult.js';

export default class GetAnnotations extends BaseCommand {
  static override summary = 'Print the annotations of an entity as JSON.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> --id syn456',
    '<%= config.bin %> <%= command.id %> --id syn456 --output annotations.json',
  ];

  static override flags = {
    id: entityFlag,
    ...versionFlag,
    output: Flags.string({
      char: 'o',
      description: 'Write to this file instead of standard output.',
      helpValue: '<file>',
    }),
  };

  async run(): Promise<unknown> {
    const { flags } = await this.parse(GetAnnotations);
    const { id, version } = flags;
    const syn = await this.connect(flags, { anonymous: true });
    const { annotationsJson } = await import('../annotationsJson.js');
    const options = { signal: this.signal };
    const annotations =
      version === undefined
        ? await syn.services.entity.getEntityAnnotations({ id }, options)
        : await syn.services.entity.getEntityVersionAnnotations(
            { id, versionNumber: version },
            options,
          );
    if (flags.output !== undefined) {
      await writeResult(flags.output, `${annotationsJson(annotations, { compact: true })}\n`);
    } else {
      this.logJsonText(annotationsJson(annotations));
    }
    return annotations;
  }
}
