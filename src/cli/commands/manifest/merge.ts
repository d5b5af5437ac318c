import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../baseCommand.js';
import { ofKind } from '../../valueKind.js';

export default class ManifestMerge extends BaseCommand {
  static override summary = 'Join manifests, such as those of the shards of a download.';

  static override description =
    'All parts have one form. The columns of annotations are those of all parts. A row that is in several parts is written once; ' +
    'parts that say different things of one path are an error. The file appears in one step.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> part-1.csv part-2.csv --output manifest.csv',
  ];

  static override strict = false;

  static override args = {
    part: ofKind('file', Args.string({ description: 'Manifests to join.', required: true })),
  };

  static override flags = {
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'File to write.',
        helpValue: '<file>',
        required: true,
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { argv, flags } = await this.parse(ManifestMerge);
    const parts = argv.map(String);
    const syn = await this.client(flags);
    const { path, rows, problems } = await syn.sync.mergeManifests(parts, flags.output, {
      signal: this.signal,
    });
    for (const { row, column, message } of problems) {
      this.note(`row ${row ?? '?'}, column ${column ?? '?'}: ${message}`);
    }
    this.log(`${path}: ${rows} ${rows === 1 ? 'row' : 'rows'} of ${parts.length} manifests`);
    return { path, rows, problems };
  }
}
